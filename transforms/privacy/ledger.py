"""Privacy ledger of one key set: append-only, chained by keyed digests, in canonical bytes.

A file of JSON lines: one opens the book, one for each entry, one closes it with the number of entries. Every line
carries HMAC-SHA256, under a key of the key set, of itself and of the digest before it. The bytes are a function of the
entries, and whatever differs is refused: a flipped bit, a line taken out, put in or moved, a cut end. What this cannot
show is an *older whole* book in the place of a newer one; manifests sign the ledger's id, length and last digest.

A charge has one id. It is reserved before data is read: a failed run stays charged, and its retry is the same charge.
It is committed when the release is sealed. It is taken back only where nothing of anybody went into the release.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas.errors import FailedError, UsageError
from schemas.privacy import Charge
from transforms.keys.pseudonym import frame_parts
from transforms.privacy.ledger_changes import Cancellation, Change
from transforms.privacy.ledger_entries import Commit, Entry, Json, Reservation, entry_from_json, entry_to_json

_FORM = "keyveil/ledger/1"
_OPENS = b""


@dataclass(frozen=True, slots=True)
class Position:
    """Position in a ledger that a manifest signs: the first ``length`` entries, covered by ``digest``."""

    ledger_id: str
    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Entries, oldest first; ``ledger_id`` is drawn when the first is written."""

    ledger_id: str
    entries: tuple[Entry, ...] = ()

    def charges(self) -> tuple[Charge, ...]:
        """List the charges of all reservations that were not cancelled, committed or not."""
        return tuple(charge for entry in self.reservations() for charge in entry.charges)

    def reservations(self) -> tuple[Reservation, ...]:
        """List the reservations that were not cancelled, oldest first."""
        standing: dict[str, Reservation] = {}
        for entry in self.entries:
            if isinstance(entry, Reservation):
                standing[entry.charge_id] = entry
            elif isinstance(entry, Cancellation):
                standing.pop(entry.charge_id, None)
        return tuple(standing.values())

    def find_reservation(self, charge_id: str) -> Reservation | None:
        """Find the reservation of an id; None if there is none or it was cancelled."""
        return next((entry for entry in self.reservations() if entry.charge_id == charge_id), None)

    def find_commit(self, charge_id: str) -> Commit | None:
        """Find the commit of an id."""
        return next((e for e in self.entries if isinstance(e, Commit) and e.charge_id == charge_id), None)

    def until(self, charge_id: str) -> "Ledger":
        """Cut the ledger after the last reservation of that id."""
        reserved = [n for n, e in enumerate(self.entries) if isinstance(e, Reservation) and e.charge_id == charge_id]
        return replace(self, entries=self.entries[: reserved[-1] + 1])

    def with_reservation(self, reservation: Reservation) -> "Ledger":
        """Add a reservation, once.

        Raises ``FailedError`` if the id is reserved with other charges: the two runs had different inputs.
        """
        known = self.find_reservation(reservation.charge_id)
        if known is None:
            return replace(self, entries=(*self.entries, reservation))
        if known.charges != reservation.charges:
            raise FailedError(
                f"{reservation.charge_id} was already charged with other figures; choose another label, or report this "
                "if it is a release"
            )
        return self

    def with_commit(self, commit: Commit) -> "Ledger":
        """Add a commit, once; raise ``FailedError`` if the charge is not reserved."""
        if self.find_reservation(commit.charge_id) is None:
            raise FailedError("a charge is committed before it was reserved; restore the ledger from its backup")
        return self if self.find_commit(commit.charge_id) else replace(self, entries=(*self.entries, commit))

    def with_cancellation(self, cancellation: Cancellation) -> "Ledger":
        """Cancel a reservation; do nothing if it is committed or missing."""
        charge_id = cancellation.charge_id
        if self.find_reservation(charge_id) is None or self.find_commit(charge_id) is not None:
            return self
        return replace(self, entries=(*self.entries, cancellation))

    def with_change(self, change: Change) -> "Ledger":
        """Add a change, once; its time does not make it another one."""
        known = any(type(e) is type(change) and replace(e, at=change.at) == change for e in self.entries)
        return self if known else replace(self, entries=(*self.entries, change))


def encode(ledger: Ledger, key: bytes) -> bytes:
    """Serialise a ledger under the 32-byte ``key``."""
    lines, digests = _chain(ledger, key)
    lines.append(_line({"entries": len(ledger.entries)}, digests[-1], key)[0])
    return b"".join(lines)


def decode(content: bytes, keys: Sequence[bytes], name: str) -> Ledger:
    """Parse a ledger; ``keys`` are the current key and those before rotations.

    Raises ``FailedError``, which says ``name``, unless ``content`` is, bit for bit, what ``encode`` writes under one
    of ``keys``.
    """
    try:
        opening, *lines = [json.loads(line) for line in content.splitlines()]
        ledger = Ledger(opening["ledger_id"], tuple(entry_from_json(line["entry"]) for line in lines[:-1]))
        exact = any(hmac.compare_digest(encode(ledger, key), content) for key in keys)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UsageError):
        exact = False
    if not exact:
        raise FailedError(
            f"the ledger {name} was altered, or written under another key set; no release is made without it, "
            "restore it from its backup"
        )
    return ledger


def position(ledger: Ledger, key: bytes) -> Position:
    """Compute the position of the last entry."""
    return Position(ledger.ledger_id, len(ledger.entries), _chain(ledger, key)[1][-1].hex())


@dataclass(frozen=True, slots=True)
class LedgerChain:
    """Digests of a ledger after each number of its entries, under each of its keys; computed once for many positions.

    ``digests[k][n]`` covers the first ``n`` entries under key ``k``.
    """

    ledger_id: str
    digests: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, ledger: Ledger, keys: Sequence[bytes]) -> "LedgerChain":
        """Compute the chain of a ledger."""
        return cls(ledger.ledger_id, tuple(tuple(d.hex() for d in _chain(ledger, key)[1]) for key in keys))

    def confirms(self, place: Position) -> bool:
        """Return whether the ledger begins with the entries that ``place`` was signed for, under one of the keys."""
        return self.ledger_id == place.ledger_id and any(
            0 <= place.length < len(known) and known[place.length] == place.digest for known in self.digests
        )


def _chain(ledger: Ledger, key: bytes) -> tuple[list[bytes], list[bytes]]:
    """Serialise all lines but the last, and compute the digests that cover them: of no entry, of one, and so on."""
    line, digest = _line({"form": _FORM, "ledger_id": ledger.ledger_id}, _OPENS, key)
    lines, digests = [line], [digest]
    for entry in ledger.entries:
        line, digest = _line({"entry": entry_to_json(entry)}, digest, key)
        lines.append(line)
        digests.append(digest)
    return lines, digests


def _line(body: dict[str, Json], previous: bytes, key: bytes) -> tuple[bytes, bytes]:
    digest = hmac.digest(key, b"".join(frame_parts(previous, _canonical(body))), "sha256")
    return _canonical(body | {"digest": digest.hex()}) + b"\n", digest


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()
