"""Exports of ActivityWatch: buckets of windows, tabs, absences and counts of input."""

from collections.abc import Iterator

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.foreign_format import INCOMPLETE, MICROSECONDS, ForeignFormat, SessionDraft
from transforms.ingest.formats.json_documents import has_names, load
from transforms.ingest.formats.record_values import read_time, text, text_or_empty
from transforms.ingest.formats.typed_steps import Event

_WINDOW, _TAB = "currentwindow", "web.tab.current"


def _knows(head: bytes) -> bool:
    return has_names(head, "buckets", "type", "hostname") or (
        has_names(head, "buckets") and (has_names(head, "client") or b"aw-watcher" in head)
    )


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    document = load(content)
    buckets = document.get("buckets") if isinstance(document, dict) else None
    if not isinstance(buckets, dict):
        raise TypeError("buckets")
    draft = SessionDraft(source, {"recorder": "activitywatch"}, clock=MICROSECONDS)
    for bucket in buckets.values():
        kind, events = (bucket.get(name) for name in ("type", "events")) if isinstance(bucket, dict) else (None, None)
        if not isinstance(events, list):
            draft.refuse(INCOMPLETE, 0)
        elif kind in {_WINDOW, _TAB}:
            draft.each(events, lambda place, event, kind=kind: _focus(event, place, kind, draft))  # type: ignore[misc]
        else:
            for _ in events:
                draft.leave_out({"afkstatus": "absence", "os.hid.input": "input_count"}.get(str(kind), "other_watcher"))
    _drop_repeats(draft)
    yield draft


def _focus(record: dict[str, object], place: int, kind: str, draft: SessionDraft) -> None:
    data = record.get("data")
    if not isinstance(data, dict):
        raise TypeError("data")
    event: Event = {"kind": "focus", "app": "browser" if kind == _TAB else text(data, "app")}
    event["title"] = text_or_empty(data, "title")
    if isinstance(data.get("url"), str):
        event["url"] = data["url"]
    if isinstance(data.get("incognito"), bool):
        event["private"] = data["incognito"]
    draft.add(read_time(record, "timestamp"), place, event)


def _drop_repeats(draft: SessionDraft) -> None:
    """Leave out a window that is the one before: watchers repeat themselves (heartbeats)."""
    kept, before = [], None
    for item in sorted(draft.recording.events, key=lambda event: event.at or 0):
        if item.event == before:
            draft.leave_out("heartbeat")
        else:
            kept.append(item)
        before = item.event
    draft.recording.events[:] = kept


ACTIVITYWATCH = ForeignFormat(
    name="activitywatch",
    summary="ActivityWatch: a JSON export of buckets",
    mapping=(
        MapRow("currentwindow app, title, url, incognito", "`focus`; incognito is `private`"),
        MapRow("web.tab.current url, title, incognito", "`focus` of the application `browser`; incognito is `private`"),
        MapRow("the same window again", "left out, counted: `heartbeat`"),
        MapRow(
            "afkstatus, os.hid.input, app.editor.activity, other watchers",
            "left out, counted: `absence`, `input_count`, `other_watcher`",
        ),
        MapRow("id, created, last_updated, name, hostname, client, duration, audible, tabCount", "not read"),
        MapRow("timestamp", "RFC 3339; without a zone UTC"),
    ),
    knows=_knows,
    tell=_tell,
)
"""The adapter."""
