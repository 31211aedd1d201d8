"""What leaves a stage of something set aside: codes and constant sentences in the clear, its content sealed."""

from collections.abc import Iterable
from dataclasses import replace

from schemas.rejects import Rejected
from transforms.keys.envelope import seal
from transforms.keys.provider import KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest

QUARANTINE_CONTEXT = b"keyveil-quarantine-v1"
_LOCATOR = "quarantine locator"
_OWNER = "quarantine owner"


def owner_names(keys: KeySet, user_id: str) -> frozenset[str]:
    """Name a person (canonical id) as records of the quarantine do, under the present key and those before it."""
    return frozenset(_owner(key, user_id) for key in keys.derivations(KeyRole.TRANSIT, _OWNER))


def _owner(key: bytes, user_id: str) -> str:
    return keyed_digest(key, b"owner", user_id.encode("utf-8", "surrogatepass"))


class Sealer:
    """Completes rejects under one key set."""

    def __init__(self, keys: KeySet) -> None:
        self._public = keys.quarantine_public()
        self._locator = keys.derive(KeyRole.TRANSIT, _LOCATOR)
        self._owner = keys.derive(KeyRole.TRANSIT, _OWNER)

    def sealed(self, rejected: Rejected, content: bytes, users: Iterable[str]) -> Rejected:
        """Complete ``rejected`` by ``content`` for the quarantine key alone, and a locator that tells it from others.

        Where there is no content, nothing is sealed. ``users`` (canonical ids) are the people behind it: an erasure
        finds by their keyed names what nobody without the private key can read.
        """
        place = (rejected.source.to_bytes(8, "big", signed=True), rejected.line.to_bytes(8, "big"))
        locator = keyed_digest(self._locator, rejected.stage.encode(), *place, rejected.reason.encode(), content)
        copy = seal(self._public, content, QUARANTINE_CONTEXT) if content else b""
        owners = tuple(sorted(_owner(self._owner, user) for user in users)) if content else ()
        return replace(rejected, locator=locator, sealed=copy, owners=owners)
