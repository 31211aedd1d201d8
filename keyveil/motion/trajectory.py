"""Synthetic trajectory of a pointer: minimum jerk with noise of constant parameters.

A release says what was acted on and nothing of how the hand moved. Where a trainer or a simulator wants a way between
two targets, it is made here, of public constants and a seed alone, so it tells of nobody.

The mean way is straight with the speed profile of the minimum-jerk model (Flash and Hogan 1985, equation A1): at share
s of the time it has covered 10 s^3 - 15 s^4 + 6 s^5 of the distance. Its duration follows Fitts' law in the form of
MacKenzie (1992), a + b log2(1 + D / W). Noise bows the way to one side by a half sine and adds a tremor that grows with
speed; both vanish at the ends.
"""

import math
import random
from typing import NamedTuple

Point = tuple[float, float]

SAMPLE_MS = 10
"""Milliseconds between two samples."""

_BASE_MS, _MS_A_BIT = 100.0, 120.0
_WIDTH = 20.0
_PACE = 0.15
_BOW, _TREMOR = 0.04, 0.004
_HEADWAY = 1.875
"""Peak of the minimum-jerk speed, in units of the mean speed."""


class Sample(NamedTuple):
    """Pointer position ``t_ms`` milliseconds after the start."""

    t_ms: int
    x: float
    y: float


def path(a: Point, b: Point, seed: int) -> list[Sample]:
    """Make up the way of a pointer from ``a`` to ``b``, both included.

    Same arguments, same way. The unit is that of the points; the noise is a share of their distance, and the duration
    takes targets of 20 units.

    >>> way = path((0, 0), (300, 400), seed=7)
    >>> way[0], way[-1][1:], len(way) > 20
    (Sample(t_ms=0, x=0.0, y=0.0), (300.0, 400.0), True)
    """
    draw = random.Random(f"{seed}")  # noqa: S311 - made-up motion, no secret
    across, down = b[0] - a[0], b[1] - a[1]
    distance = math.hypot(across, down)
    if not distance:
        return [Sample(0, float(a[0]), float(a[1]))]
    pace = math.exp(draw.gauss(0, _PACE))
    steps = max(2, round((_BASE_MS + _MS_A_BIT * math.log2(1 + distance / _WIDTH)) * pace / SAMPLE_MS))
    bow = draw.gauss(0, _BOW)
    samples = []
    for step in range(steps + 1):
        share = step / steps
        covered = share**3 * (10 - 15 * share + 6 * share**2)
        speed = 30 * share**2 * (1 - share) ** 2 / _HEADWAY
        aside = bow * math.sin(math.pi * covered) + _TREMOR * speed * draw.gauss(0, 1)
        along = covered + _TREMOR * speed * draw.gauss(0, 1)
        samples.append(
            Sample(step * SAMPLE_MS, a[0] + across * along - down * aside, a[1] + down * along + across * aside)
        )
    samples[-1] = Sample(steps * SAMPLE_MS, float(b[0]), float(b[1]))
    return samples
