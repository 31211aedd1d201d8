"""Actions on a screen whose nodes were placed by those of another one."""

from collections.abc import Sequence
from dataclasses import replace

from keyveil.records import Box, Node
from keyveil.training.action import Action, Point
from keyveil.training.places import find_parents, move_box
from keyveil.training.screen import Screen


def place_action(action: Action, shown: Screen, placed: Screen) -> Action:
    """Move the places of an action on ``shown`` with the nodes that they lie in, to where ``placed`` has these.

    A place moves with the target, else with the smallest node around it; where ``placed`` has no box of that node, with
    the nearest node around it that has one, and otherwise not at all.
    """
    if action.at is not None and action.box is not None:
        node = _find_smallest(action.at, shown.nodes) if action.node is None else action.node
        at, box = _move(action.at, action.box, node, shown, placed)
        action = replace(action, at=at, box=box)
    if action.to is not None and action.to_box is not None:
        to, to_box = _move(action.to, action.to_box, _find_smallest(action.to, shown.nodes), shown, placed)
        action = replace(action, to=to, to_box=to_box)
    return action


def _find_smallest(place: Point, nodes: Sequence[Node]) -> int | None:
    sizes = [
        ((box.right - box.left) * (box.bottom - box.top), -number)
        for number, node in enumerate(nodes)
        if (box := node.box) and box.left <= place[0] < box.right and box.top <= place[1] < box.bottom
    ]
    return -min(sizes)[1] if sizes else None


def _move(place: Point, box: Box, node: int | None, shown: Screen, placed: Screen) -> tuple[Point, Box]:
    parents = find_parents(shown.nodes)
    while node is not None and node < len(parents):
        outer, target = shown.nodes[node].box, placed.nodes[node].box
        if outer and target:
            moved = move_box(box, outer, target)
            point = move_box(Box(*place, place[0] + 1, place[1] + 1), outer, target)
            at = min(max(point.left, moved.left), moved.right - 1), min(max(point.top, moved.top), moved.bottom - 1)
            return at, moved
        node = parents[node]
    return place, box
