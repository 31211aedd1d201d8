"""Release of pointer actions: the rows that stay, and the boxes that are released with them.

Targets are found in the recording, boxes in what is released of the screens: where a hidden text could have moved
things, the box is that of the released node, also in place of an element that is no node, or of a cell.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from schemas.safe import BOX_EDGES
from schemas.tally import Outcome
from transforms.redact.actions.pointer_actions import Point
from transforms.redact.actions.seen_pointer import SeenAction, SeenPointer
from transforms.redact.actions.targets import NOWHERE, Target, Units, find_cell, find_smallest
from transforms.redact.rows.assemble import ReleasedAction, RowPlan
from transforms.redact.rows.columns import holds
from transforms.redact.rows.key_columns import KeyColumns
from transforms.redact.rows.structure import CODES, Outcomes

_NOTCH_PX = 100.0
"""CSS pixels of one wheel notch (Chromium's default line scroll)."""

_NOTCHES = ((1, 1.75), (3, 5.5), (10, 17.5), (30, math.inf))
"""Released notches of a scroll, and up to how many recorded ones each stands for."""

_HELD = ("Alt", "Control", "Meta", "Shift")
"""Modifiers that change what a pointer action does."""


def merge_pointer_rows(seen: SeenPointer, release: RowPlan, outcome: Outcomes) -> None:
    """Keep the first row of each action; moves and other rows of an action are merged, loose releases suppressed."""
    merged = [*seen.moves, *(row for item in seen.actions for row in item.action.rows[1:])]
    for rows, became in ((merged, Outcome.MERGED), (seen.loose, Outcome.SUPPRESSED)):
        release.kept[rows] = False
        outcome[rows] = CODES[became]
    release.sources.update({item.row: tuple(item.action.rows) for item in seen.actions if len(item.action.rows) > 1})


def release_actions(seen: SeenPointer, table: pa.Table, keys: KeyColumns, release: RowPlan) -> None:
    """Put the actions into ``release``, which holds the released screens and texts of the batch."""
    held = _held_modifiers([item.row for item in seen.actions], table, keys, release)
    hiding = {seen.session(row) for row, moved in release.moved.items() if moved}
    for item, modifiers in zip(seen.actions, held, strict=True):
        hides = seen.session(item.row) in hiding
        begin = _released_target(item, item.begin, item.action.first.at, release, hides=hides)
        end = item.end and item.action.end and _released_target(item, item.end, item.action.end, release, hides=hides)
        across, down = (notches(way) for way in item.action.way)
        release.actions[item.row] = ReleasedAction(
            action="drag" if end else item.action.action,
            button=item.action.button,
            modifiers=modifiers,
            dx=across if item.action.action == "scroll" else None,
            dy=down if item.action.action == "scroll" else None,
            place=begin.place,
            node=begin.node,
            box=begin.box,
            to_box=end.box if end else None,
        )
        if begin.node is not None and item.screen is not None:
            release.roles.setdefault(item.row, item.screen.nodes[begin.node].role)


def notches(way_px: float) -> int:
    """Return the released notches of a scrolled distance: how far a finger goes at once is its habit.

    >>> [notches(way) for way in (0, 4, -100, 176, 550, 551, 10_000)]
    [0, 1, -1, 3, 3, 10, 30]
    """
    size = abs(way_px) / _NOTCH_PX
    if not size:
        return 0
    return int(math.copysign(next(count for count, most in _NOTCHES if size <= most), way_px))


def _released_target(item: SeenAction, target: Target, at: Point, release: RowPlan, *, hides: bool) -> Target:
    """Return a target with its released box; where a hidden text could have moved it, no recorded edge is shown.

    An element that is no node and the cell of a point would show where it was, so the node around them takes their
    place, as it is laid out again. Where no nodes are known, as after a scroll, an element is a cell if its own name is
    hidden or a screen of its session ``hides`` a text that moves others.
    """
    if target.box is None:
        return NOWHERE
    named = any(mark.column == "name" for mark in release.redactions.get(item.row, ()))
    named = named and target.place == "element" and target.node is None
    if item.screen is None:
        return find_cell(*at, item.front) if target.place == "element" and (named or hides) else target
    number = target.node
    if number is None:
        number = find_smallest(*at, [node.box for node in item.screen.nodes])
    moved = release.moved[item.screen.row]
    if not named and (number not in moved if number is not None else not moved):
        return target
    box = None if number is None else _units(release.nodes[item.screen.row][number])
    place = "element" if target.place == "element" and target.node is not None else "node"
    return NOWHERE if box is None else Target(place, box, number)


def _units(node: Mapping[str, Any]) -> Units | None:
    left, top, right, bottom = (node[edge] for edge in BOX_EDGES)
    return None if left is None else (left, top, right, bottom)


def _held_modifiers(rows: Sequence[int], table: pa.Table, keys: KeyColumns, release: RowPlan) -> list[tuple[str, ...]]:
    """Return the modifiers that are held at each of ``rows``, by the key rows that are released."""
    found: list[list[str]] = [[] for _ in rows]
    order = np.argsort(rows)
    ordered = np.array(rows, dtype=np.int64)[order]
    for name in _HELD:
        downs = np.flatnonzero(holds(table, "key", name) & keys.down & release.kept)
        ups = keys.up_of[downs]
        for down, up in zip(downs.tolist(), ups.tolist(), strict=True):
            begin, end = np.searchsorted(ordered, (down, up)).tolist()
            for at in dict.fromkeys(order[begin:end].tolist()):
                if name not in found[at]:
                    found[at].append(name)
    return [tuple(names) for names in found]
