"""``keyveil erase`` by the command line: releases, copies elsewhere, quarantine, and every later run."""

import io
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.cli.main import main
from tests.support.release_parts import ALL_PARTS_OPTIONS
from transforms.keys.envelope import unseal
from transforms.keys.key_set import KeyReference, KeySet
from transforms.keys.quarantine_sealer import QUARANTINE_CONTEXT

_EXAMPLES = Path(__file__).parents[3] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_CLEAR = ("--set", "store.encryption=none", "--set", "noise.run_key=derived")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    assert main(["keys", "init", str(home / "keys")]) == 0
    bad = b'{"kind":"focus","session_id":"s","user_id":"user-a","seq":0,"secret":"x"}\n'
    other = b'{"kind":"focus","session_id":"s","user_id":"user-b","seq":0,"secret":"x"}\n'
    (home / "log.jsonl").write_bytes(_LOG.read_bytes() + bad + other)
    assert run(home) == 1
    return home


@pytest.fixture
def home(original: Path, tmp_path: Path) -> Iterator[Path]:
    """Put the first run's folder back afterwards: its ledger names its output by where it lies."""
    kept = tmp_path / "kept"
    shutil.copytree(original, kept)
    yield original
    shutil.rmtree(original)
    shutil.copytree(kept, original)


def run(home: Path, *extra: str, output: str = "data") -> int:
    words = ["run", "--input", str(home / "log.jsonl"), "--consent", str(_EXAMPLES / "consent.csv")]
    return main(
        [*words, "--keys", str(home / "keys"), "--output", str(home / output), *_CLEAR, *ALL_PARTS_OPTIONS, *extra]
    )


def erase(home: Path, *words: str) -> int:
    return main(["erase", *words, "--keys", str(home / "keys"), "--json"])


def released(home: Path, user: str, capsys: pytest.CaptureFixture[str], output: str = "data") -> int:
    """Return in how many files of all releases the user still is."""
    count = 0
    for path in (home / output).rglob("*.parquet"):
        if path.parent.name not in {"events", "sessions"}:
            continue  # tables name nobody
        capsys.readouterr()
        main(["pseudonym", "--user", user, "--release", str(path.parents[1]), "--keys", str(home / "keys")])
        name = capsys.readouterr().out.strip()
        count += name in pq.read_table(path)["user"].to_pylist()
    return count


def test_a_pseudonym_is_said_to_be_in_the_release_or_not(
    original: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (release,) = (original / "data" / "sessions" / "releases").iterdir()
    users = {name for path in release.glob("sessions/*") for name in pq.read_table(path)["user"].to_pylist()}
    (tmp_path / "who").write_text("user-a\n")
    session = json.loads(_LOG.read_text().partition("\n")[0])["session_id"]
    asked = (
        (["--user", "user-a"], 0),
        (["--user-file", str(tmp_path / "who")], 0),
        (["--session", session], 0),
        (["--user", "user-q"], 1),
        (["--session", "user-a"], 1),
    )
    shown = []
    for words, code in asked:
        capsys.readouterr()
        assert main(["pseudonym", *words, "--release", str(release), "--keys", str(original / "keys")]) == code
        said = capsys.readouterr()
        shown.append(said.out.strip())
        assert ("of this id is in the release" in said.err) == bool(code)
    assert shown[0] == shown[1]
    assert shown[0] in users
    assert users.isdisjoint(shown[2:])
    for address in (release.parents[1], original / "data", release / "events"):
        words = ["pseudonym", "--user", "user-a", "--release", str(address), "--keys", str(original / "keys")]
        assert main(words) == 2


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(
    original: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in original.rglob("*") if path.is_file()}
    capsys.readouterr()
    assert erase(original, "--user", "user-a", str(original / "data"), "--dry-run") == 0
    (planned,) = json.loads(capsys.readouterr().out)
    assert planned["quarantined"] == 1
    assert [len(release["files"]) for release in planned["releases"]] == [2]
    assert {path: path.read_bytes() for path in original.rglob("*") if path.is_file()} == before


def test_an_erasure_under_another_state_is_refused_and_changes_nothing(
    original: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in original.rglob("*") if path.is_file()}
    for command in (["erase", "--user", "user-a"], ["retain", "--days", "1"]):
        words = [*command, str(original / "data"), "--keys", str(original / "keys"), "--state", str(tmp_path / "other")]
        capsys.readouterr()
        assert main(words) == 3
        assert "was made with another private state" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in original.rglob("*") if path.is_file()} == before
    assert not list((tmp_path / "other").rglob("*.json*"))


def test_the_person_is_gone_everywhere_and_no_later_run_brings_them_back(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert released(home, "user-a", capsys) == 2
    assert erase(home, "--user", "user-a", str(home / "data")) == 0
    assert released(home, "user-a", capsys) == 0
    assert released(home, "user-b", capsys) == 2
    capsys.readouterr()
    assert main(["verify", str(home / "data"), "--keys", str(home / "keys")]) == 0
    said = "1 release holds a proof of an erasure, of 1 person in all, known to private state"
    assert said in capsys.readouterr().out

    keys = KeySet.open(KeyReference.parse(str(home / "keys")))
    sealed = [path.read_bytes() for path in (home / "keyveil-state" / "quarantine").rglob("*.sealed")]
    contents = [unseal(keys.quarantine_private(), content, QUARANTINE_CONTEXT) for content in sealed]
    assert len(contents) == 1
    assert b"user-b" in contents[0]

    state = b"".join(path.read_bytes() for path in (home / "keyveil-state").rglob("*") if path.is_file())
    assert b"user-a" not in state
    records = list((home / "keyveil-state" / "erasures").iterdir())
    assert [json.loads(record.read_bytes())["pending"] for record in records] == [None]

    for extra in ((), ("--consent", "all-for-evaluation")):
        run(home, *extra)
        assert released(home, "user-a", capsys) == 0
    assert released(home, "user-b", capsys) > 2


def test_after_rotations_the_person_is_still_found_and_still_kept_out(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for role in ("pseudonym", "transit", "data", "signing", "quarantine"):
        assert main(["keys", "rotate", "--role", role, str(home / "keys")]) == 0
    assert released(home, "user-a", capsys) > 0  # a release keeps the names of its own key
    assert erase(home, "--user", "user-a", str(home / "data")) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])[0]["quarantined"] == 1
    assert main(["keys", "rotate", "--role", "pseudonym", str(home / "keys")]) == 0
    run(home)
    assert released(home, "user-a", capsys) == 0


def test_without_the_private_quarantine_key_the_records_of_a_person_are_found_by_their_keyed_names(
    home: Path,
) -> None:
    (home / "keys" / "quarantine.private.pem").unlink()
    assert erase(home, "--user", "user-a", str(home / "data")) == 0
    assert len(list((home / "keyveil-state" / "quarantine").rglob("*.sealed"))) == 1


def test_records_of_an_earlier_version_leave_the_erasure_pending_without_the_private_quarantine_key(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (home / "keyveil-state" / "quarantine").rglob("*.about.json"):
        about = json.loads(path.read_bytes())
        del about["owners"]
        path.write_text(json.dumps(about))
    private = home / "keys" / "quarantine.private.pem"
    private.rename(home / "kept.pem")
    assert erase(home, "--user", "user-a", str(home / "data")) == 1
    assert "private quarantine key" in capsys.readouterr().err
    assert released(home, "user-a", capsys) == 0
    (home / "kept.pem").rename(private)
    assert erase(home, "--pending") == 0
    assert len(list((home / "keyveil-state" / "quarantine").rglob("*.sealed"))) == 1
    assert erase(home, "--pending") == 0


@pytest.mark.parametrize("content", [b"user-a", b"user-a\n", b"\xef\xbb\xbfuser-a\r\n"])
def test_the_person_may_be_named_by_a_file_or_standard_input(
    content: bytes, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    named = tmp_path / "who"
    named.write_bytes(content)
    for words in (("--user-file", str(named)), ("--user-file", "-")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
        capsys.readouterr()
        assert erase(original, *words, str(original / "data"), "--dry-run") == 0
        assert len(json.loads(capsys.readouterr().out)[0]["releases"]) == 1


@pytest.mark.parametrize("content", [None, b"", b"\n", b"user-a\nuser-b\n", b"user-\xff\n"])
def test_a_file_that_does_not_name_one_person_is_wrong_use_and_is_not_quoted(
    content: bytes | None, original: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = tmp_path / "who"
    if content is not None:
        named.write_bytes(content)
    assert erase(original, "--user-file", str(named), str(original / "data"), "--dry-run") == 2
    assert "user-a" not in capsys.readouterr().err
    assert erase(original, "--user", "user-a", "--user-file", str(named), str(original / "data"), "--dry-run") == 2


@pytest.mark.parametrize("words", [(), ("--user", "u"), ("somewhere",), ("--pending", "--user", "u", "somewhere")])
def test_half_a_request_is_wrong_use(words: tuple[str, ...], original: Path) -> None:
    assert erase(original, *words) == 2


def test_an_address_without_a_release_is_wrong_use(original: Path, tmp_path: Path) -> None:
    assert erase(original, "--user", "user-a", str(tmp_path)) == 2


@pytest.mark.parametrize("spelled", [" user-a", "USER-A", "User-A\u3000"])
def test_the_person_is_found_however_the_id_is_spelled(
    spelled: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert erase(home, "--user", spelled, str(home / "data"), "--dry-run") == 0
    (planned,) = json.loads(capsys.readouterr().out)
    assert (len(planned["releases"]), planned["quarantined"], planned["searched"]) == (1, 1, "")


def test_of_somebody_unknown_nothing_is_written_and_it_is_said_where_was_searched(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    erasures = home / "keyveil-state" / "erasures"
    for words in ((), ("--dry-run",)):
        assert erase(home, "--user", "user-x", str(home / "data"), *words) == 1
        shown = capsys.readouterr()
        assert "1 release," in json.loads(shown.out)[0]["searched"]
        assert "quarantine" in shown.err
        assert "user-x" not in shown.err
        assert not erasures.exists() or not list(erasures.iterdir())
    assert erase(home, "--user", "user\x00a", str(home / "data")) == 2


def test_somebody_unknown_is_kept_out_where_that_is_wanted_or_the_registry_names_them(home: Path) -> None:
    consent = home / "more.csv"
    header = "user_id,purpose,version,granted_at,withdrawn_at\n"
    consent.write_text(f"{header}user-y,training,1,2024-01-01T00:00:00Z,\n")
    assert erase(home, "--user", "user-x", str(home / "data"), "--consent", str(consent)) == 1
    assert erase(home, "--user", "User-Y", str(home / "data"), "--consent", str(consent)) == 0
    assert erase(home, "--user", "user-x", str(home / "data"), "--force") == 0
    assert len(list((home / "keyveil-state" / "erasures").iterdir())) == 2
    for user in ("user-x", "user-y"):
        assert erase(home, "--user", user, str(home / "data")) == 0  # known from the erasure before
