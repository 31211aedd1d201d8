"""The first letters of a known name are found where somebody typed them to look for it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from schemas.entities import EntityType
from transforms.redact.results import RedactionResult
from transforms.redact.surrogates.beginnings import find_beginnings

PERSON, USERNAME = EntityType.PERSON, EntityType.USERNAME
KNOWN = [(PERSON, "Teodora Vlastelic"), (PERSON, "Mayer"), (EntityType.EMAIL_ADDRESS, "annika.lund@brevhus.example")]


@pytest.mark.parametrize(
    ("typed", "is_document", "found"),
    [
        ("vlast", False, [(PERSON, "vlast")]),
        ("see Vlast there", True, [(PERSON, "vlast")]),
        ("vla", False, [(PERSON, "vla")]),
        ("vl", False, []),
        ("vlas", True, []),
        ("vlastelic", False, []),
        ("vlastelics", False, []),
        ("annika.l", False, [(USERNAME, "annika.l")]),
        ("may", False, []),
        ("the", False, []),
        ("zebra", False, []),
    ],
)
def test_letters_that_only_begin_a_known_name_are_found(
    typed: str, found: list[tuple[EntityType, str]], *, is_document: bool
) -> None:
    assert find_beginnings(KNOWN, [(typed, is_document)]) == found


def test_without_a_known_name_nothing_begins_one() -> None:
    assert find_beginnings([], [("vlast", False)]) == []
    assert find_beginnings([(EntityType.LOCATION, "Vlastelica")], [("vlast", False)]) == []


def press(key: str) -> Iterator[dict[str, Any]]:
    for action in ("down", "up"):
        yield {"kind": "key", "action": action, "key": key, "modifiers": [], "field_id": "q"}


def test_a_search_for_a_name_on_the_next_screen_shows_none_of_its_letters(
    redact: Callable[..., RedactionResult],
) -> None:
    field = {"kind": "field", "field_id": "q", "role": "searchbox", "label": "Search", "multiline": False}
    screen = {"kind": "screen", "source": "ocr", "text": "Search: vlast\nTeodora Vlastelic\n3 orders"}
    keys = [row for key in [*"vlast", "ArrowDown", "Enter"] for row in press(key)]
    result = redact([field, *keys, screen], {"Teodora Vlastelic": PERSON})
    assert result.withheld == ()
    table = result.sessions.table.to_pylist()
    assert "vlast" not in str(table).casefold()
    typed = "".join(row["key"] for row in table if row["kind"] == "key" and row["action"] == "down")
    assert "vlas" not in typed
    assert any("3 orders" in (row["text"] or "") for row in table)
