"""Sensitivity of released columns to one source event: bounds that follow from the schema alone.

A key press (its down and its up) moves three released intervals: its dwell, the interval before it and the interval
after it. Any other event moves two.

A pointer move is at most the end of one released segment and the start of one: its own where it is the only move, the
next where segments share an end. Any other pointer event is one released position; a scroll has a direction besides.
Noise is put on positions; the displacement of a segment is the difference of its two noised positions, which is
post-processing. A displacement with noise of its own would be a third value that the same event moves.

Where the columns of one event have sigmas in proportion to their own ranges, ``sigma_i = z range_i sqrt(k)`` for ``k``
values that one event moves, ``sum range_i**2 / sigma_i**2 = 1 / z**2``: one noise multiplier ``z`` for the event.
"""

import math

INTERVALS_PER_EVENT = 2
DWELLS_PER_EVENT = 1
POSITIONS_PER_EVENT = 2
_REBUILT_STEPS = 1

SCROLL_L1 = 2
"""A direction is one of up, down, left, right and none: unit vectors, at most 2 apart in L1."""

POINTER_VALUES_PER_EVENT = 2 * POSITIONS_PER_EVENT
TIMING_VALUES_PER_EVENT = INTERVALS_PER_EVENT + DWELLS_PER_EVENT


def timing_l2(clip_ms: int) -> float:
    """Compute the L2 sensitivity, in ms, of a column of intervals that are clipped to 0..``clip_ms``.

    >>> round(timing_l2(1000), 1)
    1732.1
    """
    return clip_ms * math.sqrt(TIMING_VALUES_PER_EVENT)


def last_cell(size_px: int, grid_px: int) -> int:
    """Compute the highest cell of a screen side; cells start at 0 and their pixel is inside the screen.

    >>> last_cell(3840, 4), last_cell(10, 4)
    (959, 2)
    """
    return (size_px - 1) // grid_px


def position_l2(
    width_px: int, height_px: int, grid_px: int, positions: int = POSITIONS_PER_EVENT, radius_px: int | None = None
) -> float:
    """Compute the L2 sensitivity, in cells, of ``positions`` released positions that one pointer event moves.

    The event's position is replaced by any other or, with a radius, by any within it: cutting to the screen brings no
    two positions further apart, and rounding down to cells adds less than one cell a side.

    The start of a segment is rebuilt from its end and its displacement; rounding may then move the start by one cell a
    side although only the end was replaced. That is counted once for an event with two positions.
    """
    moved = math.hypot(last_cell(width_px, grid_px), last_cell(height_px, grid_px))
    if radius_px is not None:
        moved = min(moved, radius_px / grid_px + math.sqrt(2))
    rebuilt = 2 * _REBUILT_STEPS**2 * (positions - 1)
    return math.sqrt(positions * moved**2 + rebuilt)
