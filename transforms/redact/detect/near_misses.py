"""Words one typo away from a small dictionary.

A typo adds, drops, changes or swaps letters once (Damerau, 1964). Letter triples narrow the candidates: the typo must
touch every triple that occurs in no dictionary word, and an inserted letter must occur between the same neighbours in
some word. In ``meetinf`` only the triple ``nf`` + end is unknown, so only the last letters are tried.
"""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from transforms.redact.text.word_lists import small_dictionary

_SHORTEST, _LONGEST = 4, 20
_EDGE = "\n"
"""The mark before and after each word."""
_REACH = 4
"""Most consecutive triples that one typo touches: those around two swapped letters."""


class _Triples(NamedTuple):
    """The letter triples of all words, and the middle letters by the outer two."""

    known: frozenset[str]
    between: dict[str, str]


@lru_cache(maxsize=1 << 14)
def is_misspelt(word: str) -> bool:
    """Return whether ``word``, in no list, is at most one typo away from a small dictionary.

    Words under four letters never count: they are one typo away from anything.
    """
    plain = word.lower()
    if not _SHORTEST <= len(plain) <= _LONGEST or not plain.isascii():
        return False
    words = small_dictionary()
    return plain in words or not words.isdisjoint(_near(plain))


def _near(plain: str) -> list[str]:
    """Return a superset of the dictionary words that are one typo away from ``plain``."""
    known, between = _triples()
    inside, last = _EDGE + plain + _EDGE, len(plain)
    unknown = [at for at in range(1, last + 1) if inside[at - 1 : at + 2] not in known]
    low, high = (unknown[0], unknown[-1]) if unknown else (last + 1, 0)
    if high - low >= _REACH:
        return []
    swapped = range(max(high - 2, 1), min(low + 1, last - 1) + 1)
    near = [plain[: at - 1] + plain[at] + plain[at - 1] + plain[at + 1 :] for at in swapped]
    for at in range(max(high - 1, 1), min(low + 1, last) + 1):
        head, tail = plain[: at - 1], plain[at:]
        near.append(head + tail)
        near += [head + letter + tail for letter in between.get(inside[at - 1] + inside[at + 1], "")]
    for at in range(max(high - 1, 0), min(low, last) + 1):
        head, tail = plain[:at], plain[at:]
        near += [head + letter + tail for letter in between.get(inside[at : at + 2], "")]
    return near


@cache
def _triples() -> _Triples:
    words = [word for word in small_dictionary() if word.isascii()]
    letters = np.frombuffer((_EDGE + _EDGE.join(words) + _EDGE).encode(), dtype=np.uint8).astype(np.int64)
    found = np.unique((letters[:-2] << 16) | (letters[1:-1] << 8) | letters[2:])
    known = [chr(triple >> 16) + chr(triple >> 8 & 255) + chr(triple & 255) for triple in found.tolist()]
    between: dict[str, str] = {}
    for triple in known:
        if triple[1].islower():
            around = triple[0] + triple[2]
            between[around] = between.get(around, "") + triple[1]
    return _Triples(frozenset(known), between)
