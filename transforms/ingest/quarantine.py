"""What leaves ingest of a fault: codes and constant sentences in the clear, its content only for the quarantine key.

Of somebody who did not agree, withdrew or was erased nothing is kept but the count; where nobody knows whose a record
is, it is kept only for as many days as ``ingest.keep_unnamed_days`` says.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from schemas.claims import Claim, Standing
from schemas.outcome import Tally
from schemas.rejects import Rejected, Stage
from transforms.ingest.block import Fault
from transforms.keys.quarantine import Sealer

NOT_KEPT = "quarantine.not_kept."
"""Begins a tally name: events of bad records of which no copy was kept, by ``refused`` or ``unknown``."""


def rejected(fault: Fault, sealer: Sealer) -> Rejected:
    """Seal what a fault holds and leave the rest of it in the clear; the locator tells faults of a run apart."""
    reason, field_name, rule = fault.problem
    told = Rejected(
        Stage.INGEST, reason, fault.source, fault.line, field_name, rule, fault.events, locator="", days=fault.days
    )
    return sealer.sealed(told, fault.content, fault.claim.users)


@dataclass(frozen=True, slots=True)
class Custody:
    """Decides of which faults a copy is kept: ``judge`` tells whether the people behind a record agreed."""

    judge: Callable[[Claim], Standing]
    unnamed_days: int

    def admit(self, fault: Fault) -> Fault:
        """Take the content out of a fault unless a copy of it may be kept."""
        match self.judge(fault.claim):
            case Standing.AGREED:
                return fault
            case Standing.UNKNOWN if self.unnamed_days:
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
