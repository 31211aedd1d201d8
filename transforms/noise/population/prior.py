"""A published constant model of typing and pointing times, for releases without a learned one.

Fitted to no recording. Medians are the operator times of the keystroke-level model (Card, Moran, Newell 1980, The
Keystroke-Level Model for User Performance Time with Interactive Systems, table 1): K = 0.20 s a key for a good typist
and 0.28 s for an average one, P = 1.1 s to point, H = 0.4 s to move the hand between devices, B = 0.1 s to press or
release a button, M = 1.35 s to prepare; and the cycle of the model human processor, 0.24 s (Card, Moran, Newell 1983,
chapter 2). The spread is log-normal with a parameter of our own choice: times of human reactions are positive and
skewed. Where the models say nothing (auto-repeat, answers of applications, rows that a recorder derives) median and
spread are our own.

A table lists 17 quantiles in ms, at 0, 1/16, ... 1, of ``median * exp(spread * Z)`` with Z cut at 2.5.
"""

from itertools import repeat

from transforms.noise.population.quantiles import Quantiles
from transforms.noise.population.quantities import Quantity

_GOOD = (65, 100, 119, 134, 148, 161, 173, 186, 200, 215, 231, 249, 271, 298, 336, 399, 616)
_AVERAGE = (71, 120, 149, 172, 193, 214, 235, 257, 280, 305, 334, 366, 406, 456, 527, 651, 1107)
_HELD = (47, 63, 71, 77, 82, 86, 91, 95, 100, 105, 110, 116, 122, 130, 141, 158, 212)
_HELD_OVER = (92, 135, 158, 175, 191, 206, 220, 235, 250, 266, 284, 304, 327, 356, 396, 462, 680)

PRIOR_MS: dict[Quantity, tuple[int, ...]] = {
    Quantity.INTERVAL_LETTER: _GOOD,
    Quantity.INTERVAL_SPACE: _GOOD,
    Quantity.INTERVAL_SIGN: _AVERAGE,
    Quantity.INTERVAL_NAMED: _AVERAGE,
    Quantity.INTERVAL_MODIFIER: _AVERAGE,
    Quantity.DWELL_LETTER: _HELD,
    Quantity.DWELL_SPACE: _HELD,
    Quantity.DWELL_SIGN: _HELD,
    Quantity.DWELL_NAMED: _HELD,
    Quantity.DWELL_MODIFIER: _HELD_OVER,
    Quantity.REPEAT: (29, 31, 31, 32, 32, 32, 32, 33, 33, 33, 34, 34, 34, 34, 35, 36, 37),
    Quantity.HOME: (115, 186, 225, 257, 285, 313, 341, 370, 400, 433, 469, 511, 560, 623, 711, 861, 1396),
    Quantity.PAUSE: (69, 111, 135, 154, 171, 188, 205, 222, 240, 260, 281, 306, 336, 374, 427, 517, 838),
    Quantity.DURATION: (315, 511, 619, 706, 785, 862, 938, 1017, 1100, 1190, 1290, 1405, 1541, 1714, 1955, 2369, 3839),
    Quantity.CLICK: (37, 54, 63, 70, 76, 82, 88, 94, 100, 106, 114, 122, 131, 143, 158, 185, 272),
    Quantity.SWITCH: (301, 538, 677, 793, 901, 1007, 1115, 1228, 1350, 1484, 1634, 1810, 2023, 2299, 2692, 3389, 6050),
    Quantity.REACT: (41, 88, 120, 148, 175, 203, 232, 265, 300, 340, 387, 444, 515, 610, 753, 1024, 2217),
}
"""By quantity. Medians and spreads: a letter or space after a key (K good, 0.45); any other key after a key (K average,
0.55); a key held (B, 0.3); a modifier, which is held over a key (250 ms, 0.4); auto-repeat (33 ms, thirty a second,
0.05); a key or a scroll after something else (H, 0.5); before the pointer moves (240 ms, 0.5); while it moves (P, 0.5);
a button, or a scroll after a scroll (B, 0.4); focus (M, 0.6); screen, clipboard, field and other answers (300 ms, 0.8).
``SPEED`` is of no use to a clock and has no prior."""

DERIVED_MS = (3, 5, 6, 6, 7, 8, 9, 9, 10, 11, 12, 13, 14, 16, 18, 22, 35)
"""Before a row that no event gave (10 ms, 0.5)."""


def prior(quantiles: tuple[int, ...]) -> Quantiles:
    """Build the distribution of a table of quantiles in equal steps."""
    return Quantiles.of(quantiles, list(repeat(1, len(quantiles) - 1)))
