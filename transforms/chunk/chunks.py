"""Chunks of sessions, with a bound on the released key events of a user and day.

A chunk has a keyed name of its own, no user, and fields numbered from 0. Which chunks of a crowded day are left out the
smallest keyed digests decide: neither their place in the day nor what they hold.

What still links chunks is what they hold: the same window title, a text that goes on, a way of working. The ids do not.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.safe import REDACTED_SCHEMA, RedactedSessions
from schemas.tally import OVER_DAY_CAP, ROWS, SUPPRESSED_EVENTS, Outcome, Tally, TallyGroup
from transforms.editor.event_columns import run_starts
from transforms.keys.pseudonym import frame_parts, pseudonym

_UNKNOWN_DAY = -1
_US_PER_DAY = 86_400_000_000
_RANK_BYTES = 8

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ChunkBounds:
    """Most rows of a chunk, and most key events of one user on one UTC day."""

    chunk_events: int
    day_key_events: int


@dataclass(frozen=True, slots=True)
class ChunkedSessions:
    """Chunks of the sessions, and the change of the outcome tally by the bounds."""

    sessions: RedactedSessions
    tally: tuple[Tally, ...]


def chunk_sessions(batches: Sequence[RedactedSessions], bounds: ChunkBounds, key: bytes) -> ChunkedSessions:
    """Cut whole sessions into chunks; ``batches`` must contain all sessions of their users.

    ``key`` names chunks and chooses between them.
    """
    table = pa.concat_tables([batch.table for batch in batches]).combine_chunks()
    starts = run_starts(table["session"])
    session = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, table.num_rows)))
    within = np.arange(table.num_rows) - starts[session] if len(starts) else np.zeros(0, np.int64)
    opens = np.flatnonzero(within % bounds.chunk_events == 0)
    chunk = np.repeat(np.arange(len(opens)), np.diff(np.append(opens, table.num_rows)))
    labels = [
        b"".join(frame_parts(name.encode(), b"%d" % number))
        for name, number in zip(
            table["session"].take(pa.array(opens)).to_pylist(),
            (within[opens] // bounds.chunk_events).tolist(),
            strict=True,
        )
    ]
    keys = np.bincount(chunk[_is(table, "kind", "key")], minlength=len(opens))
    user = table["user"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)[opens]
    day = _days(table, session, len(starts))[session[opens]]
    digests = b"".join(hmac.digest(key, b"keep" + label, "sha256")[:_RANK_BYTES] for label in labels)
    order = np.lexsort((np.frombuffer(digests, dtype=">u8").astype(np.uint64), day, user))
    changes = (np.diff(user[order]) != 0) | (np.diff(day[order]) != 0)
    kept = np.empty(len(order), dtype=np.bool_)
    kept[order] = _first(keys[order], changes, bounds.day_key_events)
    rows = np.flatnonzero(kept[chunk])
    names = [pseudonym(key, "chunk", label.hex()) for label in labels]
    released = _rename(table.take(pa.array(rows)), chunk[rows], names)
    trace = None
    if all(batch.trace is not None for batch in batches):
        trace = pa.concat_tables([batch.trace for batch in batches]).take(pa.array(rows))
    return ChunkedSessions(RedactedSessions(released, trace), _tally(table, kept[chunk]))


def _first(keys: Rows, changes: npt.NDArray[np.bool_], most: int) -> npt.NDArray[np.bool_]:
    """Select chunks until the key events of their group are used up; ``changes`` marks where a group ends."""
    begins = np.flatnonzero(np.concatenate([[len(keys) > 0], changes]))
    total = np.cumsum(keys)
    before = np.repeat((total - keys)[begins], np.diff(np.append(begins, len(keys))))
    stays: npt.NDArray[np.bool_] = (total - before <= most) | (keys == 0)
    return stays


def _rename(table: pa.Table, chunk: Rows, names: Sequence[str]) -> pa.Table:
    """Rename chunks as sessions of their own: no user, rows and fields counted from 0."""
    runs = np.flatnonzero(np.diff(chunk, prepend=-1))
    seq = np.arange(len(chunk)) - np.repeat(runs, np.diff(np.append(runs, len(chunk))))
    columns = {
        "session": pa.array(names, pa.string()).take(pa.array(chunk)),
        "user": pa.nulls(len(chunk), pa.string()),
        "seq": pa.array(seq.astype(np.int32)),
        "field": _fields(table["field"], chunk),
    }
    return pa.table([columns.get(name, table[name]) for name in REDACTED_SCHEMA.names], schema=REDACTED_SCHEMA)


def _fields(column: pa.ChunkedArray, chunk: Rows) -> pa.Array:
    """Count fields by first appearance in each chunk."""
    rows = np.flatnonzero(column.is_valid().to_numpy())
    pair = chunk[rows] * (1 << 32) + column.take(pa.array(rows)).to_numpy()
    found, first, inverse = np.unique(pair, return_index=True, return_inverse=True)
    order = np.argsort(first)
    owner = (found >> 32)[order]
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    ordinal = np.empty(len(found), dtype=np.int32)
    ordinal[order] = np.arange(len(found)) - np.repeat(begins, np.diff(np.append(begins, len(found))))
    values, missing = np.zeros(len(column), dtype=np.int32), np.ones(len(column), dtype=np.bool_)
    values[rows], missing[rows] = ordinal[inverse], False
    return pa.array(values, mask=missing)


def _tally(table: pa.Table, kept: npt.NDArray[np.bool_]) -> tuple[Tally, ...]:
    """Compute the change of the tally: the source event of an omitted row becomes a suppressed one."""
    dropped = ~kept
    derived = _is(table, "kind", "text_input") | table["synthetic"].to_numpy()
    events = int((dropped & ~derived).sum())
    if not dropped.any():
        return ()
    return (
        (ROWS, -int(dropped.sum())),
        (TallyGroup.OUTCOME.of(Outcome.KEPT), -events),
        (SUPPRESSED_EVENTS, events),
        (OVER_DAY_CAP, events),
    )


def _is(table: pa.Table, name: str, word: str) -> npt.NDArray[np.bool_]:
    held = pc.fill_null(pc.equal(table[name], word), fill_value=False)
    return np.asarray(held.combine_chunks().to_numpy(zero_copy_only=False), np.bool_)


def _days(table: pa.Table, session: Rows, sessions: int) -> Rows:
    """Find the UTC day on which each session begins; -1 without times."""
    t_us = table["t_us"].fill_null(np.iinfo(np.int64).max).to_numpy()
    first = np.full(sessions, np.iinfo(np.int64).max)
    np.minimum.at(first, session, t_us)
    return np.where(first == np.iinfo(np.int64).max, _UNKNOWN_DAY, first // _US_PER_DAY)
