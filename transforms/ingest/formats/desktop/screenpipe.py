"""Databases of screenpipe: input, windows and the text of frames. Its schema alone was read, no code."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.foreign_format import MICROSECONDS, UNKNOWN, ForeignFormat, SessionDraft
from transforms.ingest.formats.record_values import number, optional_number, read_time, text_or_empty
from transforms.ingest.formats.sqlite_tables import MAGIC, Row, Tables, open_tables, row_id
from transforms.ingest.formats.typed_steps import Event, Field

_TABLES = {
    "ui_events": (
        "id", "timestamp", "event_type", "x", "y", "delta_x", "delta_y", "button", "click_count", "modifiers",
        "text_content", "app_name", "window_title", "browser_url", "element_role", "element_name", "element_bounds",
    ),
    "frames": (
        "id", "timestamp", "app_name", "window_name", "browser_url", "full_text", "accessibility_text",
    ),
    "ocr_text": ("frame_id", "text"),
    "audio_transcriptions": ("id", "timestamp"),
    "elements": ("id",),
}  # fmt: skip
_BUTTONS = ("left", "right", "middle")
_BITS = (("Shift", 1), ("Control", 2), ("Alt", 4), ("Meta", 8))

_SECURE = re.compile("secure|password", re.IGNORECASE)
_ROLES = {
    "textfield": "textbox", "securetextfield": "textbox", "textarea": "textbox", "edit": "textbox",
    "searchfield": "searchbox", "statictext": "paragraph", "text": "paragraph", "popupbutton": "combobox",
    "menubutton": "button", "radiobutton": "radio", "image": "img", "hyperlink": "link", "webarea": "document",
    "tabitem": "tab", "listitem": "listitem", "outline": "tree", "splitbutton": "button",
}  # fmt: skip
"""Roles of accessibility interfaces to those of ARIA, in lower case."""


def _knows(head: bytes) -> bool:
    return head.startswith(MAGIC) and b"ui_events" in head and b"frames" in head


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    draft = SessionDraft(source, {"recorder": "screenpipe"}, clock=MICROSECONDS)
    with open_tables(content, _TABLES) as tables:
        read = _read_by_frame(tables)
        for row in tables.rows("frames", "timestamp"):
            draft.each([row], partial(_frame, draft, read.pop(row.get("id"), "")), row_id(row))
        desk = _Desk(draft)
        for row in tables.rows("ui_events", "timestamp"):
            draft.each([row], desk.see, row_id(row))
        for _ in read:
            draft.leave_out("stray_text")
        for table, why in (("audio_transcriptions", "audio"), ("elements", "element")):
            for _ in tables.rows(table, "id"):
                draft.leave_out(why)
    yield draft


def _read_by_frame(tables: Tables) -> dict[object, str]:
    """Read the text of each frame from the table in which earlier versions keep it."""
    found: dict[object, list[str]] = {}
    for row in tables.rows("ocr_text", "frame_id"):
        found.setdefault(row["frame_id"], []).append(text_or_empty(row, "text"))
    return {frame: "\n".join(filter(None, texts)) for frame, texts in found.items()}


def _focus(row: Row, title: str) -> Event:
    event: Event = {"kind": "focus", "app": text_or_empty(row, "app_name"), "title": text_or_empty(row, title)}
    return event | ({"url": row["browser_url"]} if text_or_empty(row, "browser_url") else {})


def _frame(draft: SessionDraft, read: str, place: int, row: Row) -> None:
    at = read_time(row, "timestamp")
    draft.add(at, place, _focus(row, "window_name"))
    shown, read = text_or_empty(row, "accessibility_text"), text_or_empty(row, "full_text") or read
    if shown and read:
        draft.leave_out("second_reading")
    if shown or read:
        draft.add(at, place, {"kind": "screen", "source": "a11y" if shown else "ocr", "text": shown or read})


class _Desk:
    """State of the input: the window in front, and the field that is typed into."""

    def __init__(self, draft: SessionDraft) -> None:
        self._draft, self._field, self._front = draft, Field(), Event()

    def see(self, place: int, row: Row) -> None:
        """Tell one event; raise ``TypeError`` where it lacks what its kind needs."""
        kind, at = row.get("event_type"), read_time(row, "timestamp")
        focus = _focus(row, "window_title")
        moved = kind in _SWITCHES or (focus != self._front and (focus["app"] or focus["title"]))
        if moved and kind in _SWITCHES | _READERS.keys():
            self._front = focus
            self._draft.add(at, place, focus)
        if kind in _READERS:
            for event in _READERS[kind](row, self._field):
                self._draft.add(at, place, event)
        elif kind not in _SWITCHES:
            self._draft.refuse(UNKNOWN, place)


def _type(row: Row, field: Field) -> Iterator[Event]:
    yield from field.type(text_or_empty(row, "text_content"))


def _copy(row: Row, _: Field) -> Iterator[Event]:
    yield {"kind": "clipboard", "action": "copy", "text": text_or_empty(row, "text_content")}


def _key(row: Row, _: Field) -> Iterator[Event]:
    """Return a key by its character; its number is one of the system's and is not read."""
    char, bits = text_or_empty(row, "text_content"), row.get("modifiers")
    held = [name for name, bit in _BITS if isinstance(bits, int) and bits & bit]
    key = char if len(char) == 1 else "Unidentified"
    yield {"kind": "key", "action": "down", "key": key, "code": "", "modifiers": held}


def _click(row: Row, field: Field) -> Iterator[Event]:
    secret = _SECURE.search(text_or_empty(row, "element_role")) is not None
    field.leave(text_or_empty(row, "element_name"), secret=secret)
    button, count = row.get("button"), row.get("click_count")
    action = {2: "double_click", 3: "triple_click"}.get(count if isinstance(count, int) else 1, "click")
    name = _BUTTONS[button] if isinstance(button, int) and 0 <= button < len(_BUTTONS) else "other"
    yield _pointer(row, action) | {"button": name, "target": _target(row)}


def _move(row: Row, _: Field) -> Iterator[Event]:
    yield _pointer(row, "move")


def _scroll(row: Row, _: Field) -> Iterator[Event]:
    yield _pointer(row, "scroll") | {"dx": optional_number(row, "delta_x"), "dy": optional_number(row, "delta_y")}


def _pointer(row: Row, action: str) -> Event:
    return {"kind": "pointer", "action": action, "x": number(row, "x"), "y": number(row, "y")}


_SWITCHES = frozenset({"app_switch", "window_focus"})
_READERS: dict[object, Callable[[Row, Field], Iterator[Event]]] = {
    "click": _click, "move": _move, "scroll": _scroll, "text": _type, "key": _key, "clipboard": _copy,
}  # fmt: skip


def _target(row: Row) -> Event | None:
    """Read the element that was clicked: its role as macOS (``AXTextField``) or Windows (``Edit``) names it."""
    role, name = text_or_empty(row, "element_role"), text_or_empty(row, "element_name")
    if not role and not name:
        return None
    word = role.removeprefix("AX").lower()
    target: Event = {"role": _ROLES.get(word, word or "generic"), "name": name}
    try:
        bounds = json.loads(text_or_empty(row, "element_bounds"))
        return target | {"bounds": {side: number(bounds, side) for side in ("x", "y", "width", "height")}}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return target


SCREENPIPE = ForeignFormat(
    name="screenpipe",
    summary="screenpipe: db.sqlite with ui_events and frames",
    mapping=(
        MapRow("ui_events click, move, scroll", "`pointer`; element_role, element_name, element_bounds are its target"),
        MapRow("ui_events text", "`field` and `input_value`: another field after each click; of a secure field masked"),
        MapRow("ui_events key", "`key`: its character, else `Unidentified`; no key goes up"),
        MapRow("ui_events app_name, window_title, browser_url", "`focus`, where they change"),
        MapRow("ui_events clipboard", "`clipboard`: `copy`"),
        MapRow("frames app_name, window_name, browser_url", "`focus`"),
        MapRow("frames accessibility_text, else full_text, else ocr_text", "`screen`: `a11y`, else `ocr`"),
        MapRow("frames full_text, ocr_text beside accessibility_text", "left out, counted: `second_reading`"),
        MapRow("ocr_text without a frame", "left out, counted: `stray_text`"),
        MapRow("audio_transcriptions, elements", "left out, counted: `audio`, `element`"),
        MapRow(
            "accessibility_tree_json, text_json, element_value, element_description, element_automation_id", "not read"
        ),
        MapRow("video_chunks and their videos", "not opened: frames tell their text"),
        MapRow("key_code, session_id, other columns and tables", "not read"),
        MapRow("timestamp", "RFC 3339; without a zone UTC"),
    ),
    knows=_knows,
    tell=_tell,
)
"""The adapter."""
