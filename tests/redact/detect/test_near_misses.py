from itertools import chain
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.detect.near_misses import is_misspelt
from transforms.redact.text.word_lists import small_dictionary

SHORTEST, LONGEST = 4, 20
WORDS = st.sampled_from(sorted(small_dictionary()))
LETTERS = st.text(st.sampled_from("abcdefghiklmnorstuyz'1"), max_size=3)


@pytest.mark.parametrize("word", ["pelase", "probaly", "recieve", "Havent", "tomorow"])
def test_a_slip_away_from_an_ordinary_word_is_misspelt(word: str) -> None:
    assert is_misspelt(word)


@pytest.mark.parametrize("word", ["zzybin", "kowalczyk", "xq", "Käyhkö", ""])
def test_other_words_are_not(word: str) -> None:
    assert not is_misspelt(word)


def one_slip_away(word: str) -> bool:
    """The definition: every text that one slip makes of the word is looked up."""
    plain = word.lower()
    if not SHORTEST <= len(plain) <= LONGEST or not plain.isascii():
        return False
    cuts = [(plain[:at], plain[at:]) for at in range(len(plain) + 1)]
    dropped = (head + tail[1:] for head, tail in cuts if tail)
    swapped = (head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)
    changed = (head + letter + tail[1:] for head, tail in cuts if tail for letter in ascii_lowercase)
    added = (head + letter + tail for head, tail in cuts for letter in ascii_lowercase)
    return any(near in small_dictionary() for near in chain(dropped, swapped, changed, added))


@given(WORDS, st.integers(0, 20), st.integers(0, 2), LETTERS)
def test_the_short_way_finds_what_the_long_way_finds(word: str, at: int, taken: int, put: str) -> None:
    changed = word[:at] + put + word[at + taken :]
    assert is_misspelt(changed) == one_slip_away(changed)


@given(WORDS, st.integers(0, 20), LETTERS)
def test_letters_that_changed_places_are_found_too(word: str, at: int, put: str) -> None:
    changed = word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :] + put[:1]
    assert is_misspelt(changed) == one_slip_away(changed)
