"""``keyveil trace-leak``: files that were found elsewhere lead to the releases that their rows come from."""

import gzip
import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.cli.main import main
from pipelines.operations.key_exports import describe_export, write_export
from transforms.dataset.codec import decode
from transforms.keys.key_set import KeyReference, KeySet

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
    assert main(["keys", "init", str(home / "keys")]) == 0
    (home / "consent.csv").write_text(
        "user_id,purpose,version,granted_at,withdrawn_at\n"
        + "".join(f"{user},training,1,2026-01-01T00:00:00Z,\n" for user in ("ann", "ben"))
    )
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
