"""Names of people that are places, languages or products too: ``We ship to France``, ``Ask France``."""

import re

from transforms.redact.detect.words import Line, Word
from transforms.redact.text.word_lists import everyday_words, is_given_name, is_listed, place_names

_LEAST_GIVEN, _LEAST_FAMILY = 0.2, 0.8
"""Least scores of a given name that is a thing too, ``Jordan``, and of another word that is one, ``France``."""
_LEAST_AMONG_THINGS, _FEWEST_BESIDE = 0.9, 2
"""Least score beside two other things that are no given names: ``Jordan, Norway, Sweden``."""


_BEFORE = re.compile(r"([^\W\d_]{2,30})[ \u00a0]$")
_AFTER = re.compile(r"[ \u00a0]([^\W\d_]{2,30})")
_LONGEST_WORD = 32


def is_alone(word: Word, line: Line) -> bool:
    """Return whether no listed name with a capital stands right beside a word: not in ``Luce Dupont``."""
    text = line.text
    found = (
        _BEFORE.search(text, max(word.start - _LONGEST_WORD, 0), word.start),
        _AFTER.match(text, word.end, word.end + _LONGEST_WORD),
    )
    return not any(near and not near[1].islower() and _is_a_name(near[1]) for near in found)


def _is_a_name(word: str) -> bool:
    return is_listed(word) and word.lower() not in place_names() and word.lower() not in everyday_words()


def find_least_score(word: Word, line: Line) -> float:
    """Return the least score at which a word that is a thing too is a person: more beside two others."""
    given = is_given_name(word.text)
    if line.things - (not given) >= _FEWEST_BESIDE:
        return _LEAST_AMONG_THINGS
    return _LEAST_GIVEN if given else _LEAST_FAMILY
