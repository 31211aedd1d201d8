import math
from statistics import NormalDist

import numpy as np
import pytest

from transforms.noise.prior import DWELL_MS, GAP_MS, Dwell, Gap, draw

NORMAL = NormalDist()
POINTS = [-2.5, *(NORMAL.inv_cdf(step / 16) for step in range(1, 16)), 2.5]
GAPS = {
    Gap.TYPE: (200, 0.45),
    Gap.REACH: (280, 0.55),
    Gap.REPEAT: (33, 0.05),
    Gap.HOME: (400, 0.5),
    Gap.POINT: (1100, 0.5),
    Gap.CLICK: (100, 0.4),
    Gap.SWITCH: (1350, 0.6),
    Gap.REACT: (300, 0.8),
    Gap.DERIVED: (10, 0.5),
}
DWELLS = {Dwell.KEY: (100, 0.3), Dwell.MODIFIER: (250, 0.4)}


@pytest.mark.parametrize("table", [(GAP_MS, GAPS), (DWELL_MS, DWELLS)])
def test_tables_are_the_documented_log_normals(
    table: tuple[tuple[tuple[int, ...], ...], dict[int, tuple[int, float]]],
) -> None:
    quantiles, parameters = table
    for row, (median, spread) in zip(quantiles, parameters.values(), strict=True):
        assert row == tuple(round(median * math.exp(spread * point)) for point in POINTS)


def test_draws_stay_inside_their_table() -> None:
    extremes = np.array([0, 2**64 - 1], dtype=np.uint64)
    for gap in Gap:
        low, high = draw(GAP_MS, np.full(2, gap, dtype=np.uint8), extremes).tolist()
        assert low == GAP_MS[gap][0]
        assert GAP_MS[gap][-2] <= high <= GAP_MS[gap][-1]


def test_half_of_the_draws_are_below_the_median() -> None:
    spread = np.arange(1024, dtype=np.uint64) << np.uint64(54)
    drawn = draw(GAP_MS, np.full(1024, Gap.TYPE, dtype=np.uint8), spread)
    assert np.count_nonzero(drawn < 200) == 512
