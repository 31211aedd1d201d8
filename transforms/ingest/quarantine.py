"""What leaves ingest of a fault: codes and constant sentences in the clear, its content only for the quarantine key."""

from schemas.rejects import Rejected, Stage
from transforms.ingest.block import Fault
from transforms.keys.envelope import seal
from transforms.keys.provider import KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest

QUARANTINE_CONTEXT = b"keyveil-quarantine-v1"
_LOCATOR = "quarantine locator"


class Sealer:
    """Turns faults into rejects under one key set."""

    def __init__(self, keys: KeySet) -> None:
        self._public = keys.quarantine_public()
        self._locator = keys.derive(KeyRole.TRANSIT, _LOCATOR)

    def rejected(self, fault: Fault) -> Rejected:
        """Return ``fault`` without its content, and the content sealed; the locator tells faults of a run apart."""
        place = (fault.source.to_bytes(8, "big", signed=True), fault.line.to_bytes(8, "big"))
        reason, field_name, rule = fault.problem
        return Rejected(
            stage=Stage.INGEST,
            reason=reason,
            source=fault.source,
            line=fault.line,
            field_name=field_name,
            rule=rule,
            events=fault.events,
            locator=keyed_digest(self._locator, Stage.INGEST.encode(), *place, reason.encode(), fault.content),
            sealed=seal(self._public, fault.content, QUARANTINE_CONTEXT) if fault.content else b"",
        )
