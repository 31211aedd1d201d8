"""rrweb's events, one after the other, to events of the raw log."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.outcome import Outcome
from schemas.rejects import Fault, Problem, Reason
from transforms.ingest.formats.foreign_recording import Recording, Told, number
from transforms.ingest.formats.rrweb_dom import Node, Page, is_masked

_INCOMPLETE = Problem(Reason.MISSING_FIELD, "", "an rrweb event lacks a field or has one of another type")
_PIXELS = Problem(Reason.PIXELS_REFUSED, "", "a drawing on a canvas; record without canvas content")

# rrweb, packages/types: EventType, IncrementalSource, MouseInteractions
_LOADS, _FULL, _INCREMENTAL, _META, _CUSTOM = (0, 1), 2, 3, 4, 5
_MUTATION, _INTERACTION, _SCROLL, _INPUT, _CANVAS = 0, 2, 3, 5, 9
_MOVES = (1, 6, 12)
_FOCUS, _BLUR = 5, 6
BOX_TAG = "keyveil-box"
"""Tag of the custom event in which a page tells the box of an element; ``examples/rrweb-boxes.js`` is its script."""
_POINTER = {0: ("up", None), 1: ("down", None), 2: ("click", None), 3: ("click", "right"), 4: ("double_click", None),
            7: ("down", None), 9: ("up", None)}  # fmt: skip


Masked = frozenset[tuple[object, int]]
"""Fields of which a value was masked: the address of their page and rrweb's id."""


def find_masked(events: Iterable[dict[str, object]]) -> Masked:
    """Find the fields of which any value of the recording is masked: they are masked in every event of it."""
    found: set[tuple[object, int]] = set()
    href: object = None
    for event in events:
        data = event["data"]
        if not isinstance(data, dict):
            continue
        if event["type"] == _META:
            href = data.get("href")
        elif event["type"] == _INCREMENTAL and data.get("source") == _INPUT:
            place, text = data.get("id"), data.get("text")
            if isinstance(place, int) and isinstance(text, str) and is_masked(text):
                found.add((href, place))
    return frozenset(found)


@dataclass(slots=True)
class Visit:
    """State of a page while its recording is read: open windows, pointer position, focused field.

    rrweb tells no pointer position for some clicks and scrolls: they stand where the pointer was last, at first in the
    corner. A ``focus`` of a page waits for the page's title.
    """

    recording: Recording
    source: int
    masked: Masked = frozenset()
    _href: object = None
    _page: Page = field(default_factory=Page)
    _pages: int = 0
    _headed: bool = False
    _pending: tuple[float | None, int, dict[str, object]] | None = field(default=None, repr=False)
    _pointer: tuple[float, float] = (0.0, 0.0)
    _boxes: dict[int, dict[str, float]] = field(default_factory=dict)
    _scrolled: dict[int, tuple[float, float]] = field(default_factory=dict)
    _field: str | None = None
    _known: set[str] = field(default_factory=set)
    _told: dict[int, set[str]] = field(default_factory=dict, repr=False)  # values in clear of masked fields

    def see(self, record: int, event: dict[str, object]) -> None:
        """Tell one event; one that lacks what its kind needs becomes a fault."""
        at = event.get("timestamp")
        at = at if isinstance(at, int | float) and not isinstance(at, bool) and 0 <= at < 2**53 else None
        data = event["data"]
        try:
            if isinstance(data, dict):
                self._see(at, record, event["type"], data)
        except TypeError:
            content = json.dumps(event).encode()
            self.recording.faults.append(Fault(_INCOMPLETE, self.source, record, content=content))

    def close(self) -> None:
        """Tell what still waited."""
        if self._pending is not None:
            at, record, event = self._pending
            self._pending = None
            self._tell(at, record, event)

    def _tell(self, at: float | None, record: int, event: dict[str, object]) -> None:
        self.recording.told.append(Told(at, record, event))

    def _see(self, at: float | None, record: int, kind: object, data: dict[str, object]) -> None:
        if kind == _META:
            self._open_window(at, record, data)
            return
        if kind == _FULL:
            self._open_page(data)
            if self._pending is not None:
                self._pending[2]["title"] = self._page.title()
            self.close()
            self._tell(at, record, {"kind": "screen", "source": "dom", "text": self._page.visible_text()})
            self._tell_masked(at, record)
            return
        if kind == _INCREMENTAL:
            self._change(at, record, data)
        elif kind == _CUSTOM and data.get("tag") == BOX_TAG:
            self._box(data.get("payload"))
            self.recording.leave_out(Outcome.MERGED, "box")
        else:
            self.recording.leave_out(Outcome.SUPPRESSED, "page_load" if kind in _LOADS else "recorder_internals")

    def _open_window(self, at: float | None, record: int, data: dict[str, object]) -> None:
        self.close()
        self._href = data.get("href")
        size = {"x": 0, "y": 0, "width": number(data, "width"), "height": number(data, "height"), "scale": 1}
        if not self._headed:
            self._headed = True
            self._tell(at, record, {"kind": "session", "recorder": "rrweb", "screens": [size]})
        focus = {"kind": "focus", "app": "browser", "title": "", "url": data.get("href"), "window": size}
        self._pending = (at, record, focus)
        self._field = None

    def _open_page(self, data: dict[str, object]) -> None:
        self._page = Page(masked=frozenset(place for href, place in self.masked if href == self._href))
        self._page.add(data.get("node"), None)
        self._pages += 1
        self._field = None
        self._boxes.clear()
        self._scrolled.clear()

    def _box(self, payload: object) -> None:
        """Keep the box of an element for the clicks on it that follow."""
        if not isinstance(payload, dict):
            raise TypeError("payload")
        box = {name: number(payload, name) for name in ("x", "y", "width", "height")}
        self._boxes[int(number(payload, "id"))] = box

    def _change(self, at: float | None, record: int, data: dict[str, object]) -> None:
        source = data.get("source")
        if source == _MUTATION:
            self._mutate(data)
            self._tell_masked(at, record)
            self.recording.leave_out(Outcome.SUPPRESSED, "page_change")
        elif source in _MOVES:
            self._move(at, record, data)
        elif source == _INTERACTION:
            self._interact(at, record, data)
        elif source == _SCROLL:
            self._scroll(at, record, data)
        elif source == _INPUT:
            self._input(at, record, data)
        elif source == _CANVAS:
            self.recording.faults.append(Fault(_PIXELS, self.source, record))
        else:
            self.recording.leave_out(Outcome.SUPPRESSED, "page_internals")

    def _mutate(self, data: dict[str, object]) -> None:
        for change in _items(data, "adds"):
            parent = change.get("parentId")
            self._page.add(change.get("node"), parent if isinstance(parent, int) else -1)
        for change in _items(data, "attributes"):
            place, attributes = change.get("id"), change.get("attributes")
            if isinstance(place, int) and isinstance(attributes, dict):
                self._page.set_attributes(place, attributes)
        for change in _items(data, "texts"):
            place, value = change.get("id"), change.get("value")
            if isinstance(place, int) and isinstance(value, str) and (node := self._page.nodes.get(place)):
                node.text = value

    def _move(self, at: float | None, record: int, data: dict[str, object]) -> None:
        positions = _items(data, "positions")
        if not positions:
            raise TypeError("positions")
        for position in positions:
            x, y = number(position, "x"), number(position, "y")
            when = None if at is None else max(at + number(position, "timeOffset"), 0)
            self._pointer = (x, y)
            self._tell(when, record, {"kind": "pointer", "action": "move", "x": x, "y": y})

    def _interact(self, at: float | None, record: int, data: dict[str, object]) -> None:
        kind, place = number(data, "type"), int(number(data, "id"))
        node = self._page.nodes.get(place)
        if kind == _FOCUS and (node is None or node.is_choice or not _takes_text(node)):
            self.recording.leave_out(Outcome.MERGED, "focus_of_no_text")
        elif kind == _FOCUS:
            self._enter(at, record, place)
        elif kind == _BLUR:
            self._field = None
            self.recording.leave_out(Outcome.MERGED, "blur")
        elif kind in _POINTER:
            if "x" in data:
                self._pointer = (number(data, "x"), number(data, "y"))
            action, button = _POINTER[int(kind)]
            event: dict[str, object] = {"kind": "pointer", "action": action, "button": button}
            if node is not None:
                event["target"] = {
                    "role": node.role,
                    "name": self._page.name_of(place),
                    "bounds": self._boxes.get(place),
                }
            self._tell(at, record, event | {"x": self._pointer[0], "y": self._pointer[1]})
        else:
            self.recording.leave_out(Outcome.SUPPRESSED, "touch_internals")

    def _scroll(self, at: float | None, record: int, data: dict[str, object]) -> None:
        place, to = int(number(data, "id")), (number(data, "x"), number(data, "y"))
        before = self._scrolled.get(place, (0.0, 0.0))
        self._scrolled[place] = to
        where = {"x": self._pointer[0], "y": self._pointer[1]}
        by = {"dx": to[0] - before[0], "dy": to[1] - before[1]}
        self._tell(at, record, {"kind": "pointer", "action": "scroll", **where, **by})

    def _input(self, at: float | None, record: int, data: dict[str, object]) -> None:
        place, value = int(number(data, "id")), data.get("text")
        if not isinstance(value, str):
            raise TypeError("text")
        node = self._page.nodes.get(place)
        if node is not None and node.is_choice:
            self.recording.leave_out(Outcome.MERGED, "choice")
            return
        if self._field != self._id(place):
            self._enter(at, record, place)
        told: dict[str, object] = {"kind": "input_value", "field_id": self._field, "value": value}
        self._tell(at, record, told | {"source_masked": is_masked(value)})

    def _tell_masked(self, at: float | None, record: int) -> None:
        """Tell the values in clear of masked fields as masked ones: they are removed wherever they stand."""
        for place, value in self._page.masked_values():
            told = {"kind": "input_value", "field_id": self._id(place), "value": value, "source_masked": True}
            if value not in self._told.setdefault(place, set()):
                self._told[place].add(value)
                self._tell(at, record, told)

    def _id(self, place: int) -> str:
        return f"{self._pages}-{place}"

    def _enter(self, at: float | None, record: int, place: int) -> None:
        """Tell that a text field has the focus; its id holds the ordinal of the page, as ids start anew on each."""
        self._field = self._id(place)
        node = self._page.nodes.get(place, Node("input"))
        event: dict[str, object] = {"kind": "field", "field_id": self._field, "label": self._page.name_of(place)}
        event |= {"role": node.role, "multiline": node.tag not in {"input", "select"}}
        if self._field in self._known:
            event["resumed"] = True
        self._known.add(self._field)
        self._tell(at, record, event)


def _takes_text(node: Node) -> bool:
    editable = str(node.attributes.get("contenteditable", "false")).lower() not in {"false", "inherit"}
    return node.tag in {"input", "textarea"} or editable


def _items(data: dict[str, object], name: str) -> list[dict[str, object]]:
    items = data.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
