"""The prefilter: it may name a pattern that does not match, and never leaves out one that does."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.redact.text.prefilter import Prefilter

PATTERNS = (
    r"(?:ab){2}c",
    r"(?:[ -][^\W\d_]{2,}){0,3}\d",
    r"(?P<word>x\d){1,2}y",
    r"\b\d{3,17}\b",
    r"\d{16}",
    r"\d{18}",
    r"\(\d{2}\)\{2\}",
    r"(?-i:[A-Z]{2,3})\d",
    r"(?:k|\u017f){1,4}!",
    r"\u00e9{2}",
)
"""Each has a form that the prefilter loosens or must leave alone: repeats of groups and characters, names, escapes."""
FLAGS = re.IGNORECASE | re.MULTILINE
PREFILTER = Prefilter([[pattern] for pattern in PATTERNS])
PIECES = st.sampled_from(
    ["ab", "c", "x1", "x٣", "y", "-né", " Zo", "7", "1234567", "(12)", "{2}", "AB", "k", "\u017f", "K", "!", "éé", "\n"]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=9).map("".join))
def test_every_pattern_that_matches_is_a_candidate(text: str) -> None:
    matching = {number for number, pattern in enumerate(PATTERNS) if re.search(pattern, text, FLAGS)}
    assert matching <= set(PREFILTER.candidates(text))


@pytest.mark.parametrize(
    ("number", "text"),
    list(
        enumerate(["ababc", " né-Zo 77", "x1x2y", "1" * 17, "1" * 16, "1" * 18, "(12){2}", "ABC1", "k\u017fKk!", "éÉ"])
    ),
)
def test_the_longest_match_of_each_pattern_is_a_candidate(number: int, text: str) -> None:
    assert re.search(PATTERNS[number], text, FLAGS)
    assert number in PREFILTER.candidates(text)


@pytest.mark.parametrize("text", ["", "hello world", "c", "x y", "AB c"])
def test_a_text_without_the_pieces_of_any_pattern_has_no_candidates(text: str) -> None:
    assert PREFILTER.candidates(text) == []
