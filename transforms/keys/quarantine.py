"""What leaves a stage of something set aside: codes and constant sentences in the clear, its content sealed."""

from dataclasses import replace

from schemas.rejects import Rejected
from transforms.keys.envelope import seal
from transforms.keys.provider import KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest

QUARANTINE_CONTEXT = b"keyveil-quarantine-v1"
_LOCATOR = "quarantine locator"


class Sealer:
    """Completes rejects under one key set."""

    def __init__(self, keys: KeySet) -> None:
        self._public = keys.quarantine_public()
        self._locator = keys.derive(KeyRole.TRANSIT, _LOCATOR)

    def sealed(self, rejected: Rejected, content: bytes) -> Rejected:
        """Return ``rejected`` with ``content`` for the quarantine key alone, and a locator that tells it from others.

        Where there is no content, nothing is sealed.
        """
        place = (rejected.source.to_bytes(8, "big", signed=True), rejected.line.to_bytes(8, "big"))
        locator = keyed_digest(self._locator, rejected.stage.encode(), *place, rejected.reason.encode(), content)
        copy = seal(self._public, content, QUARANTINE_CONTEXT) if content else b""
        return replace(rejected, locator=locator, sealed=copy)
