"""Pairs of key-down and key-up rows, and the rows between which a key-up may be released.

Nothing here looks at a time, and nothing depends on where among the presses of a run a key-up was recorded: that order
is rhythm.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.noise.batch import MODIFIERS, Batch, Kind, Mask, Rows

NONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """Key-ups with a press (``ups``) and all other rows in their order (``clock``), as rows of the batch.

    The rest is by key-up. ``down`` is its press: the last of its key before it, so that auto-repeats come before it.
    ``first`` says that no other key-up of that press came before. It stands after the row ``not_before`` and before the
    row ``not_after``, before the next press of its key, ``again``, and, a modifier, after the last press that lists it,
    ``holds``, and before the next that does not, ``released`` (``NONE``: no bound).
    """

    ups: Rows
    clock: Rows
    down: Rows
    first: Mask
    not_before: Rows
    not_after: Rows
    again: Rows
    holds: Rows
    released: Rows


def strokes(batch: Batch) -> Strokes:
    """Pair key-ups with presses and bound them, in the order of presses; a key-up without a press keeps its place."""
    press, first, again = _presses(batch)
    ups = np.flatnonzero(press != NONE)
    ups = ups[np.argsort(press[ups], kind="stable")]
    down = press[ups]
    barrier, next_barrier = _barriers(batch)
    holds, released = _holds(batch, down)
    return Strokes(
        ups=ups,
        clock=np.flatnonzero(press == NONE),
        down=down,
        first=first[ups],
        not_before=barrier[ups],
        not_after=next_barrier[ups],
        again=again[ups],
        holds=holds,
        released=released,
    )


def _presses(batch: Batch) -> tuple[Rows, Mask, Rows]:
    """Compute by row (``NONE`` off key-ups): its press; whether it is the first up of it; the key's next press.

    Of ``a`` down 1, down 2, up 3, up 4 the press of both ups is down 2: a drawn dwell begins at the last press, and two
    ups may share one. Redaction pairs one to one (``redact.rows.key_columns``): each up that it releases has its own.
    """
    keys = np.flatnonzero(batch.kind == Kind.KEY)
    keys = keys[np.argsort(_narrow(batch.stroke[keys]), kind="stable")]
    up, stroke = batch.up[keys], batch.stroke[keys]
    at = np.arange(len(keys))
    last = np.maximum.accumulate(np.where(up, NONE, at)) if len(keys) else at
    following = np.minimum.accumulate(np.where(up, len(keys), at)[::-1])[::-1] if len(keys) else at
    inside = np.minimum(following, max(len(keys) - 1, 0))
    paired = up & (last != NONE) & (stroke[last] == stroke)
    repeated = up & (following < len(keys)) & (stroke[inside] == stroke)
    press, first, again = (np.full(batch.rows, NONE, dtype=np.int64) for _ in range(3))
    press[keys[paired]] = keys[last[paired]]
    first[keys[paired]] = last[paired] == at[paired] - 1
    again[keys[repeated]] = keys[inside[repeated]]
    return press, first == 1, again


def _narrow(numbers: Rows) -> npt.NDArray[np.integer]:
    """Cast non-negative ``numbers`` to 16 bits if they fit: numpy then sorts by radix."""
    return numbers.astype(np.uint16) if numbers.max(initial=0) <= np.iinfo(np.uint16).max else numbers


def _barriers(batch: Batch) -> tuple[Rows, Rows]:
    """Find by row, within its session, the last row at or before it and the next after it that is no key event."""
    at = np.arange(batch.rows)
    other = batch.kind != Kind.KEY
    before = np.maximum.accumulate(np.where(other, at, NONE)) if batch.rows else at
    before = np.where(before >= batch.begins[batch.session], before, NONE)
    after = np.minimum.accumulate(np.where(other, at, batch.rows)[::-1])[::-1] if batch.rows else at
    ends = batch.begins + batch.counts
    return before, np.where(after < ends[batch.session], after, NONE)


def _holds(batch: Batch, down: Rows) -> tuple[Rows, Rows]:
    """Find, by press ``down`` of a modifier, the last press that lists it and the next that does not."""
    holds, released = np.full(len(down), NONE), np.full(len(down), NONE)
    for index in range(len(MODIFIERS)):
        own = batch.modifier[down] == index
        if not own.any():
            continue
        pressed = (batch.kind == Kind.KEY) & ~batch.up
        others = np.flatnonzero(pressed & (batch.modifier != index))
        same = np.flatnonzero(pressed & (batch.modifier == index))
        without = np.append(np.where(batch.held[index][others], len(others), np.arange(len(others))), len(others))
        without = np.minimum.accumulate(without[::-1])[::-1]
        start = np.searchsorted(others, down[own])
        session_end = (batch.begins + batch.counts)[batch.session[down[own]]]
        same_next = np.append(same, batch.rows)[np.searchsorted(same, down[own], side="right")]
        limit = np.searchsorted(others, np.minimum(session_end, same_next))
        stop = np.minimum(without[start], limit)
        held = stop > start
        holds[own] = np.where(held, np.append(others, NONE)[stop - 1], NONE)
        released[own] = np.where(held & (stop < limit), np.append(others, NONE)[stop], NONE)
    return holds, released
