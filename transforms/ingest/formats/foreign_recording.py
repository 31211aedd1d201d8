"""Base of the adapters for foreign recordings: one recording is one session of events, with or without times."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

import pyarrow as pa

from schemas.outcome import Outcome, Tally
from schemas.rejects import Fault, Problem, Reason
from transforms.ingest.formats.adapter import Source
from transforms.ingest.parsing.block import ROW_SCHEMA, Block, lone_fault
from transforms.ingest.parsing.block_rules import normalise
from transforms.ingest.parsing.log_rules import find_problem

NO_USER = Problem(Reason.NO_USER, "user_id", "the recording names no user; name one with --user or --subjects")
NO_EVENTS = Problem(Reason.UNREADABLE, "", "the recording holds no event that its format knows")


@dataclass(frozen=True, slots=True)
class Told:
    """One event on its way: when (seconds or milliseconds, by the adapter; ``None`` unknown), which record, what."""

    at: float | None
    record: int
    event: dict[str, object] = field(repr=False)


@dataclass(slots=True)
class Recording:
    """One recording as it is read."""

    told: list[Told] = field(default_factory=list, repr=False)
    faults: list[Fault] = field(default_factory=list, repr=False)
    counts: dict[str, int] = field(default_factory=dict)

    def leave_out(self, outcome: Outcome, why: str) -> None:
        """Count a source event that became part of another (``MERGED``) or is not for release (``SUPPRESSED``)."""
        for name in (f"outcome.{outcome}", f"{outcome}.{why}"):
            self.counts[name] = self.counts.get(name, 0) + 1


def digest_id(content: bytes) -> str:
    """Return a session id made of a recording's bytes; names of files and folders can hold e-mail addresses."""
    return blake2b(content, digest_size=16).hexdigest()


def to_block(
    recording: Recording, source: Source, session_id: str, us_per_unit: int, origin_us: int
) -> Iterator[Block]:
    """Yield the recording as one session of ``source.user``, ordered by time where every event has one.

    ``at * us_per_unit + origin_us`` is the time in microseconds since the epoch. Events of one time keep their order.
    """
    left_out = sum(count for name, count in recording.counts.items() if name.startswith("outcome."))
    events = len(recording.told) + sum(fault.events for fault in recording.faults) + left_out
    if source.user is None:
        yield lone_fault(Fault(NO_USER, source.index, 0, max(events, 1)))
        return
    timed = all(told.at is not None for told in recording.told)
    told = sorted(recording.told, key=lambda item: item.at or 0) if timed else recording.told
    rows: list[dict[str, object]] = []
    faults = list(recording.faults)
    for item in told:
        event = {"session_id": session_id, "user_id": source.user, "seq": len(rows), **item.event}
        if timed and item.at is not None:
            event["t_us"] = round(item.at * us_per_unit) + origin_us
        if problem := find_problem(event):
            faults.append(
                Fault(problem, source.index, item.record, content=json.dumps(item.event, default=str).encode())
            )
        else:
            rows.append({**event, "source_file": source.index, "source_line": item.record})
    if not events:
        yield lone_fault(Fault(NO_EVENTS, source.index, 0))
        return
    table = normalise(
        pa.Table.from_pylist(rows, schema=ROW_SCHEMA), fold_user_case=False
    )  # a source's user is canonical
    counts: tuple[Tally, ...] = tuple(sorted(recording.counts.items()))
    yield Block(table, tuple(faults), events, counts)


def number(record: dict[str, object], name: str) -> float:
    """Return a finite number of ``record``; raise ``TypeError`` where it is missing or something else."""
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 2**53:
        raise TypeError(name)
    return value


def text(record: dict[str, object], name: str) -> str:
    """Return a text of ``record``; raise ``TypeError`` where it is missing or something else."""
    value = record.get(name)
    if not isinstance(value, str):
        raise TypeError(name)
    return value
