"""Base of the adapters for foreign recordings: one recording is one session of events, with or without times."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa

from schemas.rejects import Fault, Problem, Reason, RejectRecord
from schemas.tally import Outcome, Tally, TallyGroup
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.canonical import UNREADABLE
from transforms.ingest.parsing.block import NO_ROWS, ROW_SCHEMA, Block, lone_fault
from transforms.ingest.parsing.block_rules import normalise
from transforms.ingest.parsing.log_rules import find_problem
from transforms.ingest.parsing.repair import Repairs, repair

NO_USER = Problem(Reason.NO_USER, "user_id", "the recording names no user; name one with --user or --subjects")
_TOO_LARGE = Problem(Reason.LINE_TOO_LONG, "", "the recording is above ingest.max_recording_bytes; split it")
NO_EVENTS = Problem(Reason.UNREADABLE, "", "the recording holds no event that its format knows")


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """Event of a recording with its time (seconds or milliseconds, by the adapter; ``None`` unknown) and record."""

    at: float | None
    record: int
    event: dict[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """Frame of a video beside a recording: what is shown at a second of it.

    ``video`` is the name of the file, '' for the one that there is. A second that only the video tells is found in it;
    what finds it raises ``ValueError`` where it cannot.
    """

    video: str = field(repr=False)
    second: float | Callable[[Path], float]

    def find(self, videos: Sequence[Path]) -> Path | None:
        """Return the one of these videos that shows the frame; ``None`` where there is none, or more than one."""
        found = [path for path in videos if self.video in {"", path.name}]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Picture:
    """Picture of a screen, packed, in a recording or beside it, or a frame of a video.

    ``place`` is the number of events before it. ``content`` is a ``data:`` address, the name of a file beside the
    recording, or what loads it, which raises ``ValueError`` where it cannot. ``size`` is the width and height of what
    the picture shows, in the unit of the recording's positions; ``None`` where that is its pixels.
    """

    at: float | None
    record: int
    place: int
    content: Callable[[], bytes] | str | Frame = field(repr=False)
    size: tuple[float, float] | None = None


@dataclass(slots=True)
class Recording:
    """One recording as it is read."""

    events: list[TimedEvent] = field(default_factory=list, repr=False)
    pictures: list[Picture] = field(default_factory=list, repr=False)
    faults: list[Fault] = field(default_factory=list, repr=False)
    counts: dict[str, int] = field(default_factory=dict)

    def leave_out(self, outcome: Outcome, why: str) -> None:
        """Count a source event that became part of another (``MERGED``) or is not for release (``SUPPRESSED``)."""
        for name in (TallyGroup.OUTCOME.of(outcome), TallyGroup(outcome).of(why)):
            self.counts[name] = self.counts.get(name, 0) + 1


def digest_id(content: bytes) -> str:
    """Return a session id made of a recording's bytes; names of files and folders can hold e-mail addresses."""
    return blake2b(content, digest_size=16).hexdigest()


def refuse_whole(rejected: RejectRecord, source: Source) -> Block:
    """Refuse a recording that ``read_whole`` rejected: it cannot be read, or is too large."""
    problem = _TOO_LARGE if rejected.reason == Reason.LINE_TOO_LONG else UNREADABLE
    return lone_fault(Fault(problem, source.index, 0))


def to_block(
    recording: Recording, source: Source, session_id: str, us_per_unit: int, origin_us: int
) -> Iterator[Block]:
    """Yield the recording as one session of ``source.user``, ordered by time where every event has one.

    ``at * us_per_unit + origin_us`` is the time in microseconds since the epoch. Events of one time keep their order.
    """
    left_out = sum(count for name, count in recording.counts.items() if name.startswith(TallyGroup.OUTCOME.prefix))
    total = len(recording.events) + sum(fault.events for fault in recording.faults) + left_out
    if source.user is None:
        yield lone_fault(Fault(NO_USER, source.index, 0, max(total, 1)))
        return
    timed = all(item.at is not None for item in recording.events)
    ordered = sorted(recording.events, key=lambda item: item.at or 0) if timed else recording.events
    rows: list[dict[str, object]] = []
    faults = list(recording.faults)
    repaired: Repairs = Counter()
    for item in ordered:
        event = {"session_id": session_id, "user_id": source.user, "seq": len(rows), **item.event}
        if timed and item.at is not None:
            event["t_us"] = round(item.at * us_per_unit) + origin_us
        if problem := find_problem(event):
            event, repairs = repair(event)
            repaired += repairs
            problem = find_problem(event)
        if problem:
            faults.append(
                Fault(problem, source.index, item.record, content=json.dumps(item.event, default=str).encode())
            )
        else:
            rows.append({**event, "source_file": source.index, "source_line": item.record})
    if not total:
        yield lone_fault(Fault(NO_EVENTS, source.index, 0))
        return
    # a source's user is canonical
    table = normalise(pa.Table.from_pylist(rows, schema=ROW_SCHEMA), fold_user_case=False) if rows else NO_ROWS
    counts: tuple[Tally, ...] = tuple(sorted((Counter(recording.counts) + repaired).items()))
    yield Block(table, tuple(faults), total, counts)
