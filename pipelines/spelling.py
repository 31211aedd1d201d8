"""The nearest known word to one that was mistyped."""

import difflib
from collections.abc import Iterable

_NEAR = 0.6
"""Least similarity (difflib's ratio): one wrong, missing or swapped letter in four is still near."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Name the known word nearest to ``word`` in brackets, for the end of a sentence; nothing where none is near.

    ``vreify`` is near to ``verify``: `` (did you mean verify?)``. The mistyped word itself is not repeated: it may be
    the name of a person that stands in the wrong place.
    """
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=_NEAR)
    return f" (did you mean {near[0]}?)" if near else ""
