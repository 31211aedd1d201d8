"""Traces of Playwright: calls with selectors and typed texts, their positions, and addresses of pages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.agents.playwright_snapshots import Page, Snapshots
from transforms.ingest.formats.foreign_format import NOT_DOCUMENT, Clock, ForeignFormat, SessionDraft
from transforms.ingest.formats.glance import decode
from transforms.ingest.formats.record_values import number, optional_number, text
from transforms.ingest.formats.rrweb.screens import Allowance
from transforms.ingest.formats.typed_steps import Event, Field, press_chord
from transforms.ingest.formats.zip_members import MAGIC, Members, read_members

_POINTER = {"click": "click", "dblclick": "double_click", "tap": "click", "check": "click", "uncheck": "click",
            "hover": "move", "mouseClick": "click", "mouseDblclick": "double_click", "mouseMove": "move",
            "mouseDown": "down", "mouseUp": "up", "mouseWheel": "scroll"}  # fmt: skip
_TYPED = {"fill": "value", "type": "text", "keyboardType": "text", "keyboardInsertText": "text"}
_PRESSED = frozenset({"press", "keyboardPress"})
_ROLE = re.compile(r"internal:role=([a-z]+)(?:\[name=(\"(?:[^\"\\]|\\.)*\"))?")
_NAMED = re.compile(r"internal:(?:label|text|attr=\[[a-z-]+)=(\"(?:[^\"\\]|\\.)*\")")


def _knows(head: bytes) -> bool:
    return head.startswith(MAGIC) and b".trace" in head


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    found, members = False, Members(content)
    for trace in read_members(content, lambda name: name.endswith(".trace")):
        draft, reading = (
            SessionDraft(source, {"recorder": "playwright"}),
            _Trace(Snapshots(Allowance(len(trace))), members),
        )
        for place, line in enumerate(decode(trace).split("\n"), start=1):
            if line.strip():
                reading.see_line(line, place, draft)
        reading.mask_passwords(draft)
        if draft.recording.events:
            draft.clock = Clock(1_000, round((reading.offset or 0) * 1_000))
        if draft.recording.events or draft.recording.faults:
            found = True
            yield draft
    if not found:
        raise ValueError("trace")


@dataclass(slots=True)
class _Trace:
    """State of a trace: the offset of its clock to the epoch, the call of each position, the last page and address."""

    snapshots: Snapshots
    members: Members = field(repr=False)
    offset: float | None = None
    _calls: dict[str, Event] = field(default_factory=dict, repr=False)
    _field: Field = field(default_factory=Field)
    _url: str | None = field(default=None, repr=False)
    _page: Page | None = field(default=None, repr=False)
    _passwords: dict[str, tuple[float, int]] = field(default_factory=dict, repr=False)

    def see_line(self, line: str, place: int, draft: SessionDraft) -> None:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            draft.refuse(NOT_DOCUMENT, place, line)
            return
        draft.each([record], lambda at, item: self._see(item, at, draft), place)

    def _see(self, record: Event, place: int, draft: SessionDraft) -> None:
        kind = text(record, "type")
        if kind == "before":
            self._call(record, place, draft)
        elif kind == "input":
            self._point(record)
        elif kind == "event" and record.get("method") == "navigated":
            self._navigate(record, place, draft)
        elif kind == "frame-snapshot":
            self._show(record, place, draft)
        elif kind == "screencast-frame":
            self._picture(record, place, draft)
        elif kind == "resource-snapshot":
            draft.leave_out("resource")
        else:
            draft.leave_out("trace_internals")

    def _call(self, record: Event, place: int, draft: SessionDraft) -> None:
        at, method, parameters = number(record, "startTime"), text(record, "method"), record.get("params")
        if self.offset is None and isinstance(record.get("wallTime"), int | float):
            self.offset = number(record, "wallTime") - at
        named = parameters if isinstance(parameters, dict) else {}
        events = [] if record.get("class") == "Test" else list(self._events(method, named))
        for event in events:
            draft.add(at, place, event)
            if event["kind"] == "pointer":
                self._calls[str(record.get("callId"))] = event
        if not events:
            draft.leave_out("call")

    def _events(self, method: str, parameters: Event) -> Iterator[Event]:
        selector = parameters.get("selector")
        target = _target(selector) if isinstance(selector, str) else None
        name = str(target["name"]) if target else ""
        if method in _POINTER:
            if _POINTER[method] not in {"move", "scroll"}:
                self._field.leave(name)
            event: Event = {"kind": "pointer", "action": _POINTER[method], "target": target}
            event |= {axis: optional_number(parameters, axis) for axis in "xy"}
            if method == "mouseWheel":
                event |= {"dx": parameters.get("deltaX"), "dy": parameters.get("deltaY")}
            yield event
        elif method in _TYPED:
            value = text(parameters, _TYPED[method])
            yield from self._field.fill(value, name) if method == "fill" else self._field.type(value)
        elif method in _PRESSED:
            yield from press_chord(text(parameters, "key"))

    def _point(self, record: Event) -> None:
        """Put the position that Playwright chose into the event of its call."""
        point, event = record.get("point"), self._calls.get(str(record.get("callId")))
        if event is not None and isinstance(point, dict):
            event |= {"x": number(point, "x"), "y": number(point, "y")}

    def _show(self, record: Event, place: int, draft: SessionDraft) -> None:
        """Tell the page of a main frame where it is another one than before."""
        snapshot = record.get("snapshot")
        if not isinstance(snapshot, dict):
            raise TypeError("snapshot")
        page = self.snapshots.read(str(snapshot.get("frameId")), snapshot.get("html"))
        for value in self.snapshots.passwords:
            self._passwords.setdefault(value, (number(snapshot, "timestamp"), place))
        if page is None or page == self._page or snapshot.get("isMainFrame") is not True:
            draft.leave_out("page_snapshot")
            return
        at, url = number(snapshot, "timestamp"), snapshot.get("frameUrl")
        if self._page is None or page.title != self._page.title:
            self._url = url if isinstance(url, str) else self._url
            draft.add(at, place, {"kind": "focus", "app": "browser", "title": page.title, "url": self._url})
        self._page = page
        draft.add(at, place, {"kind": "screen", "source": "dom", "text": page.text})

    def _picture(self, record: Event, place: int, draft: SessionDraft) -> None:
        """Add the picture of a page, which shows its viewport."""
        at, size = record.get("timestamp"), (optional_number(record, "width"), optional_number(record, "height"))
        if isinstance(at, int | float):
            content = partial(self.members.read, f"resources/{record.get('sha1')}")
            draft.add_picture(number(record, "timestamp"), place, content, size if all(size) else None)
        else:
            draft.leave_out("screenshot")

    def mask_passwords(self, draft: SessionDraft) -> None:
        """Mask the values that pages show in password fields, which a selector such as ``#pw`` does not identify."""
        typed = [item.event for item in draft.recording.events if item.event["kind"] == "input_value"]
        for event in typed:
            event["source_masked"] = event["source_masked"] or event["value"] in self._passwords
        known = {event["value"] for event in typed}
        for number_of, (value, (at, place)) in enumerate(self._passwords.items()):
            if value not in known:
                name = f"password-{number_of}"
                event = {"kind": "input_value", "field_id": name, "value": value, "source_masked": True}
                draft.add(at, place, event)

    def _navigate(self, record: Event, place: int, draft: SessionDraft) -> None:
        parameters = record.get("params")
        url = text(parameters, "url") if isinstance(parameters, dict) else None
        if url is None or url == self._url:
            draft.leave_out("trace_internals")
            return
        self._url = url
        draft.add(number(record, "time"), place, {"kind": "focus", "app": "browser", "title": "", "url": url})


def _target(selector: str) -> Event:
    """Read role and name of a selector: ``internal:role=button[name="Pay"i]``."""
    role, named = _ROLE.search(selector), _NAMED.search(selector)
    quoted = (role and role[2]) or (named and named[1]) or '""'
    try:
        name = json.loads(quoted)
    except ValueError:
        name = ""
    return {"role": role[1] if role else "generic", "name": name}


PLAYWRIGHT = ForeignFormat(
    name="playwright",
    summary="Playwright trace: .zip with .trace files (versions 4 and later)",
    mapping=(
        MapRow(
            "click, dblclick, tap, check, uncheck, hover, mouse…", "`pointer`, at the `point` of its `input` record"
        ),
        MapRow("selector internal:role, label, text", "`target`: role and name"),
        MapRow("selector of another kind", "not read"),
        MapRow("fill, type, keyboardType, keyboardInsertText", "`field` and `input_value`"),
        MapRow("press, keyboardPress", "`key`"),
        MapRow("event navigated", "`focus` of the application `browser`, where the address changes"),
        MapRow("frame-snapshot of the main frame", "`screen`, and `focus` for its title, where they change"),
        MapRow("value of a field for passwords on any page", "`input_value`, masked: removed wherever it stands"),
        MapRow("frame-snapshot of another frame, or without change", "left out, counted: `page_snapshot`"),
        MapRow(
            "screencast-frame, resources",
            "left out, counted: `screenshot`; `screen` where `ingest.ocr` is on and there are no snapshots of pages",
        ),
        MapRow("resource-snapshot", "left out, counted: `resource`; never unpacked"),
        MapRow("before of another call; its html, body and other params", "left out, counted: `call`"),
        MapRow(
            "after, log, console and its text, event, input, context-options, error",
            "left out, counted: `trace_internals`",
        ),
        MapRow("attributes of frame-snapshot; name and value of headers; callId, pageId, guid, apiName", "not read"),
        MapRow("startTime, wallTime", "milliseconds of a monotonic clock, tied to the epoch by the first `wallTime`"),
    ),
    knows=_knows,
    tell=_tell,
)
"""The adapter."""
