"""Recordings of rrweb (and of the products that build on it): a JSON array of page events."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.rejects import Fault, Problem, Reason, RejectRecord
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.canonical import UNREADABLE
from transforms.ingest.formats.foreign_recording import Recording, digest_id, to_block
from transforms.ingest.formats.rrweb_events import Visit, find_masked
from transforms.ingest.parsing.block import Block, lone_fault
from transforms.ingest.parsing.lines import read_whole
from transforms.ingest.settings import IngestSettings

_NOT_UTF8 = Problem(Reason.BAD_UTF8, "", "the recording must be valid UTF-8")
_NOT_JSON = Problem(Reason.BAD_JSON, "", "the recording must hold a JSON array of events; what came before was kept")
_NOT_EVENT = Problem(
    Reason.WRONG_TYPE, "", "an rrweb event must be an object with a numeric type and an object as data"
)
_TOO_LARGE = Problem(Reason.LINE_TOO_LONG, "", "the recording is above ingest.max_recording_bytes; split it")

_GLANCE = 4096
_START = re.compile(
    r"\A\s*(?:/\*.*?\*/\s*|//[^\n]*\n\s*)*(?:(?:export\s+default|(?:const|let|var)\s+\w+\s*=)\s*)?\[", re.DOTALL
)
_BETWEEN = re.compile(r"[\s,]*")
_SAFE_ID = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_US_PER_MS = 1_000


@dataclass(frozen=True, slots=True)
class RrwebRecording:
    """Reads a JSON array of events, also behind ``const events =`` in a ``.js`` file."""

    name: str = "rrweb"
    summary: str = "rrweb recording: .json or .js with an array of events"

    def recognises(self, path: Path) -> bool:
        """Return whether the file begins as an array of rrweb events does."""
        if path.suffix not in {".json", ".js"} or not path.is_file():
            return False
        try:
            with path.open("rb") as file:
                head = file.read(_GLANCE).decode(errors="replace")
        except OSError:
            return False
        return _START.match(head) is not None and '"type"' in head and '"data"' in head

    def read(self, source: Source, settings: IngestSettings) -> Iterator[Block]:
        """Yield the recording as one session."""
        try:
            content = read_whole(source.path, settings.max_recording_bytes)
        except RejectRecord as rejected:
            problem = _TOO_LARGE if rejected.reason == Reason.LINE_TOO_LONG else UNREADABLE
            yield lone_fault(Fault(problem, source.index, 0))
            return
        try:
            text = content.decode()
        except UnicodeDecodeError:
            yield lone_fault(Fault(_NOT_UTF8, source.index, 0, content=content))
            return
        recording = Recording()
        events = list(_events(text, recording, source.index))
        visit = Visit(recording, source.index, find_masked(event for _, event in events))
        for record, event in events:
            visit.see(record, event)
        visit.close()
        session_id = _own_id([event for _, event in events]) or digest_id(content)
        yield from to_block(recording, source, session_id, _US_PER_MS, 0)


def _events(text: str, recording: Recording, source: int) -> Iterator[tuple[int, dict[str, object]]]:
    start = _START.match(text)
    if start is None:
        recording.faults.append(Fault(_NOT_JSON, source, 0, content=text.encode()))
        return
    decoder = json.JSONDecoder()
    place, record = start.end(), 0
    while True:
        between = _BETWEEN.match(text, place)
        place = place if between is None else between.end()
        if text.startswith("]", place):
            return
        record += 1
        try:
            event, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            recording.faults.append(Fault(_NOT_JSON, source, record, content=text[place:].encode()))
            return
        if _is_event(event):
            yield record, event
        else:
            recording.faults.append(Fault(_NOT_EVENT, source, record, content=json.dumps(event).encode()))


def _is_event(event: object) -> bool:
    return (
        isinstance(event, dict)
        and isinstance(event.get("type"), int)
        and isinstance(event.setdefault("data", {}), dict)
    )


def _own_id(events: list[dict[str, object]]) -> str | None:
    """Return the session id that every event names, where it looks like one."""
    ids = {str(event.get("sessionId", "")) for event in events}
    return found if len(ids) == 1 and _SAFE_ID.fullmatch(found := ids.pop()) else None
