"""Sealer of rejects: codes and constant sentences in the clear, content sealed to the quarantine key."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from schemas.claims import Claim, ConsentStatus
from schemas.rejects import Fault, RejectedEvents, Stage
from schemas.tally import NOT_KEPT, Tally
from transforms.keys.envelope import seal
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest

QUARANTINE_CONTEXT = b"keyveil-quarantine-v1"


_LOCATOR = "quarantine locator"


_OWNER = "quarantine owner"


def owner_names(keys: KeySet, user_id: str) -> frozenset[str]:
    """Compute the keyed names of a person (canonical id) in the quarantine, under the current and retired keys."""
    return frozenset(_owner(key, user_id) for key in keys.derivations(KeyRole.TRANSIT, _OWNER))


def _owner(key: bytes, user_id: str) -> str:
    return keyed_digest(key, b"owner", user_id.encode("utf-8", "surrogatepass"))


class QuarantineSealer:
    """Sealer of rejects under one key set."""

    def __init__(self, keys: KeySet) -> None:
        self._public = keys.quarantine_public()
        self._locator = keys.derive(KeyRole.TRANSIT, _LOCATOR)
        self._owner = keys.derive(KeyRole.TRANSIT, _OWNER)

    def seal_reject(self, rejected: RejectedEvents, content: bytes, users: Iterable[str]) -> RejectedEvents:
        """Add ``content``, sealed to the quarantine key, and a locator that distinguishes the reject from others.

        Without content nothing is sealed. ``users`` (canonical ids) are its people: an erasure finds the record by
        their keyed names, without reading it.
        """
        place = (rejected.source.to_bytes(8, "big", signed=True), rejected.line.to_bytes(8, "big"))
        locator = keyed_digest(self._locator, rejected.stage.encode(), *place, rejected.reason.encode(), content)
        copy = seal(self._public, content, QUARANTINE_CONTEXT) if content else b""
        owners = tuple(sorted(_owner(self._owner, user) for user in users)) if content else ()
        return replace(rejected, locator=locator, sealed=copy, owners=owners)


def seal_fault(fault: Fault, sealer: QuarantineSealer) -> RejectedEvents:
    """Convert a fault to a reject with its content sealed and its codes in the clear."""
    reason, field_name, rule = fault.problem
    reject = RejectedEvents(
        Stage.INGEST, reason, fault.source, fault.line, field_name, rule, fault.events, locator="", days=fault.days
    )
    return sealer.seal_reject(reject, fault.content, fault.claim.users)


@dataclass(frozen=True, slots=True)
class Custody:
    """Rule of which faults keep a copy: ``judge`` decides whether the people of a record agreed."""

    judge: Callable[[Claim], ConsentStatus]
    unnamed_days: int

    def admit(self, fault: Fault) -> Fault:
        """Remove the content of a fault unless a copy may be kept."""
        match self.judge(fault.claim):
            case ConsentStatus.AGREED:
                return fault
            case ConsentStatus.UNKNOWN if self.unnamed_days:
                return replace(fault, days=self.unnamed_days)
            case _:
                return replace(fault, content=b"")

    def admit_all(self, faults: Iterable[Fault]) -> tuple[list[Fault], list[Tally]]:
        """Admit each fault, and count the events without a copy."""
        admitted, counts = [], []
        for fault in faults:
            after = self.admit(fault)
            admitted.append(after)
            if fault.content and not after.content:
                counts.append((f"{NOT_KEPT}.{self.judge(fault.claim).value}", fault.events))
        return admitted, counts
