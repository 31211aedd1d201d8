from typing import Any

import pyarrow as pa
import pytest

from schemas.raw import RAW_SCHEMA
from schemas.safe import REDACTED_SCHEMA
from transforms.editor.us_layout import press
from transforms.redact.rows.added_rows import FinalText, Redaction, TypedRun
from transforms.redact.rows.assemble import ReleasedAction, RowNames, RowPlan, assemble

Row = dict[str, Any]


def raw(*rows: Row) -> pa.Table:
    filled = [{"session_id": "s", "user_id": "u", "seq": 10 + seq, "episode": 0} | row for seq, row in enumerate(rows)]
    return pa.Table.from_pylist(filled, schema=RAW_SCHEMA)


def released(table: pa.Table, release: RowPlan, sessions: list[str] | None = None) -> list[Row]:
    names = RowNames(pa.array(sessions or ["S"] * table.num_rows), pa.array(["U"] * table.num_rows))
    result = assemble(table, release, names, trace=True)
    assert result.table.schema.equals(REDACTED_SCHEMA)
    assert result.trace is not None
    sources = result.trace["source_seqs"].to_pylist()
    return [row | {"sources": seqs} for row, seqs in zip(result.table.to_pylist(), sources, strict=True)]


def key(name: str | None, code: str | None = None, *held: str) -> Row:
    return {"kind": "key", "action": "down", "key": name, "code": code, "modifiers": list(held)}


def test_no_text_comes_from_the_raw_rows() -> None:
    secret = {"app": "hunter2", "title": "hunter2", "url": "hunter2", "label": "hunter2", "text": "hunter2"}
    rows = [secret | {"kind": kind, "value": "hunter2", "field_id": "hunter2"} for kind in ("focus", "field", "screen")]
    rows.append({"kind": "pointer", "action": "click", "target": {"role": "hunter2", "name": "hunter2"}})
    rows.append({"kind": "screen", "nodes": [{"role": "hunter2", "name": "hunter2", "value": "hunter2"}]})
    table = raw(*(row | {"button": "hunter2", "keyboard_layout": "hunter2"} for row in rows))
    assert "hunter2" not in repr(released(table, RowPlan.of(table.num_rows)))


def test_texts_and_redactions_are_those_of_the_release() -> None:
    table = raw({"kind": "focus"}, {"kind": "screen"})
    release = RowPlan.of(2)
    release.texts["title"][0] = "Inbox - Kestano"
    release.redactions[0] = [Redaction("title", 8, 15, "PERSON")]
    first, second = released(table, release)
    assert first["title"] == "Inbox - Kestano"
    assert first["redactions"] == [{"column": "title", "start": 8, "end": 15, "entity": "PERSON", "node": None}]
    assert second["redactions"] is None


def test_the_first_field_of_a_session_has_the_number_0_and_a_row_without_one_has_none() -> None:
    release = RowPlan.of(3)
    release.ordinals[:] = [-1, 0, 1]
    assert [row["field"] for row in released(raw(*[{"kind": "screen"}] * 3), release)] == [None, 0, 1]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (key("a", "KeyA", "Shift"), ("a", "KeyA", ["Shift"])),
        (key("7", "Numpad7"), ("7", "Digit7", [])),
        (key("Shift", "ShiftRight"), ("Shift", "ShiftLeft", [])),
        (key("a", "hunter2", "hunter2", "Control"), ("a", "KeyA", ["Control"])),
        (key("hunter2", "KeyH"), ("Unidentified", None, [])),
        (key("Process", "KeyN"), ("Process", None, [])),
        (key("Unidentified", "KeyN"), ("Unidentified", None, [])),
        (key(None, "KeyN"), (None, None, [])),
        (key("Dead", "Quote"), ("Dead", None, [])),
        (key("Backspace", "Backspace"), ("Backspace", "Backspace", [])),
        (key("Enter", "KeyH"), ("Enter", "Enter", [])),
        (key("x", "KeyH"), ("x", "KeyX", [])),
        (key("x"), ("x", "KeyX", [])),
        (key("z", "KeyY"), ("z", "KeyZ", [])),
        (key("$", "Digit4", "Shift"), ("$", "Digit4", ["Shift"])),
        (key("ü", "BracketLeft"), ("ü", None, [])),
        (key("д", "KeyH", "Control"), ("д", "KeyL", ["Control"])),
        (key("a", "KeyA", "Shift", "Alt", "Shift", "Alt"), ("a", "KeyA", ["Alt", "Shift"])),
        (key("Shift", "ShiftLeft", "Shift"), ("Shift", "ShiftLeft", [])),
        (key("Shift", "ShiftLeft", "Shift", "Fn", "Alt"), ("Shift", "ShiftLeft", ["Alt", "Fn"])),
    ],
)
def test_key_columns_say_only_words_of_their_vocabularies(row: Row, shown: tuple[Any, ...]) -> None:
    (only,) = released(raw(row), RowPlan.of(1))
    assert (only["key"], only["code"], only["modifiers"]) == shown


def test_a_row_without_modifiers_has_none() -> None:
    (row,) = released(raw(key("b", "KeyB") | {"modifiers": None}), RowPlan.of(1))
    assert row["modifiers"] is None


def test_a_key_up_shows_the_key_and_the_modifiers_of_its_key_down() -> None:
    rows = [key("c", "KeyC", "Control"), key("b", "KeyB", "Shift") | {"action": "up"}]
    release = RowPlan.of(2)
    release.pressed[1] = 0
    up = released(raw(*rows), release)[1]
    assert (up["action"], up["key"], up["code"], up["modifiers"]) == ("up", "c", "KeyC", ["Control"])


def test_the_boxes_of_an_action_are_written_edge_by_edge() -> None:
    release = RowPlan.of(1)
    release.actions[0] = ReleasedAction("drag", "left", (), None, None, "element", None, (1, 2, 3, 4), (5, 6, 7, 8))
    (row,) = released(raw({"kind": "pointer", "action": "down", "button": "left"}), release)
    assert row["box"] == {"left": 1, "top": 2, "right": 3, "bottom": 4}
    assert row["to_box"] == {"left": 5, "top": 6, "right": 7, "bottom": 8}


def test_an_unknown_button_is_other() -> None:
    rows = [{"kind": "pointer", "action": "down", "button": name} for name in ("left", "hunter2", None)]
    assert [row["button"] for row in released(raw(*rows), RowPlan.of(3))] == ["left", "other", None]


def test_rows_move_are_added_and_are_numbered_again_in_each_session() -> None:
    table = raw(*(key(name) for name in "abcd"), key("e"))
    release = RowPlan.of(5)
    release.kept[1] = False
    release.anchor[3], release.order[3] = 0, 3
    release.typed.append(TypedRun(0, 1, (press("X"),), 4, (1, 2)))
    rows = released(table, release, ["S", "S", "S", "S", "T"])
    assert [(row["session"], row["seq"], row["key"], row["synthetic"]) for row in rows] == [
        ("S", 0, "a", False),
        ("S", 1, "X", True),
        ("S", 2, "X", True),
        ("S", 3, "d", False),
        ("S", 4, "c", False),
        ("T", 0, "e", False),
    ]
    assert rows[1]["t_us"] is None
    assert [row["action"] for row in rows[1:3]] == ["down", "up"]
    assert rows[1]["sources"] == rows[2]["sources"] == [11, 12]
    assert (rows[1]["code"], rows[1]["modifiers"], rows[1]["field"]) == ("KeyX", ["Shift"], 4)


def test_the_trace_names_the_source_events() -> None:
    table = raw(*({"kind": "pointer", "action": "move", "x": 1.0, "y": 2.0} for _ in range(3)))
    release = RowPlan.of(3)
    release.kept[:2] = False
    release.sources[2] = (0, 1, 2)
    release.displacement[0][2], release.displacement[1][2] = 5.0, -1.0
    release.finals.append(FinalText(2, 0, "x", (), (1,)))
    segment, final = released(table, release)
    assert (segment["dx"], segment["dy"], segment["sources"]) == (5.0, -1.0, [10, 11, 12])
    assert (final["kind"], final["text"], final["synthetic"], final["sources"]) == ("text_input", "x", False, [11])


def test_a_batch_of_which_nothing_is_released() -> None:
    release = RowPlan.of(1)
    release.kept[0] = False
    assert released(raw({"kind": "session"}), release) == []


def test_a_row_is_of_no_field_until_it_is_given_one() -> None:
    assert RowPlan.of(2).ordinals.tolist() == [-1, -1]
    assert RowPlan.of(2).order.tolist() == [0, 0]
    assert RowPlan.of(2).pressed.tolist() == RowPlan.of(2).anchor.tolist() == [0, 1]
