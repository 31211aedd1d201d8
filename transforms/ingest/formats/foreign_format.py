"""Base of adapters for formats of one file: how it is known, how it is read, and a table of what becomes of it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from schemas.rejects import Fault, Problem, Reason, RejectRecord
from schemas.tally import Outcome
from transforms.ingest.formats.adapter import MapRow, Source
from transforms.ingest.formats.foreign_recording import (
    NO_EVENTS,
    Frame,
    Picture,
    Recording,
    TimedEvent,
    digest_id,
    refuse_whole,
    to_block,
)
from transforms.ingest.formats.glance import glance_bytes
from transforms.ingest.parsing.block import Block, lone_fault
from transforms.ingest.parsing.lines import read_whole
from transforms.ingest.parsing.repair import HALF
from transforms.ingest.screenshots.beside import find_videos
from transforms.ingest.settings import IngestSettings

INCOMPLETE = Problem(Reason.MISSING_FIELD, "", "a record lacks a field or has one of another type")
NOT_OBJECT = Problem(Reason.WRONG_TYPE, "", "a record must be an object")
NOT_DOCUMENT = Problem(Reason.BAD_JSON, "", "the file must hold what its format names, whole; export it again")
UNKNOWN = Problem(Reason.UNKNOWN_KIND, "", "a kind of record that this format is not known to have")

US = 1_000_000
_LONGEST_COPY = 100_000


class Clock(NamedTuple):
    """Microseconds a unit of the recording's times, and those from its zero to the Unix epoch."""

    us_per_unit: int = US
    origin_us: int = 0


MICROSECONDS = Clock(1)
"""Clock of a recording that counts microseconds, since the epoch or since its start."""


@dataclass(slots=True)
class SessionDraft:
    """Draft of one session: its events, what is refused, what is left out.

    ``header`` is the row of the session, which stands first where there is any other.
    """

    source: int
    header: dict[str, object] = field(default_factory=dict, repr=False)
    recording: Recording = field(default_factory=Recording, repr=False)
    clock: Clock = field(default_factory=Clock)

    def add(self, at: float | None, record: int, event: dict[str, object]) -> None:
        """Add an event of the raw log."""
        self.recording.events.append(TimedEvent(at, record, event))

    def add_picture(
        self,
        at: float | None,
        record: int,
        content: Callable[[], bytes] | str | Frame,
        size: tuple[float, float] | None = None,
    ) -> None:
        """Add a picture of the screen, which is read where ``ingest.ocr`` asks for it and the recording has no text."""
        self.recording.pictures.append(Picture(at, record, len(self.recording.events), content, size))

    def settle_pictures(self, path: str, settings: IngestSettings, videos: Sequence[Path] = ()) -> None:
        """Make screens of the pictures, or count them; the recorder's own text of its screens goes before them.

        ``videos`` are those beside the recording that belong to it.
        """
        recording = self.recording
        self._leave_out_frames(videos if settings.ocr else ())
        if not recording.pictures:
            return
        has_text = any(item.event["kind"] == "screen" for item in recording.events)
        if settings.ocr and not has_text:
            from transforms.ingest.screenshots.picture_screens import show_pictures  # noqa: PLC0415 - the extra ``ocr``

            show_pictures(recording, path, settings, videos)
        else:
            for _ in recording.pictures:
                self.leave_out("screenshot_beside_text" if settings.ocr else "screenshot")

    def _leave_out_frames(self, videos: Sequence[Path]) -> None:
        """Count the frames of videos that are not there."""
        pictures, self.recording.pictures = self.recording.pictures, []
        for picture in pictures:
            if isinstance(picture.content, Frame) and picture.content.find(videos) is None:
                self.leave_out("video_frame")
            else:
                self.recording.pictures.append(picture)

    def put_header(self) -> None:
        """Put the header before the events, at the time of the first."""
        times = [item.at for item in self.recording.events]
        if times and self.header:
            first = None if None in times else min(at for at in times if at is not None)
            self.recording.events.insert(0, TimedEvent(first, 1, {"kind": "session", **self.header}))

    def refuse(self, problem: Problem, record: int, content: str = "") -> None:
        """Refuse a record."""
        copy = HALF.sub("\ufffd", content).encode()
        self.recording.faults.append(Fault(problem, self.source, record, content=copy))

    def leave_out(self, why: str, outcome: Outcome = Outcome.SUPPRESSED) -> None:
        """Count a record that is not for release, or is part of another."""
        self.recording.leave_out(outcome, why)

    def each(self, records: Iterable[object], tell: Callable[[int, dict[str, object]], None], first: int = 1) -> None:
        """Tell records one by one; one that lacks what ``tell`` needs (``TypeError``) is refused."""
        for number, record in enumerate(records, start=first):
            if not isinstance(record, dict):
                self.refuse(NOT_OBJECT, number, _copy(record))
                continue
            try:
                tell(number, record)
            except TypeError:
                self.refuse(INCOMPLETE, number, _copy(record))


def _copy(record: object) -> str:
    """Return a record as JSON for the quarantine; what JSON does not know stands as text."""
    return json.dumps(record, default=str, ensure_ascii=False)[:_LONGEST_COPY]


@dataclass(frozen=True, slots=True)
class ForeignFormat:
    """A format of one file, or of several that one function tells apart.

    ``knows`` judges by the first bytes, unpacked. ``tell`` yields a ``SessionDraft`` for each session; it raises
    ``ValueError`` or ``TypeError`` where a file is not what it looks like. ``owns`` judges by the names of a recording
    and of a video in its folder whether they belong together.
    """

    name: str
    summary: str
    mapping: tuple[MapRow, ...]
    knows: Callable[[bytes], bool]
    tell: Callable[[bytes, int], Iterator[SessionDraft]]
    owns: Callable[[str, str], bool] | None = None

    def videos(self, path: str) -> list[Path]:
        """List the videos beside a recording that belong to it."""
        return find_videos(path, self.owns) if self.owns is not None else []

    def recognises(self, path: Path) -> bool:
        """Return whether the file begins as this format does."""
        head = glance_bytes(path)
        return head is not None and self.knows(head)

    def read(self, source: Source, settings: IngestSettings) -> Iterator[Block]:
        """Yield each session of the file."""
        try:
            content = read_whole(source.path, settings.max_recording_bytes)
        except RejectRecord as rejected:
            yield refuse_whole(rejected, source)
            return
        session, place = digest_id(content), -1
        try:
            for place, draft in enumerate(self.tell(content, source.index)):
                draft.settle_pictures(source.path, settings, self.videos(source.path) if settings.ocr else ())
                draft.put_header()
                name = f"{session}-{place}" if place else session
                yield from to_block(draft.recording, source, name, *draft.clock)
        except (ValueError, TypeError, RecursionError, KeyError, OverflowError):
            yield lone_fault(Fault(NOT_DOCUMENT, source.index, 0, content=content))
        else:
            if place < 0:
                yield lone_fault(Fault(NO_EVENTS, source.index, 0))
