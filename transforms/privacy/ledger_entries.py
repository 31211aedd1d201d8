"""Ledger entries and their canonical JSON form: every record has exactly one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.privacy import Adjacency, Charge, DayWindow, Gaussian, PrivacyUnit, Pure, Step
from transforms.privacy.budget import Budget, EventBudget
from transforms.privacy.ledger_changes import Change, change_from_json, change_to_json

TRAINING = "training"
"""Subject of the charge of a training, and the first part of its id; a dataset may be called so, an id may not."""

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


@dataclass(frozen=True, slots=True)
class Reservation:
    """Charges of a release before they are spent.

    ``subject`` is the dataset or the training run, ``at`` the UTC time to the second; ``config_fingerprint`` is keyed.
    ``window`` names the days of a release by days: a session is in one window of the dataset alone. ``events`` is the
    lifetime budget of one event. Old entries have neither.
    """

    charge_id: str
    subject: str
    config_fingerprint: str
    code_digest: str
    budget: Budget
    charges: tuple[Charge, ...]
    at: str
    window: str | None = None
    events: EventBudget | None = None

    @property
    def is_final(self) -> bool:
        """Return whether the charge is one of no release, such as ``training/NAME``: nothing is sealed for it later."""
        return self.charge_id.startswith(f"{self.subject}/")

    @property
    def is_training(self) -> bool:
        """Return whether a training is charged; a dataset may be called like its subject."""
        return self.subject == TRAINING and self.is_final


@dataclass(frozen=True, slots=True)
class Commit:
    """Charges of a sealed release: its folder and the SHA-256 of its signed manifest."""

    charge_id: str
    release: str
    manifest_sha256: str
    at: str


Entry = Reservation | Commit | Change


def entry_to_json(entry: Entry) -> Json:
    """Convert an entry to JSON."""
    if isinstance(entry, Commit):
        return {
            "kind": "commit",
            "charge_id": entry.charge_id,
            "release": entry.release,
            "manifest_sha256": entry.manifest_sha256,
            "at": entry.at,
        }
    if not isinstance(entry, Reservation):
        return change_to_json(entry)
    budget = entry.budget
    later: dict[str, Json] = {} if entry.window is None else {"window": entry.window}
    if entry.events is not None:
        later["events"] = [entry.events.epsilon, entry.events.delta]
    return {
        "kind": "reserve",
        "charge_id": entry.charge_id,
        "subject": entry.subject,
        "config_fingerprint": entry.config_fingerprint,
        "code_digest": entry.code_digest,
        "budget": [budget.unit, budget.epsilon, budget.delta, budget.lifetime_epsilon, budget.lifetime_delta],
        "charges": [charge_to_json(charge) for charge in entry.charges],
        "at": entry.at,
        **later,
    }


def entry_from_json(form: Any) -> Entry:
    """Parse an entry; raise ``KeyError``, ``TypeError``, ``ValueError`` or ``UsageError`` if it is damaged."""
    change = change_from_json(form)
    if change is not None:
        return change
    if form["kind"] == "commit":
        return Commit(form["charge_id"], form["release"], form["manifest_sha256"], form["at"])
    unit, *numbers = form["budget"]
    return Reservation(
        form["charge_id"],
        form["subject"],
        form["config_fingerprint"],
        form["code_digest"],
        Budget(PrivacyUnit(unit), *numbers),
        tuple(_charge(item) for item in form["charges"]),
        form["at"],
        form.get("window"),
        EventBudget(*form["events"]) if "events" in form else None,
    )


def charge_to_json(charge: Charge) -> Json:
    """Convert a charge to JSON."""
    window = charge.window
    return {
        "label": charge.label,
        "columns": charge.columns,
        "mechanism": charge.mechanism,
        "unit": charge.unit,
        "adjacency": charge.adjacency,
        "steps": [_step_to_json(step) for step in charge.steps],
        "delta": charge.delta,
        "window": None if window is None else [window.first.isoformat(), window.last.isoformat()],
        "expected_error": charge.expected_error,
    }


def _step_to_json(step: Step) -> Json:
    if isinstance(step, Pure):
        return {"pure_epsilon": step.epsilon, "times": step.times}
    return {"noise_multiplier": step.noise_multiplier, "sample_rate": step.sample_rate, "times": step.times}


def _charge(form: Any) -> Charge:
    window = form["window"]
    return Charge(
        form["label"],
        tuple(form["columns"]),
        form["mechanism"],
        PrivacyUnit(form["unit"]),
        Adjacency(form["adjacency"]),
        tuple(_step(item) for item in form["steps"]),
        form["delta"],
        None if window is None else DayWindow(*map(date.fromisoformat, window)),
        form["expected_error"],
    )


def _step(form: Any) -> Step:
    if "pure_epsilon" in form:
        return Pure(form["pure_epsilon"], form["times"])
    return Gaussian(form["noise_multiplier"], form["times"], form["sample_rate"])
