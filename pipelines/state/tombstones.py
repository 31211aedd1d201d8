"""Erasures in private state: one record for each person, under a name that reveals nothing without the key set.

While an erasure is pending its record holds the person's id, sealed under the key set, so that it can be resumed; when
it is done the id is gone and the proof stays. The record itself is the tombstone that every run obeys.
"""

import base64
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
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
_IDS = 1
"""Version of the canonical form of ids; a record without one may be of an id as it was spelled."""


@dataclass(frozen=True, slots=True)
class PendingErasure:
    """Unfinished erasure of a user from ``uris``, or from one ``release`` alone, after a withdrawal."""

    user: str = field(repr=False)
    uris: tuple[str, ...]
    release: str | None


@dataclass(frozen=True, slots=True)
class ErasureRecords:
    """Erasure records of one key set in the private state at ``store``."""

    store: ObjectStore
    keys: KeySet

    @classmethod
    def of(cls, private: PrivateState) -> "ErasureRecords":
        """Open the erasure records in private state."""
        return cls(private.part(_FOLDER), private.keys)

    def tombstones(self) -> frozenset[str]:
        """List the tombstones of all erased people, pending or done."""
        return frozenset(name.removesuffix(_SUFFIX) for name in self.store.names() if name.endswith(_SUFFIX))

    def knows(self, *spellings: str) -> bool:
        """Check whether the user of an id, in any of its ``spellings``, was erased, or an erasure is pending."""
        return any(is_erased(tombstone_keys(self.keys), self.tombstones(), spelling) for spelling in spellings)

    def erased_releases(self, *spellings: str) -> frozenset[str]:
        """List the addresses of the releases that a person was erased from, by the proofs of their tombstones."""
        names = {name for spelling in spellings for name in tombstones(tombstone_keys(self.keys), spelling)}
        records = [record for name in sorted(names & self.tombstones()) if (record := self._record(name)) is not None]
        return frozenset(proof["release"] for record in records for proof in record["proofs"])

    def begin(self, user_id: str, uris: tuple[str, ...], spelled: str = "") -> str:
        """Write a tombstone for ``uris``, or extend the existing one; return its name.

        ``spelled`` is the id as it was given. A tombstone that an earlier version left under it is taken over.
        """
        return self._begin(user_id, user_id, uris, spelled, None)

    def begin_withdrawal(self, user_id: str, release: str) -> str:
        """Write a record of taking a user out of one release; return its name.

        It is no tombstone of the user, who may agree again: its name is that of an id that nobody can have, since it
        holds a control character.
        """
        return self._begin(user_id, f"{user_id}\0{release}", (release,), "", release)

    def _begin(self, user_id: str, named: str, uris: tuple[str, ...], spelled: str, release: str | None) -> str:
        names, existing = tombstones(tombstone_keys(self.keys), named), self.tombstones()
        found = existing.intersection(names)
        name = min(found) if found else names[0]
        old = existing.intersection(tombstones(tombstone_keys(self.keys), spelled)) - {name} if spelled else frozenset()
        before = [record for known in (name, *sorted(old)) if (record := self._record(known)) is not None]
        known = [uri for record in before for uri in record["uris"]]
        proofs = [proof for record in before for proof in record["proofs"]]
        anchor = next((record["ledger"] for record in before if record.get("ledger") is not None), None)
        sealed = encrypt(self._key(), user_id.encode("utf-8", "surrogatepass"), _CONTEXT)
        record = {
            "pending": base64.b64encode(sealed).decode(),
            "uris": sorted({*known, *uris}),
            "proofs": proofs,
            "ledger": anchor,
            "ids": _IDS,
            "release": release,
        }
        self._put(name, record)
        for taken in sorted(old):
            self._put(taken, (self._record(taken) or record) | {"pending": None, "ids": _IDS})
        return name

    def check_spellings(self) -> None:
        """Raise ``RefusedError`` if an erasure may be of an id as it was spelled, which no run would recognise."""
        unsettled = sum(record.get("ids") != _IDS for record in self._records())
        if unsettled:
            raise RefusedError(
                f"{unsettled} erasures were recorded by a version that compared ids letter by letter: erase these "
                "people once more, spelled as then (keyveil erase), or finish them (keyveil erase --pending); where "
                "nobody knows the ids, name another key set and --state"
            )

    def pending(self) -> list[PendingErasure]:
        """List the unfinished erasures."""
        found = []
        for name in sorted(self.tombstones()):
            record = self._record(name)
            if record is not None and record["pending"] is not None:
                user = self._decrypt(base64.b64decode(record["pending"])).decode("utf-8", "surrogatepass")
                found.append(PendingErasure(user, tuple(record["uris"]), record.get("release")))
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

    def anchor(self, name: str, store: Position) -> None:
        """Record the ledger position of the tombstone: a shorter ledger is older than the erasure."""
        record = self._record(name)
        if record is not None and record.get("ledger") is None:
            self._put(name, record | {"ledger": asdict(store)})

    def positions(self) -> list[Position]:
        """List the ledger positions of all erasures; records of earlier versions have none."""
        anchors = [record.get("ledger") for record in self._records()]
        return [Position(**anchor) for anchor in anchors if anchor is not None]

    def removed_files(self) -> frozenset[str]:
        """List the SHA-256 of every file that an erasure removed from a release."""
        proofs = [proof for record in self._records() for proof in record["proofs"]]
        return frozenset(file["sha256"] for proof in proofs for file in proof["removed"])

    def count_people(self, files: Collection[str]) -> int:
        """Count the people from whose erasures the removed ``files`` are, by SHA-256.

        Two tombstones with a file in common are one person, whose id an earlier version spelled otherwise.
        """
        removed = [
            {file["sha256"] for proof in record["proofs"] for file in proof["removed"]} for record in self._records()
        ]
        people = list[set[str]]()
        for theirs in sorted(removed, key=len, reverse=True):
            if not theirs.isdisjoint(files) and all(theirs.isdisjoint(known) for known in people):
                people.append(theirs)
        return len(people)

    def _records(self) -> list[dict[str, Any]]:
        return [record for name in sorted(self.tombstones()) if (record := self._record(name)) is not None]

    def _record(self, name: str) -> dict[str, Any] | None:
        seen = self.store.get(name + _SUFFIX)
        if seen is None:
            return None
        try:
            record: dict[str, Any] = json.loads(seen.content)
        except ValueError:
            raise FailedError(f"{self.store.uri}/{name}{_SUFFIX} is damaged; restore private state") from None
        return record

    def _put(self, name: str, record: dict[str, Any]) -> None:
        seen = self.store.get(name + _SUFFIX)
        content = json.dumps(record, sort_keys=True).encode()
        if not self.store.compare_and_swap(name + _SUFFIX, content, None if seen is None else seen.version):
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
