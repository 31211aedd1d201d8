import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.text.folding import (
    BREAK,
    _plain,
    _tables,
    begins_word,
    ends_word,
    spellings,
    squash,
    squash_value,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Anna  Kowalski", "annakowalski"),
        ("anna.kowalski", "annakowalski"),
        ("4111-1111 1111", "411111111111"),
        ("José", "jose"),
        ("Jose\u0301", "jose"),
        ("ŁUKASZ Ødegård", "lukaszodegard"),
        ("김철수", "김철수"),
        ("Ёлкина", "елкина"),
        ("a" + BREAK + "b", "a" + BREAK + "b"),
        ("", ""),
        ("👍!", ""),
    ],
)
def test_what_is_left_of_a_text(text: str, plain: str) -> None:
    assert squash_value(text) == plain


@given(st.text())
def test_every_plain_character_knows_where_it_stood(text: str) -> None:
    plain, index = squash(text)
    assert len(plain) == len(index)
    assert list(index) == sorted(set(index))
    assert all(squash_value(text[at]) == character for character, at in zip(plain, index.tolist(), strict=True))


@given(st.text(max_size=30))
def test_case_and_composition_make_no_difference(text: str) -> None:
    letters = "".join(character for character in text if "LATIN" in unicodedata.name(character, ""))
    assert squash_value(unicodedata.normalize("NFD", letters)) == squash_value(unicodedata.normalize("NFC", letters))


def test_a_name_is_also_spelled_without_its_umlauts() -> None:
    assert spellings("Jürgen Weiß") == ("jurgenweis", "juergenweiss")
    assert spellings("Anna") == ("anna",)


@pytest.mark.parametrize(
    ("text", "start", "end", "alone"),
    [
        ("ann", 0, 3, True),
        ("(ann)", 1, 4, True),
        ("planning", 2, 5, False),
        ("annaBell", 0, 4, True),
        ("ann7", 0, 3, True),
        ("7ann", 1, 4, True),
        ("an_ann_x", 3, 6, True),
        ("ünann", 2, 5, False),
        ("7an", 1, 2, False),
    ],
)
def test_where_a_word_begins_and_ends(text: str, start: int, end: int, alone: bool) -> None:
    assert (begins_word(text, start) and ends_word(text, end)) is alone


def test_every_letter_digit_and_mark_has_its_plain_form() -> None:
    plain, solid = _tables()
    for point in range(sys.maxunicode + 1):
        character = chr(point)
        counts = unicodedata.category(character)[0] in "LNM"
        if counts:
            assert plain[point] == _plain(character)
        if not 0x300 <= point <= 0x36F and point:
            assert solid[point] == counts
