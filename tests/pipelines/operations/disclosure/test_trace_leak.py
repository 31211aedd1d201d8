"""``keyveil trace-leak``: files that were found elsewhere lead to the releases that their rows come from."""

import gzip
import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.cli.audit_texts import render_leak
from pipelines.cli.main import main
from pipelines.operations.disclosure.trace_leak import LeakReport, TracedRelease
from pipelines.operations.key_exports import KeyExport, describe_export, write_export
from transforms.dataset.codec import decode
from transforms.keys.key_set import KeyReference, KeySet
from transforms.keys.reader_keys import ReaderKeys
from transforms.keys.sealed_file import SealedWriter

_WORDS = {
    "first": "the third shelf from the left holds the spare lamps for the long corridor",
    "second": "please move the red chairs into the big hall before the painters arrive soon",
    "both": "the lift stops between two floors whenever the cellar door is open",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make two releases, each with a text of its own and one that both hold; the second under a new data key.

    Team A got keys before the rotation, long ago; team B after it, today.
    """
    home = tmp_path_factory.mktemp("home")
    begin(home)
    keys = home / "keys"
    assert run(home, "first") == 0
    long_ago = describe_export(keys, "reader", "team A", date(2999, 1, 1), None, today=date(2026, 1, 1))
    write_export(keys, long_ago, home / "a.json")
    assert main(["keys", "rotate", "--role", "data", str(keys)]) == 0
    assert run(home, "second") == 0
    assert (
        main(["keys", "export", "--role", "reader", str(keys), "-o", str(home / "b.json"), "--holder", "team B"]) == 0
    )
    return home


def begin(home: Path) -> None:
    """Make a key set and a registry of two people."""
    assert main(["keys", "init", str(home / "keys")]) == 0
    (home / "consent.csv").write_text(
        "user_id,purpose,version,granted_at,withdrawn_at\n"
        + "".join(f"{user},training,1,2026-01-01T00:00:00Z,\n" for user in ("ann", "ben"))
    )


def run(home: Path, name: str) -> int:
    log = home / f"{name}.jsonl"
    texts = (_WORDS[name], _WORDS["both"])
    events = [
        {
            "session_id": f"{name}-{user}",
            "user_id": user,
            "seq": seq,
            "t_us": 1_790_000_000_000_000 + seq,
            "kind": "screen",
            "source": "a11y",
            "text": text,
        }
        for user in ("ann", "ben")
        for seq, text in enumerate(texts)
    ]
    log.write_text("".join(json.dumps(event) + "\n" for event in events))
    words = ["run", "--input", str(log), "--consent", str(home / "consent.csv"), "--keys", str(home / "keys")]
    return main([*words, "--output", str(home / "data"), "--dataset", name])


def trace(home: Path, file: Path, capsys: pytest.CaptureFixture[str], code: int = 0) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["trace-leak", str(file), "--keys", str(home / "keys"), "--json"]) == code
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["releases"]
    return found


def rows(home: Path, name: str) -> list[dict[str, object]]:
    keys = KeySet.open(KeyReference.parse(str(home / "keys"))).reader()
    paths = sorted((home / "data" / name).rglob("events/**/*.parquet"))
    return [row for path in paths for row in decode(path, keys).to_pylist()]


def test_a_copied_shard_leads_to_its_release_by_its_bytes_and_rows(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shard = next((home / "data" / "second").rglob("events/**/*.parquet"))
    shutil.copy(shard, tmp_path / "renamed")
    (found, *others) = trace(home, tmp_path, capsys)
    assert (found["dataset"], found["files"]) == ("second", 1)
    assert found["users"] in {1, 2}
    assert others == []


def test_an_export_of_one_session_leads_to_it_by_its_name(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = rows(home, "first")[0]
    (tmp_path / "export.csv").write_text(f"who,what\n{str(row['session']).upper()},7\n")
    (found,) = trace(home, tmp_path, capsys)
    assert found["address"] == str(next((home / "data" / "first" / "releases").iterdir()))
    assert (found["files"], found["sessions"], found["all_sessions"]) == (0, 1, 2)
    assert (found["users"], found["all_users"], found["windows"]) == (0, 2, 0)


@pytest.mark.parametrize("name", ["first", "second"])
def test_words_alone_lead_to_the_one_release_that_holds_them(
    name: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = next(str(row["text"]) for row in rows(home, name))
    (tmp_path / "note.gz").write_bytes(gzip.compress(f"they wrote: {text.upper()}!".encode("utf-16")))
    (found,) = trace(home, tmp_path / "note.gz", capsys)
    assert (found["dataset"], found["sessions"], found["windows"], found["alone"]) == (name, 0, 7, 7)
    assert main(["trace-leak", str(tmp_path / "note.gz"), "--keys", str(home / "keys")]) == 0
    assert "words alone may come from elsewhere" in capsys.readouterr().out


def test_words_of_several_releases_and_of_none_lead_nowhere(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in (_WORDS["both"], "nobody ever wrote these words into any of the logs", ""):
        (tmp_path / "note").write_text(text)
        assert trace(home, tmp_path / "note", capsys) == []
        assert main(["trace-leak", str(tmp_path / "note"), "--keys", str(home / "keys")]) == 0
        assert "none found" in capsys.readouterr().out


def test_those_who_got_keys_of_the_release_are_listed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An export of before a rotation does not open what was released after it."""
    for name, holders in (("first", ["team A", "team B"]), ("second", ["team B"])):
        (found,) = trace(home, home / "data" / name, capsys)
        assert [export["holder"] for export in found["exports"]] == holders
    assert main(["trace-leak", str(home / "data" / "first"), "--keys", str(home / "keys")]) == 0
    shown = capsys.readouterr().out
    assert "exported on 2026-01-01 to: team A (reader, until 2999-01-01)" in shown
    assert "to: team B (reader, without end)" in shown
    assert not any(text in shown for text in _WORDS.values())


@pytest.mark.parametrize(("up_to", "opens"), [(None, True), ("text", True), ("pointer", False), ("id", False)])
def test_keys_that_open_no_text_are_told_from_those_that_do(up_to: str | None, *, opens: bool) -> None:
    export = KeyExport("reader", "team", "2026-01-01", None, up_to, "k0")
    traced = TracedRelease("data/a", "a", 0, 0, 1, 0, 1, 7, 7, (export,))
    (line,) = (text for text in render_leak(LeakReport((traced,), 1, 1, (), ())) if "exported" in text)
    assert line.endswith("; these keys open no text of it") is not opens


def test_what_cannot_be_read_is_named_and_the_rest_is_compared(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 cut")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("name.txt")
    (tmp_path / "name.txt").write_text(str(rows(home, "first")[0]["user"]))
    assert len(trace(home, tmp_path, capsys, code=1)) == 1
    moved = home / "moved"
    (home / "data" / "second").rename(moved)
    try:
        capsys.readouterr()
        assert main(["trace-leak", str(tmp_path / "name.txt"), "--keys", str(home / "keys")]) == 1
        shown = capsys.readouterr()
    finally:
        moved.rename(home / "data" / "second")
    assert "looked for traces of 1 release in 1 file" in shown.out
    assert "cannot be read; restore it and try again" in shown.err


def test_a_table_of_another_program_is_read_by_its_cells(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pq.write_table(pa.table({"copied": [str(row["session"]) for row in rows(home, "second")]}), tmp_path / "t.parquet")
    (found,) = trace(home, tmp_path / "t.parquet", capsys)
    assert (found["dataset"], found["sessions"]) == ("second", 2)


def test_no_file_is_wrong_use(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace-leak", str(tmp_path / "none"), "--keys", str(home / "keys")]) == 2
    assert "holds no file to look into; check the address" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["first", "second"])
def test_a_sealed_archive_of_steps_leads_to_its_release(
    name: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody acted in these recordings, so that the lines are made here; keys of after a rotation open both."""
    keys = home / "b.json"
    shown = "".join(json.dumps({"session": row["session"], "text": row["text"]}) for row in rows(home, name))
    with (tmp_path / "steps.sealed").open("wb") as file, SealedWriter(file, ReaderKeys.open(keys)) as sealed:
        sealed.write(shown.encode())
    (found,) = trace(home, tmp_path / "steps.sealed", capsys)
    assert (found["dataset"], found["sessions"]) == (name, 2)


def test_an_archive_of_before_an_erasure_is_told_to_hold_names_of_no_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path)
    assert run(tmp_path, "first") == 0
    archive, words = tmp_path / "steps.sealed", ["--keys", str(tmp_path / "keys")]
    shown = "".join(json.dumps({"session": row["session"], "user": row["user"]}) for row in rows(tmp_path, "first"))
    reader = KeySet.open(KeyReference.parse(str(tmp_path / "keys"))).reader()
    with archive.open("wb") as file, SealedWriter(file, reader) as sealed:
        sealed.write(shown.encode())
    (tmp_path / "letters.txt").write_text("abcdefghijklmnopqrstuvwxyz")
    for erased, unknown in ((False, 0), (True, 2)):  # one person has one session
        if erased:
            assert main(["erase", "--user", "ann", str(tmp_path / "data"), *words]) == 0
        for file, expected in ((archive, unknown), (tmp_path / "letters.txt", 0)):
            capsys.readouterr()
            assert main(["trace-leak", str(file), *words, "--json"]) == 0
            assert json.loads(capsys.readouterr().out)["unknown"] == expected
            assert main(["trace-leak", str(file), *words]) == 0
            told = " ".join(capsys.readouterr().out.split())
            assert ("2 names like those of sessions and users, and of no release now" in told) is bool(expected)


def test_a_whole_copy_in_which_nothing_was_erased_holds_no_unknown_names(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The Base64 of its manifest and the names in its ``croissant.json`` have the letters of pseudonyms."""
    shutil.copytree(home / "data", tmp_path / "copy")
    (tmp_path / "copy" / "signature.json").write_text('{"sig": "kwAImStrPS2nP5mutMzvqOQzD6/dK"}')
    capsys.readouterr()
    assert main(["trace-leak", str(tmp_path / "copy"), "--keys", str(home / "keys"), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["unknown"], len(report["releases"])) == (0, 2)


def test_a_sealed_archive_of_another_key_set_is_named_as_not_read(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "init", str(tmp_path / "other")]) == 0
    other = KeySet.open(KeyReference.parse(str(tmp_path / "other"))).reader()
    with (tmp_path / "steps.sealed").open("wb") as file, SealedWriter(file, other) as sealed:
        sealed.write(b"anything")
    assert trace(home, tmp_path / "steps.sealed", capsys, code=1) == []
    assert main(["trace-leak", str(tmp_path / "steps.sealed"), "--keys", str(home / "keys")]) == 1
    assert "steps.sealed does not open (sealed under other keys, damaged, or packed)" in capsys.readouterr().err


def test_a_shard_of_before_an_erasure_is_told_to_hold_an_erased_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path)
    assert run(tmp_path, "first") == 0
    old = sorted((tmp_path / "data").rglob("*.parquet"))
    (tmp_path / "copies").mkdir()
    for number, path in enumerate(old):
        shutil.copy(path, tmp_path / "copies" / f"{number}")
    assert [item["erased"] for item in trace(tmp_path, tmp_path / "copies", capsys)] == [[]]
    assert main(["erase", "--user", "ann", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]) == 0
    (found,) = trace(tmp_path, tmp_path / "copies", capsys)
    today = datetime.now(UTC).date().isoformat()
    gone = sum(not path.exists() for path in old)
    assert found["erased"] == [{"at": today, "files": gone}]
    assert (found["files"], gone > 0) == (len(old) - gone, True)
    assert main(["trace-leak", str(tmp_path / "copies"), "--keys", str(tmp_path / "keys")]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"from before the erasure of {today}" in shown
    assert "rows of a person who was erased; have every copy deleted" in shown
