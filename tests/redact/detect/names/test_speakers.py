"""Speakers of conversations; the names are made up or common ones."""

import pytest

from schemas.entities import EntityType, Span
from transforms.redact.detect.names.speakers import find_speakers

_KNOWN = ("Anna", "Wanda", "Moore")


def _find(text: str, entity: EntityType = EntityType.PERSON) -> list[str]:
    people = [Span(text.index(name), text.index(name) + len(name), entity, 0.5) for name in _KNOWN if name in text]
    return [text[span.start : span.end] for span in find_speakers(text, people)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anna: hi\nZzyzxa: hello\nWanda: bye", ["Zzyzxa"]),
        ("> Anna: hi\n>\tZzyzxa:  hello\n    Wanda: bye", ["Zzyzxa"]),
        ("Anna: hi\nBaker: hello\nWanda: bye", ["Baker"]),  # a word that is a family name
        ("Anna: hi\nTable: hello\nWanda: bye", []),
        ("Anna: hi\nzzyzxa: hello\nWanda: bye", []),
        ("Anna: hi\nZZYZXA: hello\nWanda: bye", []),
        ("Anna: hi\nZzyzxa hello\nWanda: bye", []),
        ("Anna: hi\nZzyzxa:hello\nWanda: bye", []),
        ("Anna: hi\nZzyzxa: hello", []),  # one known
        ("Anna: hi\nZzyzxa: a\nWanda: b\nZzyzxo: c", ["Zzyzxa", "Zzyzxo"]),  # two of four
        ("Anna: hi\nZzyzxa: a\nWanda: b\nZzyzxo: c\nZzyzxi: d", []),  # two of five
        ("Anna: hi\nso Zzyzxa: hello\nWanda: bye", []),
        ("with Anna: hi\nZzyzxa: hello\nWanda: bye", []),  # one at the start of a line
    ],
)
def test_a_word_in_the_place_of_names_is_one(text: str, found: list[str]) -> None:
    assert _find(text) == found


def test_other_values_at_the_start_of_lines_tell_nothing() -> None:
    assert _find("Anna: hi\nZzyzxa: hello\nWanda: bye", EntityType.USERNAME) == []
