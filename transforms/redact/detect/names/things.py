"""Names of people that are places, languages or products too: ``We ship to France``, ``Ask France``."""

from transforms.redact.detect.words import Line, Word
from transforms.redact.text.word_lists import is_given_name

_LEAST_GIVEN, _LEAST_FAMILY = 0.2, 0.8
"""Least scores of a given name that is a thing too, ``Jordan``, and of another word that is one, ``France``."""
_LEAST_AMONG_THINGS, _FEWEST_BESIDE = 0.9, 2
"""Least score beside two other things that are no given names: ``Jordan, Norway, Sweden``."""


def least_thing(word: Word, line: Line) -> float:
    """Return the least score of a word that is a thing too: more beside two others."""
    given = is_given_name(word.text)
    if line.things - (not given) >= _FEWEST_BESIDE:
        return _LEAST_AMONG_THINGS
    return _LEAST_GIVEN if given else _LEAST_FAMILY
