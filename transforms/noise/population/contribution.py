"""Bounded contribution of a privacy unit to the population histograms: whole numbers of proven L2 norm.

A unit counted ``n_1 .. n_m`` times in the bins of one quantity, ``N`` times in all. Its contribution is the histogram
scaled to mass ``FULL``, or to L2 norm ``NORM`` where that is less, then rounded to whole numbers.

Bound. Let ``D = max(N, sqrt(SPREAD sum n_i**2))``, the root rounded up to a sixteenth, and ``x_i = n_i FULL / D``. Then
``sum x_i**2 <= FULL**2 / SPREAD <= NORM**2``. Rounding is by cumulative sums, ``v_i = [X_i] - [X_(i-1)]`` with ``X_i =
x_1 + .. + x_i`` and ``[X] = floor(X + 1/2)``: each ``v_i`` is less than 1 away from ``x_i``, hence ``|v| <= |x| +
sqrt(m) <= NORM + sqrt(MAX_BINS) = BOUND`` (triangle inequality). Adding or removing a unit moves the sum over units by
``v``: by at most ``BOUND`` in L2. Replacing one unit's data by another's moves it by at most ``sqrt(2) BOUND``:
contributions have no negative entry, so that their inner product is not below 0.

Why not mass ``NORM`` for everybody: a histogram that is spread over several bins has a smaller L2 norm than mass, and
noise is paid for by the norm. ``SPREAD = 2`` gives ``sqrt(2)`` times the signal to whoever has at least two bins' worth
of spread (``N**2 >= 2 sum n_i**2``) and less to whoever has not, in proportion to the norm. More would give more signal
and weigh people of narrow habits too little: the learned distribution is that of people weighted by what they add.

Cumulative rounding keeps a unit's distribution function to within half a step of ``FULL``; rounding each bin would lose
the tails.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from transforms.noise.population.quantities import CELLS

BOUND = 128
"""L2 bound, in grid steps, on what a unit adds to one quantity; over 100 steps the account is tight to 12 %, and noise
tables stay small."""

NORM = BOUND - 6
"""``BOUND`` less ``sqrt(MAX_BINS)``, which rounding may add."""

SPREAD = 2
FULL = math.isqrt(SPREAD * NORM**2)
"""Mass that a unit with enough spread adds to the mass of one quantity."""

_FINE = 16
_MOST = 1 << 22
"""Counts of one bin beyond this are cut: all sums here fit 64 bits."""

Integers = npt.NDArray[np.int64]
_QUANTITY = np.array([quantity for quantity, _, _ in CELLS], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Observations by unit and cell: parallel columns, one row per (``unit``, ``cell``), units numbered."""

    unit: Integers = field(repr=False)
    cell: Integers = field(repr=False)
    count: Integers = field(repr=False)


def contributions(counts: Counts) -> Counts:
    """Bound the contribution of each unit, in the order of (unit, cell)."""
    order = np.lexsort((counts.cell, counts.unit))
    unit, cell = counts.unit[order], counts.cell[order]
    count = np.minimum(counts.count[order], _MOST)
    if not len(unit):
        return Counts(unit, cell, count)
    quantity = _QUANTITY[cell]
    begins = np.flatnonzero(np.concatenate([[True], (unit[1:] != unit[:-1]) | (quantity[1:] != quantity[:-1])]))
    lengths = np.diff(np.append(begins, len(unit)))
    total = np.add.reduceat(count, begins)
    squares = np.add.reduceat(count * count, begins)
    divisor = np.repeat(np.maximum(_FINE * total, _root_above(_FINE**2 * SPREAD * squares)), lengths)
    below = np.cumsum(count) - count
    before = below - np.repeat(below[begins], lengths)
    return Counts(unit, cell, _round(before + count, divisor) - _round(before, divisor))


def _round(count: Integers, divisor: Integers) -> Integers:
    """Divide ``count * FULL`` by ``divisor`` sixteenths, rounded half up."""
    rounded: Integers = (2 * _FINE * FULL * count + divisor) // (2 * divisor)
    return rounded


def _root_above(squares: Integers) -> Integers:
    """Find the smallest whole number whose square is at least each of ``squares`` (positive, below 2**62).

    The floating-point root is a first guess, at most one off; what is returned is checked in integers.

    >>> _root_above(np.array([1, 2, 4, 5, 2**60 + 1])).tolist()
    [1, 2, 2, 3, 1073741825]
    """
    root = np.sqrt(squares.astype(np.float64)).astype(np.int64) + 2
    for _ in range(4):
        root -= ((root - 1) ** 2 >= squares).astype(np.int64)
    return root


def sum_units(contributed: Counts) -> Integers:
    """Sum over units, one number per cell of ``CELLS``."""
    total = np.zeros(len(CELLS), dtype=np.int64)
    np.add.at(total, contributed.cell, contributed.count)
    return total
