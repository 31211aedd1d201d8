"""Was this person among those the model was learned from? The best test, against what the account allows.

By Neyman and Pearson the best test between "without" and "with" a known contribution in Gaussian noise compares the
release's projection on that contribution; its advantage (hits less false alarms) is at most 2 Phi(1 / (2 z)) - 1, the
total variation between two Gaussians that are 1 / z apart (Dong, Roth, Su 2022, Gaussian Differential Privacy, 2.1).
"""

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pytest

from schemas.privacy import PrivacyUnit
from transforms.noise.population.contribution import BOUND, Counts, contributions, sum_units
from transforms.noise.population.learn import SUM_SCHEMA, Learning, add_noise_to, exact
from transforms.noise.population.quantities import BINS, CELLS, FIRST_CELL, Quantity
from transforms.privacy.mechanisms import Sigma

RELEASES = 1500
LOUD = Learning(PrivacyUnit.USER, (Sigma(math.ceil(BOUND * len(Quantity) ** 0.5), 1),) * len(Quantity), 1)
"""Multiplier 1: an advantage that can be measured. At the default, 10, it is below 0.04."""


def person() -> npt.NDArray[np.int64]:
    """Somebody with two equally common times of every kind: as long a contribution as the bound lets through."""
    cells = [FIRST_CELL[quantity] + place for quantity in Quantity for place in (3, BINS[quantity] - 3)]
    each = Counts(np.zeros(len(cells), dtype=np.int64), np.array(cells), np.full(len(cells), 1000))
    return sum_units(contributions(each))


def projections(total: npt.NDArray[np.int64], on: npt.NDArray[np.int64], first: int) -> npt.NDArray[np.float64]:
    aggregate = exact([SUM_SCHEMA.empty_table().from_arrays([total], schema=SUM_SCHEMA)])
    keys = (number.to_bytes(32, "big") for number in range(first, first + RELEASES))
    return np.array([float(add_noise_to(aggregate, LOUD, key).table["value"].to_numpy() @ on) for key in keys])


@pytest.fixture(scope="module")
def advantage() -> float:
    one = person()
    others = 7 * np.arange(len(CELLS), dtype=np.int64)
    without = projections(others, one, 0)
    within = projections(others + one, one, RELEASES)
    middle = float((others @ one) + (one @ one) / 2)
    return float((within > middle).mean() - (without > middle).mean())


def allowed(multiplier: float) -> float:
    return 2 * NormalDist().cdf(1 / (2 * multiplier)) - 1


FIVE_ERRORS = 5 * math.sqrt(2 * 0.25 / RELEASES)
"""The difference of two proportions has at most this standard error; false alarm 6e-7."""


def test_the_best_test_has_no_more_than_the_account_allows(advantage: float) -> None:
    assert LOUD.noise_multiplier == pytest.approx(1.0, abs=0.002)
    assert advantage <= allowed(LOUD.noise_multiplier) + FIVE_ERRORS


def test_and_nearly_as_much_so_that_more_would_have_been_seen(advantage: float) -> None:
    length = math.sqrt(float(person() @ person())) / (BOUND * len(Quantity) ** 0.5)
    assert length > 0.9
    assert advantage >= allowed(LOUD.noise_multiplier / length) - FIVE_ERRORS
