from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.raw import KINDS, RAW_SCHEMA, RawSessions, TypedField
from transforms.keystrokes import reconstruct
from transforms.keystrokes.editor_events import Act

Row = dict[str, Any]


def table_of(rows: list[Row]) -> pa.Table:
    filled = [{"session_id": "s", "user_id": "u", "seq": seq, "episode": 0} | row for seq, row in enumerate(rows)]
    return pa.Table.from_pylist(filled, schema=RAW_SCHEMA)


def fields_of(*rows: Row) -> tuple[TypedField, ...]:
    return reconstruct(RawSessions(table_of(list(rows)))).fields


def text_of(item: TypedField) -> str:
    return "".join(item.cells[cell] for cell in item.final.tolist())


def focus(app: str = "editor", title: str = "", url: str | None = None) -> Row:
    return {"kind": "focus", "app": app, "title": title, "url": url}


def field(name: str | None, role: str = "textbox", *, multiline: bool = False, resumed: bool | None = None) -> Row:
    row: Row = {"kind": "field", "field_id": name, "role": role, "label": "Label", "multiline": multiline}
    return row | {"resumed": resumed}


def down(key: str, *held: str, name: str | None = None, code: str | None = None) -> Row:
    return {"kind": "key", "action": "down", "key": key, "code": code, "modifiers": list(held), "field_id": name}


def up(key: str, *, name: str | None = None, code: str | None = None) -> Row:
    return {"kind": "key", "action": "up", "key": key, "code": code, "modifiers": [], "field_id": name}


def typed(text: str, name: str | None = None) -> list[Row]:
    return [down(char, name=name) for char in text]


def paste(text: str, name: str | None = None) -> Row:
    return {"kind": "clipboard", "action": "paste", "text": text, "field_id": name}


def value(text: str, name: str | None = "f") -> Row:
    return {"kind": "input_value", "value": text, "field_id": name}


def point(role: str | None = None, action: str = "down") -> Row:
    return {"kind": "pointer", "action": action, "x": 1.0, "y": 1.0, "target": None if role is None else {"role": role}}


def test_a_field_with_its_cells_and_rows() -> None:
    (item,) = fields_of(
        focus(),
        field("f", multiline=True),
        down("a", name="f"),
        up("a", name="f"),
        paste("bc", "f"),
        down("Backspace", name="f"),
    )
    assert (item.session_start, item.field_id, item.field_row, item.role, item.label) == (0, "f", 1, "textbox", "Label")
    assert item.multiline
    assert item.cells == "abc"
    assert item.cell_rows.tolist() == [2, 4, 4]
    assert item.gone_rows.tolist() == [-1, -1, 5]
    assert item.final.tolist() == [0, 1]
    assert [draft.tolist() for draft in item.drafts] == [[0, 1, 2]]
    assert item.key_rows.tolist() == [2, 3, 5]
    assert item.last_row == 5
    assert item.exact
    assert (item.cell_rows.dtype, item.final.dtype) == (np.int64, np.int32)


def test_rows_are_those_of_the_batch_and_sessions_do_not_mix() -> None:
    rows = [*typed("ab", "f"), *typed("cd", "f"), *typed("e", "f")]
    rows[2]["session_id"] = rows[3]["session_id"] = rows[4]["session_id"] = "t"
    rows[4]["episode"] = 1
    first, second, third = fields_of(*rows)
    assert [text_of(item) for item in (first, second, third)] == ["ab", "cd", "e"]
    assert [item.session_start for item in (first, second, third)] == [0, 2, 4]
    assert second.cell_rows.tolist() == [2, 3]


def test_rows_of_a_sliced_table_count_from_its_start() -> None:
    table = table_of([focus(), *typed("abc", "f")]).slice(2)
    (item,) = reconstruct(RawSessions(table)).fields
    assert item.cell_rows.tolist() == [0, 1]


def test_keys_go_where_their_field_id_says_else_to_the_field_in_focus() -> None:
    one, two = fields_of(field("f"), field("g"), *typed("a"), *typed("b", "f"), *typed("c", "g"))
    assert (one.field_id, text_of(one)) == ("f", "b")
    assert (two.field_id, text_of(two)) == ("g", "ac")


def test_a_field_without_an_id_has_the_focus_as_well() -> None:
    (item,) = fields_of(field(None), *typed("ab"))
    assert (item.field_row, text_of(item)) == (0, "ab")


def test_a_resumed_field_keeps_its_text_and_another_starts_empty() -> None:
    rows = [field("f"), *typed("ab", "f"), down("ArrowLeft", name="f"), focus("mail"), focus()]
    (item,) = fields_of(*rows, field("f", resumed=True), *typed("c"))
    assert text_of(item) == "acb"
    assert item.exact
    first, second = fields_of(*rows, field("f"), *typed("c"))
    assert (text_of(first), text_of(second)) == ("ab", "c")
    assert (first.field_row, second.field_row) == (0, 6)


def test_a_resumed_field_that_was_never_seen_is_not_exact() -> None:
    (item,) = fields_of(field("f", resumed=True), *typed("a"))
    assert not item.exact


@pytest.mark.parametrize(
    ("app", "url", "splits"),
    [
        ("editor", "https://a.test/2", True),
        ("mail", "https://a.test/1", True),
        ("editor", None, True),
        ("editor", "https://a.test/1", False),
    ],
)
def test_another_application_or_address_takes_the_focus_and_another_title_does_not(
    app: str, url: str | None, *, splits: bool
) -> None:
    moved = focus(app, title="y", url=url)
    found = fields_of(focus(title="x", url="https://a.test/1"), *typed("one"), moved, *typed("two"))
    assert [text_of(item) for item in found] == (["one", "two"] if splits else ["onetwo"])


def test_keys_without_any_field_go_to_one_of_their_own_per_focus() -> None:
    first, second = fields_of(focus("a"), *typed("one"), focus("b"), *typed("two"), down("Enter"))
    assert (first.field_id, first.field_row, first.role, text_of(first)) == ("focus@1", -1, "textbox", "one")
    assert (second.field_id, text_of(second)) == ("focus@5", "two\n")
    assert first.exact
    assert second.exact


def test_a_window_that_is_renamed_while_typing_stays_one_field_and_a_guess() -> None:
    (item,) = fields_of(focus(title="x"), *typed("jo"), focus(title="x *"), *typed("hn"))
    assert text_of(item) == "john"
    assert not item.exact


def test_tab_or_a_press_of_the_pointer_begins_another_guessed_field() -> None:
    first, second = fields_of(focus(), *typed("one"), down("Tab"), *typed("two"))
    assert (text_of(first), text_of(second), second.exact) == ("one", "two", True)
    first, second = fields_of(focus(), *typed("one"), point(), *typed("two"))
    assert (text_of(first), text_of(second), second.exact) == ("one", "two", False)


@pytest.mark.parametrize(("role", "exact"), [(None, False), ("textbox", False), ("Pane", False), ("Button", True)])
def test_a_press_in_a_field_loses_the_caret_and_one_on_a_control_does_not(role: str | None, exact: bool) -> None:
    (item,) = fields_of(field("f"), *typed("ab"), point(role), *typed("c"))
    assert item.exact is exact
    assert text_of(item) == "abc"


def test_a_drag_may_select_and_move_text() -> None:
    (item,) = fields_of(field("f"), *typed("ab"), point(action="drag"), *typed("c"))
    assert not item.exact
    assert [draft.tolist() for draft in item.drafts] == [[0, 1]]


def test_what_an_input_method_composes_is_known_from_logged_values_alone() -> None:
    composing = [down("Process", name="f", code=f"Key{letter}") for letter in "NIHAO"]
    (item,) = fields_of(field("f"), *composing)
    assert item.cells == ""
    (item,) = fields_of(field("f"), *composing, value("你好"), down("!", name="f"))
    assert text_of(item) == "你好!"
    assert item.cell_rows.tolist() == [6, 6, 7]
    assert not item.exact


def test_moves_and_releases_of_the_pointer_do_nothing() -> None:
    (item,) = fields_of(field("f"), *typed("ab"), point(action="move"), point(action="up"), *typed("c"))
    assert item.exact


def test_shortcuts_alone_are_no_typing() -> None:
    assert fields_of(focus(), down("Alt"), down("Tab", "Alt"), focus("b"), down("c", "Control")) == ()
    assert fields_of(focus(), field("f"), up("a")) != ()
    (item,) = fields_of(field("f"), down("Tab", name="f"))
    assert text_of(item) == ""


def test_a_key_up_goes_where_its_key_down_went() -> None:
    rows = [
        field("f"),
        down("A", code="KeyA"),
        down("Tab", code="Tab"),
        field("g"),
        up("a", code="KeyA"),
        up("Tab", code="Tab"),
    ]
    first, second = fields_of(*rows, *typed("b"))
    assert first.key_rows.tolist() == [1, 2, 4, 5]
    assert second.key_rows.tolist() == [6]


def test_a_key_up_without_a_key_down_opens_no_field() -> None:
    assert fields_of(up("a"), up("b", name="f")) == ()


def test_roll_over_and_repeat_count_key_downs_only() -> None:
    repeated = down("c") | {"repeat": True}
    (item,) = fields_of(field("f"), down("a"), down("b"), up("a"), repeated, repeated, up("b"), up("c"))
    assert text_of(item) == "abcc"


def test_held_shift_and_caps_lock_type_the_key_value() -> None:
    (item,) = fields_of(field("f"), down("Shift"), down("A", "Shift"), up("Shift"), down("B", "CapsLock"))
    assert text_of(item) == "AB"


def test_the_header_says_whose_shortcuts_apply() -> None:
    keys = [*typed("ab"), down("a", "Control"), *typed("c")]
    assert text_of(fields_of({"kind": "session", "os": "macOS"}, field("f"), *keys)[0]) == "cab"
    assert text_of(fields_of({"kind": "session", "os": "Windows"}, field("f"), *keys)[0]) == "c"
    german = {"kind": "session", "keyboard_layout": "de"}
    american = {"kind": "session", "keyboard_layout": "us"}
    assert text_of(fields_of(german, field("f"), down("x"), down("{", "Control", "Alt"))[0]) == "x{"
    assert text_of(fields_of(american, field("f"), down("x"), down("{", "Control", "Alt"))[0]) == "x"


def test_shortcuts_of_a_layout_without_latin_letters_go_by_the_physical_key() -> None:
    (item,) = fields_of(field("f"), *typed("привет"), down("ф", "Control", code="KeyA"), *typed("д"))
    assert text_of(item) == "д"


@pytest.mark.parametrize("stuck", ["Alt", "Control", "Meta"])
def test_a_modifier_that_the_recorder_forgot_hides_no_text(stuck: str) -> None:
    keys = [down(char, stuck, "Shift") if char.isupper() else down(char, stuck) for char in "call Anna Kowalski"]
    (item,) = fields_of(field("f"), down(stuck), *keys, down("Backspace", stuck))
    assert text_of(item) == "call Anna Kowalsk"


def test_the_rows_lose_the_modifier_that_nobody_held_and_nothing_else() -> None:
    rows = [field("f"), *(down(char, "Alt", "Shift") for char in "HELLOANN"), field("g"), down("f", "Alt"), *typed("x")]
    table = reconstruct(RawSessions(table_of(rows))).sessions.table
    assert table["modifiers"].to_pylist() == [None, *[["Shift"]] * 8, None, ["Alt"], []]
    assert table.schema == RAW_SCHEMA


@pytest.mark.parametrize(
    ("text", "kept"),
    [("abcdeabc", True), ("abcdeab", False), ("abcdabcd", False), ("12345123", True), ("приветам", True)],
    ids=["eight presses", "seven", "four letters", "digits", "Cyrillic"],
)
def test_eight_presses_of_five_letters_are_words(text: str, *, kept: bool) -> None:
    (item,) = fields_of(field("f"), *typed("x", "f"), *(down(char, "Control", name="f") for char in text))
    assert text_of(item) == ("x" + text if kept else "x")


@pytest.mark.parametrize("cut", ["Shift", "AltGraph", "CapsLock", "Fn", "Alt", "Meta"])
def test_a_press_of_another_modifier_does_not_end_a_run(cut: str) -> None:
    rows = [row for char in "hello anna" for row in (down(char, "Control"), down(cut, "Control"))]
    assert text_of(fields_of(field("f"), *rows)[0]) == "hello anna"


@pytest.mark.parametrize("ends", [down("Control"), up("Control"), down("x"), field("f", resumed=True), focus()])
def test_a_run_ends_where_its_modifier_moves_a_letter_comes_without_it_or_the_focus_changes(ends: Row) -> None:
    chords = [down(char, "Control", name="f") for char in "hellofrv"]
    (item,) = fields_of(field("f"), *typed("-", "f"), *chords[:4], ends, *chords[4:])
    assert item.cells.strip("x") == "-"


@pytest.mark.parametrize("every", [1, 2, 5])
def test_letters_that_list_a_modifier_after_its_key_up_are_one_run_however_often_it_is_pressed(every: int) -> None:
    again = [down("Control", "Control"), up("Control")]
    rows = [
        row for at, char in enumerate("hello anna") for row in ([] if at % every else again) + [down(char, "Control")]
    ]
    assert text_of(fields_of(field("f"), *rows)[0]) == "hello anna"


def test_runs_of_fields_that_are_typed_into_by_turns_are_counted_apart() -> None:
    rows = [row for char in "hello anna" for row in (down(char, "Alt", name="f"), down("s", "Control", name="g"))]
    first, second = fields_of(field("g"), field("f"), *rows)
    assert {text_of(first), text_of(second)} == {"hello anna", ""}


@pytest.mark.parametrize("pair", [("Control", "Meta"), ("Control", "Alt"), ("Alt", "Meta")])
def test_letters_under_one_modifier_after_another_are_one_run(pair: tuple[str, str]) -> None:
    chords = [down(char, held) for char, held in zip("hello anna", pair * 5, strict=True)]
    assert text_of(fields_of(field("f"), *chords)[0]) == "hello anna"


def test_a_modifier_that_hangs_is_taken_away_and_one_that_is_held_beside_it_stays() -> None:
    chords = [down(char, "Alt", "Fn", "Shift") for char in "HELLOANN"]
    table = reconstruct(RawSessions(table_of([*chords, down("F4", "Control", "Alt")]))).sessions.table
    assert table["modifiers"].to_pylist() == [*[["Fn", "Shift"]] * 8, ["Control"]]


def test_shortcuts_stay_shortcuts() -> None:
    copied = [down("a", "Control"), down("c", "Control"), *(down("v", "Control") for _ in range(20))]
    each = [row for char in "acbisutnfp" for row in (down("Control"), down(char, "Control"), up("Control"))]
    (item,) = fields_of(field("f"), *typed("x"), *each, down("Control"), *copied)
    assert "b" not in item.cells
    assert fields_of(focus(), *each, *copied[2:]) == ()


def test_a_modifier_that_is_stuck_in_one_place_is_judged_there() -> None:
    first, second = fields_of(
        field("f"), *(down(char, "Alt") for char in "hello anna"), field("g"), *typed("b"), down("f", "Alt")
    )
    assert (text_of(first), text_of(second)) == ("hello anna", "b")


def test_a_terminal_has_its_own_line_keys() -> None:
    (item,) = fields_of(field("f", "terminal"), *typed("git"), down("u", "Control"), *typed("ls"))
    assert (item.role, text_of(item)) == ("terminal", "ls")


def test_an_unknown_role_is_read_as_a_text_box() -> None:
    (item,) = fields_of(field("f", "quux"), *typed("a"))
    assert item.role == "textbox"


def test_what_one_field_copied_another_pastes() -> None:
    _, item = fields_of(
        field("f"),
        *typed("ab"),
        down("a", "Control"),
        down("c", "Control"),
        field("g"),
        *typed("x"),
        down("v", "Control"),
    )
    assert text_of(item) == "xab"
    assert item.cell_rows.tolist() == [6, 7, 7]
    assert not item.exact


def test_a_cut_that_only_the_clipboard_tells_of() -> None:
    cut: Row = {"kind": "clipboard", "action": "cut", "text": "ab"}
    (item,) = fields_of(field("f"), *typed("ab"), down("a", "Control"), cut, *typed("c"))
    assert text_of(item) == "c"
    assert item.gone_rows.tolist() == [4, 4, -1]
    (item,) = fields_of(field("f"), *typed("ab"), down("a", "Control"), down("x", "Control"), cut, *typed("c"))
    assert item.gone_rows.tolist() == [4, 4, -1]


def test_logged_values_alone_give_the_typing() -> None:
    (item,) = fields_of(value("j"), value("jo"), value("jon"), value("john"), value("joh"))
    assert text_of(item) == "joh"
    assert item.cells == "jonh"
    assert item.cell_rows.tolist() == [0, 1, 2, 3]
    assert item.gone_rows.tolist() == [-1, -1, 4, -1]
    assert item.last_row == 4
    assert not len(item.key_rows)


def test_logged_values_beside_keys_add_nothing() -> None:
    (item,) = fields_of(field("f"), down("a", name="f"), value("a"), down("b", name="f"), value("ab"))
    assert item.cells == "ab"


def test_no_rows_no_fields() -> None:
    assert fields_of() == ()
    assert fields_of(focus(), {"kind": "screen", "text": "x"}) == ()


WORDS = st.none() | st.sampled_from(
    ["f", "g", "a", "é", "Enter", "Dead", "Control", "Backspace", "textbox", "terminal", "mac", ""]
)
KEYS = st.sampled_from(
    [
        "a",
        "Z",
        " ",
        "é",
        "👩\u200d💻",
        "Backspace",
        "Delete",
        "ArrowLeft",
        "ArrowUp",
        "Home",
        "End",
        "Enter",
        "Tab",
        "v",
        "z",
        "y",
        "x",
    ]
)
GARBAGE = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["key", "key", "key", *KINDS]),
        "session_id": st.sampled_from(["s", "s", "t"]),
        "action": st.sampled_from(["down", "down", "up", "paste", "copy", "cut", "click", "move"]) | st.none(),
        "key": KEYS | WORDS,
        "code": st.sampled_from(["KeyA", "KeyV", "Enter"]) | st.none(),
        "modifiers": st.lists(st.sampled_from(["Control", "Shift", "Alt", "Meta", "AltGraph", "junk"]), max_size=2)
        | st.none(),
        "field_id": st.sampled_from(["f", "g"]) | st.none(),
        "role": WORDS,
        "label": WORDS,
        "multiline": st.booleans() | st.none(),
        "resumed": st.booleans() | st.none(),
        "text": st.text(max_size=4) | st.none(),
        "value": st.text("ab", max_size=4) | st.none(),
        "app": st.sampled_from(["one", "two"]) | st.none(),
        "title": WORDS,
        "os": st.sampled_from(["mac", "linux"]) | st.none(),
        "target": st.none() | st.fixed_dictionaries({"role": WORDS, "name": WORDS}),
        "episode": st.sampled_from([0, 0, 0, 1]) | st.none(),
    }
)


@given(st.lists(GARBAGE, max_size=60))
def test_any_rows_give_a_result_that_holds_together(rows: list[Row]) -> None:
    fields = fields_of(*rows)
    claimed: list[int] = []
    for item in fields:
        count = len(item.cells)
        assert len(item.cell_rows) == len(item.gone_rows) == count
        final = item.final.tolist()
        assert len(set(final)) == len(final)
        assert set(final) == set(np.flatnonzero(item.gone_rows < 0).tolist())
        assert all(set(draft.tolist()) <= set(range(count)) for draft in item.drafts)
        assert all(len(set(draft.tolist())) == len(draft) for draft in item.drafts)
        keys = item.key_rows.tolist()
        assert keys == sorted(set(keys))
        claimed += keys
        for row in item.cell_rows.tolist():
            source = rows[row]
            by_key = row in keys and source["action"] == "down"
            assert (
                by_key
                or (source["kind"], source["action"]) == ("clipboard", "paste")
                or source["kind"] == "input_value"
            )
            assert row <= item.last_row
        assert (item.cell_rows[1:] >= item.cell_rows[:-1]).all()
        assert (item.gone_rows[item.gone_rows >= 0] >= item.cell_rows[item.gone_rows >= 0]).all()
        assert item.session_start <= min([*keys, *item.cell_rows.tolist()])
    assert len(set(claimed)) == len(claimed)
    assert len({(item.session_start, item.field_id, item.field_row) for item in fields}) == len(fields)


def test_no_word_of_a_recording_stands_in_the_repr_of_a_field() -> None:
    (item,) = fields_of(field("jane", "zebrafish"), *typed("lamp", "jane"))
    assert not any(word in repr(item) for word in ("jane", "zebrafish", "lamp"))


def test_every_field_of_an_id_that_was_once_a_password_is_secret() -> None:
    ours, other, again = fields_of(
        field("f", "password"), *typed("a", "f"), field("g"), *typed("b", "g"), field("f"), *typed("c", "f")
    )
    assert (ours.secret, other.secret, again.secret) == (True, False, True)


def test_every_kind_of_event_has_a_number_of_its_own() -> None:
    assert list(Act.__members__.values()) == list(range(len(Act.__members__)))
