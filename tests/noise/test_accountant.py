import math
import random
from typing import Any

import pytest
from dp_accounting.pld import privacy_loss_distribution as pld

from schemas.errors import UsageError
from transforms.noise.accountant import ORDERS, Charge, calibrate, epsilon_of
from transforms.noise.mechanisms import Sigma

NAN, INFINITE = float("nan"), float("inf")
STEPS = 100
"""Sensitivity in grid steps from which the discrete and the continuous Gaussian agree to 1e-4."""


def exact_epsilon(history: list[Charge], delta: float) -> tuple[float, float]:
    """Bounds from below and above by privacy loss distributions of the discrete Gaussian (dp-accounting).

    Losses are rounded to 1e-4; at 1e-3 the bounds of many small releases are 10 % apart.
    """
    bounds = []
    for pessimistic in (False, True):
        total = None
        for charge in history:
            one = pld.from_discrete_gaussian_mechanism(
                charge.noise_multiplier * STEPS,
                sensitivity=STEPS,
                pessimistic_estimate=pessimistic,
                value_discretization_interval=1e-4,
            ).self_compose(charge.times)
            total = one if total is None else total.compose(one)
        assert total is not None
        bounds.append(float(total.get_epsilon_for_delta(delta)))
    return bounds[0], bounds[1]


def random_history(seed: int) -> list[Charge]:
    """Histories whose epsilon is roughly 0.1 to 20: what a ledger may hold."""
    drawn = random.Random(seed)
    parts = drawn.randint(1, 3)
    total = math.exp(drawn.uniform(math.log(0.35), math.log(30)))
    charges = []
    for _ in range(parts):
        times = drawn.randint(1, 20)
        charges.append(Charge(total * math.sqrt(parts * times), times))
    return charges


@pytest.mark.parametrize("seed", range(12))
def test_epsilon_is_never_below_the_exact_one_and_at_most_12_percent_above(seed: int) -> None:
    history, delta = random_history(seed), random.Random(seed + 1000).choice([1e-6, 1e-8, 1e-10])
    below, above = exact_epsilon(history, delta)
    assert above <= epsilon_of(history, delta) <= below * 1.12


@pytest.mark.parametrize(
    ("epsilon", "delta", "multiplier"), [(8.0, 1e-10, 0.867), (1.0, 1e-6, 4.53), (0.25, 1e-7, 18.57)]
)
def test_calibration_reproduces_known_multipliers(epsilon: float, delta: float, multiplier: float) -> None:
    assert float(calibrate(epsilon, delta, 1000.0)) / 1000 == pytest.approx(multiplier, rel=1e-3)


@pytest.mark.parametrize("epsilon", [0.1, 1.0, 8.0, 32.0])
def test_a_calibrated_sigma_spends_at_most_its_budget_and_nearly_all_of_it(epsilon: float) -> None:
    sigma = calibrate(epsilon, 1e-8, 300.5)
    spent = epsilon_of([Charge(float(sigma) / 300.5, 1)], 1e-8)
    assert 0.99 * epsilon < spent <= epsilon
    assert isinstance(sigma, Sigma)


def test_orders_are_sorted_distinct_and_reach_far() -> None:
    assert list(ORDERS) == sorted(set(ORDERS))
    assert (ORDERS[0], ORDERS[-1]) == (1.01, 100_000.0)


def test_nothing_released_costs_nothing() -> None:
    assert epsilon_of([], 1e-6) == 0.0


def test_more_releases_never_cost_less() -> None:
    spent = [epsilon_of([Charge(5.0, times)], 1e-6) for times in (1, 2, 10, 100)]
    assert spent == sorted(spent)


@pytest.mark.parametrize(
    "history",
    [
        [Charge(-5.0, 1)],
        [Charge(0.0, 1)],
        [Charge(NAN, 1)],
        [Charge(INFINITE, 1)],
        [Charge(1.0, 0)],
        [Charge(1.0, -1)],
        [Charge(1.0, 1.5)],  # type: ignore[arg-type]
    ],
)
def test_a_history_that_is_none_is_refused(history: list[Charge]) -> None:
    with pytest.raises(UsageError, match="account refuses"):
        epsilon_of(history, 1e-6)


@pytest.mark.parametrize("delta", [0.0, 1.0, 2.0, -1e-6, NAN, INFINITE, 1e-31])
def test_a_delta_that_is_none_is_refused(delta: float) -> None:
    with pytest.raises(UsageError, match="delta is a number"):
        epsilon_of([Charge(1.0, 1)], delta)
    with pytest.raises(UsageError, match="delta is a number"):
        calibrate(1.0, delta, 1.0)


@pytest.mark.parametrize(
    ("epsilon", "l2"), [(NAN, 1.0), (INFINITE, 1.0), (0.0, 1.0), (-1.0, 1.0), (1.0, 0.0), (1.0, NAN), (1.0, -2.0)]
)
def test_a_budget_or_sensitivity_that_is_none_is_refused(epsilon: Any, l2: Any) -> None:
    with pytest.raises(UsageError, match="account refuses"):
        calibrate(epsilon, 1e-6, l2)
