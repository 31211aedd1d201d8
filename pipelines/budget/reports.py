"""Views of the ledger for ``keyveil ledger``, as plain data."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from pipelines.budget.account import LedgerAccount, now
from pipelines.budget.forecast import forecast
from pipelines.budget.pace import Pace
from pipelines.budget.release_plan import looser_than_policy, plan_release
from pipelines.budget.remedies import find_remedies, offer_training, render_remedies
from pipelines.budget.training_request import Training
from pipelines.config import RunConfig
from schemas.errors import BudgetError, RefusedError, UsageError
from schemas.privacy import Adjacency, Charge, PrivacyUnit, Pure, Step
from transforms.noise.looser_settings import budget_of, event_budget_of
from transforms.noise.settings import EVENT_DELTA
from transforms.privacy.budget import Budget, EventBudget
from transforms.privacy.composition import (
    Cost,
    LifetimeFilter,
    check_lifetime,
    check_release,
    compose_user_cost,
    compute_epsilon,
)
from transforms.privacy.event_composition import check_events, event_cost
from transforms.privacy.ledger import Ledger, position
from transforms.privacy.ledger_entries import TRAINING, Reservation

View = Mapping[str, Any]


def show(account: LedgerAccount, config: RunConfig) -> View:
    """List the charges, the spent budget by unit and the rest; raise ``FailedError`` if the chain does not verify."""
    ledger, budget = account.ledger(), budget_of(config.noise)
    place = position(ledger, account.keys[0])
    return {
        "ledger": account.store.name,
        "ledger_id": ledger.ledger_id if ledger.entries else None,
        "verified": True,
        "length": place.length,
        "digest": place.digest if ledger.entries else None,
        "charges": list_charges(ledger),
        **_totals(ledger.charges(), budget, Pace.of(config)),
        "events": _events(ledger.reservations(), event_budget_of(config.noise)),
        "default_settings": config == RunConfig(),
    }


def list_charges(ledger: Ledger) -> list[View]:
    """List each charge with its state, its cost for one user, and its quantities with their steps."""
    return [
        {
            "charge_id": entry.charge_id,
            "subject": entry.subject,
            "at": entry.at,
            "state": "charged" if entry.is_final else "reserved" if commit is None else "sealed",
            "sealed": None if commit is None else commit.release,
            "epsilon": _finite(compute_epsilon(entry.charges, PrivacyUnit.USER, entry.budget.delta)),
            "delta": entry.budget.delta,
            "quantities": [_quantity(charge, entry.budget) for charge in entry.charges],
        }
        for entry in ledger.reservations()
        for commit in [ledger.find_commit(entry.charge_id)]
    ]


def plan(account: LedgerAccount, config: RunConfig, size: tuple[int, int] | None = None) -> View:
    """Preview the charges of a run, quantity by quantity, and whether they would be refused; reads no data.

    ``size`` is people and weeks: the view then says what still fits for them, and with which settings, whichever parts
    are on now.
    """
    budget, ledger = budget_of(config.noise), account.ledger()
    past, charges = ledger.charges(), plan_release(config).charges()
    pace = Pace.of(config)
    events = event_budget_of(config.noise)
    asked = Reservation("plan", "plan", "", "", budget, charges, now(), events=events)
    undecided = replace(config, aggregates=replace(config.aggregates, naming=None, counting=None))
    refused = None
    try:
        check_release(charges, budget)
        check_lifetime(past, charges, budget, account.store.name)
        check_events(ledger.reservations(), asked, account.store.name)
    except BudgetError as error:
        refused = f"{error}; {render_remedies(find_remedies(config, ledger, None))}"
    except RefusedError as error:
        refused = str(error)
    return {
        "ledger": account.store.name,
        "quantities": [_quantity(charge, budget) for charge in charges],
        "release": {
            "unit": budget.unit,
            "epsilon": _finite(compute_epsilon(charges, budget.unit, budget.delta)),
            "delta": budget.delta,
            "allowed_epsilon": budget.epsilon,
        },
        "before": {**_totals(past, budget, pace), "events": _events(ledger.reservations(), events)},
        "after": {
            **_totals((*past, *charges), budget, pace),
            "events": _events((*ledger.reservations(), asked), events),
        },
        "loosened": list(looser_than_policy(config)),
        "refused": refused,
        "forecast": None if size is None else asdict(forecast(undecided, *size, compose_user_cost(past))),
    }


def charge(account: LedgerAccount, config: RunConfig, training: Training) -> View:
    """Charge a training run for users, once for its label, and return the rest; raise ``RefusedError`` beyond it."""
    policy = budget_of(config.noise)
    budget = Budget(PrivacyUnit.USER, training.epsilon, training.delta, policy.lifetime_epsilon, policy.lifetime_delta)
    check_history(training)
    made = _training_charge(training)
    reservation = Reservation(f"{TRAINING}/{training.label}", TRAINING, "", "", budget, (made,), now())
    try:
        ledger = account.reserve(reservation)
    except BudgetError as refused:
        raise BudgetError(f"{refused}; {offer_training(account.ledger(), made, budget)}") from None
    charged = ledger.find_reservation(reservation.charge_id) or reservation  # the first time, not this one
    return {
        "ledger": account.store.name,
        "ledger_id": ledger.ledger_id,
        "charge_id": reservation.charge_id,
        "at": charged.at,
        "quantities": [_quantity(made, budget)],
        **_totals(ledger.charges(), policy, Pace.of(config)),
    }


def check_history(training: Training) -> None:
    """Raise ``UsageError`` where the steps of a training cost more than the epsilon that it states."""
    if training.steps is None:
        return
    cost = compute_epsilon([_training_charge(training)], PrivacyUnit.USER, training.delta)
    if cost > training.epsilon:
        raise UsageError(
            f"the history costs epsilon {cost:.4g} at delta {training.delta:g}, more than --epsilon "
            f"{training.epsilon:g}; train with more noise or fewer steps, or ask for what it costs"
        )


def _training_charge(training: Training) -> Charge:
    """Build the charge from the steps of the history or, without one, from the stated epsilon and delta."""
    steps: tuple[Step, ...]
    if training.steps is not None:
        mechanism, steps, delta = "DP-SGD, users sampled by Poisson", training.steps, 0.0
    else:
        mechanism, steps, delta = "stated epsilon and delta", (Pure(training.epsilon),), training.delta
    return Charge(
        label=training.label,
        columns=("model",),
        mechanism=mechanism,
        unit=PrivacyUnit.USER,
        adjacency=Adjacency.ADD_REMOVE,
        steps=steps,
        delta=delta,
    )


def _quantity(charge: Charge, budget: Budget) -> View:
    """Render one charge with its own epsilon: at the policy's delta for an event, else at the delta of a release."""
    delta = EVENT_DELTA if charge.unit == PrivacyUnit.EVENT else budget.delta
    return {
        "label": charge.label,
        "columns": list(charge.columns),
        "mechanism": charge.mechanism,
        "unit": charge.unit,
        "adjacency": charge.adjacency,
        "epsilon": _finite(Cost(charge.steps, charge.delta).epsilon(delta)),
        "delta": delta,
        "steps": [asdict(step) for step in charge.steps],
        "delta_beside_steps": charge.delta,
        "expected_error": charge.expected_error,
        "counts_for_users": charge.unit != PrivacyUnit.EVENT,
    }


def _totals(charges: Sequence[Charge], budget: Budget, pace: Pace) -> View:
    limit, paid = LifetimeFilter.of(budget.lifetime_epsilon, budget.lifetime_delta), compose_user_cost(charges)
    left = limit.releases_left(paid, pace.cost)
    return {
        "spent": {
            str(unit): _finite(compute_epsilon(charges, unit, budget.lifetime_delta))
            for unit in (PrivacyUnit.USER, PrivacyUnit.USER_DAY)
        },
        "delta": budget.lifetime_delta,
        "lifetime_epsilon": budget.lifetime_epsilon,
        "delta_spent": paid.delta,
        "delta_for_charges": limit.delta_for_charges,
        "fits_epsilon": limit.fits_now(paid, budget.delta),
        "fits_delta": budget.delta,
        "releases_left": left,
        "weeks_left": None if left is None else pace.weeks(left),
        "renews": False,
    }


def _events(reservations: Sequence[Reservation], budget: EventBudget) -> View:
    return {
        "spent": _finite(event_cost(reservations).epsilon(budget.delta)),
        "delta": budget.delta,
        "lifetime_epsilon": budget.epsilon,
    }


def _finite(epsilon: float) -> float | None:
    """Return ``None`` for an infinite epsilon, which JSON cannot write."""
    return epsilon if math.isfinite(epsilon) else None
