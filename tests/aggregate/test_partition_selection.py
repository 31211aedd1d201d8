import math
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.aggregate.partition_selection import GaussianThreshold, Geometric, select_partitions, thresholds
from transforms.privacy.mechanisms import Sigma

KEY = bytes(range(32))
ROUNDING = Fraction(1, 2**120)

GOOGLE = {
    (1.0, 1e-5): {1: 1e-05, 5: 0.0008579102488372162, 12: 0.7603109969226272, 20: 0.9999254111119027, 40: 1.0},
    (0.5, 1e-7): {2: 2.648721270700128e-07, 20: 0.003395212518781121, 40: 0.9966575717412111, 100: 1.0},
    (0.1, 1e-8): {1: 1e-08, 100: 0.002094254400153109, 150: 0.3108289280236922, 200: 0.9945841285758826},
    (3.0, 1e-3): {1: 0.001, 2: 0.021085536923187667, 5: 0.9986257794644227, 10: 1.0},
}
"""``probability_of_keep`` of Google's differential-privacy library, by python-dp 1.1.5: another implementation, from
the closed form of the paper."""

budgets = st.tuples(st.floats(0.02, 4.0), st.floats(1e-9, 1e-3))


@pytest.mark.parametrize(("budget", "expected"), GOOGLE.items())
def test_the_truncated_geometric_is_that_of_googles_library(
    budget: tuple[float, float], expected: dict[int, float]
) -> None:
    table = thresholds(Geometric(*budget))
    assert {n: float(table.probability(n)) for n in expected} == pytest.approx(expected, rel=1e-12)


@settings(deadline=None)
@given(budgets, st.integers(1, 30))
def test_the_truncated_geometric_is_private_and_none_keeps_more(budget: tuple[float, float], fewest: int) -> None:
    epsilon, delta = budget
    table = thresholds(Geometric(epsilon, delta), fewest)
    with mpmath.workprec(300):
        grow = Fraction(int(mpmath.ceil(mpmath.exp(mpmath.mpf(epsilon)) * 2**256)), 2**256)
    kept = [table.probability(n) for n in range(len(table.keep) + 2)]
    assert kept[:fewest] == [0] * fewest
    assert kept[-1] == 1
    for fewer, more in pairwise(kept):
        assert fewer <= more <= grow * fewer + Fraction(delta) + ROUNDING
        assert 1 - fewer <= grow * (1 - more) + Fraction(delta) + ROUNDING
        step = min(grow * fewer + Fraction(delta), 1 - (1 - fewer - Fraction(delta)) / grow, Fraction(1))
        assert more >= step - ROUNDING or more == 0


@settings(deadline=None)
@given(st.integers(1, 60), st.floats(1e-12, 1e-3))
def test_the_threshold_is_the_lowest_that_hides_a_single_unit(sigma: int, delta: float) -> None:
    table = thresholds(GaussianThreshold(Sigma(sigma, 1), delta))
    assert table.probability(0) == 0
    assert table.probability(1) <= Fraction(delta)
    assert table.probability(2) > Fraction(delta)
    kept = [table.probability(n) for n in range(len(table.keep) + 1)]
    assert kept == sorted(kept)


def test_the_thresholded_gaussian_has_the_tail_of_the_mechanism() -> None:
    sigma = 7
    weights = [math.exp(-(x**2) / (2 * sigma**2)) for x in range(-200, 201)]
    total = math.fsum(weights)
    table = thresholds(GaussianThreshold(Sigma(sigma, 1), 1e-6))
    cut = next(cut for cut in range(1, 200) if math.fsum(weights[200 + cut :]) / total <= 1e-6)
    for units in (1, 10, cut, cut + 1, cut + 20):
        tail = math.fsum(weights[200 + cut + 1 - units :]) / total
        assert float(table.probability(units)) == pytest.approx(tail, rel=1e-9)


def test_a_floor_moves_the_rule() -> None:
    rule = Geometric(0.5, 1e-6)
    assert thresholds(rule, 20).units_for(0.5) == thresholds(rule).units_for(0.5) + 19
    assert thresholds(rule, 20).probability(19) == 0


@pytest.mark.parametrize("rule", [Geometric(1.0, 1e-3), GaussianThreshold(Sigma(3, 1), 1e-3)])
def test_coins_fall_as_often_as_they_should(rule: Geometric | GaussianThreshold) -> None:
    # 20,000 values at each of several counts; by the binomials all comparisons together fail with probability 3e-7 and
    # 5e-7 (most of it where few are expected), and the key is fixed. Counts whose answer is sure must always give it.
    table = thresholds(rule)
    for units in (0, 1, 4, 6, 8, 9, 10, 12, 20, 10_000):
        chance, trials = float(table.probability(units)), 20_000
        kept = int(select_partitions([units] * trials, table, KEY, b"%d" % units).sum())
        assert abs(kept - chance * trials) <= 6 * math.sqrt(chance * (1 - chance) * trials) + 1e-9


def test_coins_of_neighbours_are_independent() -> None:
    # Pairs of coins at one in two: a chi-square with 3 degrees of freedom passes 36.4 with probability 6e-8.
    table = thresholds(Geometric(1.0, 1e-5))
    coins = select_partitions([11] * 40_000, table, KEY, b"pairs")
    chance = float(table.probability(11))
    pairs = 2 * coins[0::2].astype(int) + coins[1::2]
    expected = np.array([(1 - chance) ** 2, (1 - chance) * chance, (1 - chance) * chance, chance**2]) * 20_000
    assert (((np.bincount(pairs, minlength=4) - expected) ** 2) / expected).sum() < 36.4


def test_a_retry_decides_alike_and_another_key_label_or_count_differently() -> None:
    table = thresholds(Geometric(1.0, 1e-5))
    counts = [11] * 400
    first = select_partitions(counts, table, KEY, b"app").tolist()
    assert select_partitions(counts, table, KEY, b"app").tolist() == first
    again = [
        select_partitions(counts, table, bytes(32), b"app").tolist(),
        select_partitions(counts, table, KEY, b"host").tolist(),
        select_partitions([*counts, 1], table, KEY, b"app").tolist()[:-1],
    ]
    assert all(other != first for other in again)  # equal by chance: below 2**-300


def test_nothing_is_admitted_of_nothing() -> None:
    assert select_partitions([], thresholds(Geometric(1.0, 1e-5)), KEY, b"app").tolist() == []
