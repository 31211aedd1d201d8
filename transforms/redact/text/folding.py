"""Squashed texts, without case, accents, spaces and punctuation, and the way back to the original offsets.

``Anna  Kowalski``, ``anna.kowalski`` and ``AnnaKowalski`` all squash to ``annakowalski``, ``José`` to ``jose``;
``4111 1111`` and ``4111-1111`` to ``41111111``. Propagation searches for values in this form.
"""

import sys
import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

BREAK = "\x00"
"""The separator of texts squashed together; squashing keeps it, so nothing matches across it."""

FREE_CHARS = 10
"""Least length of a squashed value that also counts inside longer words, in the search and in the guard."""

_SMALL = bytes(range(128)).lower().ljust(256, b"\0")
_NOT_SOLID = bytes(point for point in range(1, 128) if not chr(point).isalnum())
_UTF32 = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"


_FOLDED = str.maketrans("ßæøœðþđłħıŋ", "saoodtdlhin")
"""Letters without a decomposition, as written on keyboards and in addresses that lack them."""

_SPELLED_OUT = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss", ord("å"): "aa"} | {
    ord("æ"): "ae",
    ord("ø"): "oe",
    ord("œ"): "oe",
}
_FIRST_MARK, _LAST_MARK = 0x300, 0x36F
"""Combining accents of Latin, Greek and Cyrillic letters."""

_NAMED = (*range(0x40000), *range(0xE0000, 0xE1000))
"""Code points that may be letters, digits or marks; the other planes are unassigned or private."""


def is_numeric(text: str) -> bool:
    """Check whether a text is of the digits 0 to 9 alone, as a box of a card number is."""
    return text.isascii() and text.isdigit()


@cache
def _tables() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_]]:
    """Build tables of the plain form (one code point) and the letter-or-digit flag of every code point."""
    plain = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    solid = np.zeros(sys.maxunicode + 1, dtype=np.bool_)
    for point in _NAMED:
        character = chr(point)
        if unicodedata.category(character)[0] in "LNM":
            solid[point] = True
            if character.lower() != character or unicodedata.decomposition(character) or point in _FOLDED:
                plain[point] = _plain(character)
    solid[_FIRST_MARK : _LAST_MARK + 1] = False
    solid[0] = True
    return plain, solid


def _plain(character: str) -> int:
    small = character.lower()[0]
    parts = unicodedata.normalize("NFKD", small)
    accented = all(_FIRST_MARK <= ord(mark) <= _LAST_MARK for mark in parts[1:])
    return ord((parts[0].lower() if accented else small).translate(_FOLDED))


def squash(text: str) -> tuple[str, npt.NDArray[np.int64]]:
    """Reduce ``text`` to plain lower-case letters, digits and ``BREAK``; return them with their indices in ``text``."""
    plain, solid = _tables()
    points = np.frombuffer(text.encode(_UTF32, "surrogatepass"), dtype=np.uint32)
    kept = np.flatnonzero(solid[points])
    return plain[points[kept]].tobytes().decode(_UTF32, "surrogatepass"), kept


def squash_value(value: str) -> str:
    """Squash a value without its offsets."""
    return value.encode().translate(_SMALL, _NOT_SOLID).decode() if value.isascii() else squash(value)[0]


def spellings(value: str) -> tuple[str, ...]:
    """Return the squashed forms of a short value: ``muller`` and ``mueller`` for ``Müller``."""
    if value.isascii():
        return (squash_value(value),)
    plain, spelled = squash_value(value), squash_value(value.lower().translate(_SPELLED_OUT))
    return (plain,) if plain == spelled else (plain, spelled)


def begins_word(text: str, at: int) -> bool:
    """Return whether a word may begin at ``at``: after no letter or digit, or at a change of case or kind."""
    return not at or not _continues(text[at - 1], text[at])


def ends_word(text: str, at: int) -> bool:
    """Return whether a word may end before ``at``."""
    return at >= len(text) or not _continues(text[at - 1], text[at])


def _continues(left: str, right: str) -> bool:
    if not (left.isalnum() and right.isalnum()):
        return False
    if left.isdigit() != right.isdigit():
        return False
    return not (left.islower() and right.isupper())
