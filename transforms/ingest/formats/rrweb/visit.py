"""rrweb's events, one after the other, to events of the raw log."""

import json
from dataclasses import dataclass, field

from schemas.rejects import Fault, Problem, Reason
from schemas.tally import Outcome
from transforms.ingest.formats.foreign_recording import Recording, TimedEvent
from transforms.ingest.formats.record_values import number
from transforms.ingest.formats.rrweb.event_kinds import (
    BLUR,
    BOX_TAG,
    BOXES_TAG,
    CANVAS,
    CUSTOM,
    FOCUS,
    FULL,
    INCREMENTAL,
    INPUT,
    INTERACTION,
    LOADS,
    META,
    MOVES,
    MUTATION,
    PLUGIN,
    POINTER,
    PRESSES,
    SCROLL,
    address_in,
    time_of,
)
from transforms.ingest.formats.rrweb.masks import is_masked
from transforms.ingest.formats.rrweb.node import Node
from transforms.ingest.formats.rrweb.page_text import name_of
from transforms.ingest.formats.rrweb.placed_elements import read_box, read_boxes
from transforms.ingest.formats.rrweb.window import Window

_INCOMPLETE = Problem(Reason.MISSING_FIELD, "", "an rrweb event lacks a field or has one of another type")
_PIXELS = Problem(Reason.PIXELS_REFUSED, "", "a drawing on a canvas; record without canvas content")

Event = dict[str, object]


@dataclass(slots=True)
class Visit:
    """State of a browser window while its recording is read: its page, pointer position, focused field.

    rrweb tells no pointer position for some clicks and scrolls: they stand where the pointer was last, at first in the
    corner.
    """

    recording: Recording
    source: int
    window: Window
    _pointer: tuple[float, float] = (0.0, 0.0)
    _boxes: dict[int, dict[str, float]] = field(default_factory=dict, repr=False)
    _scrolled: dict[int, tuple[float, float]] = field(default_factory=dict)
    _field: str | None = field(default=None, repr=False)
    _place: int | None = None
    _pressed: bool = False
    _known: set[str] = field(default_factory=set, repr=False)

    def see(self, record: int, event: Event) -> None:
        """Tell one event; one that lacks what its kind needs becomes a fault."""
        data = event["data"]
        try:
            if isinstance(data, dict):
                self._see(time_of(event), record, event["type"], data)
        except TypeError:
            content = json.dumps(event).encode()
            self.recording.faults.append(Fault(_INCOMPLETE, self.source, record, content=content))

    def _tell(self, at: float | None, record: int, event: Event) -> None:
        self.recording.events.append(TimedEvent(at, record, event))

    def _see(self, at: float | None, record: int, kind: object, data: Event) -> None:
        if kind == META:
            self.window.open(at, record, data)
            self._leave()
        elif kind == FULL:
            self.window.load(at, record, data)
            self._leave()
            self._boxes.clear()
            self._scrolled.clear()
        elif kind == INCREMENTAL:
            self._change(at, record, data)
        elif kind == CUSTOM and data.get("tag") == BOX_TAG:
            place, box = read_box(data.get("payload"))
            self._boxes[place] = box
            self.recording.leave_out(Outcome.MERGED, "box")
        elif kind == CUSTOM and data.get("tag") == BOXES_TAG:
            self.window.place(at, record, read_boxes(data.get("payload")))
            self.recording.leave_out(Outcome.MERGED, "box")
        elif kind == CUSTOM and (address := address_in(data)) is not None:
            self.window.move(at, record, address)
            self.recording.leave_out(Outcome.MERGED, "address")
        else:
            why = {CUSTOM: "custom_event", PLUGIN: "plugin_event"}.get(kind if isinstance(kind, int) else -1)
            self.recording.leave_out(Outcome.SUPPRESSED, "page_load" if kind in LOADS else why or "recorder_internals")

    def _leave(self) -> None:
        self._field = self._place = None

    def _change(self, at: float | None, record: int, data: Event) -> None:
        source = data.get("source")
        if source == MUTATION:
            self.window.mutate(at, record, data, (self._field, self._place))
        elif source in MOVES:
            self._move(at, record, data)
        elif source == INTERACTION:
            self._interact(at, record, data)
        elif source == SCROLL:
            self._scroll(at, record, data)
        elif source == INPUT:
            self._input(at, record, data)
        elif source == CANVAS:
            self.recording.faults.append(Fault(_PIXELS, self.source, record))
        else:
            self.recording.leave_out(Outcome.SUPPRESSED, "page_internals")

    def _move(self, at: float | None, record: int, data: Event) -> None:
        positions = data.get("positions")
        points = [item for item in positions if isinstance(item, dict)] if isinstance(positions, list) else []
        if not points:
            raise TypeError("positions")
        for position in points:
            x, y = number(position, "x"), number(position, "y")
            when = None if at is None else max(at + number(position, "timeOffset"), 0)
            self._pointer = (x, y)
            self._tell(when, record, {"kind": "pointer", "action": "move", "x": x, "y": y})

    def _interact(self, at: float | None, record: int, data: Event) -> None:
        kind, place = int(number(data, "type")), int(number(data, "id"))
        node = self.window.page.nodes.get(place)
        if kind == FOCUS and (node is None or not node.takes_text):
            self.recording.leave_out(Outcome.MERGED, "focus_of_no_text")
        elif kind == FOCUS:
            self._enter(at, record, place)
        elif kind == BLUR:
            self._leave()
            self.recording.leave_out(Outcome.MERGED, "blur")
        elif kind in POINTER:
            self._point(at, record, kind, data, place)
        else:
            self.recording.leave_out(Outcome.SUPPRESSED, "touch_internals")

    def _point(self, at: float | None, record: int, kind: int, data: Event, place: int) -> None:
        if "x" in data:
            self._pointer = (number(data, "x"), number(data, "y"))
        action, button = POINTER[kind]
        if action != "up" and not self._pressed:
            self.window.tell_change(at, record)
        self._pressed = kind in PRESSES or (action == "up" and self._pressed)
        event: Event = {"kind": "pointer", "action": action, "button": button}
        node = self.window.page.nodes.get(place)
        if node is not None:
            name = name_of(self.window.page, place)
            box = self._boxes.get(place) or self.window.placed.boxes.get(place)
            event["target"] = {"role": node.role, "name": name, "bounds": box}
        self._tell(at, record, event | {"x": self._pointer[0], "y": self._pointer[1]})

    def _scroll(self, at: float | None, record: int, data: Event) -> None:
        place, to = int(number(data, "id")), (number(data, "x"), number(data, "y"))
        before = self._scrolled.get(place, (0.0, 0.0))
        self._scrolled[place] = to
        where = {"x": self._pointer[0], "y": self._pointer[1]}
        by = {"dx": to[0] - before[0], "dy": to[1] - before[1]}
        self._tell(at, record, {"kind": "pointer", "action": "scroll", **where, **by})

    def _input(self, at: float | None, record: int, data: Event) -> None:
        place, value = int(number(data, "id")), data.get("text")
        if not isinstance(value, str):
            raise TypeError("text")
        node = self.window.page.nodes.get(place)
        if node is not None and node.is_choice:
            self.recording.leave_out(Outcome.MERGED, "choice")
            return
        if self._field != self.window.field_id(place):
            self._enter(at, record, place)
        event: Event = {"kind": "input_value", "field_id": self._field, "value": value}
        self._tell(at, record, event | {"source_masked": is_masked(value)})
        self.window.fill(at, record, place, value)

    def _enter(self, at: float | None, record: int, place: int) -> None:
        """Tell that a text field has the focus, after the page as it stands then."""
        self.window.tell_change(at, record)
        self._field, self._place = self.window.field_id(place), place
        node = self.window.page.nodes.get(place, Node("input"))
        event: Event = {"kind": "field", "field_id": self._field, "label": name_of(self.window.page, place)}
        event |= {"role": node.role, "multiline": node.tag not in {"input", "select"}}
        if self._field in self._known:
            event["resumed"] = True
        self._known.add(self._field)
        self._tell(at, record, event)
