"""No column of key rows carries a value out of a run, whichever way a recorder wrote it down."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.cli.main import main

Row = dict[str, Any]

ENDING = "@gmail.com"
WAYS = (
    *("downs", "ups", "differ", "codes", "dead", "stuck", "altgr", "meta"),
    *("password", "password ups", "password codes", "password stuck", "masked", "masked later"),
    *("known ups", "known codes", "known stuck", "known chords"),
)
"""``differ``: ups of other keys than went down. ``codes``, ``dead``: codes beside Enter, beside dead keys.
``stuck``, ``altgr``, ``meta``: a modifier that hangs, cut by another. ``masked``: an empty value before or behind.
``known``: found on the screen, ``chords``: in short runs of shortcuts, which the guard alone can see.
"""
WITHHELD = 1


def token(number: int) -> str:
    """Return a made-up word that is no name: five syllables, another one for each number."""
    consonants, vowels = "bdfgkmprtvz", "aeiou"
    parts = [(7 * number + 5 * place + number * place) % 55 for place in range(5)]
    return "".join(consonants[part // 5] + vowels[(part + number) % 5] for part in parts)


def code_of(char: str) -> str:
    return f"Key{char.upper()}" if char.isalpha() else {"@": "Digit2", ".": "Period"}[char]


def keys(way: str, text: str) -> Iterator[Row]:
    """Spell ``text`` in key rows."""
    kind = way.removeprefix("password ").removeprefix("known ").removeprefix("masked ")
    for at, char in enumerate(text):
        row = {"key": char, "code": code_of(char), "modifiers": []}
        actions = ("down", "up")
        match kind:
            case "ups":
                actions = ("up",)
            case "differ":
                yield {"action": "down", "key": "x", "code": "KeyX", "modifiers": []}
                actions = ("up",)
            case "codes" | "dead":
                row["key"] = "Enter" if kind == "codes" else "Dead"
            case "stuck" | "altgr" | "meta" | "chords":
                row["modifiers"] = ["Meta" if kind == "meta" else "Control"]
        for action in actions:
            yield {"action": action, **row}
        cut = {"stuck": "Shift", "altgr": "AltGraph", "meta": "CapsLock"}.get(kind)
        if cut and at % 5 == 4:
            yield {"action": "down", "key": cut, "code": cut, "modifiers": row["modifiers"]}
        elif kind == "chords" and at % 5 == 4:
            yield {"action": "down", "key": "Control", "code": "ControlLeft", "modifiers": []}


def session(way: str, value: str) -> Iterator[Row]:
    yield {"kind": "session"}
    yield {"kind": "focus", "app": "editor", "title": "notes"}
    if way.startswith("known"):
        yield {"kind": "screen", "source": "ocr", "text": f"mail {value}{ENDING} please"}
    role = "password" if way.startswith("password") else "textbox"
    yield {"kind": "field", "field_id": "f", "role": role, "label": "Note", "multiline": role == "textbox"}
    masked = {"kind": "input_value", "field_id": "f", "value": "", "source_masked": True}
    if way == "masked":
        yield masked
    text = value if role == "password" or way.startswith("masked") else value + ENDING
    yield from ({"kind": "key", "field_id": "f", **row} for row in keys(way, text))
    if way == "masked later":
        yield masked


def log() -> tuple[str, list[str]]:
    """Return a log of a session for each way, and the values in it."""
    lines, values = [], [token(number) for number in range(len(WAYS))]
    for way, value in zip(WAYS, values, strict=True):
        for seq, row in enumerate(session(way, value)):
            common = {
                "session_id": f"s-{way}",
                "user_id": "u",
                "seq": seq,
                "t_us": 1_767_600_000_000_000 + 130_000 * seq,
            }
            lines.append(json.dumps(common | row))
    assert len(set(values)) == len(values)
    return "\n".join(lines), values


def test_no_way_to_write_keys_down_carries_a_value_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written, values = log()
    (tmp_path / "log.jsonl").write_text(written)
    (tmp_path / "canaries.txt").write_text("\n".join(values))
    home = {name: str(tmp_path / name) for name in ("keys", "out", "state", "log.jsonl", "sealed", "canaries.txt")}
    assert main(["keys", "init", home["keys"]]) == 0
    assert main(["ingest", home["log.jsonl"], "-o", home["sealed"], "--keys", home["keys"]]) == 0
    (tmp_path / "log.jsonl").unlink()
    words = ["--input", home["sealed"], "--keys", home["keys"], "--output", home["out"], "--state", home["state"]]
    settings = ["--set", "noise.model=prior", "--set", "store.encryption=none"]
    assert main(["run", *words, "--consent", "all-for-evaluation", "--dataset", "d", *settings]) == 1
    capsys.readouterr()
    looked = ["verify", home["out"], "--keys", home["keys"], "--state", home["state"]]
    assert main([*looked, "--canaries", home["canaries.txt"]]) == 0, capsys.readouterr().err
    tables = [pq.read_table(path) for path in Path(home["out"]).rglob("events/*.parquet")]
    assert len({name for table in tables for name in table["session"].to_pylist()}) == len(WAYS) - WITHHELD
