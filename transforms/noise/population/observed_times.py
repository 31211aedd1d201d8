"""Counts of recorded times by quantity and privacy unit, from which the population model is learned."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.privacy import DayWindow, PrivacyUnit
from transforms.noise.batch import UNKNOWN, Batch, Kind, Motion, Rows, microseconds
from transforms.noise.key_presses import Strokes, strokes
from transforms.noise.population.model import DERIVED, rows_by_class
from transforms.noise.population.quantities import EDGES, FIRST_CELL, Quantity
from transforms.noise.population.timing_classes import dwell_classes, interval_classes

COUNTS_SCHEMA = pa.schema([("unit", pa.string()), ("cell", pa.int32()), ("count", pa.int64())])
"""Counts of each of ``CELLS`` for each privacy unit."""

_KEYS = ["unit", "cell"]
_EPOCH = date(1970, 1, 1)
_US_PER_MS = 1000
_US_PER_S = 1_000_000
_US_PER_DAY = 86_400 * _US_PER_S
_FASTEST = 10**9


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """Observed times: parallel columns of session, quantity, and value in the quantity's unit."""

    session: Rows = field(repr=False)
    quantity: npt.NDArray[np.int64] = field(repr=False)
    value: Rows = field(repr=False)


def counts(table: pa.Table, unit: PrivacyUnit, window: DayWindow | None = None) -> pa.Table:
    """Count the times of a table of ``REDACTED_SCHEMA``, as ``COUNTS_SCHEMA``.

    A session counts for its user; where the unit is a user-day, for its user and the UTC day of its first timed row, if
    that is in ``window``. A session never counts for two units, and what it counts depends on nothing outside it.
    """
    batch = Batch.of(table)
    seen = observe(batch, strokes(batch))
    units = _users(batch) if unit == PrivacyUnit.USER else _user_days(batch, window)
    found = pa.table({"unit": units.take(pa.array(seen.session)), "cell": pa.array(cells(seen), pa.int32())})
    grouped = found.filter(found["unit"].is_valid()).group_by(_KEYS, use_threads=False).aggregate([([], "count_all")])
    return pa.table([grouped["unit"], grouped["cell"], grouped["count_all"]], schema=COUNTS_SCHEMA)


def merge_counts(tables: Sequence[pa.Table]) -> pa.Table:
    """Merge counts into one row per unit and cell."""
    grouped = pa.concat_tables([COUNTS_SCHEMA.empty_table(), *tables]).group_by(_KEYS, use_threads=False)
    summed = grouped.aggregate([("count", "sum")])
    return pa.table([summed["unit"], summed["cell"], summed["count_sum"]], schema=COUNTS_SCHEMA)


def observe(batch: Batch, paired: Strokes) -> Observations:
    """Collect the recorded times of a batch that a synthetic clock draws, and the speeds of pointer segments.

    An interval counts where both its rows have a time and nothing without one stands between them but rows that no
    event gave; so that the time that a redacted stretch took is never one.
    """
    parts = (_intervals(batch, paired), _dwells(batch, paired), *_segments(batch))
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Observations(*columns)


def cells(seen: Observations) -> npt.NDArray[np.int64]:
    """Find the histogram cell of each observation; values beyond the bins count in the first or last."""
    found = np.zeros(len(seen.value), dtype=np.int64)
    for number, rows in rows_by_class(seen.quantity.astype(np.uint8)):
        quantity = Quantity(number)
        inner = np.array(EDGES[quantity][1:-1], dtype=np.int64)
        found[rows] = FIRST_CELL[quantity] + np.searchsorted(inner, seen.value[rows], side="right")
    return found


_Columns = tuple[Rows, Rows, Rows]


def _intervals(batch: Batch, paired: Strokes) -> _Columns:
    classes = interval_classes(batch, paired).astype(np.int64)
    counted = classes != DERIVED
    clock, classes = paired.clock[counted], classes[counted]
    t_us, span_us = microseconds(batch.table), microseconds(batch.table, "span_us")
    begin_us = t_us[clock] - np.where(classes == Quantity.PAUSE, np.maximum(span_us[clock], 0), 0)
    end_us, session = t_us[clock], batch.session[clock]
    known = (session[1:] == session[:-1]) & (end_us[1:] != UNKNOWN) & (end_us[:-1] != UNKNOWN)
    values = (begin_us[1:] - end_us[:-1]) // _US_PER_MS
    return session[1:][known], classes[1:][known], values[known]


def _dwells(batch: Batch, paired: Strokes) -> _Columns:
    t_us = microseconds(batch.table)
    up_us, down_us = t_us[paired.ups], t_us[paired.down]
    known = paired.first & (up_us != UNKNOWN) & (down_us != UNKNOWN)
    values = (up_us - down_us) // _US_PER_MS
    return batch.session[paired.down][known], dwell_classes(batch, paired).astype(np.int64)[known], values[known]


def _segments(batch: Batch) -> tuple[_Columns, _Columns]:
    span_us = microseconds(batch.table, "span_us")
    moves = np.flatnonzero((batch.kind == Kind.POINTER) & (batch.motion == Motion.MOVE) & (span_us != UNKNOWN))
    dx, dy = (batch.table[name].fill_null(np.nan).to_numpy()[moves] for name in ("dx", "dy"))
    took_us = span_us[moves]
    length = np.hypot(dx, dy)
    moving = np.isfinite(length) & (took_us > 0)
    speed = np.minimum(length[moving] * _US_PER_S / took_us[moving], _FASTEST).astype(np.int64)
    durations = _constant(Quantity.DURATION, len(moves))
    return (
        (batch.session[moves], durations, took_us // _US_PER_MS),
        (batch.session[moves][moving], _constant(Quantity.SPEED, len(speed)), speed),
    )


def _constant(quantity: Quantity, length: int) -> Rows:
    return np.full(length, int(quantity), dtype=np.int64)


def _users(batch: Batch) -> pa.Array:
    return batch.table["user"].take(pa.array(batch.begins)).combine_chunks()


def _user_days(batch: Batch, window: DayWindow | None) -> pa.Array:
    """Name the user-day of each session; null without a time or if its day is outside the window."""
    t_us = microseconds(batch.table)
    never = np.iinfo(np.int64).max
    first = np.minimum.reduceat(np.where(t_us == UNKNOWN, never, t_us), batch.begins) if batch.rows else t_us
    days = (first // _US_PER_DAY).tolist()
    inside = range(0) if window is None else range((window.first - _EPOCH).days, (window.last - _EPOCH).days + 1)
    names = zip(_users(batch).to_pylist(), days, strict=True)
    return pa.array([f"{user}/{day}" if day in inside else None for user, day in names], pa.string())
