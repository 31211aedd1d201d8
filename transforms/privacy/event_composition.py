"""Composition of charges for one event, over the releases that may contain it; launcher only (Opacus).

An event that is noised again in every release is found by averaging, so that its charges add up over all releases that
may hold it. These are all releases of the key set: that two inputs share no event cannot be seen from their files. Only
a run by days proves more: it puts a session into one window of the dataset and into no other. So of the windows of one
dataset an event pays for the dearest, and it pays for everything else.

A pointer event is a scroll or has another position; it pays for the dearer of the two charges, never for both.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from schemas.errors import BudgetError
from schemas.privacy import POSITIONS, SCROLLS, Charge, PrivacyUnit
from transforms.privacy.accountant import ORDERS, Curve, conversion, curve_of
from transforms.privacy.budget import EventBudget
from transforms.privacy.composition import LifetimeFilter
from transforms.privacy.ledger_entries import Reservation

_KINDS = (POSITIONS, SCROLLS)
"""Charges of which an event pays for one: it is of that kind."""


@dataclass(frozen=True, slots=True, eq=False)
class EventCost:
    """For each kind of event, Renyi divergence at each of ``ORDERS`` and the delta beside it."""

    curves: Curve = field(default_factory=lambda: np.zeros((len(_KINDS), len(ORDERS))))
    deltas: tuple[float, ...] = (0.0,) * len(_KINDS)

    def __add__(self, other: "EventCost") -> "EventCost":
        """Add the costs of an event that is in both."""
        return EventCost(self.curves + other.curves, tuple(map(sum, zip(self.deltas, other.deltas, strict=True))))

    def epsilon(self, delta: float) -> float:
        """Compute epsilon at ``delta`` of the kind that pays most; infinite if the charges' own deltas exceed it."""
        return max(_epsilon(curve, delta - own) for curve, own in zip(self.curves, self.deltas, strict=True))


def event_cost(reservations: Iterable[Reservation]) -> EventCost:
    """Add up the cost of an event in the most expensive set of releases that may share it."""
    windows: dict[tuple[str, str], EventCost] = defaultdict(EventCost)
    shared = EventCost()
    for reservation in reservations:
        cost = add_charges(reservation.charges)
        if reservation.window is None:
            shared += cost
        else:
            windows[reservation.subject, reservation.window] += cost
    datasets: dict[str, list[EventCost]] = defaultdict(list)
    for (dataset, _), cost in windows.items():
        datasets[dataset].append(cost)
    return sum((_dearest(costs) for costs in datasets.values()), shared)


def add_charges(charges: Sequence[Charge]) -> EventCost:
    """Add up the charges of one release for each kind of event."""
    counted = [charge for charge in charges if charge.unit == PrivacyUnit.EVENT]
    paid = [[charge for charge in counted if charge.label == kind or charge.label not in _KINDS] for kind in _KINDS]
    curves = np.array([curve_of(step for charge in kind for step in charge.steps) for kind in paid])
    return EventCost(curves, tuple(sum(charge.delta for charge in kind) for kind in paid))


def check_events(past: Sequence[Reservation], added: Reservation, ledger: str) -> None:
    """Raise ``BudgetError``, with what is spent and what to change, if an event would exceed its lifetime budget."""
    budget = added.events
    if budget is None or not add_charges(added.charges).curves.any():
        return
    before, after = event_cost(past), event_cost([*past, added])
    if admits(after, budget):
        return
    epsilon, delta = budget.epsilon, budget.delta
    raise BudgetError(
        f"the ledger {ledger} refuses the release: one event that is in all of its releases has spent epsilon "
        f"{before.epsilon(delta):.4g} of noise.lifetime_event_epsilon={epsilon:g} at delta {delta:g}, and with this "
        f"one it would be {after.epsilon(delta):.4g}; run by days, which releases every session once"
    )


def admits(cost: EventCost, budget: EventBudget) -> bool:
    """Return whether an event whose total is ``cost`` is within its lifetime budget, decided at one Renyi order."""
    limit = LifetimeFilter.of(budget.epsilon, budget.delta)
    return all(limit.holds(curve, delta) for curve, delta in zip(cost.curves, cost.deltas, strict=True))


def _dearest(costs: Sequence[EventCost]) -> EventCost:
    """Bound all of ``costs``: for each kind the largest divergence at each order, and the largest delta."""
    deltas = zip(*(cost.deltas for cost in costs), strict=True)
    return EventCost(np.max([cost.curves for cost in costs], axis=0), tuple(map(max, deltas)))


def _epsilon(curve: Curve, delta: float) -> float:
    if not curve.any():
        return 0.0
    return max(0.0, float(np.min(curve + conversion(delta)))) if delta > 0 else np.inf
