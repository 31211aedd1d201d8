"""A signed record tells an auditor with the public key alone whether an output is the one that the ledger knew."""

import base64
import json
import shutil
from pathlib import Path

import pytest

from pipelines.cli.main import main
from pipelines.operations.disclosure.signed_record import read_record
from tests.support.keysets import opened
from transforms.dataset.signing import sign

_EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make two releases, and export keys once; an erasure reaches every output of a ledger, so that none is shared."""
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    log = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
    words = ["run", "--input", str(log), "--keys", str(tmp_path / "keys")]
    words += ["--consent", str(_EXAMPLES / "consent.csv"), "--output", str(tmp_path / "data")]
    for people in (4, 5):
        assert main([*words, "--set", f"aggregates.people={people}"]) == 0
    export = ["keys", "export", "--role", "reader", "--up-to", "pointer", "--holder", "team A", "--until", "2099-01-01"]
    assert main([*export, str(tmp_path / "keys"), "-o", str(tmp_path / "reader.json")]) == 0
    return tmp_path


def export(home: Path, name: str = "record.json") -> Path:
    assert main(["audit", "export", "-o", str(home / name), "--keys", str(home / "keys")]) == 0
    return home / name


def compared(home: Path, record: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    capsys.readouterr()
    words = ["audit", "compare", str(record), str(home / "data"), "--keys", str(home / "keys" / "signing.public.pem")]
    code = main([*words, "--json"])
    shown = capsys.readouterr()
    return code, [item["file"] for item in json.loads(shown.out)["findings"]] if shown.out else [shown.err]


def releases(home: Path) -> list[Path]:
    return sorted((home / "data" / "sessions" / "releases").iterdir())


def test_the_public_key_alone_finds_an_output_as_the_record_holds_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = export(home)
    assert compared(home, record, capsys) == (0, [])
    words = ["audit", "compare", str(record), str(home / "data"), "--keys", str(home / "keys" / "signing.public.pem")]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "4 entries, 2 releases" in shown
    assert "release sealed" in shown
    assert "to: team A (reader up to pointer, until 2099-01-01)" in shown
    assert record.stat().st_mode & 0o777 == 0o600
    verifying = opened(home / "keys").verifying()
    assert "team A" not in repr(read_record(record.read_bytes(), verifying, "record"))
    assert main(["audit", "export", "-o", str(record), "--keys", str(home / "keys")]) == 3


def test_only_a_folder_that_records_its_exports_gives_a_record(home: Path) -> None:
    copy, record = str(home / "copy"), str(home / "record.json")
    assert main(["keys", "export", "--role", "pipeline", str(home / "keys"), "-o", copy]) == 0
    words = ["audit", "export", "-o", record, "--state", str(home / "keyveil-state-keys")]
    for keys, code in ((copy, 3), ("secret:projects/p/secrets/keyveil-keys", 2), (str(home / "missing"), 2)):
        assert main([*words, "--keys", keys]) == code
    assert not (home / "record.json").exists()


def test_output_and_private_state_that_were_put_back_together_show_by_a_record_that_was_kept(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("data", "keyveil-state"):
        shutil.copytree(home / name, home / f"old-{name}")
    assert main(["erase", "--user", "user-a", str(home / "data"), "--keys", str(home / "keys")]) == 0
    record = export(home)
    assert compared(home, record, capsys) == (0, [])
    for name in ("data", "keyveil-state"):
        shutil.rmtree(home / name)
        shutil.copytree(home / f"old-{name}", home / name)
    assert main(["audit", "verify", "--keys", str(home / "keys")]) == 0
    assert compared(home, record, capsys) == (4, [str(path) for path in releases(home)])


def test_a_release_that_is_missing_or_newer_than_the_record_is_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = export(home)
    assert main(["erase", "--user", "user-a", str(home / "data"), "--keys", str(home / "keys")]) == 0
    assert compared(home, record, capsys) == (4, [str(path) for path in releases(home)])
    later, (gone, _) = export(home, "later.json"), releases(home)
    shutil.rmtree(gone)
    code, (missing,) = compared(home, later, capsys)
    assert (code, Path(missing).name) == (4, gone.name)


def test_each_difference_from_a_record_is_told_by_its_cause(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One erasure since, two, a copy of before it, and a release that was made since."""
    keys, first = ["--keys", str(home / "keys")], export(home)
    shutil.copytree(home / "data", home / "old-data")

    def told(record: Path, data: str) -> list[str]:
        capsys.readouterr()
        assert main(["audit", "compare", str(record), str(home / data), *keys]) == 4
        assert "as it was recorded" not in capsys.readouterr().out
        assert main(["audit", "compare", str(record), str(home / data), *keys, "--json"]) == 4
        return [item["problem"].partition(":")[0] for item in json.loads(capsys.readouterr().out)["findings"]]

    assert main(["erase", "--user", "user-a", str(home / "data"), *keys]) == 0
    assert (
        told(first, "data")
        == ["was signed again by an erasure since the record was made; ask for a record of today"] * 2
    )
    later = export(home, "later.json")
    assert told(later, "old-data") == ["is not as the record holds it"] * 2
    assert main(["erase", "--user", "user-b", str(home / "data"), *keys]) == 0
    assert told(first, "data") == ["is not as the record holds it"] * 2
    log, consent = _EXAMPLES / "recordings" / "synthetic-office.jsonl", str(_EXAMPLES / "consent.csv")
    last = export(home, "last.json")
    words = ["run", "--input", str(log), "--consent", consent, "--output", str(home / "data"), *keys]
    assert main([*words, "--set", "aggregates.people=6"]) == 0
    assert told(last, "data") == ["is not in the record"]
    capsys.readouterr()
    assert main(["audit", "compare", str(export(home, "new.json")), str(home / "data"), *keys]) == 0
    assert "each release of the record as it was recorded, and no other" in capsys.readouterr().out


def test_an_output_from_before_a_rotation_shows_by_a_record_from_after_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = home / "old.pem"
    shutil.copy(home / "keys" / "signing.public.pem", old)
    shutil.copytree(home / "data", home / "old-data")
    assert main(["keys", "rotate", "--role", "signing", str(home / "keys")]) == 0
    assert main(["erase", "--user", "user-a", str(home / "data"), "--keys", str(home / "keys")]) == 0
    record = export(home)
    assert main(["keys", "init", str(home / "foreign")]) == 0
    for key in (old, home / "keys" / "signing.public.pem"):
        capsys.readouterr()
        assert main(["audit", "compare", str(record), str(home / "old-data"), "--keys", str(key)]) == 4
        assert capsys.readouterr().err.count("is not as the record holds it") == 2
        assert main(["audit", "compare", str(record), str(home / "data"), "--keys", str(key)]) == 0
    foreign = home / "foreign" / "signing.public.pem"
    assert main(["audit", "compare", str(record), str(home / "old-data"), "--keys", str(foreign)]) == 3


def test_a_release_of_another_ledger_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(home / "keyveil-state" / "ledger")
    words = ["ledger", "charge", "--label", "m", "--epsilon", "1", "--delta", "1e-9", "--keys", str(home / "keys")]
    assert main(words) == 0
    assert compared(home, export(home), capsys) == (4, [str(path) for path in releases(home)])


def test_a_record_is_read_after_a_rotation_and_not_if_it_was_altered(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record, old = export(home), home / "old.pem"
    shutil.copy(home / "keys" / "signing.public.pem", old)
    assert main(["keys", "rotate", "--role", "signing", str(home / "keys")]) == 0
    assert main(["erase", "--user", "user-a", str(home / "data"), "--keys", str(home / "keys")]) == 0
    later = export(home, "later.json")
    for file, code in ((later, 0), (record, 4)):  # the erasure came after the first record
        assert main(["audit", "compare", str(file), str(home / "data"), "--keys", str(old)]) == code
        assert compared(home, file, capsys)[0] == code
    capsys.readouterr()
    later.write_bytes(later.read_bytes().replace(b'"payload":"e', b'"payload":"f'))
    code, (told,) = compared(home, later, capsys)
    assert (code, "was altered" in told) == (4, True)
    code, (told,) = compared(home, home / "none.json", capsys)
    assert (code, "cannot be read" in told) == (2, True)
    manifest = releases(home)[0] / "manifest.dsse.json"
    assert compared(home, manifest, capsys)[0] == 4


def test_entries_that_do_not_fit_what_a_manifest_signed_are_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second release signs three entries: a record that leaves the third out holds the first alone."""
    record = export(home)
    envelope = json.loads(record.read_bytes())
    form = json.loads(base64.b64decode(envelope["payload"]))
    form["digests"] = [known[:2] for known in form["digests"]]
    record.write_bytes(sign(form, envelope["payloadType"], opened(home / "keys").signing_private()))
    code, files = compared(home, record, capsys)
    assert (code, len(files)) == (4, 1)
    assert main(["audit", "compare", str(record), str(home / "data"), "--keys", str(home / "keys")]) == 4
    assert "was charged to another ledger than that of the record" in capsys.readouterr().err
