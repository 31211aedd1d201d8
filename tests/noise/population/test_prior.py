import math
from statistics import NormalDist

import numpy as np
import pytest

from transforms.noise.population.model import DERIVED, PRIOR
from transforms.noise.population.prior import DERIVED_MS, PRIOR_MS
from transforms.noise.population.quantities import Quantity

NORMAL = NormalDist()
POINTS = [-2.5, *(NORMAL.inv_cdf(step / 16) for step in range(1, 16)), 2.5]
PARAMETERS = {
    Quantity.INTERVAL_LETTER: (200, 0.45),
    Quantity.INTERVAL_SPACE: (200, 0.45),
    Quantity.INTERVAL_SIGN: (280, 0.55),
    Quantity.INTERVAL_NAMED: (280, 0.55),
    Quantity.INTERVAL_MODIFIER: (280, 0.55),
    Quantity.DWELL_LETTER: (100, 0.3),
    Quantity.DWELL_SPACE: (100, 0.3),
    Quantity.DWELL_SIGN: (100, 0.3),
    Quantity.DWELL_NAMED: (100, 0.3),
    Quantity.DWELL_MODIFIER: (250, 0.4),
    Quantity.REPEAT: (33, 0.05),
    Quantity.HOME: (400, 0.5),
    Quantity.PAUSE: (240, 0.5),
    Quantity.DURATION: (1100, 0.5),
    Quantity.CLICK: (100, 0.4),
    Quantity.SWITCH: (1350, 0.6),
    Quantity.REACT: (300, 0.8),
}


def log_normal(median: int, spread: float) -> tuple[int, ...]:
    return tuple(round(median * math.exp(spread * point)) for point in POINTS)


def test_tables_are_the_documented_log_normals() -> None:
    assert {quantity: log_normal(*values) for quantity, values in PARAMETERS.items()} == PRIOR_MS
    assert log_normal(10, 0.5) == DERIVED_MS


@pytest.mark.parametrize("number", [*PRIOR_MS, DERIVED])
def test_draws_stay_inside_their_table(number: int) -> None:
    table = DERIVED_MS if number == DERIVED else PRIOR_MS[Quantity(number)]
    extremes = np.array([0, 2**64 - 1], dtype=np.uint64)
    low, high = PRIOR.draw(np.full(2, number, dtype=np.uint8), extremes).tolist()
    assert low == table[0]
    assert table[-2] <= high < table[-1]


def test_half_of_the_draws_are_below_the_median() -> None:
    spread = np.arange(1024, dtype=np.uint64) << np.uint64(54)
    drawn = PRIOR.draw(np.full(1024, Quantity.INTERVAL_LETTER, dtype=np.uint8), spread)
    assert np.count_nonzero(drawn < 200) == 512
