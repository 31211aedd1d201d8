"""Views of the ledger for ``keyveil ledger``, as plain data."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.budget.account import LedgerAccount, now
from pipelines.budget.release_plan import looser_than_policy, plan_release
from pipelines.config import RunConfig
from schemas.errors import RefusedError, UsageError
from schemas.privacy import Adjacency, Charge, Gaussian, PrivacyUnit, Pure, Step
from transforms.noise.looser_settings import budget_of, event_budget_of
from transforms.noise.settings import EVENT_DELTA, NoiseSettings
from transforms.privacy.budget import Budget, EventBudget
from transforms.privacy.composition import Cost, LifetimeFilter, check_lifetime, check_release, spent_epsilon, user_cost
from transforms.privacy.event_composition import check_events, event_cost
from transforms.privacy.ledger import position
from transforms.privacy.ledger_entries import Reservation

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,99}")
_HISTORY = "--history must hold [[noise_multiplier, sample_rate, steps], ...] or the state_dict of an Opacus accountant"

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Training:
    """A training run as the operator describes it."""

    label: str
    epsilon: float
    delta: float
    history: Path | None


def show(account: LedgerAccount, settings: NoiseSettings) -> View:
    """List the charges, the spent budget by unit and the rest; raise ``FailedError`` if the chain does not verify."""
    ledger, budget = account.ledger(), budget_of(settings)
    entries = [
        {
            "charge_id": entry.charge_id,
            "subject": entry.subject,
            "at": entry.at,
            "sealed": None if (commit := ledger.find_commit(entry.charge_id)) is None else commit.release,
            "epsilon": _finite(spent_epsilon(entry.charges, PrivacyUnit.USER, entry.budget.delta)),
            "delta": entry.budget.delta,
            "quantities": [_quantity(charge, entry.budget) for charge in entry.charges],
        }
        for entry in ledger.reservations()
    ]
    place = position(ledger, account.keys[0])
    return {
        "ledger": account.store.name,
        "ledger_id": ledger.ledger_id if ledger.entries else None,
        "verified": True,
        "length": place.length,
        "digest": place.digest if ledger.entries else None,
        "charges": entries,
        **_totals(ledger.charges(), budget),
        "events": _events(ledger.reservations(), event_budget_of(settings)),
    }


def plan(account: LedgerAccount, config: RunConfig) -> View:
    """Preview the charges of a run, quantity by quantity, and whether they would be refused; reads no data."""
    budget, ledger = budget_of(config.noise), account.ledger()
    past, charges = ledger.charges(), plan_release(config).charges()
    events = event_budget_of(config.noise)
    asked = Reservation("plan", "plan", "", "", budget, charges, now(), events=events)
    refused = None
    try:
        check_release(charges, budget)
        check_lifetime(past, charges, budget, account.store.name)
        check_events(ledger.reservations(), asked, account.store.name)
    except RefusedError as error:
        refused = str(error)
    return {
        "ledger": account.store.name,
        "quantities": [_quantity(charge, budget) for charge in charges],
        "release": {
            "unit": budget.unit,
            "epsilon": _finite(spent_epsilon(charges, budget.unit, budget.delta)),
            "delta": budget.delta,
            "allowed_epsilon": budget.epsilon,
        },
        "before": {**_totals(past, budget), "events": _events(ledger.reservations(), events)},
        "after": {**_totals((*past, *charges), budget), "events": _events((*ledger.reservations(), asked), events)},
        "loosened": list(looser_than_policy(config)),
        "refused": refused,
    }


def charge(account: LedgerAccount, settings: NoiseSettings, training: Training) -> View:
    """Charge a training run for users, once for its label, and return the rest; raise ``RefusedError`` beyond it."""
    if not _LABEL.fullmatch(training.label):
        raise UsageError("--label is 1 to 100 of letters, digits, space . _ - and starts with a letter or digit")
    policy = budget_of(settings)
    budget = Budget(PrivacyUnit.USER, training.epsilon, training.delta, policy.lifetime_epsilon, policy.lifetime_delta)
    made = _training_charge(training)
    cost = spent_epsilon([made], PrivacyUnit.USER, training.delta)
    if training.history is not None and cost > training.epsilon:
        raise UsageError(
            f"the history costs epsilon {cost:.4g} at delta {training.delta:g}, more than --epsilon "
            f"{training.epsilon:g}; train with more noise or fewer steps"
        )
    ledger = account.reserve(Reservation(f"training/{training.label}", "training", "", "", budget, (made,), now()))
    return {
        "ledger": account.store.name,
        "charge_id": f"training/{training.label}",
        "quantities": [_quantity(made, budget)],
        **_totals(ledger.charges(), policy),
    }


def _training_charge(training: Training) -> Charge:
    """Build the charge from the steps of the history or, without one, from the stated epsilon and delta."""
    steps: tuple[Step, ...]
    if training.history is not None:
        mechanism, steps, delta = "DP-SGD, users sampled by Poisson", _history(training.history), 0.0
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


def _history(path: Path) -> tuple[Step, ...]:
    try:
        form = json.loads(path.read_bytes())
        rows = form["history"] if isinstance(form, dict) else form
        steps = tuple(Gaussian(multiplier, times, rate) for multiplier, rate, times in rows)
    except (OSError, ValueError, TypeError, KeyError):
        raise UsageError(f"{path} cannot be read: {_HISTORY}") from None
    if not steps:
        raise UsageError(f"{path} holds no step: {_HISTORY}")
    return steps


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
        "expected_error": charge.expected_error,
        "counts_for_users": charge.unit != PrivacyUnit.EVENT,
    }


def _totals(charges: Sequence[Charge], budget: Budget) -> View:
    limit = LifetimeFilter.of(budget.lifetime_epsilon, budget.lifetime_delta)
    return {
        "spent": {
            str(unit): _finite(spent_epsilon(charges, unit, budget.lifetime_delta))
            for unit in (PrivacyUnit.USER, PrivacyUnit.USER_DAY)
        },
        "delta": budget.lifetime_delta,
        "lifetime_epsilon": budget.lifetime_epsilon,
        "fits_epsilon": limit.fits_now(user_cost(charges), budget.delta),
        "fits_delta": budget.delta,
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
