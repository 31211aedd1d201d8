"""Composition of charges for one user, and the check that another release fits; launcher only (Opacus).

Composition is sequential over everything that touches a unit. Charges for a user touch every day of that user. Charges
for a user-day touch the days of their window: for one user-day, releases over disjoint windows compose in parallel (the
worst day counts); for a user they compose one after another, and a window of ``n`` days counts as a group of ``n``
user-days. Charges for an event say nothing of users and are left out here (``event_composition`` adds them up).

Whether a release fits is decided at *one* Renyi order that follows from the lifetime budget alone, with a quarter of
its delta for the conversion and the rest for what charges cost beside their steps. A sum at a fixed order may be
stopped by looking at it, even when each budget was chosen after seeing earlier releases (a Renyi privacy filter:
Feldman, Zrnic 2021); that is not known of the smallest epsilon over many orders. One order is best for all Gaussians.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np

from schemas.errors import BudgetError, RefusedError
from schemas.privacy import Charge, Gaussian, PrivacyUnit, Pure, Step
from transforms.privacy.accountant import ORDERS, Curve, conversion, curve_of, epsilon_of
from transforms.privacy.budget import Budget

_ROUNDING = 1e-9
_SHOWN_STEP = 1e-3
_MOST_RELEASES = 100_000
"""Releases that are counted at most; more is as good as no end."""

EPSILON, DELTA = "epsilon", "delta"
"""Part of a budget that can run out."""

_CONVERSION_SHARE = 0.25
"""Share of the lifetime delta for the conversion, on which epsilon depends by a logarithm; deltas of charges add up."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Mechanisms that one unit pays for, and the delta that they do not cover."""

    steps: tuple[Step, ...] = ()
    delta: float = 0.0

    @property
    def pure_epsilon(self) -> float:
        """Add up the epsilons of pure steps; infinite if there are other steps."""
        pure = [step.times * step.epsilon for step in self.steps if isinstance(step, Pure)]
        return sum(pure) if len(pure) == len(self.steps) else math.inf

    def epsilon(self, delta: float) -> float:
        """Compute the total epsilon at ``delta``; infinite if the charges' own deltas exceed it.

        Pure steps alone also add up (basic composition), for which no delta is needed.
        """
        if self.delta < delta:
            return min(self.pure_epsilon, epsilon_of(self.steps, delta - self.delta))
        return self.pure_epsilon if self.delta == delta else math.inf

    def multiply(self, number: int) -> "Cost":
        """Multiply the cost: that of ``number`` like releases."""
        if not number:
            return Cost()
        return Cost(tuple(replace(step, times=step.times * number) for step in self.steps), self.delta * number)


def compose_user_cost(charges: Iterable[Charge]) -> Cost:
    """Compose ``charges`` into the cost for one user."""
    return add_costs([_convert_to_user_cost(charge) for charge in charges if charge.unit != PrivacyUnit.EVENT])


def compute_epsilon(charges: Sequence[Charge], unit: PrivacyUnit, delta: float) -> float:
    """Return epsilon at ``delta`` of ``charges`` for one user, or for one user-day on the worst day."""
    if unit == PrivacyUnit.USER:
        return compose_user_cost(charges).epsilon(delta)
    counted = [charge for charge in charges if charge.unit != PrivacyUnit.EVENT]
    days = {charge.window.first for charge in counted if charge.window is not None}
    return max(_compose_day_cost(day, counted).epsilon(delta) for day in days or {date.min})


@dataclass(frozen=True, slots=True)
class LifetimeFilter:
    """Privacy filter for one user: admits releases until (``epsilon``, ``delta``) would be exceeded."""

    epsilon: float
    delta: float
    index: int
    capacity: float

    @classmethod
    @cache
    def of(cls, epsilon: float, delta: float) -> "LifetimeFilter":
        """Build the filter at the Renyi order that admits the most Gaussian releases."""
        capacity = epsilon - conversion(delta * _CONVERSION_SHARE)
        index = int(np.argmax(capacity / np.array(ORDERS)))
        return cls(epsilon, delta, index, float(capacity[index]))

    def admits(self, cost: Cost) -> bool:
        """Return whether a user whose total is ``cost`` is within the budget.

        Pure steps alone are bounded by their sum, whatever happens; that needs no delta for a conversion.
        """
        return not self.shortages(cost)

    def shortages(self, cost: Cost) -> tuple[str, ...]:
        """Name what runs out at a total of ``cost``: ``epsilon``, ``delta`` or both; nothing where it fits."""
        fits = self._divergence(cost) <= self.capacity or cost.pure_epsilon <= self.epsilon
        return (*(() if fits else (EPSILON,)), *(() if cost.delta <= self.delta_for_charges else (DELTA,)))

    @property
    def delta_for_charges(self) -> float:
        """Return the delta that charges may spend beside their steps."""
        return self.delta * (1 - _CONVERSION_SHARE)

    def releases_left(self, past: Cost, added: Cost) -> int | None:
        """Count the releases of cost ``added`` that fit after ``past``; ``None`` for a release that costs nothing.

        Cost adds up in proportion: with 10 of 100 spent and 3 a release, 30 fit. Pure steps alone may also add up to
        the whole epsilon.
        """
        if added == Cost():
            return None
        once, most = self._divergence(added), float(_MOST_RELEASES)
        by_order = (self.capacity - self._divergence(past)) / once if once else most
        by_sum = (self.epsilon - past.pure_epsilon) / added.pure_epsilon if 0 < added.pure_epsilon < math.inf else 0.0
        by_delta = (self.delta_for_charges - past.delta) / added.delta if added.delta else most
        left = math.floor(max(0.0, min(max(by_order, by_sum), by_delta, most)) + _ROUNDING)
        while left and not self.admits(add_costs([past, added.multiply(left)])):
            left -= 1
        return left

    def holds(self, curve: Curve, delta: float) -> bool:
        """Return whether divergences at ``ORDERS`` and the delta beside them are within the budget."""
        return float(curve[self.index]) <= self.capacity and delta <= self.delta_for_charges

    def fits_now(self, past: Cost, delta: float) -> float:
        """Return the largest epsilon, in thousandths, that one Gaussian release at ``delta`` may still have; or 0.0."""
        left = self.capacity - self._divergence(past)
        if left <= 0 or past.delta > self.delta_for_charges:
            return 0.0
        multiplier = math.sqrt(ORDERS[self.index] / (2 * left))
        largest = min(epsilon_of([Gaussian(multiplier)], delta), self.epsilon)
        return math.floor(largest / _SHOWN_STEP) * _SHOWN_STEP

    def _divergence(self, cost: Cost) -> float:
        return float(curve_of(cost.steps)[self.index])


def check_release(charges: Sequence[Charge], budget: Budget) -> None:
    """Raise ``BudgetError`` if one release spends more than its own budget."""
    if budget.unit == PrivacyUnit.USER and any(charge.unit == PrivacyUnit.USER_DAY for charge in charges):
        raise RefusedError("a quantity is protected for a user-day only; set noise.privacy_unit=user-day, or drop it")
    epsilon = compute_epsilon(charges, budget.unit, budget.delta)
    if epsilon > budget.epsilon * (1 + _ROUNDING):
        raise BudgetError(
            f"the release would spend epsilon {epsilon:.4g} at delta {budget.delta:g} for one {budget.unit}, and "
            f"noise.epsilon is {budget.epsilon:g}"
        )


def check_lifetime(past: Sequence[Charge], charges: Sequence[Charge], budget: Budget, ledger: str) -> None:
    """Raise ``BudgetError``, which names what has run out, if a user's lifetime budget would be exceeded."""
    added, paid = compose_user_cost(charges), compose_user_cost(past)
    limit = LifetimeFilter.of(budget.lifetime_epsilon, budget.lifetime_delta)
    short = () if added == Cost() else limit.shortages(add_costs([paid, added]))
    if not short:
        return
    reasons = []
    if EPSILON in short:
        reasons.append(
            f"one user has spent epsilon {paid.epsilon(budget.lifetime_delta):.4g} of noise.lifetime_epsilon="
            f"{budget.lifetime_epsilon:g} at delta {budget.lifetime_delta:g}, and it adds "
            f"{added.epsilon(budget.delta):.4g} at delta {budget.delta:g}"
        )
    if DELTA in short:
        reasons.append(
            f"charges have spent delta {paid.delta:.3g} of {limit.delta_for_charges:.3g}, three quarters of "
            f"noise.lifetime_delta={budget.lifetime_delta:g}, and it adds {added.delta:.3g}"
        )
    raise BudgetError(
        f"the ledger {ledger} refuses the charge, {' and '.join(short)} has run out: {'; '.join(reasons)}; a lifetime "
        "budget does not renew, so that it will not fit on any later day"
    )


def _convert_to_user_cost(charge: Charge) -> Cost:
    """Convert a charge to the cost for one user: group privacy over the days of its window.

    A Gaussian for a group of ``n`` has ``n`` times the sensitivity. A charge with a delta of its own is first read as
    (epsilon, delta)-DP at twice that delta; a group of ``n`` then pays ``n epsilon`` and ``delta (exp(n epsilon) - 1)
    / (exp(epsilon) - 1)`` (Vadhan 2017, lemma 2.2, the sum kept).
    """
    days = charge.window.days if charge.window is not None else 1
    if days == 1:
        return Cost(charge.steps, charge.delta)
    if charge.delta == 0:
        return Cost(tuple(_group_step(step, days) for step in charge.steps))
    epsilon = epsilon_of(charge.steps, charge.delta)
    widened = sum(math.exp(min(day * epsilon, _LARGEST_EXPONENT)) for day in range(days))
    return Cost((Pure(days * epsilon),), 2 * charge.delta * widened)


_LARGEST_EXPONENT = 700.0


def _group_step(step: Step, days: int) -> Step:
    """Scale a step to a group of ``days`` user-days; sampling is not credited."""
    if isinstance(step, Gaussian):
        return Gaussian(step.noise_multiplier / days, step.times)
    return Pure(step.epsilon * days, step.times)


def _compose_day_cost(day: date, counted: Sequence[Charge]) -> Cost:
    """Compose the charges that one user-day on ``day`` pays."""
    return add_costs(
        [
            Cost(charge.steps, charge.delta)
            for charge in counted
            if charge.window is None or charge.window.first <= day <= charge.window.last
        ]
    )


def add_costs(costs: Sequence[Cost]) -> Cost:
    """Compose costs of one unit."""
    return Cost(tuple(step for cost in costs for step in cost.steps), sum(cost.delta for cost in costs))
