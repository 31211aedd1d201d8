"""Released boxes of a screen: as recorded, and laid out again where a redacted text could have moved them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.redact.screens.boxes import Box, in_window_units
from transforms.redact.screens.contents import collect_contents
from transforms.redact.screens.flow import flow
from transforms.redact.screens.frames import Frames, find_frames
from transforms.redact.screens.sizes import LINE_PX, PADDING_PX, measure
from transforms.redact.screens.trees import WINDOW, Node, Tree, build_tree
from transforms.redact.screens.windows import Window

MOST_LEVELS = 64
"""Deepest level that is laid out by itself; what is deeper stands beside it."""

Released = tuple[int, int, int, int]
"""Left, top, right and bottom in ten-thousandths of the front window."""


class Layout(NamedTuple):
    """Released box of each node, None where it has none, and the nodes whose box is not the recorded one."""

    boxes: list[Released | None]
    moved: frozenset[int]


def lay_out(nodes: Sequence[Node], window: Window, *, everywhere: bool = False) -> Layout:
    """Lay out the nodes of a screen for release, all of them again where something hidden is ``everywhere``.

    A frame without a redaction keeps the boxes of the recording. In the others every node has a box: whether a text
    pushed it out of sight is not shown. A screen on which no node has a box keeps none.
    """
    if all(node.box is None for node in nodes):
        return Layout([None] * len(nodes), frozenset())
    page = Box(0, 0, *window.layout_size)
    scaled = [node._replace(box=node.box and node.box.scale(window.box, page)) for node in nodes]
    tree = build_tree([min(depth, MOST_LEVELS) for depth in build_tree([node.depth for node in nodes]).depths])
    screen = _Screen(scaled, tree, find_frames(scaled, tree, page), {})
    for scope in sorted(screen.frames.scopes if everywhere else screen.frames.spread(nodes)):
        screen.place_float(scope) if scope in screen.frames.floats else screen.place_frame(scope)
    boxes = [
        _release(screen.moved[number], page) if number in screen.moved else _release(node.box, window.box)
        for number, node in enumerate(nodes)
    ]
    return Layout(boxes, frozenset(screen.moved))


def _release(box: Box | None, window: Box) -> Released | None:
    return None if box is None else in_window_units(box, window)


@dataclass(frozen=True, slots=True)
class _Screen:
    """Screen with the boxes that were laid out so far."""

    nodes: Sequence[Node] = field(repr=False)
    tree: Tree = field(repr=False)
    frames: Frames = field(repr=False)
    moved: dict[int, Box] = field(repr=False)

    def place_frame(self, frame: int) -> None:
        """Lay out what lies in a frame itself, in the area that no frame inside it takes."""
        owned, area = self.frames.nodes_of(frame), self.frames.free_area(frame)
        self._place(frame, flow(collect_contents(self.nodes, self.tree, owned), area.width), area)
        if frame != WINDOW:
            self.moved[frame] = self.frames.edges[frame]

    def place_float(self, number: int) -> None:
        """Lay out a float in the middle of the frame that it lies in, as large as its name and contents need."""
        node, around = self.nodes[number], self._around(number)
        room = min(PADDING_PX, around.width / 4, around.height / 4)
        owned = self.frames.nodes_of(number)
        contents = collect_contents(self.nodes, self.tree, owned)
        widest = max([measure(node.role, node.words), *(contents.widths[root] for root in contents.roots)])
        width = min(widest, around.width - 2 * room)
        drawn = flow(contents, width)
        height = min(max([LINE_PX, *(box.bottom for box in drawn.values())]), around.height - 2 * room)
        left, top = (around.left + around.right - width) / 2, (around.top + around.bottom - height) / 2
        area = Box(left, top, left + width, top + height)
        self.moved[number] = Box(area.left - room, area.top - room, area.right + room, area.bottom + room)
        self._place(number, drawn, area)

    def _around(self, number: int) -> Box:
        """Return the frame or float in which a float lies."""
        owner = self.frames.owner[number]
        return self.frames.edges[owner] if owner in self.frames.edges else self.moved[owner]

    def _place(self, scope: int, drawn: Mapping[int, Box], area: Box) -> None:
        """Put boxes that begin at (0, 0) into ``area``, lower where they are too high for it, and the others around."""
        height = max((box.bottom for box in drawn.values()), default=0)
        shrink = min(1, area.height / height) if height else 1
        owned = self.frames.nodes_of(scope)
        around = self._frames_by_parent(scope)
        for number in reversed(owned):
            box = around.get(number)
            if box is None:
                left, top, right, bottom = drawn[number]
                box = Box(area.left + left, area.top + top * shrink, area.left + right, area.top + bottom * shrink)
            self.moved[number] = box
            parent = self.tree.parents[number]
            around[parent] = box.unite(around.get(parent, box))

    def _frames_by_parent(self, scope: int) -> dict[int, Box]:
        """Return the box around the frames of ``scope`` that are children of the same node."""
        around: dict[int, Box] = {}
        for number in self.frames.frames_of(scope):
            parent, edges = self.tree.parents[number], self.frames.edges[number]
            around[parent] = edges.unite(around.get(parent, edges))
        return around
