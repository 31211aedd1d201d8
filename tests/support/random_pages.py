"""Pages of any structure: lines, centred and right-to-left ones, wraps, stacks and fitted tables inside one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from hypothesis import strategies as st

from tests.support.pages import advance
from transforms.redact.screens.boxes import Box
from transforms.redact.screens.trees import Node

WINDOW = Box(0, 0, 1280, 20_000)
"""So high that no page reaches its bottom: where one just does, its text tells that much."""
_SIDE, _GAP, _LINE = 240, 8, 18

ROLES = {
    "line": "listitem",
    "centre": "heading",
    "right": "group",
    "wrap": "paragraph",
    "stack": "list",
    "table": "table",
}


@dataclass(frozen=True)
class Part:
    """Part of a page: words, a hidden name by its number, or other parts arranged in a way."""

    way: str
    parts: tuple["Part", ...] = ()
    words: str = ""
    number: int = -1


class _Item(NamedTuple):
    depth: int
    part: Part
    x: float
    y: float
    width: float
    height: float


class _Piece(NamedTuple):
    width: float
    height: float
    items: list[_Item]

    def at(self, x: float, y: float) -> list[_Item]:
        return [item._replace(depth=item.depth + 1, x=item.x + x, y=item.y + y) for item in self.items]


def parts(names: int) -> st.SearchStrategy[Part]:
    """Build parts in which hidden names have numbers up to ``names``."""
    words = st.builds(Part, st.just("words"), words=st.sampled_from(["Reply", "Open", "a line of words", ""]))
    hidden = st.builds(Part, st.just("name"), number=st.integers(0, names - 1))

    def arrange(inner: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
        return st.builds(Part, st.sampled_from(sorted(ROLES)), st.lists(inner, min_size=1, max_size=4).map(tuple))

    return st.recursive(words | hidden, arrange, max_leaves=14)


def draw_window(side: Part, page: Part, names: Sequence[str], shown: Sequence[str]) -> list[Node]:
    """Draw a window of a side pane and a page that hold ``names``, of which ``shown`` is released."""
    whole = _Item(0, Part("application"), 0, 0, WINDOW.width, WINDOW.height)
    panes = [(Part("navigation"), side, 0, _SIDE), (Part("main"), page, _SIDE, WINDOW.width - _SIDE)]
    items = [whole]
    for pane, inside, left, width in panes:
        piece = _arrange(inside, width, names)
        items.append(_Item(1, pane, left, 0, width, WINDOW.height))
        items += [item._replace(depth=item.depth + 1) for item in piece.at(left, 0)]
    return [_node(item, shown) for item in items]


def _node(item: _Item, shown: Sequence[str]) -> Node:
    depth, part, x, y, width, height = item
    box = Box(x, y, x + width, y + height)
    if part.way == "name":
        return Node("link", shown[part.number], box, depth, redacted=True)
    return Node(ROLES.get(part.way, "button" if part.way == "words" else part.way), part.words, box, depth)


def _arrange(part: Part, room: float, names: Sequence[str]) -> _Piece:
    if not part.parts:
        wide = advance(names[part.number] if part.way == "name" else part.words)
        lines = max(1, ceil(wide / room))
        return _Piece(min(wide, room), _LINE * lines, [_Item(0, part, 0, 0, min(wide, room), _LINE * lines)])
    if part.way == "table":
        return _arrange_table(part, room, names)
    pieces = [_arrange(inner, room, names) for inner in part.parts]
    if part.way == "stack":
        width, height, items = max(piece.width for piece in pieces), 0.0, list[_Item]()
        for piece in pieces:
            items += piece.at(0, height)
            height += piece.height
    else:
        width, height, items = _arrange_line(part.way, pieces, room)
    return _Piece(width, height, [_Item(0, part, 0, 0, width, height), *items])


def _arrange_line(way: str, pieces: Sequence[_Piece], room: float) -> _Piece:
    x, y, high = 0.0, 0.0, 0.0
    items: list[_Item] = []
    whole = sum(piece.width + _GAP for piece in pieces) - _GAP
    start = {"centre": (room - whole) / 2, "right": room - whole}.get(way, 0.0)
    for piece in pieces:
        if way == "wrap" and x and x + piece.width > room:
            x, y, high = 0.0, y + high, 0.0
        items += piece.at(start + x, y)
        x, high = x + piece.width + _GAP, max(high, piece.height)
    return _Piece(whole if way == "line" else room, y + high, items)


def _arrange_table(part: Part, room: float, names: Sequence[str]) -> _Piece:
    """Arrange each part as a row; what is in it as cells, in columns as wide as their widest."""
    rows = [[_arrange(cell, room, names) for cell in row.parts or (row,)] for row in part.parts]
    columns = [max(row[at].width for row in rows if at < len(row)) for at in range(max(map(len, rows)))]
    items, y = list[_Item](), 0.0
    for row in rows:
        high = max(cell.height for cell in row)
        items.append(_Item(1, Part("row"), 0, y, sum(columns), high))
        for at, cell in enumerate(row):
            items += [item._replace(depth=item.depth + 1) for item in cell.at(sum(columns[:at]), y)]
        y += high
    return _Piece(sum(columns), y, [_Item(0, part, 0, 0, sum(columns), y), *items])
