"""Actions of one session, each with the screen and the task that it was done in."""

from collections.abc import Iterator
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
    """An action, and the ``seq`` of the screen and of the task before it, null where there is none."""

    action: Action
    screen: int | None
    task: int | None


class SessionSteps:
    """A whole session, rows by ``seq``; nodes are decoded for the screens that are asked for."""

    def __init__(self, events: pa.Table) -> None:
        self._events = events
        self._rows = {seq: row for row, seq in enumerate(events["seq"].to_pylist())}
        self.moments = tuple(_moments(events))

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
        kinds = self._events["kind"]
        for row in range(self._rows[seq], -1, -1):
            if kinds[row].as_py() == "focus":
                return self._at(row, *_CONTEXT)
        return {}

    def _row(self, seq: int, *names: str) -> dict[str, Any]:
        row = self._rows.get(seq)
        return dict.fromkeys(names) if row is None else self._at(row, *names)

    def _at(self, row: int, *names: str) -> dict[str, Any]:
        known = self._events.schema.names
        return {name: self._events[name][row].as_py() if name in known else None for name in names}


def _moments(events: pa.Table) -> Iterator[Moment]:
    """Yield the actions with what came last before each; an action that names its screen keeps that one."""
    kinds = events["kind"].cast(pa.string()).to_pylist()
    seqs = events["seq"].to_pylist()
    context = [(seq, kind) for seq, kind in zip(seqs, kinds, strict=True) if kind in ("screen", "task")]
    last: dict[str, int] = {}
    passed = 0
    for row in list_actions(events):
        action = read_action(row)
        while passed < len(context) and context[passed][0] < action.first_seq:
            seq, kind = context[passed]
            last[kind] = seq
            passed += 1
        yield Moment(action, last.get("screen") if action.screen is None else action.screen, last.get("task"))
