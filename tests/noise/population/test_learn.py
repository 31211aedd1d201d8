"""Noise on the histograms, and what is made of it."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.aggregates import ExactAggregate
from schemas.errors import UsageError
from schemas.privacy import Adjacency, DayWindow, PrivacyUnit
from transforms.noise.charges import plan_charges
from transforms.noise.plan import plan
from transforms.noise.population.contribution import BOUND, FULL
from transforms.noise.population.learn import (
    SUM_SCHEMA,
    Learning,
    add_noise_to,
    aggregate_of,
    exact,
    model_of,
    nearest_weights,
    rank_error,
)
from transforms.noise.population.quantities import BINS, CELLS, EDGES, FIRST_CELL, MAX_BINS, Quantity
from transforms.noise.settings import NoiseSettings, Timing
from transforms.privacy.accountant import epsilon_of
from transforms.privacy.mechanisms import Sigma

KEY = bytes(range(32))
DEFAULT = plan(NoiseSettings(model="learn"))
SMALL = Learning(PrivacyUnit.USER, tuple(Sigma(50 + quantity, 1) for quantity in Quantity), 1)


def aggregate(values: npt.NDArray[np.int64]) -> ExactAggregate:
    return exact([SUM_SCHEMA.empty_table().from_arrays([values], schema=SUM_SCHEMA)])


def noise(values: npt.NDArray[np.int64], learning: Learning = SMALL, key: bytes = KEY) -> npt.NDArray[np.int64]:
    noisy = add_noise_to(aggregate(values), learning, key)
    return np.asarray(noisy.table["value"].to_numpy() - values)


ZEROS = np.zeros(len(CELLS), dtype=np.int64)


def test_the_default_plan_spends_the_model_s_budget_and_charges_it_to_users() -> None:
    assert DEFAULT.learning is not None
    charge = next(charge for charge in plan_charges(DEFAULT) if charge.label == "population model")
    assert (charge.unit, charge.adjacency) == (PrivacyUnit.USER, Adjacency.ADD_REMOVE)
    spent = epsilon_of(charge.steps, DEFAULT.settings.model_delta - charge.delta)
    assert 0.99 * DEFAULT.settings.model_epsilon < spent <= DEFAULT.settings.model_epsilon


def test_all_quantities_together_are_the_one_step_that_is_charged() -> None:
    assert DEFAULT.learning is not None
    cost = sum((BOUND / float(sigma)) ** 2 for sigma in DEFAULT.learning.sigmas)
    assert DEFAULT.learning.noise_multiplier == pytest.approx(1 / math.sqrt(cost))


def test_the_least_number_of_units_is_the_documented_rank_error() -> None:
    assert DEFAULT.learning is not None
    worst = max(rank_error(sigma, MAX_BINS, DEFAULT.learning.min_units) for sigma in DEFAULT.learning.sigmas)
    assert 0.09 < worst < 0.11


@pytest.mark.parametrize("settings", [{"timing": Timing.NOISE}, {"timing": Timing.DROP}, {"model": "prior"}])
def test_a_release_that_learns_nothing_pays_nothing(settings: dict[str, str]) -> None:
    made = plan(replace(DEFAULT.settings, **settings))
    assert made.learning is None
    assert "population model" not in [charge.label for charge in plan_charges(made)]


def test_user_days_need_their_days_and_charge_no_others() -> None:
    with pytest.raises(UsageError, match="user-day"):
        NoiseSettings(privacy_unit=PrivacyUnit.USER_DAY)
    with pytest.raises(UsageError, match="both together"):
        NoiseSettings(privacy_unit=PrivacyUnit.USER_DAY, first_day=date(2026, 1, 1))
    days = (date(2026, 1, 1), date(2026, 1, 7))
    made = plan(NoiseSettings(model="learn", privacy_unit=PrivacyUnit.USER_DAY, first_day=days[0], last_day=days[1]))
    charge = next(charge for charge in plan_charges(made) if charge.label == "population model")
    assert (charge.unit, charge.window) == (PrivacyUnit.USER_DAY, DayWindow(*days))
    assert made.learning is not None
    assert made.learning.window == charge.window


def test_noise_has_the_plan_s_scale_in_every_quantity() -> None:
    drawn = np.array([noise(ZEROS, key=bytes([number]) * 32) for number in range(200)], dtype=np.float64)
    for quantity, sigma in zip(Quantity, SMALL.sigmas, strict=True):
        own = drawn[:, FIRST_CELL[quantity] : FIRST_CELL[quantity] + BINS[quantity]]
        # the variance of n draws has a relative error of sqrt(2 / n), n at least 8,000: five of them, false alarm 1e-5
        assert own.var() == pytest.approx(float(sigma) ** 2, rel=5 * math.sqrt(2 / own.size))


def test_the_same_sums_draw_the_same_noise_and_corrected_ones_draw_other_noise() -> None:
    corrected = ZEROS.copy()
    corrected[-1] = 1
    assert noise(ZEROS).tolist() == noise(ZEROS).tolist()
    # independent draws agree in a bin with a probability below 1 / (2 sqrt(pi) 50): 6 of 1,000 expected, 40 never
    assert np.count_nonzero(noise(ZEROS) == noise(corrected)) < 40
    assert np.count_nonzero(noise(ZEROS)[:50] == noise(ZEROS)[BINS[Quantity.INTERVAL_LETTER] :][:50]) < 10


@pytest.mark.parametrize("change", [{"model_epsilon": 0.6}, {"min_units": 5}])
def test_another_budget_is_another_plan_and_draws_under_another_key(change: dict[str, float]) -> None:
    assert plan(replace(DEFAULT.settings, **change)).digest != DEFAULT.digest  # type: ignore[arg-type]


def test_quantities_with_too_little_mass_keep_the_prior() -> None:
    values = ZEROS.copy()
    letter, space = FIRST_CELL[Quantity.INTERVAL_LETTER], FIRST_CELL[Quantity.INTERVAL_SPACE]
    values[letter + 10] = 100 * FULL
    values[space + 10] = 100 * FULL - 1
    model = model_of(aggregate_of(values.tolist()), 100)
    assert set(model.learned) == {Quantity.INTERVAL_LETTER}
    drawn = model.draw(np.zeros(1000, dtype=np.uint8), np.arange(1000, dtype=np.uint64) * np.uint64(2**64 // 997))
    low, high = EDGES[Quantity.INTERVAL_LETTER][10:12]
    assert set(drawn.tolist()) == set(range(low, high))


def test_noise_alone_is_no_population() -> None:
    assert DEFAULT.learning is not None
    for number in range(20):
        noisy = add_noise_to(aggregate(ZEROS), DEFAULT.learning, bytes([number]) * 32)
        assert model_of(noisy, DEFAULT.learning.min_units).learned == {}


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=12).filter(lambda values: sum(values) > 0))
def test_weights_are_the_nearest_point_of_the_simplex(values: list[int]) -> None:
    weights = nearest_weights(values)
    scale = sum(weights) / sum(values)
    found = [weight / scale for weight in weights]
    assert min(found) >= 0
    # Karush-Kuhn-Tucker: what is kept was lowered by one amount, what is dropped lay below it
    lowered = [value - point for value, point in zip(values, found, strict=True) if point > 0]
    assert max(lowered) == pytest.approx(min(lowered))
    assert all(value <= max(lowered) + 1e-9 for value, point in zip(values, found, strict=True) if point == 0)
