"""No column of a key row says what the key-downs do not: a release's keys are those of its redacted text."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.entities import EntityType
from schemas.key_codes import code_of
from transforms.redact.results import RedactionResult

Row = dict[str, Any]
Run = Callable[..., RedactionResult]

SECRET = "zq81-hunter"
FINDS = {SECRET: EntityType.SECRET}


def key(name: str, action: str, code: str | None = None, *held: str, field_id: str | None = "f") -> Row:
    return {
        "kind": "key",
        "action": action,
        "key": name,
        "code": code,
        "modifiers": list(held),
        "field_id": field_id,
    }


def field(role: str = "textbox", field_id: str = "f") -> Row:
    return {"kind": "field", "field_id": field_id, "role": role, "label": "Note", "multiline": False}


def masked(value: str, field_id: str = "f") -> Row:
    return {"kind": "input_value", "field_id": field_id, "value": value, "source_masked": True}


def keys_of(result: RedactionResult) -> list[Row]:
    assert result.withheld == ()
    return [row for row in result.sessions.table.to_pylist() if row["kind"] == "key"]


def press(name: str, *held: str, field_id: str | None = "f") -> Iterator[Row]:
    for action in ("down", "up"):
        yield key(name, action, None, *held, field_id=field_id)


def typed(text: str, field_id: str | None = "f") -> Iterator[Row]:
    for character in text:
        yield from press(character, field_id=field_id)


@pytest.mark.parametrize("field_id", ["f", "elsewhere", None])
@pytest.mark.parametrize("begins", [[], [field()], [field("password")]])
def test_key_ups_without_their_key_downs_are_dropped_and_counted(
    redact: Run, begins: list[Row], field_id: str | None
) -> None:
    result = redact([*begins, *(key(char, "up", None, field_id=field_id) for char in SECRET)], {})
    assert keys_of(result) == []
    assert dict(result.tally)["outcome.suppressed"] == len(SECRET)


def test_a_key_up_shows_the_key_that_went_down(redact: Run) -> None:
    rows = [row for char in SECRET for row in (key("x", "down", "KeyX"), key(char, "up", "KeyX"))]
    shown = keys_of(redact([field(), *rows], FINDS))
    assert {(row["key"], row["code"]) for row in shown} == {("x", "KeyX")}
    assert len(shown) == 2 * len(SECRET)


def test_a_second_key_up_of_one_press_is_dropped(redact: Run) -> None:
    rows = [key("x", "down"), key("x", "up"), key("x", "up")]
    assert [row["action"] for row in keys_of(redact([field(), *rows], {}))] == ["down", "up"]


@pytest.mark.parametrize("name", ["Enter", "F5", "Dead", "Compose", "Shift", "ArrowLeft", "AudioVolumeMute", "x"])
def test_a_code_is_that_of_its_key_whatever_was_recorded(redact: Run, name: str) -> None:
    rows = [key(name, action, f"Key{char.upper()}") for char in "hunter" for action in ("down", "up")]
    assert {row["code"] for row in keys_of(redact([field(), *rows], {}))} == {code_of(name)}


MASKED = {
    "before": [masked(""), *typed("pw")],
    "after": [*typed("pw"), masked("")],
    "stars": [*typed("pw"), masked("**")],
    "before the field row": [masked(""), field(), *typed("pw")],
    "the field opened again": [field(), masked(""), field(), *typed("pw")],
    "keys that name no field": [*typed("pw", None), masked("**", "q")],
    "a value, then keys that name no field": [masked("", "q"), *typed("pw", None)],
    "backspaces alone": [*press("Backspace"), masked("")],
    "nothing typed, no field named": [masked("", "q"), *press("Backspace", field_id=None)],
    "a password under this id later": [*typed("pw"), field("password")],
    "a password under this id before": [field("password"), field(), *typed("pw")],
    "a role in capitals": [field(" Password"), *typed("pw")],
}


@pytest.mark.parametrize("case", MASKED)
def test_a_field_that_was_ever_masked_is_a_password_whatever_its_value(redact: Run, case: str) -> None:
    result = redact(MASKED[case], {})
    assert all(row["synthetic"] for row in keys_of(result))
    texts = [text for text in result.sessions.table["text"].to_pylist() if text]
    assert set(texts) <= {"<PASSWORD>"}


def shown(redact: Run, *rows: Row) -> tuple[list[str], list[str]]:
    """List the released key-downs, with Control if it is held, and the texts of fields."""
    result = redact(rows, {})
    downs = [row for row in keys_of(result) if row["action"] == "down"]
    assert all(row["synthetic"] for row in downs)
    texts = [row["text"] for row in result.sessions.table.to_pylist() if row["kind"] == "text_input"]
    return ["+".join([*(name for name in row["modifiers"] if name != "Shift"), row["key"]]) for row in downs], texts


MARKER = "<PASSWORD>"
PASTE = {"kind": "clipboard", "action": "paste", "text": "hunter2", "field_id": "f"}


def test_a_marker_is_typed_over_what_was_pasted_into_a_password_field(redact: Run) -> None:
    rows = [*press("a"), *press("v", "Control"), PASTE, *press("Enter")]
    assert shown(redact, field("password"), *rows) == (["Control+a", *MARKER, "Enter"], [MARKER])
    assert shown(redact, field("password"), PASTE) == ([], [MARKER])


@pytest.mark.parametrize(
    ("closing", "goes_on"),
    [
        ("Enter", ["Enter"]),
        ("Tab", ["Tab"]),
        ("Escape", []),
        ("Shift+Tab", ["Tab"]),
        ("Control+Enter", ["Enter"]),
        ("ArrowLeft", []),
        ("Enter x", []),
    ],
)
def test_enter_or_tab_at_the_end_goes_on_from_a_password_field_whatever_is_held(
    redact: Run, closing: str, goes_on: list[str]
) -> None:
    rows = [row for name in closing.split() for row in press(*reversed(name.split("+")))]
    assert shown(redact, field("password"), *typed("pw"), *rows) == ([*MARKER, *goes_on], [MARKER])


def test_enter_in_a_masked_field_of_several_lines_is_a_line_of_the_secret(redact: Run) -> None:
    rows = [{**field(), "multiline": True}, *typed("pw"), *press("Enter"), masked("")]
    assert shown(redact, *rows) == (list(MARKER), [MARKER])


@pytest.mark.parametrize(("name", "text"), [("Backspace", ""), ("Shift", ""), ("x", MARKER), ("é", MARKER)])
def test_a_secret_field_holds_a_marker_once_a_character_was_pressed(redact: Run, name: str, text: str) -> None:
    assert shown(redact, field("password"), *press(name, "Control")) == (list(text), [text])


def test_a_value_that_is_not_masked_masks_nothing(redact: Run) -> None:
    rows = [{**masked("", "q"), "source_masked": False}, *typed("hello", "q"), masked("*", "p"), *typed("you", "q")]
    assert [row["key"] for row in keys_of(redact(rows, {}))][::2] == list("helloyou")


CUTS = ["Shift", "AltGraph", "CapsLock", "NumLock", "Fn", "Hyper"]


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("hung", ["Control", "Meta", "Alt"])
def test_text_under_a_modifier_that_hangs_is_text_whatever_cuts_it(redact: Run, hung: str, cut: str) -> None:
    rows = [row for char in SECRET for name in (char, cut) for row in press(name, hung)]
    shown = keys_of(redact([field(), *rows], FINDS))
    spelled = "".join(row["key"] for row in shown if not row["synthetic"] and len(row["key"]) == 1)
    assert spelled == ""


NAMES = ["a", "b", "7", " ", "Enter", "Backspace", "ArrowLeft", "Home", "Shift", "Control", "Dead", "Process", "é"]
HELD = st.lists(st.sampled_from(["Shift", "Control", "Alt", "CapsLock", "Fn"]), max_size=3)
CODES = st.sampled_from([None, "", "KeyA", "KeyQ", "Digit7", "Enter", "Unidentified"])
NOISE = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["down", "up"]), CODES, HELD, st.sampled_from(["f", "g", None])),
    max_size=12,
)
SHOWN = ("action", "key", "code", "modifiers", "synthetic", "field", "text", "redactions")


def world(secret: str, before: Sequence[Any], after: Sequence[Any], kind: tuple[str, int], how: str) -> list[Row]:
    """Return a session in which ``secret`` goes into a field in one of some ways, between other key rows."""
    role, mask = kind
    rows = [field("textbox", "g"), field(role)]
    rows += [masked("")] if mask == 1 else []
    rows += [key(name, action, code, *held, field_id=at) for name, action, code, held, at in before]
    for char in secret:
        code = f"Key{char.upper()}" if char.isalpha() else None
        if how == "ups":
            rows.append(key(char, "up", code))
        elif how == "codes":
            rows += [key("Dead", action, code) for action in ("down", "up")]
        elif how == "moves":
            rows += [*press(char), *press("ArrowLeft"), *press("ArrowRight")]
        else:
            rows += [key(char, action, code, *(("Control",) if how == "chords" else ())) for action in ("down", "up")]
    rows += [key(name, action, code, *held, field_id=at) for name, action, code, held, at in after]
    return rows + ([masked("*" * len(secret))] if mask == 2 else [])


def released(redact: Run, rows: list[Row]) -> list[tuple[Any, ...]]:
    table = redact(rows, {}).sessions.table
    return [tuple(row[name] for name in SHOWN) for row in table.to_pylist() if row["kind"] in {"key", "text_input"}]


@settings(max_examples=60, deadline=None)
@given(
    NOISE,
    NOISE,
    st.sampled_from([("password", 0), ("textbox", 1), ("textbox", 2)]),
    st.sampled_from(["downs", "ups", "codes", "moves", "chords"]),
)
def test_a_secret_field_is_released_alike_whatever_was_typed_and_however_long(
    redact: Run, before: list[Any], after: list[Any], kind: tuple[str, int], how: str
) -> None:
    short, long = (released(redact, world(text, before, after, kind, how)) for text in ("hunt", "correcthorse"))
    assert short == long


@pytest.mark.parametrize("characters", [7, 8, 12])
def test_a_key_up_does_not_show_that_a_secret_under_a_modifier_was_long_enough_to_be_words(
    redact: Run, characters: int
) -> None:
    noise = [("a", "down", None, [], "g"), ("a", "up", None, ["Control"], "f")]
    secret = "correcthorse"[:characters]
    assert released(redact, world(secret, noise, [], ("password", 0), "chords")) == released(
        redact, world("pw", noise, [], ("password", 0), "chords")
    )


@given(NOISE, st.sampled_from(["f", "g"]))
def test_every_column_of_a_key_row_is_told_by_the_keys_that_went_down(
    redact: Run, noise: list[Any], field_id: str
) -> None:
    rows = [field(), *(key(name, action, code, *held, field_id=at) for name, action, code, held, at in noise)]
    down = []
    for row in keys_of(redact([*rows, *press("x", field_id=field_id)], {})):
        assert row["code"] == code_of(row["key"])
        assert row["modifiers"] == sorted(set(row["modifiers"]) - {row["key"]})
        if row["action"] == "down":
            down.append(row["key"])
        else:
            down.remove(row["key"])
