"""Erasures in private state: one record for each person, under a name that reveals nothing without the key set.

While an erasure is pending its record holds the person's id, sealed under the key set, so that it can be resumed; when
it is done the id is gone and the proof stays. The record itself is the tombstone that every run obeys.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.state.private_state import PrivateState
from schemas.errors import FailedError, RefusedError
from transforms.consent.erasure import is_erased, tombstone_keys, tombstones, without_erased
from transforms.consent.registry import ConsentSnapshot
from transforms.keys.envelope import decrypt_by_any, encrypt
from transforms.keys.key_set import KeyRole, KeySet
from transforms.object_store.interface import ObjectStore
from transforms.privacy.ledger import Position

_FOLDER = "erasures"
_SUFFIX = ".json"
_CONTEXT = b"keyveil-erasure-v1"


@dataclass(frozen=True, slots=True)
class ErasureRecords:
    """Erasure records of one key set in the private state at ``place``."""

    place: ObjectStore
    keys: KeySet

    @classmethod
    def of(cls, private: PrivateState) -> "ErasureRecords":
        """Open the erasure records in private state."""
        return cls(private.part(_FOLDER), private.keys)

    def tombstones(self) -> frozenset[str]:
        """List the tombstones of all erased people, pending or done."""
        return frozenset(name.removesuffix(_SUFFIX) for name in self.place.names() if name.endswith(_SUFFIX))

    def knows(self, user_id: str) -> bool:
        """Check whether the user was erased, or an erasure is pending."""
        return is_erased(tombstone_keys(self.keys), self.tombstones(), user_id)

    def begin(self, user_id: str, uris: tuple[str, ...]) -> str:
        """Write a tombstone for ``uris``, or extend the existing one; return its name."""
        found = self.tombstones().intersection(tombstones(tombstone_keys(self.keys), user_id))
        name = min(found) if found else tombstones(tombstone_keys(self.keys), user_id)[0]
        before = self._record(name)
        known = () if before is None else tuple(before["uris"])
        proofs = [] if before is None else before["proofs"]
        anchor = None if before is None else before.get("ledger")
        sealed = encrypt(self._key(), user_id.encode("utf-8", "surrogatepass"), _CONTEXT)
        record = {
            "pending": base64.b64encode(sealed).decode(),
            "uris": sorted({*known, *uris}),
            "proofs": proofs,
            "ledger": anchor,
        }
        self._put(name, record)
        return name

    def pending(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """List tombstone, user and addresses of every unfinished erasure."""
        found = []
        for name in sorted(self.tombstones()):
            record = self._record(name)
            if record is not None and record["pending"] is not None:
                user = self._decrypt(base64.b64decode(record["pending"])).decode("utf-8", "surrogatepass")
                found.append((name, user, tuple(record["uris"])))
        return found

    def prove(self, name: str, proof: dict[str, Any]) -> None:
        """Add the proof of one release, replacing that of a stopped attempt."""
        record, done = self._record(name), json.loads(json.dumps(proof))
        if record is not None:
            others = [item for item in record["proofs"] if _removed_files(item) != _removed_files(done)]
            self._put(name, record | {"proofs": [*others, done]})

    def finish(self, name: str) -> None:
        """Delete the id of the person; the tombstone and the proofs stay."""
        record = self._record(name)
        if record is not None:
            self._put(name, record | {"pending": None})

    def anchor(self, name: str, place: Position) -> None:
        """Record the ledger position of the tombstone: a shorter ledger is older than the erasure."""
        record = self._record(name)
        if record is not None and record.get("ledger") is None:
            self._put(name, record | {"ledger": asdict(place)})

    def positions(self) -> list[Position]:
        """List the ledger positions of all erasures; records of earlier versions have none."""
        anchors = [record.get("ledger") for record in self._records()]
        return [Position(**anchor) for anchor in anchors if anchor is not None]

    def removed_files(self) -> frozenset[str]:
        """List the SHA-256 of every file that an erasure removed from a release."""
        proofs = [proof for record in self._records() for proof in record["proofs"]]
        return frozenset(file["sha256"] for proof in proofs for file in proof["removed"])

    def _records(self) -> list[dict[str, Any]]:
        return [record for name in sorted(self.tombstones()) if (record := self._record(name)) is not None]

    def _record(self, name: str) -> dict[str, Any] | None:
        seen = self.place.get(name + _SUFFIX)
        if seen is None:
            return None
        try:
            record: dict[str, Any] = json.loads(seen.content)
        except ValueError:
            raise FailedError(f"{self.place.uri}/{name}{_SUFFIX} is damaged; restore private state") from None
        return record

    def _put(self, name: str, record: dict[str, Any]) -> None:
        seen = self.place.get(name + _SUFFIX)
        content = json.dumps(record, sort_keys=True).encode()
        if not self.place.compare_and_swap(name + _SUFFIX, content, None if seen is None else seen.version):
            raise FailedError("another process works on the same erasure; wait for it and run keyveil erase --pending")

    def _key(self) -> bytes:
        return self.keys.derive(KeyRole.TRANSIT, _FOLDER)

    def _decrypt(self, sealed: bytes) -> bytes:
        try:
            return decrypt_by_any(self.keys.derivations(KeyRole.TRANSIT, _FOLDER), sealed, _CONTEXT)
        except FailedError:
            raise FailedError("a pending erasure was begun under another key set; name that one with --keys") from None


def _removed_files(proof: Mapping[str, Any]) -> object:
    return proof["release"], proof["removed"]


def effective_consent(consent: ConsentSnapshot, private: PrivateState) -> ConsentSnapshot:
    """Remove all erased people of the key set from a consent snapshot."""
    return without_erased(consent, ErasureRecords.of(private).tombstones(), tombstone_keys(private.keys))


def check_no_erasure_since(consent: ConsentSnapshot, private: PrivateState) -> None:
    """Raise ``RefusedError`` if somebody in ``consent``, the snapshot of a run, was erased meanwhile."""
    if effective_consent(consent, private) != consent:
        raise RefusedError("somebody was erased during the run; nothing is published, run again without them")
