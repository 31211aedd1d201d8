import math
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from dp_accounting import GaussianDpEvent, PoissonSampledDpEvent, SelfComposedDpEvent
from dp_accounting.pld import privacy_loss_distribution as pld
from dp_accounting.pld.common import DifferentialPrivacyParameters
from dp_accounting.rdp import RdpAccountant
from opacus.accountants import RDPAccountant

from schemas.errors import UsageError
from schemas.privacy import Gaussian, Pure, Step
from transforms.privacy.accountant import ORDERS, calibrate, conversion, curve_of, epsilon_of
from transforms.privacy.mechanisms import Sigma

NAN, INFINITE = float("nan"), float("inf")
STEPS = 100
"""Sensitivity in grid steps from which the discrete and the continuous Gaussian agree to 1e-4."""


def exact_epsilon(history: Sequence[Step], delta: float, *, pessimistic: bool) -> float:
    """A bound from above or below by privacy loss distributions (dp-accounting): discrete Gaussian, worst pure step.

    Losses are rounded to 1e-4; at 1e-3 the bounds of many small releases are 10 % apart.
    """
    total = None
    for step in history:
        one = _loss(step, pessimistic).self_compose(step.times)
        total = one if total is None else total.compose(one)
    assert total is not None
    return float(total.get_epsilon_for_delta(delta))


def _loss(step: Step, pessimistic: bool) -> pld.PrivacyLossDistribution:
    if isinstance(step, Pure):
        return pld.from_privacy_parameters(
            DifferentialPrivacyParameters(step.epsilon), value_discretization_interval=1e-4
        )
    return pld.from_discrete_gaussian_mechanism(
        step.noise_multiplier * STEPS,
        sensitivity=STEPS,
        pessimistic_estimate=pessimistic,
        value_discretization_interval=1e-4,
    )


def random_history(seed: int) -> list[Gaussian]:
    """Histories whose epsilon is roughly 0.1 to 20: what a ledger may hold."""
    drawn = random.Random(seed)
    parts = drawn.randint(1, 3)
    total = math.exp(drawn.uniform(math.log(0.35), math.log(30)))
    charges = []
    for _ in range(parts):
        times = drawn.randint(1, 20)
        charges.append(Gaussian(total * math.sqrt(parts * times), times))
    return charges


@pytest.mark.parametrize("seed", range(12))
def test_epsilon_is_never_below_the_exact_one_and_at_most_12_percent_above(seed: int) -> None:
    history, delta = random_history(seed), random.Random(seed + 1000).choice([1e-6, 1e-8, 1e-10])
    above = exact_epsilon(history, delta, pessimistic=True)
    assert above <= epsilon_of(history, delta) <= exact_epsilon(history, delta, pessimistic=False) * 1.12


@pytest.mark.parametrize("seed", range(6))
def test_pure_steps_among_gaussians_never_cost_less_than_the_exact_figure(seed: int) -> None:
    drawn = random.Random(seed)
    history = [*random_history(seed), Pure(drawn.uniform(0.05, 2), drawn.randint(1, 5))]
    assert exact_epsilon(history, 1e-7, pessimistic=True) <= epsilon_of(history, 1e-7)


@pytest.mark.parametrize("epsilon", [1e-3, 0.1, 1.0, 8.0])
def test_one_pure_step_costs_its_epsilon_at_most(epsilon: float) -> None:
    assert 0.99 * epsilon < epsilon_of([Pure(epsilon)], 1e-12) <= epsilon + math.log(1e12) / ORDERS[-1]
    assert curve_of([Pure(epsilon, 3)]).max() <= 3 * epsilon


def test_it_is_the_account_of_opacus_itself() -> None:
    opacus = RDPAccountant()
    opacus.history = [(5.0, 1.0, 10), (2.0, 1.0, 1), (1.1, 0.01, 500)]
    steps = [Gaussian(5.0, 10), Gaussian(2.0), Gaussian(1.1, 500, 0.01)]
    small = [order for order in ORDERS if order <= 256]
    assert epsilon_of(steps, 1e-6) == pytest.approx(opacus.get_epsilon(1e-6, alphas=small), rel=1e-12)
    curve = curve_of(steps[:2])
    assert epsilon_of(steps[:2], 1e-6) == pytest.approx(float((curve + conversion(1e-6)).min()), rel=1e-12)


@pytest.mark.parametrize(("multiplier", "rate", "steps"), [(1.0, 0.01, 1000), (2.0, 0.1, 300)])
def test_sampled_steps_agree_with_another_accountant(multiplier: float, rate: float, steps: int) -> None:
    other = RdpAccountant([order for order in ORDERS if order <= 256])
    other.compose(SelfComposedDpEvent(PoissonSampledDpEvent(rate, GaussianDpEvent(multiplier)), steps))
    ours = epsilon_of([Gaussian(multiplier, steps, rate)], 1e-6)
    assert ours == pytest.approx(float(other.get_epsilon(1e-6)), rel=1e-3)


def test_an_order_that_does_not_compute_is_left_out() -> None:
    curve = curve_of([Gaussian(1.0, 1, 0.01)])
    assert np.isinf(curve[np.array(ORDERS) > 256]).all()
    assert not np.isnan(curve).any()


@pytest.mark.parametrize(
    ("epsilon", "delta", "multiplier"), [(8.0, 1e-10, 0.867), (1.0, 1e-6, 4.53), (0.25, 1e-7, 18.57)]
)
def test_calibration_reproduces_known_multipliers(epsilon: float, delta: float, multiplier: float) -> None:
    assert float(calibrate(epsilon, delta, 1000.0)) / 1000 == pytest.approx(multiplier, rel=1e-3)


@pytest.mark.parametrize("epsilon", [0.1, 1.0, 8.0, 32.0])
def test_a_calibrated_sigma_spends_at_most_its_budget_and_nearly_all_of_it(epsilon: float) -> None:
    sigma = calibrate(epsilon, 1e-8, 300.5)
    spent = epsilon_of([Gaussian(float(sigma) / 300.5, 1)], 1e-8)
    assert 0.99 * epsilon < spent <= epsilon
    assert isinstance(sigma, Sigma)


def test_orders_are_sorted_distinct_and_reach_far() -> None:
    assert list(ORDERS) == sorted(set(ORDERS))
    assert (ORDERS[0], ORDERS[-1]) == (1.01, 100_000.0)


def test_nothing_released_costs_nothing() -> None:
    assert epsilon_of([], 1e-6) == 0.0


def test_more_releases_never_cost_less() -> None:
    spent = [epsilon_of([Gaussian(5.0, times)], 1e-6) for times in (1, 2, 10, 100)]
    assert spent == sorted(spent)


@pytest.mark.parametrize("delta", [0.0, 1.0, 2.0, -1e-6, NAN, INFINITE, 1e-31, 9.9e-31])
def test_a_delta_that_is_none_is_refused(delta: float) -> None:
    assert epsilon_of([Gaussian(1.0, 1)], 1e-30) > epsilon_of([Gaussian(1.0, 1)], 1e-29) > 0
    with pytest.raises(UsageError, match="delta is a number"):
        epsilon_of([Gaussian(1.0, 1)], delta)
    with pytest.raises(UsageError, match="delta is a number"):
        calibrate(1.0, delta, 1.0)


@pytest.mark.parametrize(
    ("epsilon", "l2"), [(NAN, 1.0), (INFINITE, 1.0), (0.0, 1.0), (-1.0, 1.0), (1.0, 0.0), (1.0, NAN), (1.0, -2.0)]
)
def test_a_budget_or_sensitivity_that_is_none_is_refused(epsilon: Any, l2: Any) -> None:
    with pytest.raises(UsageError, match="account refuses"):
        calibrate(epsilon, 1e-6, l2)
