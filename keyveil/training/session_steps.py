"""Actions of one session, each with the screen and the task that it was done in."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pyarrow as pa

from keyveil.actions import COLUMNS as ACTION_COLUMNS
from keyveil.actions import list_actions
from keyveil.records import read_nodes
from keyveil.training.action import Action, read_action
from keyveil.training.screen import DEFAULT_SIZE, Screen

COLUMNS = tuple(dict.fromkeys([*ACTION_COLUMNS, "nodes", "same_as", "window"]))
"""Columns of the events that tell of steps."""

_CONTEXT = ("app", "title", "url", "window")


class Moment(NamedTuple):
    """An action, and the ``seq`` of the screen and of the task before it, null where there is none.

    ``fresh`` tells whether no other window came to the front between the screen and the action.
    """

    action: Action
    screen: int | None
    task: int | None
    fresh: bool


class SessionSteps:
    """A whole session, rows by ``seq``; nodes are decoded for the screens that are asked for."""

    def __init__(self, events: pa.Table) -> None:
        self._events = events
        seqs, kinds = events["seq"].to_pylist(), events["kind"].cast(pa.string()).to_pylist()
        self._rows = {seq: row for row, seq in enumerate(seqs)}
        self._focus = [row for row, kind in enumerate(kinds) if kind == "focus"]
        self.moments = tuple(_moments(list_actions(events), zip(seqs, kinds, strict=True)))

    def screen(self, seq: int) -> Screen:
        """Read the screen with this ``seq``, its nodes from the earlier screen that has the same."""
        row = self._row(seq, "text", "nodes", "same_as")
        same = row["same_as"]
        nodes = row["nodes"] if row["nodes"] or same is None else self._row(same, "nodes")["nodes"]
        front = self._front(seq)
        window = front.get("window") or {}
        width, height = window.get("width"), window.get("height")
        return Screen(
            seq=seq,
            text=row["text"],
            nodes=read_nodes(nodes or ()),
            app=front.get("app"),
            title=front.get("title"),
            url=front.get("url"),
            size=(width, height) if width and height else DEFAULT_SIZE,
        )

    def text(self, seq: int) -> str | None:
        """Read the text of the row with this ``seq``."""
        text: str | None = self._row(seq, "text")["text"]
        return text

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
