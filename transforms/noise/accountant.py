"""The account of record: Renyi differential privacy by Opacus, behind checks that Opacus does not make.

Opacus accepts a negative noise multiplier and a delta of 1 or more (it then reports a negative epsilon), and loops for
ever on a sample rate that is not a number. Importing it imports torch (seconds, 300 MB): the launcher imports this
module, workers never do.

Renyi, not PRV or GDP: those bound the continuous Gaussian, and for a sensitivity of a few grid steps the discrete one
can cost more (delta 24 % above at sigma 2, sensitivity 2). Renyi orders carry over exactly (Canonne, Kamath, Steinke
2020, theorem 4). The price is 4 to 10 % of noise.
"""

import math
import warnings
from collections.abc import Sequence
from typing import NamedTuple

from opacus.accountants import RDPAccountant
from opacus.accountants.utils import get_noise_multiplier

from schemas.errors import UsageError
from transforms.noise.mechanisms import Sigma

_DENOMINATOR = 1000
_TOLERANCE = 1e-4
_LARGEST_ORDER = 100_000
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


class Charge(NamedTuple):
    """``times`` releases by Gaussians whose sigma is ``noise_multiplier`` times the L2 sensitivity of the unit."""

    noise_multiplier: float
    times: int


def calibrate(epsilon: float, delta: float, l2_sensitivity_steps: float) -> Sigma:
    """Return the sigma, in grid steps, at which one release of that sensitivity costs at most (epsilon, delta).

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
    while epsilon_of([Charge(sigma / _DENOMINATOR / l2_sensitivity_steps, 1)], delta) > epsilon:
        sigma += 1
    return Sigma(sigma, _DENOMINATOR)


def epsilon_of(history: Sequence[Charge], delta: float) -> float:
    """Return the epsilon of all ``history`` together at ``delta``; 0.0 where nothing was released.

    Raises ``UsageError`` for a multiplier that is not finite and positive, a count that is not a positive integer, and
    a delta outside 1e-30..1.
    """
    _check_delta(delta)
    for charge in history:
        _check(0 < charge.noise_multiplier < math.inf, "a noise multiplier is a finite number above 0")
        _check(isinstance(charge.times, int) and charge.times > 0, "a count of releases is a whole number above 0")
    if not history:
        return 0.0
    accountant = RDPAccountant()
    accountant.history = [(charge.noise_multiplier, 1.0, charge.times) for charge in history]
    with _quiet():
        return max(0.0, float(accountant.get_epsilon(delta, alphas=ORDERS)))


def _check_delta(delta: float) -> None:
    _check(_MIN_DELTA <= delta < 1, "delta is a number from 1e-30 to below 1")


def _check(holds: bool, rule: str) -> None:
    """Raise ``UsageError`` with ``rule`` unless it holds; a comparison with what is not a number never holds."""
    if not holds:
        raise UsageError(f"the privacy account refuses its input: {rule}")


def _quiet() -> warnings.catch_warnings:
    """Silence the remark that the best order is the last one: the figure is then larger than need be, never smaller."""
    return warnings.catch_warnings(action="ignore", category=UserWarning)
