"""A published constant model of typing and pointing times, for releases without a population model.

Fitted to no recording. Medians are the operator times of the keystroke-level model (Card, Moran, Newell 1980, The
Keystroke-Level Model for User Performance Time with Interactive Systems, table 1): K = 0.20 s a key for a good typist
and 0.28 s for an average one, P = 1.1 s to point, H = 0.4 s to move the hand between devices, B = 0.1 s to press or
release a button, M = 1.35 s to prepare. The spread is log-normal with a parameter of our own choice: times of human
reactions are positive and skewed. Where the model says nothing (auto-repeat, answers of applications, rows that a
recorder derives) median and spread are our own.

A table lists 17 quantiles in ms, at 0, 1/16, ... 1, of ``median * exp(spread * Z)`` with Z cut at 2.5; a draw picks one
of the 16 steps and a point between its ends, in integers.
"""

from enum import IntEnum

import numpy as np
import numpy.typing as npt

_STEP_BITS = 4
_POINT_BITS = 32


class Gap(IntEnum):
    """What an interval leads to."""

    TYPE = 0
    REACH = 1
    REPEAT = 2
    HOME = 3
    POINT = 4
    CLICK = 5
    SWITCH = 6
    REACT = 7
    DERIVED = 8


class Dwell(IntEnum):
    """What is held."""

    KEY = 0
    MODIFIER = 1


GAP_MS = (
    (65, 100, 119, 134, 148, 161, 173, 186, 200, 215, 231, 249, 271, 298, 336, 399, 616),
    (71, 120, 149, 172, 193, 214, 235, 257, 280, 305, 334, 366, 406, 456, 527, 651, 1107),
    (29, 31, 31, 32, 32, 32, 32, 33, 33, 33, 34, 34, 34, 34, 35, 36, 37),
    (115, 186, 225, 257, 285, 313, 341, 370, 400, 433, 469, 511, 560, 623, 711, 861, 1396),
    (315, 511, 619, 706, 785, 862, 938, 1017, 1100, 1190, 1290, 1405, 1541, 1714, 1955, 2369, 3839),
    (37, 54, 63, 70, 76, 82, 88, 94, 100, 106, 114, 122, 131, 143, 158, 185, 272),
    (301, 538, 677, 793, 901, 1007, 1115, 1228, 1350, 1484, 1634, 1810, 2023, 2299, 2692, 3389, 6050),
    (41, 88, 120, 148, 175, 203, 232, 265, 300, 340, 387, 444, 515, 610, 753, 1024, 2217),
    (3, 5, 6, 6, 7, 8, 9, 9, 10, 11, 12, 13, 14, 16, 18, 22, 35),
)
"""By ``Gap``. Medians and spreads: a letter or space after a key (K good, 0.45); any other key after a key (K average,
0.55); auto-repeat (33 ms, thirty a second, 0.05); a key or a scroll after something else (H, 0.5); the end of a pointer
move (P, 0.5); a button, or a scroll after a scroll (B, 0.4); focus (M, 0.6); screen, clipboard, field and other
answers (300 ms, 0.8); a derived row (10 ms, 0.5)."""

DWELL_MS = (
    (47, 63, 71, 77, 82, 86, 91, 95, 100, 105, 110, 116, 122, 130, 141, 158, 212),
    (92, 135, 158, 175, 191, 206, 220, 235, 250, 266, 284, 304, 327, 356, 396, 462, 680),
)
"""By ``Dwell``: a key (B, 0.3); a modifier, which is held over a key (250 ms, 0.4)."""


def draw(
    quantiles: tuple[tuple[int, ...], ...], classes: npt.NDArray[np.uint8], words: npt.NDArray[np.uint64]
) -> npt.NDArray[np.int64]:
    """Return one time in ms for each of ``classes``, from one uniform 64-bit word each.

    >>> draw(DWELL_MS, np.array([0, 1], dtype=np.uint8), np.array([0, 2**63], dtype=np.uint64)).tolist()
    [47, 250]
    """
    table = np.array(quantiles, dtype=np.int64)
    step = (words >> np.uint64(64 - _STEP_BITS)).astype(np.intp)
    point = (words >> np.uint64(64 - _STEP_BITS - _POINT_BITS) & np.uint64((1 << _POINT_BITS) - 1)).astype(np.int64)
    low, high = table[classes, step], table[classes, step + 1]
    drawn: npt.NDArray[np.int64] = low + ((high - low) * point >> _POINT_BITS)
    return drawn
