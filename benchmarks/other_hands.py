"""The same actions on the same targets by another hand: what a release of both has in common is not of the hand."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks.clear_release import Row
from benchmarks.pointer_clicks import GRID, HEIGHT, WIDTH
from benchmarks.trees import Floats, Ints
from schemas.safe import BOX_UNITS

Flags = NDArray[np.bool_]

_MOST_MOVES, _MOST_GAP_US = 8, 400_000


def replace_hand(log: pa.Table, seed: int) -> pa.Table:
    """Let a made-up hand do the actions of a session: its ways, its times, and where it comes down in a target.

    Presses, releases and scrolls stay in their order, each in the cell that it was in; the two ends of a press that
    left its cell stay where they were, since a drag is told by its length.
    """
    draw = np.random.default_rng(seed)
    action = log["action"].to_numpy(zero_copy_only=False)
    kept = np.flatnonzero(action != "move")
    moves = draw.integers(0, _MOST_MOVES + 1, len(kept))
    rows = np.repeat(kept, moves + 1)
    is_move = np.ones(len(rows), dtype=bool)
    is_move[np.cumsum(moves + 1) - 1] = False
    x, y = (log[axis].to_numpy().astype(float)[rows] for axis in ("x", "y"))
    cells = _cells(*(log[axis].to_numpy().astype(float)[kept] for axis in ("x", "y")))
    free = np.repeat(~_has_left(log, kept, cells), moves + 1)
    other_x, other_y = _aim_again(x, WIDTH, draw), _aim_again(y, HEIGHT, draw)
    x, y = np.where(free, other_x, x), np.where(free, other_y, y)
    x, y = (
        np.where(is_move, draw.uniform(0, WIDTH, len(rows)), x),
        np.where(is_move, draw.uniform(0, HEIGHT, len(rows)), y),
    )
    made = {
        "t_us": pa.array(np.cumsum(draw.integers(1, _MOST_GAP_US, len(rows)))),
        "action": pc.if_else(pa.array(is_move), "move", log["action"].combine_chunks().take(pa.array(rows))),
        "x": pa.array(x),
        "y": pa.array(y),
    }
    taken = log.take(pa.array(rows))
    for name in ("dy", "button"):
        made[name] = pc.if_else(pa.array(is_move), pa.scalar(None, taken[name].type), taken[name].combine_chunks())
    return pa.table({name: made.get(name, taken[name]) for name in taken.column_names})


def count_changes(released: Sequence[Sequence[Row]], other: Sequence[Sequence[Row]]) -> tuple[int, int]:
    """Count the rows of sessions, and those of them that are not the same in the ``other`` release."""
    rows = sum(map(len, released))
    same = sum(
        one == two for mine, theirs in zip(released, other, strict=True) for one, two in zip(mine, theirs, strict=False)
    )
    return rows, max(rows, sum(map(len, other))) - same


def _cells(x: Floats, y: Floats) -> Ints:
    """Number the cells of points, those of the grid and those of the release."""
    return np.stack([*_places(x, WIDTH), *_places(y, HEIGHT)], axis=1)


def _places(at: Floats, size: int) -> tuple[Ints, Ints]:
    side = BOX_UNITS * GRID // size
    return (at // GRID).astype(np.int64), (at * BOX_UNITS / size).astype(np.int64) // side


def _aim_again(at: Floats, size: int, draw: np.random.Generator) -> Floats:
    """Draw points, each in the grid's and the release's cell that the old one is in; the old one where that fails."""
    found, wanted = at.copy(), _places(at, size)
    for _ in range(8):
        tried = at // GRID * GRID + draw.integers(0, GRID, len(at))
        fits = np.all([new == old for new, old in zip(_places(tried, size), wanted, strict=True)], axis=0)
        fits &= tried < size
        found = np.where(fits, tried, found)
    return found


def _has_left(log: pa.Table, kept: Ints, cells: Ints) -> Flags:
    """Find the ends of presses that do not end in the cell that they began in, and those without a recorded press."""
    left, pressed = np.zeros(len(kept), dtype=bool), -1
    actions, buttons = (log[name].take(pa.array(kept)).to_pylist() for name in ("action", "button"))
    for at, action in enumerate(actions):
        if action == "down":
            pressed = at
        elif action == "up" and pressed >= 0 and buttons[at] == buttons[pressed]:
            left[[pressed, at]] = (cells[pressed] != cells[at]).any()
            pressed = -1
        elif action in ("drag", "up") and pressed < 0:
            left[at] = True
    return left
