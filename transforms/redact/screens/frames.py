"""Frames: parts of a window whose edges an application or a person sets, and no text moves.

Text moves what stands in the same frame: its line, a column, all that comes after a wrapped line. It does not move
another frame. Which nodes are frames, their roles and edges decide, and neither depends on a text:

- a pane or page that reaches from the top of the frame above it, or from a strip there, to its bottom;
- a strip, such as a toolbar, that reaches from side to side;
- a window of the desktop that takes half of the screen each way.

A smaller dialog or a tooltip is a *float*: it may hug its text, but lies above the others and moves none of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.vocabulary import PAGES, PANES, STRIPS
from transforms.redact.screens.boxes import GRID_PX, Box, is_near, snap, without
from transforms.redact.screens.trees import WINDOW, Node, Tree

_FLOATS = frozenset({"alertdialog", "dialog", "tooltip"})


class Frames(NamedTuple):
    """Frames and floats of a screen.

    ``owner`` is the frame or float in which each node lies, never itself, and ``inside`` lists the nodes of each;
    ``edges`` are the snapped boxes of frames, ``WINDOW`` among them.
    """

    owner: list[int]
    inside: dict[int, list[int]]
    edges: dict[int, Box]
    floats: frozenset[int]

    @property
    def scopes(self) -> frozenset[int]:
        """Return all frames and floats."""
        return self.floats.union(self.edges)

    def spread(self, nodes: Sequence[Node]) -> frozenset[int]:
        """Return the frames and floats to lay out again, because of a redacted text in them or around them.

        A frame's own name is drawn nowhere in it. What is inside of a float may size it. What lies above the frames,
        such as a tooltip, may be attached to something that moved, so any redaction spreads to the window, and
        from a frame or float to the floats in it.
        """
        moved = {
            number if number in self.floats else self.owner[number]
            for number, node in enumerate(nodes)
            if node.redacted and number not in self.edges
        }
        for number in sorted(self.floats, reverse=True):
            if number in moved and self.owner[number] in self.floats:
                moved.add(self.owner[number])
        if moved:
            moved.add(WINDOW)
        for number in sorted(self.floats):
            if self.owner[number] in moved:
                moved.add(number)
        return frozenset(moved)

    def nodes_of(self, scope: int) -> list[int]:
        """List the nodes that lie in a frame or float itself, in order, without the frames and floats among them."""
        return [node for node in self.inside.get(scope, ()) if node not in self.edges and node not in self.floats]

    def frames_of(self, scope: int) -> list[int]:
        """List the frames that lie in a frame itself, in order."""
        return [node for node in self.inside.get(scope, ()) if node in self.edges]

    def free_area(self, frame: int) -> Box:
        """Return the part of ``frame`` that no frame inside it takes."""
        area = self.edges[frame]
        for inner in self.frames_of(frame):
            area = without(area, self.edges[inner])
        return area


def find_frames(nodes: Sequence[Node], tree: Tree, window: Box) -> Frames:
    """Find the frames and floats of ``nodes``; there is no frame inside a float."""
    scopes: list[int] = []
    owner: list[int] = []
    edges, floats = {WINDOW: window}, set[int]()
    tops = {WINDOW: window.top}
    for number, node in enumerate(nodes):
        parent = tree.parents[number]
        above = WINDOW if parent == WINDOW else scopes[parent]
        owner.append(above)
        scopes.append(above)
        if above in floats:
            floats.update([number] if node.role in _FLOATS else [])
        elif node.box is not None and _is_frame(node.role, node.box, edges[above], tops[above], parent):
            edges[number] = snap(node.box, edges[above], window)
            tops[number] = edges[number].top
            if node.role in STRIPS and is_near(edges[number].top, tops[above]):
                tops[above] = edges[number].bottom
        elif node.role in _FLOATS:
            floats.add(number)
        if number in edges or number in floats:
            scopes[number] = number
    inside: dict[int, list[int]] = {}
    for number, scope in enumerate(owner):
        inside.setdefault(scope, []).append(number)
    return Frames(owner, inside, edges, frozenset(floats))


def _is_frame(role: str, box: Box, above: Box, top: float, parent: int) -> bool:
    """Check whether a node is a frame of the frame ``above``, whose strips end at ``top``."""
    if box.intersect(above).is_empty():
        return False
    across = box.left < above.left + GRID_PX and box.right > above.right - GRID_PX
    down = box.bottom > above.bottom - GRID_PX
    if role in STRIPS:
        return across
    if role in PANES and down and (box.top < top + GRID_PX or (across and role in PAGES)):
        return True
    return role in _FLOATS and parent == WINDOW and 2 * box.width >= above.width and 2 * box.height >= above.height
