"""Quarantine of rejects and their reasons (``keyveil quarantine``); only its private key opens the content."""

import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import zstandard
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from schemas.errors import FailedError, RefusedError, UsageError
from schemas.rejects import RejectedEvents
from transforms.ingest.parsing.lines import ZSTD_MAGIC
from transforms.ingest.parsing.parse import find_problem_in_line
from transforms.ingest.settings import IngestSettings
from transforms.keys.envelope import unseal
from transforms.keys.key_set import KeySet
from transforms.keys.quarantine_sealer import QUARANTINE_CONTEXT
from transforms.object_store.addresses import join_uri, open_store
from transforms.object_store.interface import ObjectStore, put

_SEALED, _ABOUT, _SOURCES = ".sealed", ".about.json", "sources.json"
_SHORTEST_LOCATOR = 8
_MOST_BYTES = 2**30


@dataclass(frozen=True, slots=True)
class QuarantineRecord:
    """A sealed record and its public facts.

    ``source`` is the input file as the run was given it, ``sealed`` the name of the sealed copy in ``kept_in``.
    ``owners`` are keyed names of the people behind it, none where nobody knows them; ``None`` where an earlier version
    did not write them. ``until`` is the last day (ISO) on which a record of nobody's is kept, or ''. ``since`` is the
    day (ISO) on which it was set aside, or from which it counts (``remove_expired``); '' of an earlier version's.
    """

    release_id: str
    locator: str
    stage: str
    reason: str
    source: str
    line: int
    field_name: str
    rule: str
    events: int
    kept_in: ObjectStore
    sealed: str
    owners: tuple[str, ...] | None
    until: str
    since: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the machine-readable form."""
        return {
            "release_id": self.release_id,
            "locator": self.locator,
            "stage": self.stage,
            "reason": self.reason,
            "source": self.source,
            "line": self.line,
            "field": self.field_name,
            "rule": self.rule,
            "events": self.events,
            "until": self.until,
            "since": self.since,
        }


@dataclass(frozen=True, slots=True)
class ReplayCounts:
    """Result of a replay: the number of written events, and the records with an event that still breaks a rule."""

    events: int
    still_bad: tuple[str, ...]


def open_quarantine(state: str) -> ObjectStore:
    """Open the quarantine of private state at an address; it has a folder for each release."""
    return open_store(join_uri(state, "quarantine"))


def keep(quarantine: ObjectStore, release_id: str, rejected: RejectedEvents, today: date) -> None:
    """Write the sealed copy of a reject, and its public facts beside it."""
    until = (today + timedelta(days=rejected.days)).isoformat() if rejected.days else ""
    about = {
        "stage": rejected.stage.value,
        "reason": rejected.reason.value,
        "source": rejected.source,
        "line": rejected.line,
        "field": rejected.field_name,
        "rule": rejected.rule,
        "events": rejected.events,
        "owners": list(rejected.owners),
        "until": until,
        "since": today.isoformat(),
    }
    for name, content in ((_ABOUT, json.dumps(about).encode()), (_SEALED, rejected.sealed)):
        put(quarantine, f"{release_id}/{rejected.locator}{name}", content)


def keep_sources(quarantine: ObjectStore, release_id: str, sources: tuple[str, ...]) -> None:
    """Write the input names behind the source numbers of a release's records, if it has records."""
    if any(name.startswith(f"{release_id}/") for name in quarantine.names()):
        put(quarantine, f"{release_id}/{_SOURCES}", json.dumps(sources).encode())


def list_records(quarantine: ObjectStore) -> Iterator[QuarantineRecord]:
    """Yield every record of the quarantine, by release and locator."""
    for sealed in quarantine.names():
        release_id, _, file = sealed.partition("/")
        if not file.endswith(_SEALED):
            continue
        locator = file.removesuffix(_SEALED)
        about = _json(quarantine, f"{release_id}/{locator}{_ABOUT}", {})
        sources = _json(quarantine, f"{release_id}/{_SOURCES}", [])
        source = int(about.get("source", -1))
        yield QuarantineRecord(
            release_id,
            locator,
            str(about.get("stage", "")),
            str(about.get("reason", "")),
            str(sources[source]) if 0 <= source < len(sources) else "",
            int(about.get("line", 0)),
            str(about.get("field", "")),
            str(about.get("rule", "")),
            int(about.get("events", 0)),
            quarantine,
            sealed,
            tuple(map(str, about["owners"])) if "owners" in about else None,
            str(about.get("until", "")),
            str(about.get("since", "")),
        )


def find_record(quarantine: ObjectStore, locator: str) -> QuarantineRecord:
    """Find the one record by a prefix of its locator; raise ``UsageError`` unless exactly one matches."""
    found = [record for record in list_records(quarantine) if record.locator.startswith(locator)]
    if len(locator) < _SHORTEST_LOCATOR or len(found) != 1:
        raise UsageError(f"no single record begins with this locator ({len(found)} do); see keyveil quarantine list")
    return found[0]


def remove(record: QuarantineRecord) -> None:
    """Remove a record and its public facts."""
    record.kept_in.delete(record.sealed)
    record.kept_in.delete(record.sealed.removesuffix(_SEALED) + _ABOUT)


def find_expired(quarantine: ObjectStore, today: date, days: int | None = None) -> list[QuarantineRecord]:
    """Find the expired records without a known owner, and of all records those set aside over ``days`` ago."""
    return [record for record in list_records(quarantine) if _has_expired(record, today, days)]


def _has_expired(record: QuarantineRecord, today: date, days: int | None) -> bool:
    if record.until and date.fromisoformat(record.until) < today:
        return True
    return days is not None and record.since != "" and date.fromisoformat(record.since) + timedelta(days) < today


def remove_expired(quarantine: ObjectStore, today: date, days: int | None = None) -> None:
    """Remove the expired records without a known owner, and of all records those set aside over ``days`` ago.

    Where ``days`` are stated, records of an earlier version, which state no day, count from ``today`` on.
    """
    if days is not None:
        _date_records(quarantine, today)
    for record in find_expired(quarantine, today, days):
        remove(record)


def _date_records(quarantine: ObjectStore, today: date) -> None:
    """Write ``today`` as their first day into records that state none, so that they go one day."""
    for record in list_records(quarantine):
        if not record.since:
            name = record.sealed.removesuffix(_SEALED) + _ABOUT
            put(quarantine, name, json.dumps(_json(quarantine, name, {}) | {"since": today.isoformat()}).encode())


def open_record(record: QuarantineRecord, privates: tuple[X25519PrivateKey, ...]) -> bytes:
    """Decrypt a record; raise ``FailedError`` if no key opens it."""
    with record.kept_in.open(record.sealed) as file:
        sealed = file.read()
    for private in privates:
        try:
            content = unseal(private, sealed, QUARANTINE_CONTEXT)
        except FailedError:
            continue
        if not content.startswith(ZSTD_MAGIC):
            return content
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)) as packed:
            return packed.read(_MOST_BYTES)
    raise FailedError(
        f"{record.kept_in.uri}/{record.sealed} was altered or sealed to another quarantine key; it cannot be opened"
    )


def load_private_keys(keys: KeySet) -> tuple[X25519PrivateKey, ...]:
    """Load the private keys of the quarantine; raise ``RefusedError`` if the key set does not contain them."""
    try:
        return keys.quarantine_privates()
    except RefusedError:
        raise RefusedError(
            "the quarantine opens only with its private key, which this key set does not hold; ask its holder"
        ) from None


def replay(
    records: list[QuarantineRecord], privates: tuple[X25519PrivateKey, ...], without: frozenset[str], target: Path
) -> ReplayCounts:
    """Write every event that is readable now to ``target``, a new 0600 log for ``keyveil run``.

    Fields named in ``without`` are left out first. A record with an event that still breaks a rule is left out whole.
    Raises ``UsageError`` where the target exists.
    """
    events, bad, longest = 0, [], IngestSettings().max_line_bytes
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise UsageError(f"{target} exists and is not overwritten; name another file") from None
    with os.fdopen(descriptor, "wb") as file:
        for record in records:
            lines = [_drop_fields(line, without) for line in open_record(record, privates).splitlines() if line.strip()]
            if not lines or any(len(line) > longest or find_problem_in_line(line) is not None for line in lines):
                bad.append(record.locator)
                continue
            file.writelines(line + b"\n" for line in lines)
            events += len(lines)
    return ReplayCounts(events, tuple(bad))


def _drop_fields(line: bytes, without: frozenset[str]) -> bytes:
    """Drop fields from the line of an event; keep a line that is no JSON object."""
    if not without:
        return line
    try:
        event = json.loads(line)
    except ValueError:
        return line
    if not isinstance(event, dict):
        return line
    return json.dumps(
        {name: value for name, value in event.items() if name not in without}, ensure_ascii=False
    ).encode()


def _json(quarantine: ObjectStore, name: str, otherwise: Any) -> Any:
    seen = quarantine.get(name)
    try:
        return otherwise if seen is None else json.loads(seen.content)
    except ValueError:
        return otherwise
