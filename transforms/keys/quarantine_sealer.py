"""What leaves a stage of something set aside: codes and constant sentences in the clear, its content sealed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from schemas.claims import Claim, ConsentStatus
from schemas.outcome import Tally
from schemas.rejects import Fault, Rejected, Stage
from transforms.keys.envelope import seal
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest

QUARANTINE_CONTEXT = b"keyveil-quarantine-v1"


_LOCATOR = "quarantine locator"


_OWNER = "quarantine owner"


def owner_names(keys: KeySet, user_id: str) -> frozenset[str]:
    """Name a person (canonical id) as records of the quarantine do, under the present key and those before it."""
    return frozenset(_owner(key, user_id) for key in keys.derivations(KeyRole.TRANSIT, _OWNER))


def _owner(key: bytes, user_id: str) -> str:
    return keyed_digest(key, b"owner", user_id.encode("utf-8", "surrogatepass"))


class QuarantineSealer:
    """Completes rejects under one key set."""

    def __init__(self, keys: KeySet) -> None:
        self._public = keys.quarantine_public()
        self._locator = keys.derive(KeyRole.TRANSIT, _LOCATOR)
        self._owner = keys.derive(KeyRole.TRANSIT, _OWNER)

    def seal_reject(self, rejected: Rejected, content: bytes, users: Iterable[str]) -> Rejected:
        """Complete ``seal_fault`` by ``content`` for the quarantine key alone, and a locator that tells it from others.

        Where there is no content, nothing is sealed. ``users`` (canonical ids) are the people behind it: an erasure
        finds by their keyed names what nobody without the private key can read.
        """
        place = (rejected.source.to_bytes(8, "big", signed=True), rejected.line.to_bytes(8, "big"))
        locator = keyed_digest(self._locator, rejected.stage.encode(), *place, rejected.reason.encode(), content)
        copy = seal(self._public, content, QUARANTINE_CONTEXT) if content else b""
        owners = tuple(sorted(_owner(self._owner, user) for user in users)) if content else ()
        return replace(rejected, locator=locator, sealed=copy, owners=owners)


NOT_KEPT = "quarantine.not_kept."
"""Begins a tally name: events of bad records of which no copy was kept, by ``refused`` or ``unknown``."""


def seal_fault(fault: Fault, sealer: QuarantineSealer) -> Rejected:
    """Seal what a fault holds and leave the rest of it in the clear; the locator tells faults of a run apart."""
    reason, field_name, rule = fault.problem
    told = Rejected(
        Stage.INGEST, reason, fault.source, fault.line, field_name, rule, fault.events, locator="", days=fault.days
    )
    return sealer.seal_reject(told, fault.content, fault.claim.users)


@dataclass(frozen=True, slots=True)
class Custody:
    """Decides of which faults a copy is kept: ``judge`` tells whether the people behind a record agreed."""

    judge: Callable[[Claim], ConsentStatus]
    unnamed_days: int

    def admit(self, fault: Fault) -> Fault:
        """Take the content out of a fault unless a copy of it may be kept."""
        match self.judge(fault.claim):
            case ConsentStatus.AGREED:
                return fault
            case ConsentStatus.UNKNOWN if self.unnamed_days:
                return replace(fault, days=self.unnamed_days)
            case _:
                return replace(fault, content=b"")

    def admit_all(self, faults: Iterable[Fault]) -> tuple[list[Fault], list[Tally]]:
        """Admit each fault, and count the events of which no copy is kept."""
        admitted, counts = [], []
        for fault in faults:
            after = self.admit(fault)
            admitted.append(after)
            if fault.content and not after.content:
                counts.append((f"{NOT_KEPT}{self.judge(fault.claim).value}", fault.events))
        return admitted, counts
