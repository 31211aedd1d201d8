"""What leaves ingest of a fault: codes and constant sentences in the clear, its content only for the quarantine key."""

from schemas.rejects import Rejected, Stage
from transforms.ingest.block import Fault
from transforms.keys.quarantine import Sealer


def rejected(fault: Fault, sealer: Sealer) -> Rejected:
    """Return ``fault`` without its content, and the content sealed; the locator tells faults of a run apart."""
    reason, field_name, rule = fault.problem
    told = Rejected(Stage.INGEST, reason, fault.source, fault.line, field_name, rule, fault.events, locator="")
    return sealer.sealed(told, fault.content)
