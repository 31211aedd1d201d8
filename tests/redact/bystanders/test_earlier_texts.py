"""Texts of earlier sessions: long sentences alone, whole or in whole words of one; found wherever they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.bystanders.own_text.earlier_texts import EarlierTexts, TimedTexts, is_long, split_words
from transforms.redact.bystanders.own_text.own_words import OwnWords

TYPED = "The keys of the archive lie in the lower drawer, ask Bo."
BEGIN = 9
WORDS = st.lists(st.sampled_from("ab"), max_size=12).map(" ".join)
IDEOGRAPHS = "\u66f8\u5eab\u306e\u9375\u306f\u5f15\u304d\u51fa\u3057\u306e\u4e2d\u306b\u3042\u308b\u3088"


def known(*texts: str, t_us: int = 0) -> EarlierTexts:
    return EarlierTexts(TimedTexts.of((t_us, " ".join(split_words(text))) for text in texts), BEGIN)


def own_of(*texts: str) -> OwnWords:
    return OwnWords("", earlier=known(*texts))


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("aaaaa bbbbb ccccc ddddd", True),
        ("aaaaa bbbbb ccccc dddd", False),  # 19 letters
        ("aaaaaaaaaa bbbbbbbbb ccccc", False),  # three words are no sentence
        (IDEOGRAPHS, True),
        (IDEOGRAPHS[:-1], False),  # 14 of them
        (IDEOGRAPHS[:-1] + "a", False),
    ],
)
def test_a_text_is_long_from_twenty_letters_or_fifteen_ideographs_on(text: str, *, long: bool) -> None:
    assert len(IDEOGRAPHS) == 15
    assert is_long(text) is long
    assert known(text).holds(text) is long


@given(st.lists(st.tuples(st.integers(0, 3), WORDS.filter(bool)), max_size=8), WORDS, st.integers(0, 4))
def test_texts_are_found_as_by_a_plain_search(texts: list[tuple[int, str]], line: str, before: int) -> None:
    timed = TimedTexts.of(texts)
    kept = {text for time, text in texts if time < before}
    words = line.split(" ") if line else []
    expected = {
        (at, len(text.split(" ")))
        for text in kept
        for at in range(len(words))
        if words[at : at + len(text.split(" "))] == text.split(" ")
    }
    found = list(timed.find(words, before))
    assert sorted(found) == sorted(expected)
    assert timed.holds(words, before) is any(f" {line} " in f" {text} " for text in kept)
    assert timed.holds(words, before, cut=True) is any(f" {line}" in f" {text} " for text in kept)
    assert timed == TimedTexts.of(reversed(texts))


def test_the_longest_text_of_a_place_comes_first() -> None:
    words = "a b c d e f".split()
    assert list(TimedTexts.of([(0, "a b c d"), (0, "a b c d e f")]).find(words, 1)) == [(0, 6), (0, 4)]


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        (TYPED, True),
        ("the keys of the archive lie in the low\u2026", True),  # cut by a list
        ("the keys of the archive lie in the low...", True),
        ("the keys of the archive lie in the low", False),  # in the middle of a word
        ("he keys of the archive lie in the lower", False),
        ("lie in the lower drawer, ask", True),  # broken by a picture
        ("in the lower drawer, as\u2026", False),  # 18 letters: anybody's
        ("archive lower drawer archive lower drawer", False),
        ("You: the keys of the archive lie in the lower drawer", False),  # most of it is not all of it
        ("The keys of the archive lie in the upper drawer", False),
    ],
)
def test_a_line_is_own_if_all_of_it_was_typed_earlier(line: str, *, stays: bool) -> None:
    assert own_of(TYPED).owns(line) is stays
    assert own_of(TYPED).holds(line) is stays
    assert own_of(TYPED).is_incoming(line) is not stays


def test_marks_between_words_are_no_words() -> None:
    assert not own_of("we made 1.5 million with the archive").owns("we made -15 million with the archive")
    assert own_of("we made 1.5 million with the archive").owns("We made 1,5 million - with the archive!")


def test_what_was_typed_when_the_session_had_begun_is_not_known() -> None:
    assert known(TYPED, t_us=BEGIN - 1).holds(TYPED)
    assert not known(TYPED, t_us=BEGIN).holds(TYPED)
    assert list(known(TYPED, t_us=BEGIN - 1).find(TYPED))
    assert not list(known(TYPED, t_us=BEGIN).find(TYPED))


def test_a_whole_text_is_found_in_an_entry_and_nothing_around_it() -> None:
    line = f"Nora Feldt, 10:42, {TYPED} Read by Bo"
    found = own_of(TYPED).find_whole(line)
    assert found is not None
    assert line[slice(*found)] == TYPED
    assert own_of(TYPED).find_whole("10:42, The keys of the archive lie in the lower drawer") is None
    assert own_of(TYPED).find_whole(f"un{TYPED}") is None  # in the middle of a word


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["The keys of the archive lie in", "the lower", "cellar"], [True, True, False]),
        (["The keys", "of the archive lie in the lower"], [True, True]),
        (["The keys of the", "archive lie"], [False, False]),  # neither is long: two short lines may be anybody's
        (["The keys of the archive lie in", "lower drawer"], [False, False]),
    ],
)
def test_lines_are_joined_where_they_were_typed_in_a_row_and_one_is_long(lines: list[str], joined: list[bool]) -> None:
    assert own_of(TYPED).find_joined(lines) == joined


def test_no_name_is_learned_from_earlier_texts() -> None:
    assert not own_of(TYPED).is_whole(TYPED)


def test_they_stay_known_beside_messages_with_a_sender() -> None:
    assert own_of(TYPED).with_lines([("I can take it with me tomorrow",)]).owns(TYPED)
