"""Names of people that are places or languages too: ``We ship to France``, ``Ask France``."""

from transforms.redact.detect.words import Line, Word
from transforms.redact.text.word_lists import is_given_name

_LEAST_PLACE, _LEAST_FAMILY_PLACE = 0.2, 0.8
"""Least scores of a given name that is a place too, ``Jordan``, and of a family name that is one, ``France``."""
_LEAST_AMONG_PLACES, _FEWEST_BESIDE = 0.9, 2
"""Least score beside two other places that are no given names: ``Jordan, Norway, Sweden``."""


def least_place(word: Word, line: Line) -> float:
    """Return the least score of a word that is a place or a language too: more beside two others."""
    given = is_given_name(word.text)
    if line.places - (not given) >= _FEWEST_BESIDE:
        return _LEAST_AMONG_PLACES
    return _LEAST_PLACE if given else _LEAST_FAMILY_PLACE
