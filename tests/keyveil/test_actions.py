from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from keyveil import open_dataset
from keyveil.actions import ACTIONS, ACTIONS_SCHEMA, actions
from schemas.safe import EVENTS_SCHEMA
from tests.keyveil.conftest import Published

COLUMNS = pa.schema([f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in EVENTS_SCHEMA])


PLACED = [name for name in ("place", "box", "to_x", "to_y", "to_box", "node", "screen") if name not in COLUMNS.names]
PLAIN = pa.schema([*COLUMNS, *(ACTIONS_SCHEMA.field(name) for name in PLACED)])
"""Columns of a release; earlier ones have no places."""


def table(rows: Iterable[dict[str, Any]], session: str = "s") -> pa.Table:
    common = {"session": session, "user": "u", "synthetic": False}
    numbered = [common | {"seq": seq, "t_ms": seq * 10} | row for seq, row in enumerate(rows)]
    return pa.Table.from_pylist(numbered, PLAIN)


def key(name: str, *held: str, **more: Any) -> dict[str, Any]:
    return {"kind": "key", "action": "down", "key": name, "modifiers": list(held), "field": 0} | more


def pointer(action: str, **more: Any) -> dict[str, Any]:
    return {"kind": "pointer", "action": action, "x": 8, "y": 9, "button": "left"} | more


def told(rows: Iterable[dict[str, Any]], *names: str, wait_ms: int | None = None) -> list[tuple[Any, ...]]:
    found = actions(table(rows), wait_ms=wait_ms)
    assert found.schema.equals(ACTIONS_SCHEMA)
    assert found["step"].to_pylist() == list(range(found.num_rows))
    return [tuple(row[name] for name in ("action", *names)) for row in found.to_pylist()]


def test_typing_with_corrections_becomes_the_text_that_it_leaves() -> None:
    rows = [key(k) for k in ("h", "e", "k", "Backspace", "l", "o", "ArrowLeft", "l", "ArrowRight", "!")]
    assert told(rows, "text", "first_seq", "last_seq") == [("type", "hello!", 0, 9)]


def test_a_surrogate_typed_key_by_key_is_one_type() -> None:
    rows = [key(k, synthetic=True) for k in "Ada L"] + [key("x")]
    assert told(rows, "text", "synthetic") == [("type", "Ada Lx", True)]


def test_keys_that_reach_beyond_the_run_stay_keys() -> None:
    rows = [key("Backspace"), key("Backspace"), key("a"), key("ArrowLeft"), key("b")]
    assert told(rows, "text", "keys", "presses") == [
        ("hotkey", None, ["backspace"], 2),
        ("type", "a", None, None),
        ("hotkey", None, ["left"], 1),
        ("type", "b", None, None),
    ]


def test_hotkeys_have_pyautogui_names() -> None:
    rows = [key("Control", "Control"), key("v", "Control"), key("Tab", "Shift"), key("Escape"), key("F5")]
    rows += [key("T", "Control", "Shift"), key("ArrowUp", "Meta"), key("A", "Shift"), key("@", "AltGraph", "Control")]
    assert told(rows, "keys", "text") == [
        ("hotkey", ["ctrl", "v"], None),
        ("hotkey", ["shift", "tab"], None),
        ("hotkey", ["esc"], None),
        ("hotkey", ["f5"], None),
        ("hotkey", ["ctrl", "shift", "t"], None),
        ("hotkey", ["win", "up"], None),
        ("type", None, "A@"),
    ]


def test_enter_is_text_only_in_a_field_that_holds_lines() -> None:
    typed = [key("a"), key("Enter"), key("b")]
    one = [*typed, {"kind": "text_input", "field": 0, "text": "ab"}]
    many = [*typed, {"kind": "text_input", "field": 0, "text": "a\nb"}]
    assert told(one, "text") == [("type", "a"), ("hotkey", None), ("type", "b")]
    assert told(many, "text") == [("type", "a\nb")]


def test_enter_in_a_terminal_or_search_is_a_key_between_two_lines() -> None:
    rows = [key("a"), key("Enter"), key("b"), key("Enter"), {"kind": "text_input", "field": 0, "text": "a\nb"}]
    for role, expected in (
        ("terminal", [("type", "a"), ("hotkey", None), ("type", "b"), ("hotkey", None)]),
        ("searchbox", [("type", "a"), ("hotkey", None), ("type", "b"), ("hotkey", None)]),
        ("textbox", [("type", "a\nb\n")]),
    ):
        assert told([{"kind": "field", "field": 0, "role": role}, *rows], "text") == expected


def field(number: int = 0, **more: Any) -> dict[str, Any]:
    return {"kind": "field", "field": number, "role": "textbox", "name": "Search"} | more


def final(text: str, number: int = 0, **more: Any) -> dict[str, Any]:
    return {"kind": "text_input", "field": number, "text": text} | more


def test_a_text_whose_keys_are_not_released_is_typed_where_it_stands() -> None:
    rows = [pointer("click"), field(), final("dark mode"), pointer("click"), field(1, name="To"), final("Ada", 1)]
    assert told(rows, "text", "name", "first_seq", "last_seq", "synthetic") == [
        ("click", None, None, 0, 0, False),
        ("type", "dark mode", "Search", 2, 2, False),
        ("click", None, None, 3, 3, False),
        ("type", "Ada", "To", 5, 5, False),
    ]
    mark = {"column": "text", "start": 0, "end": 3, "entity": "PERSON"}
    assert told([final("Ada", redactions=[mark])], "text", "synthetic") == [("type", "Ada", True)]
    assert told([field(), final("")]) == []


def test_a_text_without_keys_is_typed_before_the_keys_of_its_last_stay() -> None:
    rows = [field(), key("Tab"), field(), key("ArrowDown"), key("Enter"), key("Tab"), final("lamp\n")]
    assert told(rows, "text", "keys", "first_seq", "last_seq") == [
        ("hotkey", None, ["tab"], 1, 1),
        ("type", "lamp", None, 3, 6),
        ("hotkey", None, ["down"], 3, 3),
        ("hotkey", None, ["enter"], 4, 4),
        ("hotkey", None, ["tab"], 5, 5),
    ]


def test_a_text_that_keys_or_a_paste_give_is_not_typed_twice() -> None:
    paste = {"kind": "clipboard", "action": "paste", "field": 0, "text": "lamp"}
    assert told([field(), key("a"), final("a")], "text") == [("type", "a")]
    assert told([field(), key("@", "AltGraph", "Control"), final("@")], "text") == [("type", "@")]
    assert told([field(), paste, final("lamp")]) == []
    assert told([field(), key("v", "Control"), paste, key("Backspace"), final("lam")]) == [("hotkey",), ("hotkey",)]
    assert told([field(), paste, final("lamp shade")], "text") == [("type", "lamp shade")]
    assert told([field(), key("a", "Control"), final("new")], "text") == [("type", "new"), ("hotkey", None)]


def test_the_select_all_of_a_text_that_is_typed_again_is_part_of_its_typing() -> None:
    again = [key("a", "Control", synthetic=True), *(key(name, synthetic=True) for name in ("x", "y", "Enter"))]
    assert told([key("o"), *again, key("z")], "text", "first_seq", "last_seq", "synthetic") == [
        ("type", "o", 0, 0, False),
        ("type", "xy", 1, 3, True),
        ("hotkey", None, 4, 4, True),
        ("type", "z", 5, 5, False),
    ]
    nothing = [key("a", "Control", synthetic=True), key("Backspace", synthetic=True)]
    assert told([*nothing, key("z")], "text", "first_seq") == [("type", "z", 0)]
    assert told([key("o"), *nothing], "text", "first_seq") == [("type", "o", 0)]


def test_a_select_all_that_somebody_pressed_stays() -> None:
    rows = [key("o"), key("a", "Control"), key("x", synthetic=True), key("Backspace")]
    assert told(rows, "text", "keys") == [
        ("type", "o", None),
        ("hotkey", None, ["ctrl", "a"]),
    ]


def test_what_stands_between_two_runs_parts_them() -> None:
    for between in (pointer("click"), {"kind": "focus", "app": "mail"}, {"kind": "field", "field": 1}):
        texts = [text for action, text in told([key("a"), between, key("b")], "text") if action == "type"]
        assert texts == ["a", "b"]
    for through in (pointer("move"), {"kind": "screen", "text": "x"}, key("a", action="up")):
        assert told([key("a"), through, key("b")], "text") == [("type", "ab")]
    assert told([key("a"), key("b", field=1)], "text") == [("type", "a"), ("type", "b")]


def test_press_release_and_click_are_one_click() -> None:
    target = {"role": "button", "name": "Send"}
    for rows in (
        [pointer("down", **target), pointer("up")],
        [pointer("down"), pointer("up"), pointer("click", **target)],
        [pointer("down", **target), pointer("click")],
        [pointer("click", **target)],
    ):
        assert told(rows, "x", "y", "button", "role", "name") == [("click", 8, 9, "left", "button", "Send")]


def test_a_double_click_takes_its_clicks_with_it() -> None:
    rows = [pointer(action) for action in ("down", "up", "click", "down", "up", "click", "double_click")]
    assert told(rows, "first_seq", "last_seq") == [("double_click", 0, 6)]
    assert told([pointer("double_click")]) == [("double_click",)]
    assert told([pointer("click"), key("a"), pointer("double_click")]) == [("click",), ("type",), ("double_click",)]


def test_drags_and_scrolls_are_merged() -> None:
    rows = [pointer("down"), pointer("drag", x=20), pointer("drag", x=30, y=40), pointer("up", x=31, y=41)]
    rows += [pointer("scroll", dx=0, dy=1), pointer("move"), pointer("scroll", dx=0, dy=2), key("a")]
    assert told(rows, "x", "y", "to_x", "to_y", "dx", "dy") == [
        ("drag", 8, 9, 31, 41, None, None),
        ("scroll", 8, 9, None, None, 0, 3),
        ("type", None, None, None, None, None, None),
    ]
    assert told([pointer("drag"), pointer("drag", x=5)], "to_x") == [("drag", 5)]


def placed(action: str, left: int = 100, **more: Any) -> dict[str, Any]:
    box = {"left": left, "top": 20, "right": left + 50, "bottom": 40}
    return pointer(action, place="node", x=left + 1, y=30, box=box, node=3, screen=0, modifiers=["Shift"]) | more


def test_a_placed_row_is_one_action_with_its_box_node_and_screen() -> None:
    rows = [placed("click"), placed("click"), placed("triple_click"), placed("double_click", button="right")]
    found = actions(table(rows)).to_pylist()
    assert [row["action"] for row in found] == ["click", "click", "triple_click", "double_click"]
    for row in found:
        assert (row["place"], row["x"], row["y"], row["node"], row["screen"]) == ("node", 101, 30, 3, 0)
        assert row["box"] == {"left": 100, "top": 20, "right": 150, "bottom": 40}
        assert row["modifiers"] == ["Shift"]
    end = {"left": 900, "top": 0, "right": 910, "bottom": 9}
    dragged = told([placed("drag", to_x=901, to_y=5, to_box=end), placed("drag", to_x=2, to_y=5)], "to_x", "to_box")
    assert dragged == [("drag", 901, end), ("drag", 2, None)]
    assert told([placed("click", place="none", x=None, y=None, box=None)], "x", "place") == [("click", None, "none")]


def test_placed_scrolls_keep_their_notches_and_stand_apart() -> None:
    rows = [placed("scroll", dx=0, dy=3), placed("scroll", dx=0, dy=10), placed("scroll", dx=0, dy=-1)]
    assert told(rows, "dy") == [("scroll", 3), ("scroll", 10), ("scroll", -1)]


def test_scrolls_of_opposite_ways_are_not_summed() -> None:
    rows = [pointer("scroll", dx=0, dy=dy) for dy in (5, 2, -3, -4, 1)]
    assert told(rows, "dy") == [("scroll", 7), ("scroll", -7), ("scroll", 1)]
    sideways = [pointer("scroll", dx=dx, dy=1) for dx in (0, 1, 1, -1)]
    assert told(sideways, "dx", "dy") == [("scroll", 0, 1), ("scroll", 2, 2), ("scroll", -1, 1)]


def test_two_clicks_in_a_row_stay_two() -> None:
    assert told([pointer("click"), pointer("click")]) == [("click",), ("click",)]
    pressed = [pointer("down"), pointer("up"), pointer("click"), pointer("click")]
    assert told(pressed) == [("click",), ("click",)]


def test_no_wait_is_made_of_a_synthetic_clock() -> None:
    assert told([key("a", t_ms=0), pointer("click", t_ms=60_000)]) == [("type",), ("click",)]
    found = actions(table([key("a", t_ms=0), pointer("click", t_ms=60_000)]))
    assert found["action"].to_pylist() == ["type", "click"]


def test_waits_come_between_actions() -> None:
    rows = [key("a", t_ms=0), key("b", t_ms=100), pointer("click", t_ms=3_100), pointer("scroll", t_ms=None)]
    assert told(rows, "seconds", "t_ms", wait_ms=2_000) == [
        ("type", None, 0),
        ("wait", 3.0, 100),
        ("click", None, 3_100),
        ("scroll", None, None),
    ]


def test_context_is_what_was_in_front() -> None:
    rows = [{"kind": "focus", "app": "mail", "title": "Inbox", "url": "https://m.example/"}]
    rows += [{"kind": "field", "field": 0, "role": "textbox", "name": "Message"}, key("a")]
    expected = ("type", "mail", "Inbox", "https://m.example/", "textbox", "Message")
    assert told(rows, "app", "title", "url", "role", "name") == [expected]


def test_sessions_stand_apart_and_columns_may_be_missing(release: Published) -> None:
    two = pa.concat_tables([table([key("a")], "s"), table([key("b")], "t")])
    assert actions(two).select(["session", "step", "text"]).to_pylist() == [
        {"session": "s", "step": 0, "text": "a"},
        {"session": "t", "step": 0, "text": "b"},
    ]
    some = actions(two.select(["seq", "kind", "action", "key"]))
    assert some["text"].to_pylist() == ["ab"]
    assert actions(EVENTS_SCHEMA.empty_table()).num_rows == 0
    found = actions(open_dataset(str(release.home), keys=release.reader).to_table())
    assert set(found["action"].to_pylist()) <= set(ACTIONS)
    assert set(found["session"].to_pylist()) <= set(release.sessions)


EDITS = st.lists(
    st.sampled_from(["a", "b", "Backspace", "Delete", "ArrowLeft", "ArrowRight", "Home", "Tab"]), max_size=40
)


def edited(text: str, caret: int, keys: Iterable[str]) -> tuple[str, int]:
    """Press ``keys`` in the plainest editor there can be."""
    for name in keys:
        if len(name) == 1:
            text, caret = text[:caret] + name + text[caret:], caret + 1
        elif name == "backspace":
            text, caret = text[: max(caret - 1, 0)] + text[caret:], max(caret - 1, 0)
        elif name == "delete":
            text = text[:caret] + text[caret + 1 :]
        elif name in ("left", "right"):
            caret = min(max(caret + (1 if name == "right" else -1), 0), len(text))
        elif name == "home":
            caret = 0
    return text, caret


@given(EDITS, st.text("xyz", max_size=4), st.integers(0, 4))
def test_playing_the_actions_edits_like_playing_the_keys(names: list[str], before: str, caret: int) -> None:
    short = {"Backspace": "backspace", "Delete": "delete", "ArrowLeft": "left", "ArrowRight": "right", "Home": "home"}
    start = before, min(caret, len(before))
    expected = edited(*start, (short.get(name, name.lower()) for name in names))
    played: list[str] = []
    for row in actions(table(key(name) for name in names)).to_pylist():
        played += list(row["text"]) if row["action"] == "type" else row["keys"] * row["presses"]
    assert edited(*start, played) == expected
