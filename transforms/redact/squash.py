"""Texts without case, spaces and punctuation, with a way back to the original positions.

``Anna  Kowalski``, ``anna.kowalski`` and ``AnnaKowalski`` all squash to ``annakowalski``; ``4111 1111`` and
``4111-1111`` to ``41111111``. Propagation looks for values in this form.
"""

import sys
import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

BREAK = "\x00"
"""Stands between two texts that are squashed together; it is kept, so that nothing matches across it."""

_UTF32 = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"


@cache
def _tables() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_]]:
    """Lower case (one code point) and letter-or-digit flag of every code point; a table, because texts are long."""
    points = range(sys.maxunicode + 1)
    lower = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    solid = np.zeros(sys.maxunicode + 1, dtype=np.bool_)
    for point in points:
        character = chr(point)
        category = unicodedata.category(character)
        if category[0] in "LNM":
            solid[point] = True
            small = character.lower()
            if len(small) == 1:
                lower[point] = ord(small)
    solid[0] = True
    return lower, solid


def squash(text: str) -> tuple[str, npt.NDArray[np.int64]]:
    """Return ``text`` reduced to lower-case letters, digits and ``BREAK``, and the index of each in ``text``."""
    lower, solid = _tables()
    points = np.frombuffer(text.encode(_UTF32, "surrogatepass"), dtype=np.uint32)
    kept = np.flatnonzero(solid[points])
    return lower[points[kept]].tobytes().decode(_UTF32, "surrogatepass"), kept


def squashed(value: str) -> str:
    """Return only the squashed form of a short value."""
    return squash(value)[0]
