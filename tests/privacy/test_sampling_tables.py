from itertools import accumulate

import mpmath
import numpy as np
import pytest

from transforms.privacy.sampling_tables import _ONE, Table, _gaussian_weights, _table, gaussian_table, laplace_table

UNIT = mpmath.mpf(2) ** -128


def written(table: Table) -> list[int]:
    """Mass of each cell in units of 2**-128."""
    thresholds = [(int(high) << 64) + int(low) for high, low in zip(table.high, table.low, strict=True)]
    return [after - before for before, after in zip([0, *thresholds], [*thresholds, 1 << 128], strict=True)]


def gaussian_masses(table: Table, num: int, den: int) -> list[mpmath.mpf]:
    """Exact masses; the constant by the theta identity (Poisson summation), not by the sum that the table takes."""
    variance = mpmath.mpf(num) ** 2 / mpmath.mpf(den) ** 2
    waves = mpmath.nsum(lambda k: mpmath.exp(-2 * mpmath.pi**2 * variance * k**2), [-mpmath.inf, mpmath.inf])
    constant = mpmath.sqrt(2 * mpmath.pi * variance) * waves
    return [mpmath.exp(-(mpmath.mpf(x) ** 2) / (2 * variance)) / constant for x in range(-table.reach, table.reach + 1)]


def total_variation(table: Table, masses: list[mpmath.mpf]) -> mpmath.mpf:
    inside = mpmath.fsum(abs(mass - cell * UNIT) for mass, cell in zip(masses, written(table), strict=True))
    return (inside + (1 - mpmath.fsum(masses))) / 2


@pytest.mark.parametrize(("num", "den"), [(1, 3), (1, 1), (433, 100), (100, 1), (660, 1), (1348945, 1000)])
def test_gaussian_table_is_as_close_as_it_says(num: int, den: int) -> None:
    table = gaussian_table(num, den)
    with mpmath.workprec(420):
        distance = total_variation(table, gaussian_masses(table, num, den))
        assert distance <= table.total_variation < mpmath.mpf(2) ** -115
        assert table.total_variation < 1.5 * distance + mpmath.mpf(2) ** -127


@pytest.mark.parametrize(("num", "den"), [(1, 5), (795, 1000), (20, 1)])
def test_laplace_table_is_as_close_as_it_says(num: int, den: int) -> None:
    table = laplace_table(num, den)
    with mpmath.workprec(420):
        ratio = mpmath.exp(-mpmath.mpf(den) / num)
        constant = (1 + ratio) / (1 - ratio)
        masses = [ratio ** abs(x) / constant for x in range(-table.reach, table.reach + 1)]
        distance = total_variation(table, masses)
        assert distance <= table.total_variation < mpmath.mpf(2) ** -115


@pytest.mark.parametrize(
    "weights",
    [
        [1, 0],
        [5, 3, 1, 0],
        [1 << 288, 1 << 200, 1 << 159, 1 << 100, 3, 0],
        [(1 << 129) - 2, 1, 0],
        [(1 << 129) - 6, 2, 1, 0],
    ],
    ids=["one", "few", "steep", "a tie at zero", "a tie"],
)
def test_both_sides_are_what_division_gives(weights: list[int]) -> None:
    cells = weights[-2:0:-1] + weights[:-1]
    total, highest = sum(cells), (1 << 128) - 1
    thresholds = [min(((below << 128) + total // 2) // total, highest) for below in accumulate(cells[:-1])]
    assert list(accumulate(written(_table(weights))[:-1])) == thresholds


def test_thresholds_do_not_fall() -> None:
    table = gaussian_table(660, 1)
    assert np.all(np.diff(table.high.astype(object)) >= 0)
    assert len(table.high) == 2 * table.reach


def test_there_is_a_weight_for_each_cell_up_to_the_reach() -> None:
    weights = list(_gaussian_weights(3, _ONE // 2, _ONE))
    assert weights == [_ONE, _ONE // 2, _ONE // 4, _ONE // 8]
