"""Quantities of the population model and their fixed bins.

Bins are constants of the policy, made from the scale of human action and never from data: a key is held and followed by
the next within a few hundred milliseconds (Card, Moran, Newell 1983, The Psychology of Human-Computer Interaction,
chapter 2: 30 to 100 ms a motor cycle, 100 to 1000 ms a keystroke), everything else takes from tens of milliseconds to
minutes. Edges are evenly spaced up to where precision in milliseconds matters and geometric beyond. The last bin takes
what lies above it.
"""

from enum import IntEnum
from itertools import pairwise

MAX_BINS = 36
"""Bins of one quantity, at most: the bound on rounding in ``contribution`` uses it."""


class Quantity(IntEnum):
    """Quantity that the model learns, in ms; ``SPEED`` in pixels a second.

    An interval leads to a key press from the event before it, a key event. ``HOME`` leads to a key or scroll from
    something else, ``PAUSE`` to the first move of a pointer segment, ``DURATION`` is that segment's, ``CLICK`` leads to
    a button or to a scroll after a scroll, ``SWITCH`` to focus, ``REACT`` to screen, clipboard, field and others. A
    dwell runs from press to release. The last word of a key's quantity is its ``KeyClass``.
    """

    INTERVAL_LETTER = 0
    INTERVAL_SPACE = 1
    INTERVAL_SIGN = 2
    INTERVAL_NAMED = 3
    INTERVAL_MODIFIER = 4
    DWELL_LETTER = 5
    DWELL_SPACE = 6
    DWELL_SIGN = 7
    DWELL_NAMED = 8
    DWELL_MODIFIER = 9
    REPEAT = 10
    HOME = 11
    PAUSE = 12
    DURATION = 13
    CLICK = 14
    SWITCH = 15
    REACT = 16
    SPEED = 17


class KeyClass(IntEnum):
    """Class of keys with like timing: letters; space; other characters; named keys; modifiers."""

    LETTER = 0
    SPACE = 1
    SIGN = 2
    NAMED = 3
    MODIFIER = 4


SHARE = {
    **dict.fromkeys(Quantity, 1),
    Quantity.INTERVAL_LETTER: 4,
    Quantity.INTERVAL_SPACE: 2,
    Quantity.DWELL_LETTER: 2,
}
"""Part of the model's budget (of ``1 / z**2``) that each quantity gets: more for what most of typing is."""


def _edges(step: int, even_to: int, percent: int, top: int) -> tuple[int, ...]:
    """List bin edges: 0, ``step``, ... ``even_to``, then steps that grow by ``percent``, until ``top``.

    >>> _edges(10, 30, 50, 100)
    (0, 10, 20, 30, 45, 67, 100)
    """
    edges = list(range(0, even_to + 1, step))
    while edges[-1] < top:
        edges.append(edges[-1] + max(step, edges[-1] * percent // 100))
    edges[-1] = top
    return tuple(edges)


_KEY_INTERVAL = _edges(20, 400, 25, 10_000)
_DWELL = _edges(10, 200, 25, 4_000)
_REPEAT = _edges(4, 100, 25, 1_000)
_SLOW = _edges(20, 100, 25, 60_000)
_SPEED = _edges(20, 100, 25, 50_000)

EDGES: dict[Quantity, tuple[int, ...]] = {
    **dict.fromkeys(Quantity, _SLOW),
    **{quantity: _KEY_INTERVAL for quantity in Quantity if quantity.name.startswith("INTERVAL")},
    **{quantity: _DWELL for quantity in Quantity if quantity.name.startswith("DWELL")},
    Quantity.REPEAT: _REPEAT,
    Quantity.SPEED: _SPEED,
}
"""Edges of the bins of each quantity: bin ``i`` holds whole numbers from ``edges[i]`` to below ``edges[i + 1]``."""

BINS = {quantity: len(edges) - 1 for quantity, edges in EDGES.items()}

CELLS = tuple((quantity, low, high) for quantity in Quantity for low, high in pairwise(EDGES[quantity]))
"""All bins of all quantities in order."""

FIRST_CELL = {quantity: sum(BINS[other] for other in Quantity if other < quantity) for quantity in Quantity}
"""First cell of each quantity in ``CELLS``."""
