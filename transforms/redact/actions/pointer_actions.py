"""Actions of a pointer from its events, by their order alone: times and distances are habits of the hand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

Point = tuple[float, float]

_REPEATS = {"double_click": 2, "triple_click": 3}


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """Event of a pointer that is no move; ``way`` is the distance of a scroll, ``target`` the index of its target.

    ``keys`` and ``others`` count the key rows, and all rows that are not of the pointer, before it in its ``stretch``:
    a session, or a part of it between rows that are not released.
    """

    row: int
    action: str
    at: Point
    button: str | None
    way: Point
    target: int
    stretch: int
    keys: int
    others: int


@dataclass(slots=True)
class PointerAction:
    """One action: its event rows in order, the first of which it is released at, and where it began and ended.

    ``is_clicked`` says that the recorder logged a click too, not only a press and a release alone.
    """

    action: str
    first: PointerEvent
    rows: list[int]
    button: str | None
    end: Point | None = None
    way: Point = (0.0, 0.0)
    is_clicked: bool = False

    @classmethod
    def of(cls, event: PointerEvent, action: str) -> "PointerAction":
        """Begin an action with ``event``."""
        return cls(action, event, [event.row], event.button)

    def add(self, event: PointerEvent) -> None:
        """Add an event to the action."""
        self.rows.append(event.row)
        self.button = self.button or event.button

    def is_of(self, button: str | None) -> bool:
        """Check whether an event of ``button`` may belong to the action; recorders leave buttons out."""
        return None in (self.button, button) or self.button == button


@dataclass(slots=True)
class _Reducer:
    """Reads the events of one stretch in order."""

    done: list[PointerAction] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    _pressed: PointerAction | None = None

    def read(self, event: PointerEvent) -> None:
        match event.action:
            case "down":
                self._begin(event, "click")
            case "up":
                self._release(event)
            case "drag":
                self._drag(event)
            case "click":
                self._click(event)
            case "scroll":
                self._scroll(event)
            case _:
                self._click_again(event)

    def _begin(self, event: PointerEvent, action: str) -> PointerAction:
        self._pressed = PointerAction.of(event, action)
        self.done.append(self._pressed)
        return self._pressed

    def _release(self, event: PointerEvent) -> None:
        pressed = self._pressed
        if pressed is None or not pressed.is_of(event.button):
            self.loose.append(event.row)
            return
        pressed.add(event)
        pressed.end, self._pressed = event.at, None

    def _drag(self, event: PointerEvent) -> None:
        """Read a sample of a drag; one without a press begins at its first sample."""
        pressed = self._pressed
        if pressed is None or not pressed.is_of(event.button):
            self._begin(event, "click").end = event.at
        else:
            pressed.add(event)
            pressed.end = event.at

    def _click(self, event: PointerEvent) -> None:
        """Read a click, which repeats the press and release before it or stands for both."""
        last = self.done[-1] if self.done else None
        if last is None or last.is_clicked or not _continues(last, event, "click"):
            self._pressed = None
            last = PointerAction.of(event, "click")
            self.done.append(last)
        else:
            last.add(event)
        last.is_clicked = True

    def _click_again(self, event: PointerEvent) -> None:
        """Read a double or triple click, which stands behind the clicks that it consists of or in their last place."""
        action = PointerAction.of(event, event.action)
        wanted = _REPEATS[event.action]
        while wanted and self.done and _continues(self.done[-1], event, "click", "double_click"):
            before = self.done.pop()
            wanted -= min(wanted, _REPEATS.get(before.action, 1))
            action.first, action.rows = before.first, before.rows + action.rows
            action.button = before.button or action.button
        self.done.append(action)
        self._pressed = action

    def _scroll(self, event: PointerEvent) -> None:
        """Read a scroll, which continues the one before it if nothing is between and it goes the same way."""
        last, way = self.done[-1] if self.done else None, main_way(event.way)
        if (
            last is None
            or last.action != "scroll"
            or (last.first.others, last.first.target) != (event.others, event.target)
            or ((0.0, 0.0) not in (sign(last.way), sign(way)) and sign(last.way) != sign(way))
        ):
            last = PointerAction.of(event, "scroll")
            self.done.append(last)
        else:
            last.add(event)
        last.way = last.way[0] + way[0], last.way[1] + way[1]


def _continues(last: PointerAction, event: PointerEvent, *actions: str) -> bool:
    return last.action in actions and last.first.keys == event.keys and last.is_of(event.button)


def main_way(way: Point) -> Point:
    """Keep the longer axis of a scroll: what a finger slips sideways is its habit.

    >>> main_way((3.0, -40.0)), main_way((2.0, 2.0))
    ((0.0, -40.0), (0.0, 2.0))
    """
    across, down = way
    return (across, 0.0) if abs(across) > abs(down) else (0.0, down)


def sign(way: Point) -> Point:
    """Return the direction of a scroll."""
    across, down = way
    return float((across > 0) - (across < 0)), float((down > 0) - (down < 0))


def reduce_pointer(events: Iterable[PointerEvent]) -> Iterator[tuple[list[PointerAction], list[int]]]:
    """Yield the actions of each stretch, and the rows of releases whose press is not in it."""
    for _, part in groupby(events, attrgetter("stretch")):
        reducer = _Reducer()
        for event in part:
            reducer.read(event)
        yield reducer.done, reducer.loose
