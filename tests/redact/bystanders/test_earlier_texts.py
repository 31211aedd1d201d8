"""Texts of earlier sessions: long ones alone, whole or a part that a line is; found wherever they stand in an entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.bystanders.own_text.earlier_texts import EarlierTexts, is_long
from transforms.redact.bystanders.own_text.own_words import OwnWords, squash

TYPED = "The keys of the archive lie in the lower drawer, ask Bo."
LETTERS = st.text("ab", min_size=0, max_size=40)


def own_of(*texts: str) -> OwnWords:
    return OwnWords("", earlier=EarlierTexts.of(map(squash, texts)))


@pytest.mark.parametrize(
    ("plain", "long"),
    [("a" * 20, True), ("a" * 19, False), ("\u6628" * 10, True), ("\u6628" * 9 + "a", False), ("\uff41" * 10, True)],
)
def test_a_text_is_long_from_twenty_columns_on(plain: str, *, long: bool) -> None:
    assert is_long(plain) is long
    assert EarlierTexts.of([plain]).holds(plain) is long
    assert list(EarlierTexts.of([plain]).find(plain)) == ([(0, plain)] if long else [])


@given(st.lists(LETTERS, max_size=8), LETTERS)
def test_texts_are_found_as_by_a_plain_search(texts: list[str], line: str) -> None:
    earlier = EarlierTexts.of(texts)
    kept = {text for text in texts if len(text) >= 20}
    assert set(earlier.find(line)) == {
        (at, text) for text in kept for at in range(len(line)) if line[at : at + len(text)] == text
    }
    assert earlier.holds(line) is (len(line) >= 20 and any(line in text for text in kept))
    assert earlier == EarlierTexts.of(reversed(texts))


def test_the_longest_text_of_a_place_comes_first() -> None:
    assert [text for _, text in EarlierTexts.of(["a" * 20, "a" * 22]).find("a" * 22)][:2] == ["a" * 22, "a" * 20]


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        (TYPED, True),
        ("the keys of the archive lie in the low\u2026", True),  # cut by a list
        ("lie in the lower drawer, ask", True),  # broken by a picture
        ("the lower drawer, as", False),  # 16 letters: anybody's
        ("You: the keys of the archive lie in the lower drawer", False),  # most of it is not all of it
        ("The keys of the archive lie in the upper drawer", False),
    ],
)
def test_a_line_is_own_if_all_of_it_was_typed_earlier(line: str, *, stays: bool) -> None:
    assert own_of(TYPED).owns(line) is stays
    assert own_of(TYPED).is_incoming(line) is not stays


def test_a_whole_text_is_found_in_an_entry_and_nothing_around_it() -> None:
    line = f"Nora Feldt, 10:42, {TYPED} Read by Bo"
    found = own_of(TYPED).find_whole(line)
    assert found is not None
    assert line[slice(*found)] == TYPED
    assert own_of(TYPED).find_whole("10:42, The keys of the archive lie in the lower draw") is None
    assert own_of(TYPED).find_whole(f"un{TYPED}") is None  # in the middle of a word


def test_two_lines_are_joined_where_they_were_typed_in_a_row() -> None:
    assert own_of(TYPED).find_joined(["The keys of the archive lie in", "the lower", "cellar"]) == [True, True, False]


def test_no_name_is_learned_from_earlier_texts() -> None:
    assert not own_of(TYPED).is_whole(TYPED)


def test_they_stay_known_beside_messages_with_a_sender() -> None:
    assert own_of(TYPED).with_lines([("I can take it with me tomorrow",)]).owns(TYPED)
