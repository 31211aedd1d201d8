"""Values of password boxes that a screen's tree of nodes names: they go wherever they stand in their own session."""

from collections.abc import Callable
from typing import Any

import pytest

from transforms.redact.results import RedactionResult

Row = dict[str, Any]
Run = Callable[..., RedactionResult]
VALUE = "zebra crossing"
"""Nothing that a detector would find: it is a secret because the box is protected."""


def screen(session: str, text: str, *nodes: Row) -> Row:
    return {"kind": "screen", "source": "a11y", "session_id": session, "text": text, "nodes": list(nodes) or None}


def node(value: str | None, *, protected: bool | None, role: str | None = "textbox") -> Row:
    return {"role": role, "name": "box", "value": value, "protected": protected}


def texts_of(result: RedactionResult) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for row in result.sessions.table.to_pylist():
        texts.setdefault(row["session"], []).append(row["text"])
    return texts


@pytest.mark.parametrize("owner", ["a", "b", "c"])
def test_a_protected_value_goes_in_its_own_session_and_stays_in_others(redact: Run, owner: str) -> None:
    rows = [
        row
        for name in "abc"
        for row in (
            screen(name, f"saw {VALUE} here"),
            screen(name, "form", node("plain", protected=False), node(VALUE, protected=name == owner)),
        )
    ]
    for name, (text, form) in zip("abc", texts_of(redact(rows, {})).values(), strict=True):
        assert (VALUE in text) == (name != owner)
        assert text.startswith("saw ")
        assert form == "form"


def test_only_values_of_protected_nodes_are_taken(redact: Run) -> None:
    nodes = [
        node("orange juice", protected=False),
        node("lemon juice", protected=None),
        node(VALUE, protected=True),
        node(None, protected=True),
        node("", protected=True),
    ]
    rows = [screen("a", "no nodes"), screen("a", f"orange juice, lemon juice, {VALUE}", *nodes)]
    ((first, second),) = texts_of(redact(rows, {})).values()
    assert first == "no nodes"
    assert second.startswith("orange juice, lemon juice, ")
    assert VALUE not in second


def test_several_screens_give_up_the_values_of_each(redact: Run) -> None:
    rows = [
        screen("a", "one", node("first word", protected=True), node("shown", protected=False)),
        screen("a", "two"),
        screen("a", "three", node("shown", protected=False), node("second word", protected=True)),
        screen("a", "first word, second word, shown"),
    ]
    (texts,) = texts_of(redact(rows, {})).values()
    assert texts[:3] == ["one", "two", "three"]
    assert "word" not in texts[3]
    assert texts[3].endswith(", shown")


@pytest.mark.parametrize("role", ["password", " Password"])
@pytest.mark.parametrize("protected", [False, None])
def test_the_value_of_a_password_box_is_taken_though_nothing_calls_it_protected(
    redact: Run, role: str, protected: bool | None
) -> None:
    nodes = [node("orange juice", protected=protected, role=None), node(VALUE, protected=protected, role=role)]
    ((text,),) = texts_of(redact([screen("a", f"orange juice, {VALUE}", *nodes)], {})).values()
    assert text.startswith("orange juice, ")
    assert VALUE not in text


@pytest.mark.parametrize("role", ["password", "textbox"])
def test_a_typed_password_and_what_stood_in_its_place_before_go_elsewhere(redact: Run, role: str) -> None:
    shared = {"kind": "key", "action": "down", "modifiers": [], "field_id": "f"}
    pressed = [*"tomato salad", *["Backspace"] * 12, *VALUE]
    rows = [{"kind": "field", "field_id": "f", "role": role}, *(shared | {"key": key} for key in pressed)]
    result = redact([*rows, {"kind": "screen", "source": "ocr", "text": f"saw {VALUE} and tomato salad here"}], {})
    (said,) = (row["text"] for row in result.sessions.table.to_pylist() if row["kind"] == "screen")
    assert [value in said for value in (VALUE, "tomato salad")] == [role == "textbox"] * 2
    assert said.startswith("saw ")
