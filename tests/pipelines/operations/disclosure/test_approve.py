"""``keyveil approve`` records who looked at a release, as it is; an erasure takes the approval away."""

import json
from pathlib import Path

import pytest

from pipelines.cli.main import main
from pipelines.operations.disclosure.approve import list_approvals
from pipelines.state.private_state import PrivateState
from tests.support.basis import WORDS
from transforms.keys.key_set import KeyReference, KeySet
from transforms.keys.reader_keys import ReaderKeys

_EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    assert run(tmp_path, "first", *WORDS) == 0
    return tmp_path


def run(home: Path, dataset: str, *words: str) -> int:
    log = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
    places = ["--keys", str(home / "keys"), "--output", str(home / "out"), "--dataset", dataset]
    consent = [
        "--consent",
        str(_EXAMPLES / "consent.csv"),
        "--set",
        "redact.profile=fast",
        "--set",
        "noise.model=prior",
    ]
    return main(["run", "--input", str(log), *consent, *places, *words])


def find_release(home: Path, dataset: str = "first") -> str:
    (found,) = (home / "out" / dataset / "releases").iterdir()
    return str(found)


def approve(home: Path, address: str, *words: str) -> int:
    return main(["approve", address, "--keys", str(home / "keys"), *words])


def approvals(home: Path) -> dict[str, list[str]]:
    return list_approvals(PrivateState.of(KeyReference.parse(str(home / "keys")), None))


def test_an_approval_is_recorded_once_for_each_reviewer_and_lost_by_an_erasure(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = find_release(home)
    capsys.readouterr()
    assert approve(home, address, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["release"], told["reviewer"]) == (address, "data protection officer")
    assert approve(home, address) == 0
    assert approve(home, address, "--reviewer", "works council") == 0
    assert approvals(home) == {Path(address).name: ["data protection officer", "works council"]}
    assert main(["audit", "show", "--keys", str(home / "keys")]) == 0
    assert f"{address} by works council" in capsys.readouterr().out
    erase = ["erase", "--user", "user-a", str(home / "out"), "--keys", str(home / "keys")]
    assert main(erase) == 0
    assert approvals(home) == {}
    assert approve(home, address) == 0
    assert approvals(home) == {Path(address).name: ["data protection officer"]}


def test_what_is_not_one_sound_release_with_a_reviewer_is_not_approved(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, "second") == 0
    bare = find_release(home, "second")
    assert approve(home, bare) == 2
    assert "the release states no basis.reviewer; pass the role" in capsys.readouterr().err
    for reviewer, code in (("x" * 101, 2), ("a\nb", 2), (" ", 2), ("x" * 100, 0)):
        assert approve(home, bare, "--reviewer", reviewer) == code
    assert approve(home, str(home / "out")) == 2
    assert "one release is approved at a time and 2 lie there" in capsys.readouterr().err
    copied = home / "elsewhere" / "first" / "releases" / Path(find_release(home)).name
    copied.parent.mkdir(parents=True)
    Path(find_release(home)).rename(copied)
    assert approve(home, str(copied)) == 3
    shard = next(copied.rglob("events/**/*.parquet"))
    shard.write_bytes(shard.read_bytes()[:-1] + b"x")
    assert approve(home, str(copied)) == 3
    assert set(approvals(home)) == {Path(bare).name}


def test_a_release_waits_for_the_export_of_its_data_key(tmp_path: Path) -> None:
    """As docs/operating.md makes an approval a condition: rotate before the run, export after the approval."""
    keys = tmp_path / "keys"
    assert main(["keys", "init", str(keys)]) == 0
    words = ["keys", "export", "--role", "reader", str(keys), "-o"]
    assert main([*words, str(tmp_path / "before.json")]) == 0
    assert main(["keys", "rotate", "--role", "data", str(keys)]) == 0
    key_set = KeySet.open(KeyReference.parse(str(keys))).reader()
    before = ReaderKeys.open(tmp_path / "before.json")
    earlier = before.data.key_id
    assert (before.opens(key_set.data.key_id, "id"), before.opens(earlier, "text")) == (False, True)
    assert main([*words, str(tmp_path / "after.json")]) == 0
    after = ReaderKeys.open(tmp_path / "after.json")
    assert (after.opens(key_set.data.key_id, "text"), after.opens(earlier, "text")) == (True, True)
