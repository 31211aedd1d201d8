"""A canvas on which a layout draws its nodes and says whose line each is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from benchmarks.message_screens.desks.talks import DeskTalk
from benchmarks.message_screens.screens import Made

_LETTER, _LINE, _TOP = 7.0, 20.0, 48.0
"""Width of a letter, height of a line and of the bar of the window, in pixels."""
_MARGIN, _INDENT = 16.0, 4.0
_SHARE = 0.7
"""Most of a pane that a bubble takes."""
_PIECE = 8
"""Fewest letters of a labelled piece of a line."""
_SIDES = ("x", "y", "width", "height")

Box = tuple[float, float, float, float]


@dataclass
class Canvas:
    """Nodes with boxes, below one another in the pane that is drawn last, and the lines on them by their writers."""

    talk: DeskTalk
    nodes: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    labels: dict[str, list[str]] = field(default_factory=lambda: {"incoming": [], "own": [], "earlier": []})
    controls: list[str] = field(default_factory=list)
    left: float = 0.0
    width: float = 1440.0
    below: float = 0.0

    def open_pane(self, left: float, width: float) -> None:
        """Draw what follows in another part of the window."""
        self.left, self.width, self.below = left, width, _TOP

    def add(self, depth: int, role: str, name: str = "", value: str = "", *, side: str = "", states: str = "") -> None:
        """Draw a node; on a side it is a bubble."""
        text = name or value
        self.nodes.append(
            {
                "depth": depth,
                "role": role,
                "name": name or None,
                "value": value or None,
                "bounds": self._place(text, depth, side),
                "states": states.split(),
            }
        )

    def press(self, depth: int, *keys: str, role: str = "button") -> None:
        """Draw controls that are named by words of the program."""
        for key in keys:
            self.add(depth, role, self.control(self.talk.word(key)))

    def control(self, name: str) -> str:
        """Label a name of a control and return it."""
        self.controls.append(name)
        return name

    def claim(self, line: str, *, own: bool) -> str:
        """Label a line by who wrote it and return it."""
        self._label(line, line, own=own)
        return line

    def preview(self, line: str, *, own: bool, letters: int) -> str:
        """Label how a line begins, and return what is shown of it."""
        begins = line[:letters].rstrip()
        self._label(line, begins, own=own)
        return begins if begins == line else f"{begins}\u2026"

    def break_up(self, line: str, *, own: bool, letters: int) -> list[str]:
        """Break a line as a narrow pane does, and label the pieces that are long enough to tell something."""
        pieces = wrap(line, letters)
        for piece in pieces:
            if len(piece) >= _PIECE:
                self._label(line, piece, own=own)
        return pieces

    def write(self, depth: int, role: str, name: str) -> None:
        """Draw the box to write in, with the line that the recorder has not sent yet."""
        line = self.talk.pending
        self.add(depth, role, self.control(name), self.claim(line, own=True) if line else "", states="editable focused")

    def write_named(self, depth: int, role: str, name: str) -> None:
        """Draw the same where a tree has names alone: the line is the name of a paragraph in the box."""
        self.add(depth, role, self.control(name), states="editable focused")
        if self.talk.pending:
            self.add(depth + 1, "paragraph", self.claim(self.talk.pending, own=True))

    def finish(self, app: str, title: str, url: str = "", *, text: bool = False) -> Made:
        """Return the screen; with ``text`` the texts of its nodes are its lines too, as a recorder of pages tells."""
        _enclose(self.nodes)
        told = [part for node in self.nodes for part in (node["name"], node["value"]) if part] if text else []
        return Made(
            self.talk.language,
            tuple(self.nodes),
            tuple(self.labels["incoming"]),
            tuple(self.labels["own"]),
            lines=[*self.lines, *told],
            app=app,
            url=url,
            typed=sorted(self.talk.typed),
            title=title,
            earlier=tuple(self.labels["earlier"]),
            controls=tuple(dict.fromkeys(self.controls)),
        )

    def _label(self, line: str, shown: str, *, own: bool) -> None:
        kind = "incoming" if not own else "own" if line in self.talk.typed else "earlier"
        if shown not in self.labels[kind]:
            self.labels[kind].append(shown)

    def _place(self, text: str, depth: int, side: str) -> Box | None:
        """Place a text below the last one; a node without a text has the box of what is in it, see ``_enclose``."""
        if not text:
            return None
        widest = self.width * _SHARE if side else self.width - 2 * _MARGIN
        wide = min(len(text) * _LETTER + _MARGIN, widest)
        high = _LINE * -(-len(text) * _LETTER // widest)
        left = self.left + (self.width - wide - _MARGIN if side == "right" else _MARGIN + depth * _INDENT)
        box = (left, self.below, wide, high)
        self.below += high + _INDENT
        return box


def wrap(text: str, letters: int) -> list[str]:
    """Break a text into lines as a narrow pane does.

    >>> wrap("one two three", 8)
    ['one two', 'three']
    """
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > letters:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def _enclose(nodes: Sequence[dict[str, Any]]) -> None:
    """Give each node the smallest box around its own and those of the nodes in it, by the names of its sides."""
    for at in reversed(range(len(nodes))):
        inside = [nodes[at]["bounds"]] if nodes[at]["bounds"] else []
        for below in count(at + 1):
            if below == len(nodes) or nodes[below]["depth"] <= nodes[at]["depth"]:
                break
            if nodes[below]["bounds"]:
                inside.append(tuple(nodes[below]["bounds"][side] for side in _SIDES))
        left, top = (min((box[edge] for box in inside), default=0.0) for edge in (0, 1))
        right, bottom = (max((box[edge] + box[edge + 2] for box in inside), default=0.0) for edge in (0, 1))
        nodes[at]["bounds"] = dict(zip(_SIDES, (left, top, right - left, bottom - top), strict=True))
