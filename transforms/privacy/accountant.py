"""Accountant of record: Renyi differential privacy by Opacus, behind checks that Opacus does not make.

Opacus accepts a negative noise multiplier and a delta of 1 or more (it then reports a negative epsilon), and loops for
ever on a sample rate that is not a number. Its account of a Gaussian and its calibration are loaded without the rest of
it, which imports torch (seconds, 300 MB); the launcher imports this module, workers never do.

Renyi, not PRV or GDP: those bound the continuous Gaussian, and for a sensitivity of a few grid steps the discrete one
can cost more (delta 24 % above at sigma 2, sensitivity 2). Renyi orders carry over exactly (Canonne, Kamath, Steinke
2020, theorem 4). The price is 4 to 10 % of noise.

A step that is epsilon-DP costs at most what randomised response with that epsilon costs, of which it is a
post-processing (Kairouz, Oh, Viswanath 2015, theorem 3.3): at order ``a``, with ``p = 1 / (1 + exp(-epsilon))``,
``log(p**a (1 - p)**(1 - a) + (1 - p)**a p**(1 - a)) / (a - 1)``.
"""

import math
import warnings
from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt

from schemas.errors import UsageError
from schemas.privacy import Gaussian, Step
from transforms.lazy_imports import lazy_packages
from transforms.privacy.mechanisms import Sigma


def _accountant(mechanism: str) -> "RDPAccountant":
    """Replace Opacus' ``create_accountant``, whose registry imports every accountant and SciPy's statistics."""
    return {RDPAccountant.mechanism(): RDPAccountant}[mechanism]()


with lazy_packages(
    "opacus",
    {"opacus.optimizers": {"DPOptimizer": object}, "opacus.accountants": {"create_accountant": _accountant}},
):
    from opacus.accountants.analysis.rdp import compute_rdp, get_privacy_spent
    from opacus.accountants.rdp import RDPAccountant
    from opacus.accountants.utils import get_noise_multiplier


Curve = npt.NDArray[np.float64]
"""Renyi divergence at each of ``ORDERS``; infinite where an order is not worth computing."""


_DENOMINATOR = 1000


_TOLERANCE = 1e-4


_LARGEST_ORDER = 100_000


_LARGEST_SAMPLED_ORDER = 256
"""Opacus sums a series as long as the order for a sampled step, and its binomials overflow beyond about 1,000."""


_MIN_EPSILON, _MAX_EPSILON = 1e-3, 1000.0


_MIN_DELTA = 1e-30


def _orders() -> tuple[float, ...]:
    fine = [1 + hundredth / 100 for hundredth in range(1, 100)]
    middle = [tenth / 10 for tenth in range(20, 110)]
    steps = 120
    coarse = {round(64 * (_LARGEST_ORDER / 64) ** (step / (steps - 1))) for step in range(steps)}
    return (*fine, *middle, *map(float, range(11, 64)), *map(float, sorted(coarse)))


ORDERS = _orders()
"""Renyi orders. Opacus' own stop at 63 and over-state a small epsilon up to four times."""


@cache
def calibrate(epsilon: float, delta: float, l2_sensitivity_steps: float) -> Sigma:
    """Compute the sigma, in grid steps, at which one release of that sensitivity costs at most (epsilon, delta).

    Rounded up to a thousandth. Raises ``UsageError`` for what is not a number, infinite, not positive, for an epsilon
    outside 0.001..1,000 and for a delta outside 1e-30..1.
    """
    _check(_MIN_EPSILON <= epsilon <= _MAX_EPSILON, "epsilon is a number from 0.001 to 1,000")
    _check_delta(delta)
    _check(0 < l2_sensitivity_steps < math.inf, "a sensitivity is a finite number above 0")
    with _quiet():
        multiplier = get_noise_multiplier(
            target_epsilon=epsilon,
            target_delta=delta,
            sample_rate=1.0,
            steps=1,
            accountant="rdp",
            epsilon_tolerance=min(_TOLERANCE, epsilon / 100),
            alphas=ORDERS,
        )
    sigma = math.ceil(multiplier * l2_sensitivity_steps * _DENOMINATOR)
    while epsilon_of([Gaussian(sigma / _DENOMINATOR / l2_sensitivity_steps)], delta) > epsilon:
        sigma += 1
    return Sigma(sigma, _DENOMINATOR)


def epsilon_of(steps: Iterable[Step], delta: float) -> float:
    """Compute the epsilon of all ``steps`` composed at ``delta``; 0.0 without steps.

    Raises ``UsageError`` for a delta outside 1e-30..1. What the steps themselves may be, their types check.
    """
    _check_delta(delta)
    curve = curve_of(steps)
    if not curve.any():
        return 0.0
    with _quiet():
        epsilon, _ = get_privacy_spent(orders=ORDERS, rdp=curve, delta=delta)
    return max(0.0, float(epsilon))


def curve_of(steps: Iterable[Step]) -> Curve:
    """Add up the Renyi curves of all ``steps`` (adaptive composition)."""
    total = np.zeros(len(ORDERS))
    for step in steps:
        total = total + step.times * _once(step)
    return total


def conversion(delta: float) -> Curve:
    """Compute the term that turns a Renyi divergence into epsilon at ``delta`` (Balle and others 2020, theorem 21)."""
    _check_delta(delta)
    orders = np.array(ORDERS)
    added: Curve = np.log1p(-1 / orders) - (math.log(delta) + np.log(orders)) / (orders - 1)
    return added


def _once(step: Step) -> Curve:
    if isinstance(step, Gaussian):
        return _gaussian(step.noise_multiplier, step.sample_rate)
    return _randomised_response(step.epsilon)


@cache
def _gaussian(noise_multiplier: float, sample_rate: float) -> Curve:
    if sample_rate == 1:
        return np.array(compute_rdp(q=1.0, noise_multiplier=noise_multiplier, steps=1, orders=ORDERS))
    return np.array([_sampled_gaussian(noise_multiplier, sample_rate, order) for order in ORDERS])


def _sampled_gaussian(noise_multiplier: float, sample_rate: float, order: float) -> float:
    if order > _LARGEST_SAMPLED_ORDER:
        return math.inf
    try:
        divergence = float(compute_rdp(q=sample_rate, noise_multiplier=noise_multiplier, steps=1, orders=order))
    except ValueError:  # its series for fractional orders may cancel below zero
        return math.inf
    return divergence if divergence >= 0 else math.inf


@cache
def _randomised_response(epsilon: float) -> Curve:
    orders = np.array(ORDERS)
    log_p = -math.log1p(math.exp(-epsilon))
    divergence = (log_p + np.logaddexp((orders - 1) * epsilon, -orders * epsilon)) / (orders - 1)
    bounded: Curve = np.clip(divergence, 0.0, epsilon)
    return bounded


def _check_delta(delta: float) -> None:
    _check(_MIN_DELTA <= delta < 1, "delta is a number from 1e-30 to below 1")


def _check(holds: bool, rule: str) -> None:
    """Raise ``UsageError`` with ``rule`` unless it holds; a comparison with what is not a number never holds."""
    if not holds:
        raise UsageError(f"the privacy account refuses its input: {rule}")


def _quiet() -> warnings.catch_warnings:
    """Silence the warning that the best order is the last one; epsilon is then overestimated, never underestimated."""
    return warnings.catch_warnings(action="ignore", category=UserWarning)


TABLE_SHARE = 1e-6
"""Share of delta that pays for truncation and rounding of the noise tables."""
