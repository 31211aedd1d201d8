"""Recordings of rrweb, and of the products that build on it, as one session each."""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.rejects import RejectRecord
from transforms.ingest.formats.adapter import MapRow, Source
from transforms.ingest.formats.foreign_recording import Recording, digest_id, refuse_whole, to_block
from transforms.ingest.formats.glance import decode, glance
from transforms.ingest.formats.rrweb.containers import EventFinder, EventRecord
from transforms.ingest.formats.rrweb.event_kinds import INCREMENTAL, INPUT, INTERACTION, META, find_masked, time_of
from transforms.ingest.formats.rrweb.screens import Allowance
from transforms.ingest.formats.rrweb.unpacker import Unpacker
from transforms.ingest.formats.rrweb.visit import Visit
from transforms.ingest.formats.rrweb.window import Window
from transforms.ingest.parsing.block import Block
from transforms.ingest.parsing.lines import read_whole
from transforms.ingest.settings import IngestSettings

_BEGIN = re.compile(
    r"\A\s*(?:[\[{\"]|/\*|//|import\b|export\b|(?:const|let|var)\s|module\.|exports\.|window\.|[\"']use)"
)
_QUOTE = r"(?<!\\)\\*\""
_EVENT = re.compile(rf"{_QUOTE}type{_QUOTE}\s*:\s*[0-6]\b")
_DATA = re.compile(rf"{_QUOTE}data{_QUOTE}\s*:\s*[{{\"\\]")
_OF_RRWEB = re.compile(
    rf"{_QUOTE}timestamp{_QUOTE}\s*:\s*\"?\d{{12}}"
    rf"|{_QUOTE}(?:childNodes|snapshot_data_by_window_id|initialOffset|href|positions){_QUOTE}\s*:"
)
_PACKED = re.compile(
    r"(?:\A|[\[,:])\s*\"(?:x|\\u001f|\x1f)(?:\\u00[9d][0-9a-f]|\\u008b|[\x8b\x9c\xda])"
    r"|\Ax[\udc9c\udcda]|\"compression\"\s*:\s*\"gzip"
)
_SAFE_ID = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_US_PER_MS = 1_000
_ZLIB = (b"x\x9c", b"x\xda", b"x\x01")


@dataclass(frozen=True, slots=True)
class RrwebRecording:
    """Reads rrweb's events in whatever form a file keeps them; see ``containers``."""

    name: str = "rrweb"
    summary: str = "rrweb, also of PostHog, Sentry and highlight: JSON, JSON Lines or a JavaScript module, also packed"

    mapping: tuple[MapRow, ...] = (
        MapRow("Meta, the first one also", "`focus` of the application `browser`, with its page's title; a session"),
        MapRow("sessionId", "the id of the session, where all events have the same"),
        MapRow("FullSnapshot", "`screen`"),
        MapRow("textContent; value, placeholder, alt", "`screen`: of elements that are shown"),
        MapRow("aria-label, alt, title, placeholder, name", "`target`: of elements that something is done on"),
        MapRow("textContent of script, style, noscript, template, svg", "not read"),
        MapRow("value of radio, checkbox, option, hidden; name, content of meta; name of a document type", "not read"),
        MapRow("other attributes", "not read"),
        MapRow("Mutation", "the page, a `screen` as an action begins; of a rich editor an `input_value`"),
        MapRow("MouseMove, Drag, TouchMove", "`pointer`: `move`, one a position"),
        MapRow("MouseInteraction", "`pointer` with its target, `field` for a text field that gets the focus"),
        MapRow("Scroll", "`pointer`: `scroll`, by the difference"),
        MapRow("Input text", "`input_value`"),
        MapRow("Input text of a choice", "left out, counted: `choice`"),
        MapRow("custom event `keyveil-boxes`", "nodes of the next `screen`, with their boxes; boxes of targets"),
        MapRow("custom events `keyveil-box`, `$pageview`, `Navigate`", "boxes of targets, addresses"),
        MapRow(
            "other custom events, plugins (console, network)",
            "left out, counted: `custom_event`, `plugin_event`",
        ),
        MapRow("CanvasMutation", "refused: pixels"),
        MapRow("other sources (styles, fonts, media, selection)", "left out, counted: `page_internals`"),
    )

    def recognises(self, path: Path) -> bool:
        """Return whether the file begins as one with rrweb's events does."""
        head = glance(path)
        if head is None or not (_BEGIN.match(head) or head[:1] == "x"):
            return False
        plain = _EVENT.search(head) and _DATA.search(head) and _OF_RRWEB.search(head)
        return bool(plain or _PACKED.search(head))

    def read(self, source: Source, settings: IngestSettings) -> Iterator[Block]:
        """Yield the recording as one session."""
        try:
            content = read_whole(source.path, settings.max_recording_bytes)
        except RejectRecord as rejected:
            yield refuse_whole(rejected, source)
            return
        recording = Recording()
        text = _decode(content, settings.max_recording_bytes)
        finder = EventFinder(recording, source.index, Unpacker(settings.max_recording_bytes))
        events = list(finder.find(text))
        _see(events, recording, source.index, len(text))
        session_id = _own_id(events) or digest_id(content)
        yield from to_block(recording, source, session_id, _US_PER_MS, 0)


def _decode(content: bytes, most: int) -> str:
    """Return the text of a file; bytes that are no text become half characters, which cost the value they stand in."""
    if content.startswith(_ZLIB):
        try:
            content = zlib.decompressobj().decompress(content, most)
        except zlib.error:
            return ""
    return decode(content)


def _see(events: Sequence[EventRecord], recording: Recording, source: int, size: int) -> None:
    """Tell the events of all windows; a window that is used again after another one comes to the front."""
    windows: dict[str, list[dict[str, object]]] = {}
    for found in events:
        windows.setdefault(found.window, []).append(found.event)
    allowance, visits = Allowance(size), dict[str, Visit]()
    for place, (name, own) in enumerate(windows.items()):
        visits[name] = Visit(recording, source, Window(recording, allowance, place, find_masked(own)))
    if len(visits) > 1 and all(time_of(found.event) is not None for found in events):
        events = sorted(events, key=lambda found: time_of(found.event) or 0)
    front = next(iter(visits), "")
    for found in events:
        visit = visits[found.window]
        if found.window != front and _is_done(found.event):
            visit.window.return_to(time_of(found.event), found.record)
        if _is_done(found.event) or found.event["type"] == META:
            front = found.window
        visit.see(found.record, found.event)
    for visit in visits.values():
        visit.window.close()


def _is_done(event: dict[str, object]) -> bool:
    """Return whether an event was done by somebody, and did not just happen."""
    data = event["data"]
    source = data.get("source") if isinstance(data, dict) else None
    return event["type"] == INCREMENTAL and isinstance(source, int) and source in {INTERACTION, INPUT}


def _own_id(events: Sequence[EventRecord]) -> str | None:
    """Return the session id that every event names, where it looks like one."""
    ids = {str(found.event.get("sessionId", "")) for found in events}
    return found if len(ids) == 1 and _SAFE_ID.fullmatch(found := ids.pop()) else None
