"""Text pasted into a password field, or copied from one, is a password, however short, common or partial it is."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.results import RedactionResult

Row = dict[str, Any]
Run = Callable[..., RedactionResult]


def field(name: str, role: str) -> Row:
    return {"kind": "field", "field_id": name, "role": role, "label": "Note"}


def clip(text: str, name: str | None, action: str = "paste", **more: object) -> Row:
    return {"kind": "clipboard", "action": action, "text": text, "field_id": name, **more}


def keys(text: str, name: str | None) -> list[Row]:
    row = {"kind": "key", "modifiers": [], "field_id": name}
    return [row | {"key": key, "action": action} for key in text for action in ("down", "up")]


def clips(result: RedactionResult) -> list[str]:
    return [row["text"] for row in result.sessions.table.to_pylist() if row["kind"] == "clipboard"]


@pytest.mark.parametrize("name", ["f", None])
@pytest.mark.parametrize("text", ["a", "abc", "test", "will", "ok ", "zebra crossing"])
def test_a_paste_into_a_password_field_is_a_marker(redact: Run, text: str, name: str | None) -> None:
    result = redact([field("f", "password"), clip(text, name)], {})
    assert clips(result) == ["<PASSWORD>"]
    (row,) = (row for row in result.sessions.table.to_pylist() if row["kind"] == "clipboard")
    assert row["redactions"] == [
        {"column": "text", "start": 0, "end": len("<PASSWORD>"), "entity": "PASSWORD", "node": None}
    ]


def test_a_part_of_a_password_that_was_pasted_is_one_too(redact: Run) -> None:
    rows = [field("f", "password"), *keys("q", "f"), clip("zeb", "f"), *keys("x", "f"), clip("crossing", "f")]
    assert clips(redact(rows, {})) == ["<PASSWORD>"] * 2


@pytest.mark.parametrize("action", ["copy", "cut"])
def test_what_is_copied_from_a_password_field_is_one_too(redact: Run, action: str) -> None:
    rows = [field("f", "password"), *keys("abc", "f"), clip("ab", "f", action), clip("ab", "g", action)]
    assert clips(redact(rows, {})) == ["<PASSWORD>", "ab"]


def test_a_field_that_the_recorder_masked_is_a_password_field(redact: Run) -> None:
    masked = {"kind": "input_value", "field_id": "f", "value": "***", "source_masked": True}
    assert clips(redact([field("f", "textbox"), clip("abc", "f"), masked], {})) == ["<PASSWORD>"]


def test_pastes_elsewhere_stay_also_in_another_session_with_the_same_field(redact: Run) -> None:
    rows = [field("f", "password"), field("g", "textbox"), clip("abc", "g"), clip("abc", "f")]
    other = [row | {"session_id": "t"} for row in (field("f", "textbox"), clip("abc", "f"))]
    assert clips(redact([*rows, *other], {})) == ["abc", "<PASSWORD>", "abc"]


@given(pieces=st.lists(st.tuples(st.booleans(), st.text("abtest wil", min_size=1, max_size=4)), min_size=1, max_size=4))
def test_no_clip_of_a_password_field_depends_on_its_text(redact: Run, pieces: list[tuple[bool, str]]) -> None:
    rows = [field("f", "password")]
    for pasted, text in pieces:
        rows += [clip(text, "f")] if pasted else keys(text, "f")
    assert set(clips(redact(rows, {}))) <= {"<PASSWORD>"}
