"""An erasure that was recorded of an id as it was spelled is taken over, or no run goes on."""

import json
from pathlib import Path

import pytest

from pipelines.cli.main import main
from pipelines.state.private_state import PrivateState
from pipelines.state.tombstones import ErasureRecords, effective_consent
from schemas.errors import RefusedError
from transforms.consent.registry import ConsentSnapshot
from transforms.keys.key_set import KeyReference

SPELLED, CANONICAL = "Jane.Roe ", "jane.roe"
PROOF = {"release": "r", "removed": [{"path": "p", "sha256": "0" * 64}]}


@pytest.fixture
def private(tmp_path: Path) -> PrivateState:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    return PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), str(tmp_path / "state"))


def write_old(private: PrivateState, user: str, *, pending: bool = False) -> ErasureRecords:
    """Record an erasure as the version did that compared ids letter by letter."""
    records = ErasureRecords.of(private)
    name = records.begin(user, ("out",))
    records.prove(name, PROOF)
    if not pending:
        records.finish(name)
    path = private.folder / "erasures" / f"{name}.json"
    record = json.loads(path.read_text())
    del record["ids"]
    path.write_text(json.dumps(record))
    return records


def keeps(private: PrivateState) -> bool:
    """Check whether a run would use what the person recorded."""
    return CANONICAL in effective_consent(ConsentSnapshot("training", {CANONICAL: {"1": 0}}), private).grants


def test_no_run_goes_on_while_an_erasure_may_be_of_an_id_as_it_was_spelled(private: PrivateState) -> None:
    ErasureRecords.of(private).check_spellings()
    records = write_old(private, SPELLED)
    assert keeps(private), "the tombstone alone is not recognised"
    with pytest.raises(RefusedError, match=r"1 erasures .*keyveil erase") as refused:
        records.check_spellings()
    assert "jane" not in str(refused.value).casefold()


@pytest.mark.parametrize("given", [SPELLED, CANONICAL])
def test_erasing_the_person_once_more_takes_the_old_record_over(private: PrivateState, given: str) -> None:
    records = write_old(private, given)
    assert records.knows(CANONICAL, given)
    assert records.knows(CANONICAL) is (given == CANONICAL)
    name = records.begin(CANONICAL, ("elsewhere",), given)
    records.finish(name)
    records.check_spellings()
    assert not keeps(private)
    assert records.pending() == []
    assert "0" * 64 in records.removed_files()
    uris = [json.loads(path.read_text())["uris"] for path in (private.folder / "erasures").iterdir()]
    assert ["elsewhere", "out"] in uris


def test_erasing_somebody_else_leaves_it_unsettled(private: PrivateState) -> None:
    records = write_old(private, SPELLED)
    records.finish(records.begin("john", ("out",), "John"))
    with pytest.raises(RefusedError):
        records.check_spellings()


def test_a_pending_erasure_of_an_earlier_version_is_finished_under_the_canonical_id(
    private: PrivateState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the erasure names a folder called out
    records = write_old(private, SPELLED, pending=True)
    words = ["erase", "--pending", "--keys", str(tmp_path / "keys"), "--state", str(tmp_path / "state")]
    assert main(words) == 0
    records.check_spellings()
    assert not keeps(private)
    assert records.pending() == []


def test_a_run_is_refused_before_it_reads(
    private: PrivateState, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = Path(__file__).parents[3] / "examples"
    write_old(private, SPELLED)
    words = ["run", "--input", str(examples / "recordings" / "synthetic-office.jsonl"), "--output", str(tmp_path / "o")]
    words += ["--consent", str(examples / "consent.csv"), "--keys", str(tmp_path / "keys")]
    assert main([*words, "--state", str(tmp_path / "state")]) == 3
    assert "spelled as then" in capsys.readouterr().err


def test_people_are_counted_once_whatever_number_of_releases_they_were_in(private: PrivateState) -> None:
    records = ErasureRecords.of(private)
    first, second = records.begin("ann", ("out",)), records.begin("ben", ("out",))
    for name, release, file in ((first, "r", "a"), (first, "s", "b"), (second, "r", "c")):
        records.prove(name, {"release": release, "removed": [{"path": "p", "sha256": file}]})
    assert [records.count_people(files) for files in ("", "a", "ab", "ac", "abc", "d")] == [0, 1, 1, 2, 2, 0]


def test_a_person_with_a_tombstone_of_an_old_spelling_is_one(private: PrivateState) -> None:
    records = write_old(private, SPELLED)
    records.begin(CANONICAL, ("elsewhere",), SPELLED)
    assert len(records.tombstones()) == 2
    assert records.count_people({"0" * 64}) == 1
