"""Ledger entries of erasures, retirements, approvals and cancelled charges."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Name of a person's tombstone (a keyed digest); the tombstone itself is in private state."""

    tombstone: str
    at: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """Manifest that an erasure wrote in place of another, and the number of erasures that it proves."""

    release: str
    manifest_sha256: str
    erasures: int
    at: str


@dataclass(frozen=True, slots=True)
class Retirement:
    """Address of a release whose retention has ended; entered before its files are removed."""

    release: str
    at: str


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Cancelled reservation: nobody's data went into the release and nothing was published."""

    charge_id: str
    at: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Approval of a release, as its manifest was, by a reviewer (a role)."""

    release: str
    manifest_sha256: str
    reviewer: str
    at: str


Change = Tombstone | Replacement | Retirement | Cancellation | Approval
_KINDS: Mapping[str, type[Change]] = {
    "tombstone": Tombstone,
    "replace": Replacement,
    "retire": Retirement,
    "cancel": Cancellation,
    "approve": Approval,
}


def change_to_json(change: Change) -> dict[str, str | int]:
    """Convert a change to JSON."""
    if isinstance(change, Tombstone):
        return {"kind": "tombstone", "tombstone": change.tombstone, "at": change.at}
    if isinstance(change, Retirement):
        return {"kind": "retire", "release": change.release, "at": change.at}
    if isinstance(change, Cancellation):
        return {"kind": "cancel", "charge_id": change.charge_id, "at": change.at}
    if isinstance(change, Approval):
        named = {"release": change.release, "manifest_sha256": change.manifest_sha256}
        return {"kind": "approve", **named, "reviewer": change.reviewer, "at": change.at}
    return {
        "kind": "replace",
        "release": change.release,
        "manifest_sha256": change.manifest_sha256,
        "erasures": change.erasures,
        "at": change.at,
    }


def change_from_json(form: Mapping[str, Any]) -> Change | None:
    """Parse a change; ``None`` for an entry of another kind, ``TypeError`` for a damaged one."""
    kind = _KINDS.get(form["kind"])
    return None if kind is None else kind(**{name: value for name, value in form.items() if name != "kind"})
