"""Bound on a unit's contribution, tried with random and with extreme histograms, in exact integers."""

import itertools
import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.noise.population.contribution import (
    BOUND,
    FULL,
    NORM,
    SPREAD,
    Counts,
    _root_above,
    contributions,
    sum_units,
)
from transforms.noise.population.quantities import BINS, CELLS, EDGES, FIRST_CELL, MAX_BINS, Quantity

Histogram = dict[int, int]
CELL = st.integers(0, len(CELLS) - 1)
COUNT = st.one_of(st.integers(1, 5), st.integers(1, 2**22 + 5), st.integers(1, 2**40))
UNITS = st.lists(st.dictionaries(CELL, COUNT, max_size=80), min_size=1, max_size=4)


def counts_of(units: list[Histogram]) -> Counts:
    rows = [(unit, cell, count) for unit, histogram in enumerate(units) for cell, count in histogram.items()]
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return Counts(*(np.array(column, dtype=np.int64) for column in columns))


def total(units: list[Histogram]) -> npt.NDArray[np.int64]:
    return sum_units(contributions(counts_of(units)))


def part(vector: npt.NDArray[np.int64], quantity: Quantity) -> list[int]:
    return [int(value) for value in vector[FIRST_CELL[quantity] :][: BINS[quantity]]]


def test_the_constants_carry_the_proof() -> None:
    assert (BOUND, SPREAD, FULL) == (128, 2, 172)
    assert max(BINS.values()) <= MAX_BINS
    assert NORM + math.isqrt(MAX_BINS) == BOUND
    assert math.isqrt(MAX_BINS) ** 2 == MAX_BINS


@given(UNITS)
def test_adding_a_unit_moves_each_quantity_by_at_most_the_bound(units: list[Histogram]) -> None:
    moved = total(units) - total(units[:-1])
    for quantity in Quantity:
        values = part(moved, quantity)
        assert min(values) >= 0
        assert sum(value * value for value in values) <= BOUND**2
        assert sum(values) <= FULL


@given(UNITS, st.dictionaries(CELL, COUNT, max_size=80))
def test_replacing_a_unit_moves_each_quantity_by_at_most_the_root_of_two_bounds(
    units: list[Histogram], other: Histogram
) -> None:
    moved = total(units) - total([*units[:-1], other])
    for quantity in Quantity:
        assert sum(value * value for value in part(moved, quantity)) <= 2 * BOUND**2


@given(st.permutations(range(4)), UNITS)
def test_neither_order_nor_company_matters(order: list[int], units: list[Histogram]) -> None:
    together = total([units[index] for index in order if index < len(units)])
    assert together.tolist() == sum((total([unit]) for unit in units), np.zeros(len(CELLS), dtype=np.int64)).tolist()


@pytest.mark.parametrize(
    "histogram",
    [{0: 1}, {0: 2**40}, dict.fromkeys(range(9), 1), dict.fromkeys(range(30), 7), {0: 2**21, 1: 1, 2: 1}],
)
def test_extreme_histograms_nearly_reach_the_norm_and_never_pass_it(histogram: Histogram) -> None:
    values = part(total([histogram]), Quantity.INTERVAL_LETTER)
    length = math.sqrt(sum(value * value for value in values))
    assert length <= BOUND
    spread = sum(histogram.values()) / math.sqrt(sum(count**2 for count in histogram.values()))
    assert length == pytest.approx(NORM * min(1, math.sqrt(SPREAD) / spread), abs=4)


@given(st.dictionaries(st.integers(0, BINS[Quantity.INTERVAL_LETTER] - 1), st.integers(1, 2**22), min_size=1))
def test_rounding_keeps_the_distribution_function_to_half_a_step(histogram: Histogram) -> None:
    values = part(total([histogram]), Quantity.INTERVAL_LETTER)
    number = sum(histogram.values())
    root = Fraction(math.isqrt(256 * SPREAD * sum(count**2 for count in histogram.values()) - 1) + 1, 16)
    reached, written = 0, 0
    for index, value in enumerate(values):
        reached += histogram.get(index, 0)
        written += value
        assert abs(written - Fraction(reached * FULL, max(number, root))) <= Fraction(1, 2)


@given(st.integers(1, 2**62 - 1), st.integers(1, 2**31 - 1), st.integers(-1, 1))
def test_roots_are_exact(square: int, root: int, shift: int) -> None:
    squares = [square, max(root * root + shift, 1)]
    found = _root_above(np.array(squares, dtype=np.int64)).tolist()
    assert found == [math.isqrt(value - 1) + 1 for value in squares]


def test_edges_are_whole_and_rise() -> None:
    for edges in EDGES.values():
        assert edges[0] == 0
        assert all(low < high for low, high in itertools.pairwise(edges))
    assert len(CELLS) == sum(BINS.values())
    assert all(CELLS[FIRST_CELL[quantity]][:2] == (quantity, 0) for quantity in Quantity)
