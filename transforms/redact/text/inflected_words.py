"""Inflected words of ten languages: two million, as a Bloom filter.

A set of that size takes 2 MB so; of other words one in seventy is taken for a member. Names of the lists never are,
because they are looked up first.
"""

import zlib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import numpy as np

PROBES, BITS_PER_WORD = 6, 9
"""Bits set for a word, and bits of the filter: 1.4 % of other words have all of theirs set (Bloom, 1970)."""
SHORTEST = 3
_FILE = "inflected_words.npz"


def is_inflected(word: str) -> bool:
    """Return whether a lower-case ``word`` is probably a word of one of the languages.

    >>> is_inflected("bildrutor"), is_inflected("kowalczik")
    (True, False)
    """
    if len(word) < SHORTEST:
        return False
    bits = _bits()
    return all(bits[at >> 3] >> (at & 7) & 1 for at in _places(word, len(bits) * 8))


def pack(words: Iterable[str]) -> bytes:
    """Pack lower-case ``words`` into the bits of a filter."""
    listed = list(words)
    bits = bytearray(-(-len(listed) * BITS_PER_WORD // 8))
    for word in listed:
        for at in _places(word, len(bits) * 8):
            bits[at >> 3] |= 1 << (at & 7)
    return bytes(bits)


def _places(word: str, size: int) -> list[int]:
    """List the bits of ``word``: two checksums, of it and of its reverse, give all (Kirsch, Mitzenmacher 2008)."""
    raw = word.encode()
    first, step = zlib.crc32(raw), zlib.crc32(raw[::-1]) | 1
    return [(first + number * step) % size for number in range(PROBES)]


@cache
def _bits() -> bytes:
    with resources.files("transforms.redact.text.data").joinpath(_FILE).open("rb") as file:
        return bytes(np.load(file)["bits"])
