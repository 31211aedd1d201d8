"""Places of what a release laid out again, learned from the screens that it kept as recorded.

A frame that holds a replacement is laid out from released words and constants (ADR 31), so its boxes say nothing of the
real page. A screen without replacements has the recorded boxes, and often shows the same page with other words:

    as recorded       list > item > "Monday", button "Reply" at the right
    laid out again    list > item > "Ada", button "Reply" close behind it     placed: at the right

All of this is computed from released rows, so it reveals no more than they do.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from keyveil.records import Box, Node
from keyveil.training.screen import Screen
from schemas.safe import BOX_UNITS

MOST_SCREENS = 512
"""Most screens of one application that are remembered: the first ones, and of the same nodes the first one."""

_UNKNOWN = -1
_NEAR = BOX_UNITS // 50
_PANES = frozenset("application complementary document form main navigation region tabpanel".split())
_STRIPS = frozenset("banner menubar status tablist toolbar".split())

Boxes = Mapping[int, Box | None]
"""Boxes of a screen by path: the number of a node's role and place among its siblings, below the path of its parent."""


@dataclass(slots=True)
class _Application:
    """Screens of one application, and for each path the screens that have it."""

    screens: list[Boxes] = field(default_factory=list, repr=False)
    trees: set[frozenset[int]] = field(default_factory=set, repr=False)
    having: dict[int, list[int]] = field(default_factory=dict, repr=False)

    def add(self, boxes: Boxes) -> None:
        """Remember a screen, unless one of the same nodes is known or there are too many."""
        tree = frozenset(boxes)
        if tree in self.trees or len(self.screens) >= MOST_SCREENS:
            return
        self.trees.add(tree)
        for path in boxes:
            self.having.setdefault(path, []).append(len(self.screens))
        self.screens.append(boxes)

    def find_nearest(self, paths: Sequence[int]) -> Boxes:
        """Find the screen that shares the largest part of the paths of both, of equal ones the first; else nothing."""
        shared: Counter[int] = Counter()
        for path in paths:
            shared.update(self.having.get(path, ()))
        likeness = {place: count / (len(paths) + len(self.screens[place]) - count) for place, count in shared.items()}
        nearest = min(likeness, key=lambda place: (-likeness[place], place), default=None)
        return {} if nearest is None else self.screens[nearest]


class Places:
    """Boxes of the screens that a release kept as recorded, by which the nodes of the others are placed."""

    def __init__(self) -> None:
        self._paths: dict[tuple[int, str, int], int] = {}
        self._applications: dict[str | None, _Application] = {}

    def add(self, screen: Screen) -> None:
        """Remember a screen, unless it holds a replacement or has no boxes."""
        if screen.is_replaced or all(node.box is None for node in screen.nodes):
            return
        paths = self._number_paths(screen.nodes, learn=True)
        boxes = [node.box for node in screen.nodes]
        self._applications.setdefault(screen.app, _Application()).add(dict(zip(paths, boxes, strict=True)))

    def place(self, screen: Screen) -> Screen:
        """Place the nodes of a screen where the most similar screen of its application has them.

        A node that this one does not have, or does not show, has no box then. A screen without replacements is
        unchanged, and so is what lies in a pane or strip of its own in which nothing was replaced.
        """
        application = self._applications.get(screen.app)
        if not screen.is_replaced or application is None:
            return screen
        paths = self._number_paths(screen.nodes)
        known, kept = application.find_nearest(paths), _find_kept(screen)
        nodes = tuple(
            node if place in kept else replace(node, box=known.get(path))
            for place, (node, path) in enumerate(zip(screen.nodes, paths, strict=True))
        )
        return replace(screen, nodes=nodes)

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


def find_parents(nodes: Sequence[Node]) -> list[int | None]:
    """Find the parent of each node, null for a root."""
    parents: list[int | None] = []
    around: list[int] = []
    for place, node in enumerate(nodes):
        del around[node.depth :]
        parents.append(around[-1] if around else None)
        around.append(place)
    return parents


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
    if node.role in _STRIPS:
        return node.box.left <= _NEAR and node.box.right >= BOX_UNITS - _NEAR
    return node.role in _PANES and node.box.bottom >= BOX_UNITS - _NEAR
