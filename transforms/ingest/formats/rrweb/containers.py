"""The forms in which events are kept in files: arrays, lines, objects around them, modules of JavaScript.

Known by their content: rrweb's own array; one event a line; PostHog (``snapshot_data_by_window_id``, lines with a
``window_id``), Sentry (arrays of arrays behind a line with ``segment_id``), highlight (``events.events``), any object
that holds such an array; ``const x =``, ``export const x =``, ``export default``, ``module.exports =``; packed events.
"""

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from schemas.rejects import Fault, Problem, Reason
from transforms.ingest.formats.foreign_recording import Recording
from transforms.ingest.formats.rrweb.unpacker import Unpacker, is_packed

_NOT_JSON = Problem(Reason.BAD_JSON, "", "the recording must hold JSON events; what came before was kept")
_NOT_EVENT = Problem(
    Reason.WRONG_TYPE, "", "an rrweb event must be an object with a numeric type and an object as data"
)

_COMMENTS = r"(?>/\*.*?\*/\s*|//[^\n]*\n\s*|import\b[^\n]*\n\s*|[\"']use strict[\"'];?\s*)*+"
"""Possessive, so that the search never backtracks: forty comments can be grouped in 2**39 ways."""
_NAME = r"(?:export\s+default\s*|[\w\s.$:<>\[\]|]{1,200}=\s*)?"
START = re.compile(rf"\A\s*{_COMMENTS}{_NAME}(?=[\[{{\"])", re.DOTALL)
"""Text that may stand before the first value: comments, imports, the name that a module gives it."""

_ARRAY_OF_EVENTS = re.compile(r'\[\s*(?=\{\s*"(?:type|data|timestamp|delay|id)")')
_BETWEEN = re.compile(r"[\s,;]*")
_WINDOW, _WINDOWS = "window_id", "snapshot_data_by_window_id"
_DEEPEST = 8
"""Objects and arrays around an event."""


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event: its ordinal in the file, the browser window that it is of ('' unknown), itself."""

    record: int
    window: str = field(repr=False)
    event: dict[str, object] = field(repr=False)


@dataclass(slots=True)
class EventFinder:
    """Finds the events in the text of a file, in its order; what is none becomes a fault of ``recording``."""

    recording: Recording
    source: int
    unpacker: Unpacker
    _record: int = 0

    def find(self, text: str) -> Iterator[EventRecord]:
        """Yield the events. A text that breaks off gives those before."""
        start = START.match(text)
        if start is None:
            self._fault(_NOT_JSON, text)
            return
        place: int | None = start.end()
        while place is not None and text[place : place + 1] in {"[", "{", '"'}:
            if text[place] == "[":
                place = yield from self._stream(text, place + 1)
            else:
                place = yield from self._document(text, place)
            place = None if place is None else _skip(text, place)

    def _stream(self, text: str, place: int) -> Generator[EventRecord, None, int | None]:
        """Yield the events of an array as far as it goes; return where it ends, ``None`` where it breaks off."""
        decoder, window = json.JSONDecoder(), ""
        place = _skip(text, place)
        while not text.startswith("]", place):
            try:
                item, end = decoder.raw_decode(text, place)
            except (ValueError, RecursionError):
                self._record += 1
                self._fault(_NOT_JSON, text[place:])
                return None
            window = yield from self._item(item, window, 0)
            place = _skip(text, end)
        return place + 1

    def _document(self, text: str, place: int) -> Generator[EventRecord, None, int | None]:
        """Yield the events of an object; where it breaks off, go on with the next line or with the array in it."""
        try:
            value, end = json.JSONDecoder().raw_decode(text, place)
        except (ValueError, RecursionError):
            end = text.find("\n", place) + 1
            if end and text[end : end + 1] in {"[", "{"}:
                self._record += 1
                self._fault(_NOT_JSON, text[place:end])
                return end
            if array := _ARRAY_OF_EVENTS.search(text, place):
                return (yield from self._stream(text, array.end()))
            self._record += 1
            self._fault(_NOT_JSON, text[place:])
            return None
        yield from self._walk(value, "", 0)
        return end

    def _item(self, item: object, window: str, depth: int) -> Generator[EventRecord, None, str]:
        """Yield the events of an item of an array; return the window of the items after it, which a text names."""
        before = self._record
        yield from self._walk(item, window, depth)
        if self._record == before and isinstance(item, str) and not is_packed(item):
            return item
        if self._record == before and item not in ([], {}):
            self._record += 1
            self._fault(_NOT_EVENT, json.dumps(item))
        return window

    def _walk(self, value: object, window: str, depth: int) -> Iterator[EventRecord]:
        if depth > _DEEPEST:
            return
        if isinstance(value, str):
            value = self.unpacker.unpack(value)
        if isinstance(value, dict):
            if event := self._event(value):
                self._record += 1
                yield EventRecord(self._record, window, event)
                return
            window = str(value.get(_WINDOW, window))
            for name, item in value.items():
                yield from self._walk_windows(item, depth) if name == _WINDOWS else self._walk(item, window, depth + 1)
        elif isinstance(value, list):
            for item in value:
                window = yield from self._item(item, window, depth + 1)

    def _walk_windows(self, windows: object, depth: int) -> Iterator[EventRecord]:
        for name, events in windows.items() if isinstance(windows, dict) else ():
            yield from self._walk(events, name, depth + 1)

    def _event(self, value: dict[str, object]) -> dict[str, object] | None:
        kind = value.get("type")
        if isinstance(kind, bool) or not isinstance(kind, int):
            return None
        event = self.unpacker.open_event(value)
        event.setdefault("data", {})
        return event if isinstance(event["data"], dict) else None

    def _fault(self, problem: Problem, content: str) -> None:
        copy = content.encode(errors="surrogateescape")
        self.recording.faults.append(Fault(problem, self.source, self._record, content=copy))


def _skip(text: str, place: int) -> int:
    between = _BETWEEN.match(text, place)
    return place if between is None else between.end()
