from collections.abc import Callable
from pathlib import Path

import msgpack
import pytest

from schemas.rejects import Reason
from transforms.ingest.formats.registry import recognise

RECORDS = [
    [0, ["Metadata", [{"displays": []}]]],
    [10, ["ContextChanged", ["com.example.notes"]]],
    [20, ["KeyPress", [42, "ShiftLeft"]]],
    [30, ["KeyPress", [30, "KeyA"]]],
    [40, ["KeyRelease", [42, "ShiftLeft"]]],
    [50, ["KeyPress", [31, "KeyB"]]],
    [55, ["KeyPress", [57, "Space"]]],
    [60, ["MouseMove", [3, 4]]],
    [65, ["MouseMove", [1, -1]]],
    [70, ["MousePress", ["Left", 9, 8]]],
    [75, ["MouseRelease", ["Thumb", 9, 8]]],
    [80, ["MouseScroll", [0, -2, 9, 8]]],
    [90, ["Redacted", ["secure input"]]],
    [95, ["Juggle", []]],
    [96, ["KeyPress", [1]]],
    ["soon", ["KeyPress", [1, "KeyA"]]],
    [97, ["MouseMove", [1]]],
    7,
]  # fmt: skip


@pytest.mark.parametrize("form", ["stream", "array"])
def test_records_become_events(form: str, tmp_path: Path, read_all: Callable[..., tuple]) -> None:
    records = RECORDS if form == "stream" else RECORDS[:-1]
    path = tmp_path / "segment.msgpack"
    path.write_bytes(msgpack.packb(records) if form == "array" else b"".join(map(msgpack.packb, records)))
    assert recognise(path) == "crowd-cast"
    table, faults, count = read_all(path, "crowd-cast", user="u")
    rows = table.to_pylist()
    assert [row["key"] for row in rows if row["kind"] == "key"] == ["Shift", "A", "Shift", "b", " "]
    assert [row["modifiers"] for row in rows if row["kind"] == "key"] == [[], ["Shift"], [], [], []]
    assert [(row["action"], row["x"], row["y"]) for row in rows if row["kind"] == "pointer"] == [
        ("move", 3, 4), ("move", 4, 3), ("down", 9, 8), ("up", 9, 8), ("scroll", 9, 8),
    ]  # fmt: skip
    assert rows[-1]["dy"] == 200
    assert rows[1]["app"] == "com.example.notes"
    reasons = [Reason.UNKNOWN_KIND] + [Reason.MISSING_FIELD] * (4 if form == "stream" else 3)
    assert [fault.problem.reason for fault in faults] == reasons
    assert count == len(rows) + len(faults) + 2


@pytest.mark.parametrize(
    "damage", [b"\xdd\xff\xff\xff\xff" + b"KeyPress", b"\x92\x01\xc1KeyPress", b"\x91" * 5_000 + b"KeyPress"]
)
def test_a_damaged_stream_is_refused(damage: bytes, tmp_path: Path, read_all: Callable[..., tuple]) -> None:
    path = tmp_path / "segment"
    path.write_bytes(damage)
    table, faults, _ = read_all(path, "crowd-cast", user="u")
    assert table.num_rows == 0
    assert faults


def keys(*names: str) -> list[list[object]]:
    return [[place, ["KeyPress", [0, name]]] for place, name in enumerate(names)]


@pytest.mark.parametrize(
    ("names", "typed"),
    [
        (("ShiftLeft", "Num2", "SemiColon", "KeyA", "Kp7", "Dot"), "@:A7>"),
        (("KEY_LEFTSHIFT", "KEY_2", "KEY_SEMICOLON", "KEY_A", "KEY_KP7", "KEY_DOT"), "@:A7>"),
        (("CapsLock", "KeyA", "Num2", "Quote", "IntlBackslash"), "A2'\\"),
        (("Unknown(99)", "BrightnessUp", "KEY_MACRO1", ""), ""),
    ],
)
def test_keys_of_either_system_type_what_the_us_layout_types(
    names: tuple[str, ...], typed: str, tmp_path: Path, read_all: Callable[..., tuple]
) -> None:
    path = tmp_path / "segment.msgpack"
    path.write_bytes(msgpack.packb(keys(*names)))
    rows = read_all(path, "crowd-cast", user="u")[0].to_pylist()
    told = [row["key"] for row in rows if row["kind"] == "key"]
    assert len(told) == len(names)
    assert "".join(key for key in told if len(key) == 1) == typed
    assert all(key == "Unidentified" for key in told) == (not typed)


def test_a_segment_of_the_first_versions_and_one_of_linux_are_read(
    tmp_path: Path, read_all: Callable[..., tuple]
) -> None:
    events = [
        [1, ["ContextChanged", ["UNCAPTURED"]]],
        [2, ["ContextChanged", ["UNKNOWN"]]],
        [3, ["MouseMove", [5, 6]]],
        [4, ["KeyPress", [272, "BTN_LEFT"]]],
        [5, ["KeyRelease", [273, "BTN_RIGHT"]]],
        [6, ["ContextChanged", [7]]],
    ]
    path = tmp_path / "segment.msgpack"
    path.write_bytes(msgpack.packb(["a session", "1", 0, 9, events, ["scene", 0, 0, "0.1", "linux"]]))
    assert recognise(path) == "crowd-cast"
    table, faults, _ = read_all(path, "crowd-cast", user="u")
    rows = table.to_pylist()
    assert [(row["app"], row["private"]) for row in rows if row["kind"] == "focus"] == [("", True), ("", None)]
    assert [(row["action"], row["button"], row["x"]) for row in rows if row["kind"] == "pointer"] == [
        ("move", None, 5), ("down", "left", 5), ("up", "right", 5),
    ]  # fmt: skip
    assert [fault.problem.reason for fault in faults] == [Reason.MISSING_FIELD]
