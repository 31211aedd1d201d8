"""Typing that held something personal is released without it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from schemas.entities import EntityType
from transforms.redact.results import RedactionResult
from transforms.redact.settings import RedactSettings

Row = dict[str, Any]
Run = Callable[..., RedactionResult]
FINDS = {"anna kowalski": EntityType.PERSON, "zq81-hunter": EntityType.SECRET}


def press(key: str, *held: str, field: str = "f") -> Iterator[Row]:
    for action in ("down", "up"):
        yield {"kind": "key", "action": action, "key": key, "code": None, "modifiers": list(held), "field_id": field}


def typed(script: str) -> Iterator[Row]:
    """Type ``script``: ``<`` is Backspace, ``|`` Enter, ``^`` Control+A, ``[`` Home, ``]`` End, ``~`` Tab."""
    named = {"<": ("Backspace",), "|": ("Enter",), "^": ("a", "Control"), "[": ("Home",), "]": ("End",), "~": ("Tab",)}
    for character in script:
        yield from press(*named.get(character, (character,)))


def field(role: str = "textbox", *, multiline: bool = False) -> Row:
    return {"kind": "field", "field_id": "f", "role": role, "label": "Note", "multiline": multiline}


def paste(text: str) -> Row:
    return {"kind": "clipboard", "action": "paste", "text": text, "field_id": "f"}


def shown(result: RedactionResult) -> tuple[str, str]:
    """Return the keys of the released key-downs, ``*`` for synthetic ones, and the field's final text."""
    assert result.withheld == ()
    rows = result.sessions.table.to_pylist()
    marks = {"Backspace": "<", "Enter": "|", "Home": "[", "End": "]"}
    keys = [
        "*" if row["synthetic"] else marks.get(row["key"], row["key"])
        for row in rows
        if row["kind"] == "key" and row["action"] == "down"
    ]
    (final,) = [row["text"] for row in rows if row["kind"] == "text_input"]
    return "".join(keys), final


NAME = "quoreth norvonsedge"
"""Surrogate of the name in this session."""


@pytest.mark.parametrize(
    ("script", "keys", "final"),
    [
        ("see you<<<me", "see you<<<me", "see me"),
        ("dear anna kowalski, hi", f"dear {'*' * len(NAME)}, hi", f"dear {NAME}, hi"),
        ("x anna kowx<alski y", f"x {'*' * len(NAME)} y", f"x {NAME} y"),
        ("anna kowalski" + "<" * 13 + "ok", "ok", "ok"),
        ("kowalski[anna ]!", f"{'*' * len(NAME)}]!", f"{NAME}!"),
        ("anna kowalski^ok", "aok", "ok"),
        ("ok zq81-hunter", "ok ********", "ok <SECRET>"),
        ("anna kowalski|", f"{'*' * len(NAME)}|", NAME),
        ("zq81-hunter|", "********|", "<SECRET>"),
    ],
)
def test_a_stretch_is_typed_straight_and_the_rest_stays(redact: Run, script: str, keys: str, final: str) -> None:
    assert shown(redact([field(), *typed(script)], FINDS)) == (keys, final)


@pytest.mark.parametrize("role", ["terminal", "textbox"])
@pytest.mark.parametrize(
    ("script", "keys", "final"),
    [
        ("git pull|ssh anna kowalski|make|", f"git pull|ssh {'*' * len(NAME)}|make|", f"git pull\nssh {NAME}\nmake"),
        ("anna kowalski|anna kowalski|", f"{'*' * len(NAME)}|{'*' * len(NAME)}|", f"{NAME}\n{NAME}"),
        ("anna |kowalski|ok", "anna |kowalski|ok", "anna \nkowalski\nok"),
        ("ls||anna kowx<alski|", f"ls||{'*' * len(NAME)}|", f"ls\n\n{NAME}"),
        ("anna kowalski" + "<" * 13 + "|ok", "|ok", "ok"),
        ("ls|anna kowalski" + "<" * 13 + "ok|", "ls|ok|", "ls\nok"),
        ("|ls|", "|ls|", "ls"),
    ],
)
def test_enter_starts_a_line_which_no_value_crosses(redact: Run, role: str, script: str, keys: str, final: str) -> None:
    assert shown(redact([field(role), *typed(script)], FINDS)) == (keys, final)


def test_each_line_is_a_text_of_its_own_and_enter_has_its_two_rows(redact: Run) -> None:
    result = redact([field("terminal"), *typed("anna kowalski|ok|")], FINDS)
    enters = [row["action"] for row in result.sessions.table.to_pylist() if row["key"] == "Enter"]
    assert enters == ["down", "up", "down", "up"]


@pytest.mark.parametrize(("multiline", "joined"), [(False, True), (True, False)])
def test_a_number_over_lines_is_joined_as_over_fields(redact: Run, *, multiline: bool, joined: bool) -> None:
    found = {"4111111111111111": EntityType.CREDIT_CARD}
    _, final = shown(redact([field(multiline=multiline), *typed("41111111|11111111")], found))
    assert ("4111" not in final) is joined


def test_a_private_key_over_lines_stays_one_text(redact: Run) -> None:
    found = {"-----BEGIN\nzq81": EntityType.SECRET}
    assert shown(redact([field("terminal"), *typed("ls|-----BEGIN|zq81|ls")], found))[1] == "ls\n<SECRET>\nls"


def released(rows: list[Row]) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in ("kind", "action", "key", "code", "modifiers", "text")) for row in rows]


@pytest.mark.parametrize(("closing", "goes_on"), [("", []), ("|", ["Enter"]), ("~", ["Tab"])])
def test_no_key_row_of_a_password_is_released_and_a_marker_is_typed(
    redact: Run, closing: str, goes_on: list[str]
) -> None:
    made = []
    for script in ("a", "correct horse", "oops<<<<pw", "x[y]z", "aaaa^b", "A" * 70, "||x"):
        result = redact([field("password"), *typed(script + closing)], {})
        rows = [row for row in result.sessions.table.to_pylist() if row["kind"] in {"key", "text_input"}]
        assert all(row["synthetic"] for row in rows if row["kind"] == "key")
        made.append(released(rows))
    assert made[1:] == made[:-1]
    pressed = [key for kind, action, key, *_ in made[0] if (kind, action) == ("key", "down")]
    assert pressed == [*"<PASSWORD>", *goes_on]
    assert made[0][-1][-1] == "<PASSWORD>"


def test_a_recorder_that_logs_values_has_no_keys_to_rewrite(redact: Run) -> None:
    rows = [field(), {"kind": "input_value", "field_id": "f", "value": "ask anna kowalski"}]
    result = redact(rows, FINDS)
    assert result.withheld == ()
    assert [text for text in result.sessions.table["text"].to_pylist() if text] == [f"ask {NAME}"]


def test_a_value_that_the_recorder_masked_is_a_password(redact: Run) -> None:
    rows = [field(), {"kind": "input_value", "field_id": "f", "value": "***", "source_masked": True}]
    table = redact(rows, {}).sessions.table
    assert [text for text in table["text"].to_pylist() if text] == ["<PASSWORD>"]


def test_what_was_typed_as_a_password_is_removed_elsewhere(redact: Run) -> None:
    rows = [
        field("password"),
        *typed("wrong-one<<<right77"),
        {"kind": "screen", "source": "ocr", "text": "wrong-right77?"},
    ]
    table = redact([*rows, {"kind": "screen", "source": "ocr", "text": "it was WRONG ONE"}], {}).sessions.table
    texts = [text for text in table["text"].to_pylist() if text]
    assert not any("right77" in text or "wrong" in text.lower() for text in texts)


def test_a_pasted_text_that_was_removed_again_is_erased(redact: Run) -> None:
    result = redact([field(), *typed("anna kowalski"), paste("ok "), *typed("^<")], FINDS)
    rows = [row for row in result.sessions.table.to_pylist() if row["kind"] == "key" and row["action"] == "down"]
    assert [row["key"] for row in rows[-2:]] == ["a", "Backspace"]
    assert result.withheld == ()


def test_several_lines_are_typed_with_enter(redact: Run) -> None:
    result = redact([field(multiline=True), *typed("hi|anna kowalski|bye")], FINDS)
    assert shown(result) == (f"hi|{'*' * len(NAME)}|bye", f"hi\n{NAME}\nbye")


def test_a_field_that_reaches_into_a_dropped_stretch_goes_with_it(redact: Run) -> None:
    rows = [{"kind": "focus", "app": "mail", "title": "x"}, field(), *typed("anna")]
    rows += [{"kind": "focus", "app": "KeePassXC", "title": "x"}, *typed("secret")]
    table = redact(rows, {}).sessions.table
    assert table["kind"].to_pylist() == ["focus", "field", "focus"]
    assert table["app"].to_pylist() == ["mail", None, "private"]


@pytest.mark.parametrize(("treatment", "stands"), [("drop", ""), ("placeholder", "<PERSON>")])
def test_the_policy_decides_what_is_typed(redact: Run, treatment: str, stands: str) -> None:
    chosen = RedactSettings(treatments={"PERSON": treatment})
    rows = [field(), *typed("dear anna kowalski, hi"), {"kind": "screen", "source": "ocr", "text": "Anna Kowalski!"}]
    result = redact(rows, FINDS, chosen)
    assert shown(result) == (f"dear {'*' * len(stands)}, hi", f"dear {stands}, hi")
    assert [row["text"] for row in result.sessions.table.to_pylist() if row["kind"] == "screen"] == [f"{stands}!"]
