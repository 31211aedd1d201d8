"""Segments of crowd-cast: MessagePack arrays of keys, pointers and applications beside a video."""

from collections.abc import Iterator
from typing import Any

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.foreign_format import INCOMPLETE, MICROSECONDS, UNKNOWN, ForeignFormat, SessionDraft
from transforms.ingest.formats.physical_keys import name_physical
from transforms.ingest.formats.pynput_keys import Keyboard
from transforms.ingest.formats.record_values import NOTCH_PX, number
from transforms.ingest.formats.typed_steps import Event

_NAMES = (b"ContextChanged", b"KeyPress", b"KeyRelease", b"MouseMove", b"MouseScroll", b"MousePress")
ARRAYS = tuple(bytes([first]) for first in (*range(0x90, 0xA0), 0xDC, 0xDD))
"""First bytes of an array in MessagePack."""

_MOST_STRAYS = 100
"""Values between the arrays after which a file is taken for another one: any byte below 128 is a number."""

_BUTTONS = {"left": "left", "right": "right", "middle": "middle"}
_BUTTON = "BTN_"
"""Beginning of the names of mouse buttons, which Linux reports as keys."""

_UNKNOWN, _UNCAPTURED = "UNKNOWN", "UNCAPTURED"
"""Ids of an application that the recorder could not name, and of one that it may not record."""

_PARTS, _EVENTS = 6, 4
"""Length of a segment of the first versions, and the index of its events."""


def _knows(head: bytes) -> bool:
    return head.startswith(ARRAYS) and any(name in head for name in _NAMES)


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    draft, segment = SessionDraft(source, {"recorder": "crowd-cast"}, clock=MICROSECONDS), _Segment()
    for place, record in enumerate(_records(content), start=1):
        try:
            at, (kind, data) = record
            segment.tell(kind, data if isinstance(data, list) else [data], at, place, draft)
        except (TypeError, ValueError, IndexError):
            draft.refuse(INCOMPLETE, place)
    yield draft


def _records(content: bytes) -> Iterator[Any]:
    """Yield the records of a stream of arrays, or of one array of them; raise ``ValueError`` where it is damaged."""
    import msgpack  # noqa: PLC0415 - most recordings are of other formats

    unpacker = msgpack.Unpacker(strict_map_key=False, max_buffer_size=len(content) + 1, unicode_errors="replace")
    unpacker.feed(content)
    strays = 0
    try:
        for item in unpacker:
            if not isinstance(item, list):
                pass
            elif len(item) == _PARTS and isinstance(item[0], str) and isinstance(item[_EVENTS], list):
                yield from item[_EVENTS]
                continue
            elif item and all(isinstance(part, list) for part in item):
                yield from item
                continue
            strays += not isinstance(item, list)
            if strays > _MOST_STRAYS:
                raise ValueError("strays")
            yield item
    except (msgpack.UnpackException, msgpack.exceptions.ExtraData, UnicodeDecodeError):
        raise ValueError("damaged") from None


class _Segment:
    """State of a segment: keys that are down, and the pointer, whose moves are recorded as differences."""

    def __init__(self) -> None:
        self._board, self._x, self._y = Keyboard(), 0.0, 0.0

    def tell(self, kind: str, data: list[object], at: int, place: int, draft: SessionDraft) -> None:
        """Tell one event; raise ``TypeError`` or ``IndexError`` where it lacks what its kind needs."""
        if isinstance(at, bool) or not isinstance(at, int):
            raise TypeError("at")
        if kind == "ContextChanged":
            draft.add(at, place, _focus(data[0]))
        elif kind in {"KeyPress", "KeyRelease"}:
            draft.add(at, place, self._key(data[1], down=kind == "KeyPress"))
        elif kind == "MouseMove":
            self._x, self._y = self._x + _at(data, 0), self._y + _at(data, 1)
            draft.add(at, place, {"kind": "pointer", "action": "move", "x": self._x, "y": self._y})
        elif kind in {"MousePress", "MouseRelease"}:
            self._x, self._y = _at(data, 1), _at(data, 2)
            draft.add(at, place, self._button(str(data[0]), down=kind == "MousePress"))
        elif kind == "MouseScroll":
            by = {"dx": _at(data, 0) * NOTCH_PX, "dy": -_at(data, 1) * NOTCH_PX}
            draft.add(at, place, {"kind": "pointer", "action": "scroll", "x": _at(data, 2), "y": _at(data, 3), **by})
        elif kind == "Redacted":
            draft.leave_out("redacted_by_recorder")
        elif kind == "Metadata":
            draft.leave_out("metadata")
        else:
            draft.refuse(UNKNOWN, place)

    def _key(self, name: object, *, down: bool) -> Event:
        if not isinstance(name, str):
            raise TypeError("name")
        if name.startswith(_BUTTON):
            return self._button(name.removeprefix(_BUTTON), down=down)
        return self._board.event(name_physical(name), pressed=down)

    def _button(self, name: str, *, down: bool) -> Event:
        event: Event = {"kind": "pointer", "action": "down" if down else "up", "x": self._x, "y": self._y}
        return event | {"button": _BUTTONS.get(name.lower(), "other")}


def _focus(app: object) -> Event:
    """Yield the front application; one that may not be recorded is treated as private."""
    if not isinstance(app, str):
        raise TypeError("app_id")
    event: Event = {"kind": "focus", "app": "" if app in {_UNKNOWN, _UNCAPTURED} else app, "title": ""}
    return event | ({"private": True} if app == _UNCAPTURED else {})


def _at(data: list[object], place: int) -> float:
    return number({"value": data[place]}, "value")


CROWD_CAST = ForeignFormat(
    name="crowd-cast",
    summary="crowd-cast: MessagePack segments of input",
    mapping=(
        MapRow("ContextChanged", "`focus`: the id of the application"),
        MapRow("ContextChanged UNCAPTURED, UNKNOWN", "one without a name, the first as a private one"),
        MapRow("KeyPress, KeyRelease", "`key`, by the name of rdev or Linux, on the US layout; `BTN_` is a `pointer`"),
        MapRow("MouseMove", "`pointer`: `move`, by the sum of the differences"),
        MapRow("MousePress, MouseRelease, MouseScroll", "`pointer`; 100 px a notch"),
        MapRow("Redacted", "left out, counted: `redacted_by_recorder`"),
        MapRow("Metadata", "left out, counted: `metadata`"),
        MapRow("video beside it", "not opened"),
        MapRow("time", "microseconds since the segment began; the date is not known"),
    ),
    knows=_knows,
    tell=_tell,
)
"""The adapter."""
