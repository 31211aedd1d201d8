"""Pointer actions of a batch with the screens that they were done on and their targets, as recorded."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.redact.actions.pointer_actions import PointerAction, PointerEvent, reduce_pointer
from transforms.redact.actions.targets import FrontWindow, Target, find_target, is_drag
from transforms.redact.actions.window_sizes import Size, public_size
from transforms.redact.rows.columns import Flags, holds
from transforms.redact.rows.session_ranges import SessionRange
from transforms.redact.screens.boxes import Box
from transforms.redact.screens.recorded_screens import RecordedScreen
from transforms.redact.screens.windows import front_windows, read_box


@dataclass(frozen=True, slots=True)
class SeenAction:
    """Action with the screen that it was done on, the target of its beginning and, of a drag, that of its end."""

    action: PointerAction = field(repr=False)
    screen: RecordedScreen | None = field(repr=False)
    front: FrontWindow
    begin: Target
    end: Target | None

    @property
    def row(self) -> int:
        """Return the row at which the action is released."""
        return self.action.first.row


@dataclass(frozen=True, slots=True)
class SeenPointer:
    """Actions of a batch in order, and the rows of moves and of releases without a press.

    ``named`` maps the row whose target says the role and name of an action to the row at which that is released.
    ``starts`` are the first rows of the sessions.
    """

    actions: list[SeenAction] = field(repr=False)
    moves: list[int]
    loose: list[int]
    named: Mapping[int, int]
    starts: Sequence[int]

    def session(self, row: int) -> int:
        """Return the number of the session that ``row`` belongs to."""
        return bisect_right(self.starts, row)


def see_pointer(
    table: pa.Table, allowed: Flags, sessions: Sequence[SessionRange], screens: Sequence[RecordedScreen]
) -> SeenPointer:
    """Find the actions in the ``allowed`` rows of a batch; ``screens`` are those of these rows that have nodes."""
    stretches = list(reduce_pointer(_read_events(table, allowed, sessions)))
    actions = sorted((action for done, _ in stretches for action in done), key=_row)
    moves = np.flatnonzero(holds(table, "kind", "pointer") & allowed & holds(table, "action", "move")).tolist()
    loose = [row for _, rows in stretches for row in rows]
    rows = [action.first.row for action in actions]
    windows = front_windows(table, sessions, rows)
    elements, named = _find_elements(table, actions)
    shown = _Screens(table, sessions, screens, [action.first.row for action in actions if action.action == "scroll"])
    seen = []
    for action, element in zip(actions, elements, strict=True):
        window = windows[action.first.row].box
        front = FrontWindow(window, public_size(window.width, window.height))
        screen = shown.find(action.first.row, window)
        seen.append(_see(action, element, screen, front))
    return SeenPointer(seen, moves, loose, named, [session.start for session in sessions])


def release_windows(table: pa.Table, allowed: Flags, sessions: Sequence[SessionRange]) -> dict[int, Size]:
    """Return the released size of the window at each focus row, and at each screen that has a window."""
    has_window = holds(table, "kind", "focus") | (
        holds(table, "kind", "screen") & table["window"].is_valid().to_numpy()
    )
    rows = np.flatnonzero(has_window & allowed).tolist()
    windows = front_windows(table, sessions, rows)
    return {row: public_size(windows[row].box.width, windows[row].box.height) for row in rows}


def _row(action: PointerAction) -> int:
    return action.first.row


def _read_events(table: pa.Table, allowed: Flags, sessions: Sequence[SessionRange]) -> Iterator[PointerEvent]:
    pointer = holds(table, "kind", "pointer")
    rows = np.flatnonzero(pointer & allowed & ~holds(table, "action", "move"))
    ends = (~allowed).astype(np.int64)
    ends[[session.start for session in sessions]] += 1
    counts = (np.cumsum(chosen)[rows].tolist() for chosen in (ends, holds(table, "kind", "key"), ~pointer))
    part = table.select(["action", "x", "y", "button", "dx", "dy"]).take(pa.array(rows)).to_pydict()
    targets = table["target"].take(pa.array(rows)).combine_chunks()
    known: dict[tuple[str | None, str | None], int] = {}
    names = [
        known.setdefault(words, len(known))
        for words in zip(*(pc.struct_field(targets, name).to_pylist() for name in ("role", "name")), strict=True)
    ]
    points = zip(part["x"], part["y"], strict=True)
    ways = ((dx or 0.0, dy or 0.0) for dx, dy in zip(part["dx"], part["dy"], strict=True))
    for values in zip(rows.tolist(), part["action"], points, part["button"], ways, names, *counts, strict=True):
        yield PointerEvent(*values)


def _find_elements(table: pa.Table, actions: Sequence[PointerAction]) -> tuple[list[Box | None], dict[int, int]]:
    """Find the recorder's box of each action, and the rows that give the targets' roles and names.

    A recorder gives the target with the press, with the release or with the click: the first of them counts.
    """
    rows = [row for action in actions for row in action.rows]
    named_targets = dict(zip(rows, table["target"].take(pa.array(rows, pa.int64())).to_pylist(), strict=True))
    boxes: list[Box | None] = []
    named: dict[int, int] = {}
    for action in actions:
        listed = [(row, named_targets[row]) for row in action.rows if named_targets[row]]
        boxes.append(next((box for _, target in listed if (box := read_box(target["bounds"]))), None))
        named |= {row: action.first.row for row, _ in listed[:1]}
    return boxes, named


class _Screens:
    """Screens of a batch, by the rows at which they still show what was recorded of them."""

    def __init__(
        self, table: pa.Table, sessions: Sequence[SessionRange], screens: Sequence[RecordedScreen], scrolls: list[int]
    ) -> None:
        self._screens, self._scrolls = screens, scrolls
        self._rows = [screen.row for screen in screens]
        starts = np.zeros(table.num_rows, dtype=np.int64)
        starts[[session.start for session in sessions]] = 1
        focus = np.flatnonzero(holds(table, "kind", "focus"))
        apps = table["app"].take(pa.array(focus)).to_pylist()
        starts[[row for at, row in enumerate(focus.tolist()) if not at or apps[at] != apps[at - 1]]] = 1
        self._front = np.cumsum(starts)

    def find(self, row: int, window: Box) -> RecordedScreen | None:
        """Find the screen that is shown at ``row``: the last one, unless another application or a scroll came since."""
        at = bisect_left(self._rows, row) - 1
        if at < 0:
            return None
        screen = self._screens[at]
        scrolled = bisect_left(self._scrolls, screen.row) != bisect_left(self._scrolls, row)
        same = self._front[screen.row] == self._front[row] and screen.window.box == window
        return screen if same and not scrolled else None


def _see(action: PointerAction, element: Box | None, screen: RecordedScreen | None, front: FrontWindow) -> SeenAction:
    boxes = [] if screen is None else [node.box for node in screen.nodes]
    begin = find_target(*action.first.at, element, boxes, front)
    end = None
    if action.end is not None and action.action == "click":
        # the recorder's element is that of the press; a release inside of it is a click
        there = find_target(*action.end, element, boxes, front)
        end = there if is_drag(begin, there, math.dist(action.first.at, action.end)) else None
    return SeenAction(action, screen, front, begin, end)
