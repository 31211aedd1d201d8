"""Of a stretch that somebody took out, and of people who did not agree, no byte and no number stays in a release."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.cli.main import main

_START = 1_795_600_000_000_000
_SECOND = 1_000_000
_PAUSES = "user_id,kind,starts_at,ends_at,granted_by\nuser-a,pause,2026-11-25T09:46:50Z,2026-11-25T09:47:30Z,\n"
_MISSPELT = "user_a,pause,2026-11-25T09:46:50Z,,\n"
_PAUSED = range(10, 50)
"""Seconds after the start: 2026-11-25T09:46:40Z."""


_STRANGER = {"session_id": "t", "user_id": "user-b", "kind": "screen", "source": "ocr", "text": "cormorant"}
"""Event of somebody who did not agree."""
_STRANGE_EVENTS = 7


def log(*, paused: bool) -> str:
    """Write a session of a screen a second; where ``paused``, also what happened in the pause, and to somebody else."""
    events: list[dict[str, Any]] = []
    for second in range(60):
        event = {"session_id": "s", "user_id": "user-a", "seq": second, "t_us": _START + second * _SECOND}
        if second % 10 == 0:
            events.append(event | {"kind": "focus", "app": "mail", "title": f"Inbox {second}"})
        elif second in _PAUSED:
            events.append(event | {"kind": "screen", "source": "ocr", "text": f"cormorant {second}"})
        else:
            events.append(event | {"kind": "screen", "source": "ocr", "text": f"The quarterly kestrel plan {second}"})
    lines = [json.dumps(event) for event in events if paused or event["seq"] not in _PAUSED]
    if paused:
        lines += [json.dumps(_STRANGER | {"seq": seq, "t_us": _START + seq}) for seq in range(_STRANGE_EVENTS)]
        at = _START + 20 * _SECOND
        lines.append(json.dumps({"session_id": "s", "user_id": "user-a", "seq": 70, "t_us": at}) + ', "cormorant')
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    assert main(["keys", "init", str(home / "keys")]) == 0
    (home / "consent.csv").write_text(
        "user_id,purpose,version,granted_at,withdrawn_at\nuser-a,training,1,2024-01-01T00:00:00Z,\n"
    )
    (home / "pauses.csv").write_text(_PAUSES + _MISSPELT)
    for name, paused in (("with", True), ("without", False)):
        (home / f"{name}.jsonl").write_text(log(paused=paused))
    return home


def run(home: Path, name: str, capsys: pytest.CaptureFixture[str], *more: str, code: int = 0) -> dict[str, Any]:
    words = ["run", "--input", str(home / f"{name}.jsonl"), "--consent", str(home / "consent.csv"), "--json"]
    words += ["--keys", str(home / "keys"), "--output", str(home / "out"), "--set", "store.encryption=none"]
    words += ["--set", "noise.model=prior", *more]
    capsys.readouterr()
    assert main(words) == code
    told = capsys.readouterr()
    return json.loads(told.out or "{}") | {"err": told.err}


def released(done: dict[str, Any]) -> tuple[list[Any], bytes]:
    """Read the kinds and texts of the rows, and all bytes of the release."""
    files = [path for path in Path(done["release"]).rglob("*") if path.is_file()]
    rows = [row for path in files if path.parent.name == "events" for row in pq.read_table(path).to_pylist()]
    shown = [[row[name] for name in ("seq", "kind", "app", "title", "text")] for row in rows]
    return shown, b"".join(path.read_bytes() for path in files)


def manifest_counts(home: Path, done: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    capsys.readouterr()
    assert main(["report", done["release"], "--keys", str(home / "keys"), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    counts: dict[str, int] = told["counts"]
    return counts


def test_a_release_with_a_paused_stretch_is_that_of_a_recording_without_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses = ("--pauses", str(home / "pauses.csv"))
    configured = ("--set", f"consent.pauses={home}/pauses.csv")
    whole = run(home, "with", capsys, *pauses, "--dataset", "whole", code=1)  # the bad line is counted to its runner
    without = run(home, "without", capsys, *configured, "--dataset", "without")
    for done in (whole, without):
        assert "1 of those with pauses or wishes is nobody of the consent registry" in done["err"]
        assert "user_a" not in done["err"]
    (rows, stored), (others, _) = released(whole), released(without)
    assert rows == others
    assert [row[3] for row in rows if row[1] == "focus"] == ["Inbox 0", "Inbox 50"]
    assert b"cormorant" not in stored
    assert whole["counts"]["suppressed.paused"] == len(_PAUSED)
    assert whole["counts"]["suppressed.no_consent"] == _STRANGE_EVENTS
    told, alone = (manifest_counts(home, done, capsys) for done in (whole, without))
    assert not [name for name in told if "paused" in name or "no_consent" in name]
    assert {k: v for k, v in told.items() if "reject" not in k and "quarantine" not in k and k != "events.read"} == {
        k: v for k, v in alone.items() if k != "events.read"
    }
    assert told["events.read"] == alone["events.read"] + 1
    for path in (home / "keyveil-state").rglob("*"):
        assert not path.is_file() or b"cormorant" not in path.read_bytes()
    for dataset in ("whole", "without"):
        run(home, "with", capsys, "--dataset", dataset, code=3)  # the pauses were forgotten
        assert len([*(home / "out" / dataset / "releases").iterdir()]) == 1


def test_wishes_take_out_a_stretch_and_a_word_of_everybody(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wishes = {"format": "keyveil-wishes-1", "user": "user-a", "session": "s", "private": ["KESTREL"]}
    (home / "wishes.json").write_text(json.dumps(wishes | {"remove": [{"from_seq": 20, "to_seq": 49}]}))
    done = run(home, "without", capsys, "--wishes", str(home / "wishes.json"), "--dataset", "wishes")
    run(home, "without", capsys, "--dataset", "wishes", code=3)
    configured = ("--set", f"consent.wishes=[{home}/wishes.json]")
    again = run(home, "without", capsys, *configured, "--dataset", "wishes")
    assert again["repeated"]
    assert "warning" not in again["err"]
    rows, stored = released(done)
    assert b"kestrel" not in stored
    assert rows[1][4] == "The quarterly <SECRET> plan 1"
    assert released(run(home, "without", capsys, "--dataset", "plain"))[0][1][4] == "The quarterly kestrel plan 1"


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("--pauses", ("--pauses", "none.csv")),
        ("file 1 of --wishes", ("--wishes", "none.json")),
        ("consent.pauses", ("--set", "consent.pauses=none.csv")),
        ("file 1 of consent.wishes", ("--set", "consent.wishes=[none.json]")),
    ],
)
def test_a_file_that_cannot_be_read_stops_the_run(
    home: Path, capsys: pytest.CaptureFixture[str], named: str, words: tuple[str, ...]
) -> None:
    assert named in run(home, "without", capsys, *words, "--dataset", "stopped", code=3)["err"]
    assert not (home / "out" / "stopped").exists()
