"""Actions of one session, each with the screen and the task that it was done in."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pyarrow as pa

from keyveil.actions import COLUMNS as ACTION_COLUMNS
from keyveil.actions import list_actions
from keyveil.records import read_nodes
from keyveil.training.action import Action, read_action
from keyveil.training.placed_actions import place_action
from keyveil.training.places import Places
from keyveil.training.screen import DEFAULT_SIZE, Screen

COLUMNS = tuple(dict.fromkeys([*ACTION_COLUMNS, "nodes", "redactions", "same_as", "window"]))
"""Columns of the events that steps are made of."""

_SCREENS_AT_HAND = 16
"""Screens of a session that stay placed, no fewer than the actions of a usual history."""

_CONTEXT = ("app", "title", "url", "window")


class Moment(NamedTuple):
    """An action, and the ``seq`` of the screen and of the task before it, null where there is none.

    ``fresh`` tells whether no other window came to the front between the screen and the action.
    """

    action: Action
    screen: int | None
    task: int | None
    fresh: bool


class Task(NamedTuple):
    """Instruction of a person, the part of it at hand, and how it ended; null where the recording tells nothing."""

    instruction: str | None
    goal: str | None
    outcome: str | None


NO_TASK = Task(None, None, None)
"""Task of a step that none came before."""


class SessionSteps:
    """A whole session, rows by ``seq``; nodes are decoded for the screens that are asked for.

    Nodes of screens with a replacement, and the actions on them, stand where the places that ``learn`` returns have
    them; it is called at the first such screen.
    """

    def __init__(self, events: pa.Table, learn: Callable[[], Places] = Places) -> None:
        self._events, self._learn = events, learn
        self._placed: OrderedDict[int, tuple[Screen, Screen]] = OrderedDict()
        seqs, kinds = events["seq"].to_pylist(), events["kind"].cast(pa.string()).to_pylist()
        self._rows = {seq: row for row, seq in enumerate(seqs)}
        self._focus = [row for row, kind in enumerate(kinds) if kind == "focus"]
        self._screens = [seq for seq, kind in zip(seqs, kinds, strict=True) if kind == "screen"]
        self.moments = tuple(_moments(list_actions(events), zip(seqs, kinds, strict=True)))

    def screens(self) -> Iterator[Screen]:
        """Yield the screens that have nodes of their own, as they were released."""
        for seq in self._screens:
            if self._row(seq, "nodes")["nodes"]:
                yield self._read(seq)

    def screen(self, seq: int) -> Screen:
        """Read the screen with this ``seq``, its nodes from the earlier screen that has the same."""
        return self._read_both(seq)[1]

    def place(self, action: Action) -> Action:
        """Place an action of this session as its screen is placed; one of which no screen is known stays."""
        if action.screen is None or not self._marks(action.screen):
            return action
        shown, placed = self._read_both(action.screen)
        return action if shown is placed else place_action(action, shown, placed)

    def _read_both(self, seq: int) -> tuple[Screen, Screen]:
        """Read a screen as it was released and as it is placed; keep the few that were read last."""
        if seq not in self._placed:
            shown = self._read(seq)
            placed = shown
            if shown.is_replaced and shown.nodes:
                actions = (moment.action for moment in self.moments)
                targets = {action.node for action in actions if action.screen == seq and action.node is not None}
                placed = self._learn().place(shown, seen=targets)
            self._placed[seq] = shown, placed
        self._placed.move_to_end(seq)
        while len(self._placed) > _SCREENS_AT_HAND:
            self._placed.popitem(last=False)
        return self._placed[seq]

    def _read(self, seq: int) -> Screen:
        row = self._row(seq, "text", "nodes", "same_as")
        same = row["same_as"]
        listed = row if row["nodes"] or same is None else self._row(same, "nodes")
        marks = self._marks(seq)
        front = self._front(seq)
        window = front.get("window") or {}
        width, height = window.get("width"), window.get("height")
        return Screen(
            seq=seq,
            text=row["text"],
            nodes=read_nodes(listed["nodes"] or ()),
            app=front.get("app"),
            title=front.get("title"),
            url=front.get("url"),
            size=(width, height) if width and height else DEFAULT_SIZE,
            replaced=frozenset(mark["node"] for mark in marks if mark["node"] is not None),
            is_replaced=bool(marks),
        )

    def _marks(self, seq: int) -> list[Mapping[str, Any]]:
        """Read the replacements of a screen and of the earlier one that has its nodes."""
        row = self._row(seq, "redactions", "same_as")
        same = {} if row["same_as"] is None else self._row(row["same_as"], "redactions")
        return [*(row["redactions"] or ()), *(same.get("redactions") or ())]

    def task(self, seq: int) -> Task:
        """Read the task with this ``seq``."""
        row = self._row(seq, "text", "title", "name")
        return Task(row["text"], row["title"], row["name"])

    def _front(self, seq: int) -> dict[str, Any]:
        """Read the last ``focus`` row up to ``seq``."""
        passed = bisect_right(self._focus, self._rows.get(seq, -1))
        return self._at(self._focus[passed - 1], *_CONTEXT) if passed else {}

    def _row(self, seq: int, *names: str) -> dict[str, Any]:
        row = self._rows.get(seq)
        return dict.fromkeys(names) if row is None else self._at(row, *names)

    def _at(self, row: int, *names: str) -> dict[str, Any]:
        known = self._events.schema.names
        return {name: self._events[name][row].as_py() if name in known else None for name in names}


def _moments(rows: Iterable[Mapping[str, Any]], events: Iterable[tuple[int, str]]) -> Iterator[Moment]:
    """Yield the actions with what came last before each; an action that names its screen keeps that one.

    ``rows`` are those of ``list_actions``, ``events`` the ``seq`` and kind of every event.
    """
    context = [(seq, kind) for seq, kind in events if kind in ("screen", "task", "focus")]
    last: dict[str, int] = {}
    passed = 0
    for row in rows:
        action = read_action(row)
        while passed < len(context) and context[passed][0] < action.first_seq:
            seq, kind = context[passed]
            last[kind] = seq
            passed += 1
        screen = last.get("screen") if action.screen is None else action.screen
        fresh = screen is not None and max(screen, last.get("screen", 0)) > last.get("focus", -1)
        yield Moment(action, screen, last.get("task"), fresh)
