"""Places of what a release laid out again, learned from the screens that it kept as recorded.

A frame that holds a replacement is laid out from released words and constants (ADR 31), so its boxes say nothing of the
real page. A screen without replacements has the recorded boxes, and often shows the same page with other words:

    as recorded       list > item > "Monday", button "Reply" at the right
    laid out again    list > item > "Ada", button "Reply" close behind it     placed: at the right

All of this is computed from released rows, so it reveals no more than they do.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from keyveil.records import Box, Node
from keyveil.training.screen import Screen
from schemas.safe import BOX_UNITS
from schemas.vocabulary import PANES, STRIPS

MOST_SCREENS = 512
"""Most screens of one application that are remembered: the first ones, and of the same nodes the first one."""

LEAST_SHARED = 0.5
"""Smallest part of the paths of two screens that both have for them to be of one page."""

MOST_NODES = 1_000_000
"""Most nodes of all screens that are remembered."""

_UNKNOWN = -1
_NEAR = BOX_UNITS // 50
_NO_BOX = (0, 0, 0, 0)

Boxes = Mapping[int, Box | None]
"""Boxes of a screen by path: the number of a node's role and place among its siblings, below the path of its parent."""


class _Remembered:
    """Boxes of a screen in 20 bytes a node."""

    def __init__(self, boxes: Boxes) -> None:
        self._paths = array("i", boxes)
        self._edges = array("i", [edge for box in boxes.values() for edge in _edges(box)])

    def __len__(self) -> int:
        return len(self._paths)

    def boxes(self) -> Boxes:
        """Return the boxes by path."""
        edges = zip(*[iter(self._edges)] * 4, strict=True)
        return {path: Box(*sides) if any(sides) else None for path, sides in zip(self._paths, edges, strict=True)}


@dataclass(slots=True)
class _Application:
    """Screens of one application, and for each path the screens that have it."""

    screens: list[_Remembered] = field(default_factory=list, repr=False)
    trees: set[bytes] = field(default_factory=set, repr=False)
    rows: dict[int, int] = field(default_factory=dict, repr=False)
    having: list[list[int]] = field(default_factory=list, repr=False)
    listed: pa.ListArray | None = field(default=None, repr=False)

    def add(self, tree: bytes, boxes: Boxes) -> None:
        """Remember a screen of this tree."""
        number = len(self.screens)
        self.trees.add(tree)
        self.screens.append(_Remembered(boxes))
        for path in boxes:
            row = self.rows.setdefault(path, len(self.having))
            if row == len(self.having):
                self.having.append([])
            self.having[row].append(number)
        self.listed = None

    def find_nearest(self, paths: Sequence[int]) -> Boxes:
        """Find the screen that shares the largest part of the paths of both, of equal ones the first.

        Nothing where that is less than ``LEAST_SHARED``.
        """
        if self.listed is None:
            self.listed = pa.array(self.having, pa.list_(pa.int32()))
        rows = pa.array([self.rows[path] for path in paths if path in self.rows], pa.int32())
        shared = pc.value_counts(self.listed.take(rows).flatten())
        likeness = {
            place: count / (len(paths) + len(self.screens[place]) - count)
            for place, count in zip(shared.field(0).to_pylist(), shared.field(1).to_pylist(), strict=True)
        }
        nearest = min(likeness, key=lambda place: (-likeness[place], place), default=None)
        return {} if nearest is None or likeness[nearest] < LEAST_SHARED else self.screens[nearest].boxes()


class Places:
    """Boxes of the screens that a release kept as recorded, by which the nodes of the others are placed."""

    def __init__(self) -> None:
        self._paths: dict[tuple[int, str, int], int] = {}
        self._applications: dict[str | None, _Application] = {}
        self._nodes = 0

    def takes(self, app: str | None, tree: bytes, nodes: int) -> bool:
        """Check whether a screen of ``nodes`` nodes in this ``tree`` (see ``digest_tree``) would be remembered."""
        known = self._applications.get(app)
        has_room = self._nodes + nodes <= MOST_NODES
        return has_room and (known is None or (tree not in known.trees and len(known.screens) < MOST_SCREENS))

    def add(self, screen: Screen) -> None:
        """Remember a screen, unless it holds a replacement, has no boxes, is known, or there are too many."""
        if screen.is_replaced or all(node.box is None for node in screen.nodes):
            return
        tree = digest_tree([node.role for node in screen.nodes], [node.depth for node in screen.nodes])
        if self.takes(screen.app, tree, len(screen.nodes)):
            paths = self._number_paths(screen.nodes, learn=True)
            boxes = dict(zip(paths, (node.box for node in screen.nodes), strict=True))
            self._applications.setdefault(screen.app, _Application()).add(tree, boxes)
            self._nodes += len(boxes)

    def place(self, screen: Screen, seen: Collection[int] = ()) -> Screen:
        """Place the nodes of a screen where the most similar screen of its application has them.

        A node that this one does not have moves with the nearest node around it that has a place. One that it does not
        show has no box, but for those that were ``seen``, because something was done on them: they move, too. Unchanged
        are screens without replacements, those of which no similar one is known, and what lies in a pane or strip of
        its own in which nothing was replaced.
        """
        application = self._applications.get(screen.app)
        if not screen.is_replaced or application is None:
            return screen
        paths = self._number_paths(screen.nodes)
        known, kept = application.find_nearest(paths), _find_kept(screen)
        if not known:
            return screen
        parents, boxes = find_parents(screen.nodes), list[Box | None]()
        for place, (node, path) in enumerate(zip(screen.nodes, paths, strict=True)):
            box = node.box if place in kept else known.get(path)
            is_new = place not in kept and (path not in known or (box is None and place in seen))
            boxes.append(_move_along(place, screen.nodes, parents, boxes) if is_new else box)
        nodes = tuple(replace(node, box=box) for node, box in zip(screen.nodes, boxes, strict=True))
        return replace(screen, nodes=nodes, is_placed=True)

    def _number_paths(self, nodes: Sequence[Node], *, learn: bool = False) -> list[int]:
        """Return the number of each node's path, ``_UNKNOWN`` for one that is not known, unless it is to be learned."""
        paths: list[int] = []
        children: Counter[int | None] = Counter()
        for node, parent in zip(nodes, find_parents(nodes), strict=True):
            step = (0 if parent is None else paths[parent], node.role, children[parent])
            children[parent] += 1
            if learn:
                self._paths.setdefault(step, len(self._paths) + 1)
            paths.append(self._paths.get(step, _UNKNOWN))
        return paths


def learn_places(screens: Iterable[Screen]) -> Places:
    """Learn places from screens, such as ``steps.screens()``, for ``keyveil.steps(places=...)``."""
    places = Places()
    for screen in screens:
        places.add(screen)
    return places


def digest_tree(roles: Iterable[str], depths: Iterable[int]) -> bytes:
    """Digest the tree of a screen: roles and depths of its nodes, in order."""
    lines = "\n".join(f"{depth} {role}" for depth, role in zip(depths, roles, strict=True))
    return hashlib.sha256(lines.encode()).digest()


def find_parents(nodes: Sequence[Node]) -> list[int | None]:
    """Find the parent of each node, null for a root."""
    parents: list[int | None] = []
    around: list[int] = []
    for place, node in enumerate(nodes):
        del around[node.depth :]
        parents.append(around[-1] if around else None)
        around.append(place)
    return parents


def _move_along(
    place: int, nodes: Sequence[Node], parents: Sequence[int | None], boxes: Sequence[Box | None]
) -> Box | None:
    """Move the box of a node with the nearest node around it that is in ``boxes``, else leave it where it is."""
    own, around = nodes[place].box, parents[place]
    while own is not None and around is not None:
        outer, target = nodes[around].box, boxes[around]
        if outer is not None and target is not None:
            return move_box(own, outer, target)
        around = parents[around]
    return own


def _find_kept(screen: Screen) -> frozenset[int]:
    """Find the nodes in panes and strips without replacements, which are frames of their own and keep their boxes."""
    parents = find_parents(screen.nodes)
    touched = set(screen.replaced)
    for place in range(len(parents) - 1, -1, -1):
        parent = parents[place]
        if place in touched and parent is not None:
            touched.add(parent)
    kept: set[int] = set()
    for place, (node, parent) in enumerate(zip(screen.nodes, parents, strict=True)):
        if parent in kept or (screen.replaced and place not in touched and _is_frame(node)):
            kept.add(place)
    return frozenset(kept)


def _is_frame(node: Node) -> bool:
    """Check whether a node reaches from side to side or down to the bottom, as its role has it."""
    if node.box is None:
        return False
    if node.role in STRIPS:
        return node.box.left <= _NEAR and node.box.right >= BOX_UNITS - _NEAR
    return node.role in PANES and node.box.bottom >= BOX_UNITS - _NEAR


def _edges(box: Box | None) -> tuple[int, int, int, int]:
    return _NO_BOX if box is None else (box.left, box.top, box.right, box.bottom)


def move_box(box: Box, outer: Box, target: Box) -> Box:
    """Put a box where it would be if ``outer`` were ``target``.

    >>> move_box(Box(100, 0, 300, 100), Box(0, 0, 1000, 100), Box(5000, 0, 10000, 50))
    Box(left=5500, top=0, right=6500, bottom=50)
    """
    left, right = _stretch((box.left, box.right), (outer.left, outer.right), (target.left, target.right))
    top, bottom = _stretch((box.top, box.bottom), (outer.top, outer.bottom), (target.top, target.bottom))
    return Box(left, top, right, bottom)


def _stretch(side: tuple[int, int], outer: tuple[int, int], target: tuple[int, int]) -> tuple[int, int]:
    length = max(outer[1] - outer[0], 1)
    begin, end = (target[0] + (edge - outer[0]) * (target[1] - target[0]) // length for edge in side)
    begin = min(max(begin, 0), BOX_UNITS - 1)
    return begin, min(max(end, begin + 1), BOX_UNITS)
