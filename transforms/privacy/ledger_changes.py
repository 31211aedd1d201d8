"""Ledger entries of what happened to releases: erasures, retirements, and charges taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The name of a person's tombstone, a keyed digest; every run needs the tombstone itself in private state."""

    tombstone: str
    at: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """The manifest that an erasure put in the place of another, and how many erasures it proves."""

    release: str
    manifest_sha256: str
    erasures: int
    at: str


@dataclass(frozen=True, slots=True)
class Retirement:
    """The address of a release that was removed when its time was over, entered before its files go."""

    release: str
    at: str


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A reservation that was taken back: nothing of anybody went into the release, and nothing of it was shown."""

    charge_id: str
    at: str


Change = Tombstone | Replacement | Retirement | Cancellation
_KINDS: Mapping[str, type[Change]] = {
    "tombstone": Tombstone,
    "replace": Replacement,
    "retire": Retirement,
    "cancel": Cancellation,
}


def change_to_json(change: Change) -> dict[str, str | int]:
    """Return the JSON form of a change."""
    if isinstance(change, Tombstone):
        return {"kind": "tombstone", "tombstone": change.tombstone, "at": change.at}
    if isinstance(change, Retirement):
        return {"kind": "retire", "release": change.release, "at": change.at}
    if isinstance(change, Cancellation):
        return {"kind": "cancel", "charge_id": change.charge_id, "at": change.at}
    return {
        "kind": "replace",
        "release": change.release,
        "manifest_sha256": change.manifest_sha256,
        "erasures": change.erasures,
        "at": change.at,
    }


def change_from_json(form: Mapping[str, Any]) -> Change | None:
    """Return the change; ``None`` where ``form`` is an entry of another kind, ``TypeError`` where it is damaged."""
    kind = _KINDS.get(form["kind"])
    return None if kind is None else kind(**{name: value for name, value in form.items() if name != "kind"})
