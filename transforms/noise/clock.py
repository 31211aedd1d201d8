"""Released clock: times and row order from intervals and dwells."""

from dataclasses import dataclass

import numpy as np

from transforms.noise.batch import Batch, Kind, Rows
from transforms.noise.key_presses import NONE, Strokes

_FAR = np.int64(2**62)
_SOONEST_MS = 1


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """``t_ms`` by row of the batch, and the rows of the batch in released ``order``."""

    t_ms: Rows
    order: Rows


def run_clock(batch: Batch, strokes: Strokes, gaps_ms: Rows, dwells_ms: Rows) -> Clock:
    """Add up intervals and dwells to times that start at 0 in every session and never fall in released order.

    ``gaps_ms`` leads to each row of ``strokes.clock`` from the one before (that of a session's first row is not used),
    ``dwells_ms`` to each of ``strokes.ups`` from its press; what is below 1 ms counts as 1 ms. Rows that are no key-ups
    keep their order; a key-up moves by its own time, inside the run of key events that it was recorded in, after its
    press and before the next press of its key.
    """
    t_ms = np.zeros(batch.rows, dtype=np.int64)
    t_ms[strokes.clock] = _elapsed_ms(batch, strokes.clock, gaps_ms)
    t_ms[strokes.ups] = _key_up_times(t_ms, strokes, dwells_ms)
    return Clock(t_ms, _order(batch, strokes, t_ms))


def _elapsed_ms(batch: Batch, clock: Rows, gaps_ms: Rows) -> Rows:
    session = batch.session[clock]
    opens = np.ones(len(clock), dtype=np.bool_)
    opens[1:] = session[1:] != session[:-1]
    elapsed = np.cumsum(np.where(opens, 0, np.maximum(gaps_ms, _SOONEST_MS)))
    start = elapsed[opens]
    elapsed_in_session: Rows = elapsed - start[np.cumsum(opens) - 1]
    return elapsed_in_session


def _key_up_times(t_ms: Rows, strokes: Strokes, dwells_ms: Rows) -> Rows:
    """Compute the time of each key-up: press plus dwell, clamped to its bounds; later bounds win.

    ``not_after``, ``again`` and ``released`` are later presses or other rows, hence at least 1 ms after the press.
    """

    def bound(rows: Rows, default: np.int64) -> Rows:
        return np.where(rows == NONE, default, t_ms[rows])

    released = t_ms[strokes.down] + np.maximum(dwells_ms, _SOONEST_MS)
    released = np.maximum(released, bound(strokes.holds, np.int64(0)) + _SOONEST_MS)
    released = np.minimum(released, bound(strokes.released, _FAR))
    released = np.maximum(released, bound(strokes.not_before, np.int64(0)))
    return np.minimum(np.minimum(released, bound(strokes.not_after, _FAR)), bound(strokes.again, _FAR))


def _order(batch: Batch, strokes: Strokes, t_ms: Rows) -> Rows:
    """Sort rows by run, then time, then key-ups first by their presses; never by their recorded place."""
    other = batch.kind != Kind.KEY
    opens = other.copy()
    opens[batch.begins] = True
    rank = np.where(other, 0, 2)
    rank[strokes.ups] = 1
    press = np.arange(batch.rows)
    press[strokes.ups] = strokes.down
    order: Rows = np.lexsort((press, rank, t_ms, np.cumsum(opens)))
    return order
