"""Logs of OpenTelemetry as OTLP JSON: events of clicks and pages by the semantic conventions for applications."""

from collections.abc import Iterator

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.foreign_format import MICROSECONDS, ForeignFormat, SessionDraft
from transforms.ingest.formats.json_documents import dicts, documents, has_names
from transforms.ingest.formats.record_values import number
from transforms.ingest.formats.typed_steps import Event

_CLICKS = frozenset({"app.screen.click", "app.widget.click"})
_TITLES = ("browser.page_view.title", "browser.document.title", "app.screen.name")
_PAGES = frozenset({"browser.navigation", "browser.page_view", "app.screen.view"})


def _knows(head: bytes) -> bool:
    return has_names(head, "resourceLogs", "logRecords") or has_names(head, "resourceLogs", "scopeLogs")


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    broken, sessions = SessionDraft(source), dict[str, SessionDraft]()
    place = 0
    for _, document in documents(content, broken):
        for record in _records(document):
            place += 1
            attributes = _attributes(record)
            name = str(attributes.get("session.id", ""))
            draft = sessions.setdefault(name, SessionDraft(source, {"recorder": "opentelemetry"}, clock=MICROSECONDS))
            draft.each([record], lambda at, item, draft=draft, found=attributes: _see(item, at, found, draft), place)  # type: ignore[misc]
    yield from sessions.values()
    if broken.recording.faults:
        yield broken


def _records(document: object) -> Iterator[Event]:
    for resource in dicts(document.get("resourceLogs")) if isinstance(document, dict) else ():
        for scope in dicts(resource.get("scopeLogs")):
            yield from dicts(scope.get("logRecords"))


def _attributes(record: Event) -> dict[str, object]:
    found: dict[str, object] = {}
    for item in dicts(record.get("attributes")):
        value = item.get("value")
        if isinstance(item.get("key"), str) and isinstance(value, dict) and len(value) == 1:
            found[str(item["key"])] = next(iter(value.values()))
    return found


def _see(record: Event, place: int, attributes: dict[str, object], draft: SessionDraft) -> None:
    name = record.get("eventName") or attributes.get("event.name")
    if name in _CLICKS:
        event: Event = {"kind": "pointer", "action": "click", "x": 0.0, "y": 0.0}
        for axis in "xy":
            value = attributes.get(f"app.screen.coordinate.{axis}")
            event[axis] = number({axis: _number(value)}, axis) if value is not None else 0.0
        widget = attributes.get("app.widget.name")
        event["target"] = {"role": "generic", "name": widget} if isinstance(widget, str) else None
        draft.add(_time(record), place, event)
    elif name in _PAGES:
        url = attributes.get("url.full")
        shown = next((title for name in _TITLES if isinstance(title := attributes.get(name), str)), "")
        page: Event = {"kind": "focus", "app": "browser" if isinstance(url, str) else "", "title": shown}
        draft.add(_time(record), place, page | ({"url": url} if isinstance(url, str) else {}))
    else:
        draft.leave_out("log_record")


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() else value


def _time(record: Event) -> float:
    """Return a time in microseconds; OTLP writes nanoseconds as text."""
    value = record.get("timeUnixNano") or record.get("observedTimeUnixNano")
    nanoseconds = int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 20 else value  # noqa: PLR2004
    if isinstance(nanoseconds, bool) or not isinstance(nanoseconds, int):
        raise TypeError("timeUnixNano")
    return nanoseconds // 1_000


OTLP = ForeignFormat(
    name="otlp",
    summary="OpenTelemetry logs as OTLP JSON: clicks and pages of applications",
    mapping=(
        MapRow("event app.screen.click, app.widget.click", "`pointer`: `click`, with app.widget.name as its target"),
        MapRow(
            "event browser.navigation, browser.page_view, app.screen.view",
            "`focus`: url.full and the title or app.screen.name",
        ),
        MapRow("attribute session.id", "parts the file into sessions"),
        MapRow("logRecords of another event; their body", "left out, counted: `log_record`; their text is not read"),
        MapRow("resource, scope, schemaUrl, severityText, other attributes", "not read"),
        MapRow("timeUnixNano, else observedTimeUnixNano", "nanoseconds since the Unix epoch"),
    ),
    knows=_knows,
    tell=_tell,
)
"""The adapter."""
