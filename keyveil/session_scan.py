"""Whole sessions out of the record batches of a scan; slices, no copies."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from keyveil.read_plan import ReadPlan, ReadPosition, Unit
from keyveil.release import Release, check_same_columns
from keyveil.training.split import split_of
from schemas.errors import UsageError

_BATCH_ROWS = 32_768
_BATCHES_AHEAD = 4
_IDENTITY = ("session", "user")


class ScannedSession(NamedTuple):
    """A session, the place just behind it, and the rows that the scan passed since the session before."""

    session: str
    user: str | None
    events: pa.Table
    behind: ReadPosition
    passed: int


class _Run(NamedTuple):
    """Consecutive rows of one session within one batch."""

    unit: int
    session: str
    user: str | None
    rows: pa.RecordBatch


def columns_of(release: Release, plan: ReadPlan) -> tuple[str, ...]:
    """Return the columns that an episode's table has; raise ``UsageError`` where one is unknown or not opened."""
    schema: Any = release.schema("events")
    if plan.columns is None:
        return tuple(schema.names)
    unknown = [name for name in plan.columns if name not in schema.names]
    if unknown:
        raise UsageError(f"the reader has no column {', '.join(unknown)}; choose from {', '.join(schema.names)}")
    return plan.columns


def same_columns(releases: Sequence[Release], plan: ReadPlan) -> tuple[str, ...]:
    """Return the columns that an episode's table has in each release; raise ``UsageError`` where they differ."""
    found = [columns_of(release, plan) for release in releases]
    check_same_columns(found)
    return found[0]


def sessions_from(
    release: Release, plan: ReadPlan, units: Sequence[Unit], start: ReadPosition
) -> Iterator[ScannedSession]:
    """Yield the sessions of ``units`` behind ``start``, in order; holds one shard and a few batches at a time."""
    number, ordinal, passed = -1, 0, 0
    for (unit, session), runs in groupby(_runs(release, plan, units, start.unit), key=_whose):
        pieces = list(runs)
        ordinal = ordinal + 1 if unit == number else 0
        number = unit
        passed += sum(piece.rows.num_rows for piece in pieces)
        part = units[unit]
        if ordinal % part.parts != part.part or (unit == start.unit and ordinal < start.session):
            continue
        if plan.split is not None and split_of(pieces[0].user) != plan.split:
            continue
        table = pa.Table.from_batches([piece.rows for piece in pieces])
        yield ScannedSession(session, pieces[0].user, table, ReadPosition(unit, ordinal + 1), passed)
        passed = 0


def _whose(run: _Run) -> tuple[int, str]:
    return run.unit, run.session


def _runs(release: Release, plan: ReadPlan, units: Sequence[Unit], first: int) -> Iterator[_Run]:
    """Yield the rows of ``units`` from the unit ``first`` on, cut where another session begins."""
    records = release.shards("events")
    columns = columns_of(release, plan)
    fragments = release.fragments(records[unit.shard] for unit in units[first:])
    for number, fragment in enumerate(fragments, first):
        scanner = fragment.scanner(
            schema=release.schema("events"),
            columns=[*columns, *(name for name in _IDENTITY if name not in columns)],
            filter=plan.where,
            batch_size=_BATCH_ROWS,
            batch_readahead=_BATCHES_AHEAD,
        )
        for batch in scanner.to_batches():
            yield from _cut(number, batch, columns)


def _cut(number: int, batch: pa.RecordBatch, columns: Sequence[str]) -> Iterator[_Run]:
    events, users, begin = batch.select(columns), batch.column("user"), 0
    runs = pc.run_end_encode(batch.column("session"))
    for session, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield _Run(number, session, users[begin].as_py(), events.slice(begin, end - begin))
        begin = end
