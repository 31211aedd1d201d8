"""Sessions that hold a word which was made private after they were redacted."""

from typing import Any

import pyarrow as pa
import pytest

from schemas.safe import REDACTED_SCHEMA
from transforms.redact.guard.later_words import find_sessions


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=REDACTED_SCHEMA)


def screen(session: str, text: str, **more: Any) -> dict[str, Any]:
    return {"session": session, "kind": "screen", "text": text, **more}


def keys(session: str, word: str) -> list[dict[str, Any]]:
    return [
        {"session": session, "kind": "key", "action": "down", "key": letter, "modifiers": [], "field": 0}
        for letter in word
    ]


@pytest.mark.parametrize(
    "row",
    [
        screen("b", "the blue-HERON plan"),
        {"session": "b", "kind": "focus", "app": "mail", "title": "Blue Heron"},
        {"session": "b", "kind": "screen", "nodes": [{"role": "button", "name": "", "value": "BlueHéron"}]},
    ],
)
def test_a_session_that_shows_the_word_however_it_is_written_is_found(row: dict[str, Any]) -> None:
    rows = table(screen("a", "blue sky"), screen("b", "heron"), row, screen("c", "nothing"))
    assert find_sessions(rows, ("blue heron",)) == {"b"}


def test_the_first_and_the_last_session_are_looked_through_too() -> None:
    rows = table(screen("a", "kestrel"), screen("b", "crow"), screen("c", "kestrel"))
    assert find_sessions(rows, ("kestrel", "owl")) == {"a", "c"}


def test_a_word_that_is_typed_is_found_and_one_of_a_surrogate_is_not() -> None:
    redactions = [{"column": "text", "start": 4, "end": 11, "entity": "SECRET"}]
    rows = table(*keys("typed", "kestrel"), screen("replaced", "the kestrel", redactions=redactions))
    assert find_sessions(rows, ("kestrel",)) == {"typed"}


def test_without_words_no_session_is_found() -> None:
    assert find_sessions(table(screen("a", "kestrel")), ()) == frozenset()
    assert find_sessions(table(), ("kestrel",)) == frozenset()
