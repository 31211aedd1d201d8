"""Beginnings of values that were typed too early, removed, and typed again in their place.

``pinge ang``, four Backspaces, ``d angela``: the letters ``ang`` are no value where they first stood, and the text
before them is misspelt, so that neither a detector nor the beginnings of known values tell them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from schemas.entities import EntityType, Span
from schemas.raw import TypedField
from transforms.redact.surrogates.beginnings import count_slips

Cells = npt.NDArray[np.int32]

_LONGEST = 16
"""Most characters of one removed stretch."""
_FAR = 64
"""Most characters typed from its begin to the begin of the value."""
_MORE = 2
"""Most characters by which the text that was typed instead may be longer."""
_LETTERS_PER_TYPO = 3
"""One typo is allowed for every so many characters, and one in any stretch."""


def find_early_starts(
    field: TypedField, views: Iterable[tuple[str, Cells, Sequence[Span]]]
) -> dict[tuple[int, int], EntityType]:
    """Find the ranges of removed cells of ``field`` that begin a value of a view: its text, cells and spans.

    A stretch must read like what stands in its place there, up to a letter of the value, but for a few typos. One that
    holds a value is no beginning of another, and cells of values do not count as typed in between: the length of a
    value decides nothing.
    """
    shown_views = list(views)
    dirty = {
        cell for _, cells, values in shown_views for value in values for cell in cells[value.start : value.end].tolist()
    }
    removed = [stretch for stretch in _find_removed(field) if dirty.isdisjoint(range(*stretch))]
    clean = [0, *accumulate(cell not in dirty for cell in range(len(field.cells)))]
    found: dict[tuple[int, int], EntityType] = {}
    for text, cells, values in shown_views if removed else ():
        order = np.argsort(cells)
        shown = cells[order].tolist()
        for value in values:
            typed = int(cells[value.start])
            near = bisect_left(clean, clean[typed] - _FAR)
            for first, end in removed[bisect_left(removed, (near,)) : bisect_left(removed, (typed,))]:
                at = bisect_left(shown, first)
                if bisect_left(shown, end) > at:
                    continue  # the text still shows it
                place = int(order[at - 1]) + 1 if at else 0
                meant = text[place : min(value.end, place + _LONGEST + _MORE)].lower()
                if _begins(field.cells[first:end].lower(), meant, value.start - place):
                    found[first, end] = value.entity
    return found


def _find_removed(field: TypedField) -> list[tuple[int, int]]:
    """Find the ranges of cells that were typed in one go and removed before the next, but for long ones."""
    gone, typed = field.gone_rows.tolist(), field.cell_rows.tolist()
    found: list[tuple[int, int]] = []
    first = 0
    for at in range(len(gone)):
        if gone[at] < 0:
            first = at + 1
        elif at + 1 == len(gone) or gone[at + 1] < 0 or typed[at + 1] > gone[at]:
            if at + 1 - first <= _LONGEST:
                found.append((first, at + 1))
            first = at + 1
    return found


# typed ``e ang``, meant ``d angela``, a value from 2 on: ``d ang`` is one typo away, and shares letters of the value.
def _begins(typed: str, meant: str, start: int) -> bool:
    """Return whether ``typed`` is the beginning of ``meant`` up to a letter behind ``start``, but for a few typos."""
    if not 0 <= start < len(typed) + _MORE:
        return False
    meant = meant[: len(typed) + _MORE]
    slips, most = count_slips(typed, meant), max(1, len(typed) // _LETTERS_PER_TYPO)
    return any(slips[end] <= most and set(typed) & set(meant[start:end]) for end in range(start + 1, len(meant) + 1))
