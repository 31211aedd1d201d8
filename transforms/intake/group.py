"""From events of many files to whole sessions in a total order."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.raw import LOG_SCHEMA, RAW_SCHEMA, RawSessions
from schemas.rejects import Reason

_BUCKET_BYTES = 16 * 2**20
_LEAST_BUCKETS, _MOST_BUCKETS = 4, 4_096


def buckets_for(total_bytes: int) -> int:
    """Return how many buckets suit an input of ``total_bytes``; the same input gives the same number everywhere."""
    return min(_MOST_BUCKETS, max(_LEAST_BUCKETS, -(-total_bytes // _BUCKET_BYTES)))


def split(table: pa.Table, buckets: int) -> list[tuple[int, pa.Table]]:
    """Return the rows of each bucket that ``table`` has rows for; all of a session falls to one bucket."""
    ids = table["session_id"].combine_chunks().dictionary_encode()
    of_id = np.array([_bucket(name, buckets) for name in ids.dictionary.to_pylist()], dtype=np.int64)
    of_row = of_id[ids.indices.to_numpy(zero_copy_only=False)]
    order = np.argsort(of_row, kind="stable")
    found, starts = np.unique(of_row[order], return_index=True)
    ordered = table.take(pa.array(order))
    ends = np.append(starts[1:], len(order))
    return [
        (int(bucket), ordered.slice(int(start), int(end - start)))
        for bucket, start, end in zip(found, starts, ends, strict=True)
    ]


def _bucket(session_id: str, buckets: int) -> int:
    """Return the bucket of a session. The digest decides a place in memory for a moment; it is not written anywhere."""
    digest = hashlib.blake2b(session_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) % buckets


@dataclass(frozen=True, slots=True)
class Conflict:
    """A session that cannot be told apart or has nobody: its rows and the rule it breaks."""

    table: pa.Table
    reason: Reason
    field_name: str
    rule: str


@dataclass(frozen=True, slots=True)
class Assembled:
    """Whole sessions in order, sessions that were refused, and how many events were exact copies of another."""

    table: pa.Table
    conflicts: tuple[Conflict, ...]
    duplicates: int


def assemble(tables: Sequence[pa.Table], max_session_events: int) -> Assembled:
    """Return the sessions in ``tables`` (columns of ``RAW_SCHEMA`` without ``episode``)."""
    table = pa.concat_tables(tables).combine_chunks()
    ids = table["session_id"].combine_chunks().dictionary_encode()
    names = np.array(ids.dictionary.to_pylist(), dtype=object)
    rank = np.empty(len(names), dtype=np.int64)
    rank[np.argsort(names, kind="stable")] = np.arange(len(names))
    session = rank[ids.indices.to_numpy(zero_copy_only=False)]
    clock = table["t_us"].fill_null(-1).to_numpy()
    keys = (table["source_line"].to_numpy(), table["source_file"].to_numpy(), clock, table["seq"].to_numpy(), session)
    order = np.lexsort(keys)
    table, session = table.take(pa.array(order)).combine_chunks(), session[order]
    table, session, duplicates, clashing = _without_copies(table, session)
    table, session, conflicts = _without_conflicts(table, session, clashing)
    table = _with_clocks(table, session)
    return Assembled(_with_episodes(table, session, max_session_events), conflicts, duplicates)


def _without_copies(
    table: pa.Table, session: npt.NDArray[np.int64]
) -> tuple[pa.Table, npt.NDArray[np.int64], int, npt.NDArray[np.int64]]:
    """Drop exact copies of an event; also return the sessions where one ``seq`` stands for two different events."""
    seqs = table["seq"].to_numpy()
    again = np.flatnonzero((session[1:] == session[:-1]) & (seqs[1:] == seqs[:-1])) + 1
    if not len(again):
        return table, session, 0, again
    content = table.select(LOG_SCHEMA.names)
    copies = [row for row in again.tolist() if content.slice(row, 1).equals(content.slice(row - 1, 1))]
    kept = np.ones(len(session), dtype=np.bool_)
    kept[copies] = False
    clashing = np.unique(session[np.setdiff1d(again, copies)])
    return table.filter(pa.array(kept)), session[kept], len(copies), clashing


def _without_conflicts(
    table: pa.Table, session: npt.NDArray[np.int64], clashing: npt.NDArray[np.int64]
) -> tuple[pa.Table, npt.NDArray[np.int64], tuple[Conflict, ...]]:
    users = table["user_id"].combine_chunks().dictionary_encode()
    codes = users.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    nobody = np.unique(session[codes == -1])
    mixed = np.unique(session[1:][(session[1:] == session[:-1]) & (codes[1:] != codes[:-1])])
    reasons = {int(name): (Reason.NO_USER, "user_id", "a session has a user; name one with --user or --subjects") for name in nobody}
    reasons |= {
        int(name): (Reason.SESSION_CONFLICT, "seq", "a seq stands for one event of a session; give sessions ids of their own")
        for name in clashing
    }
    reasons |= {
        int(name): (Reason.SESSION_CONFLICT, "user_id", "a session has one user; give sessions ids of their own")
        for name in np.setdiff1d(mixed, nobody)
    }
    if not reasons:
        return table, session, ()
    conflicts = tuple(
        Conflict(table.filter(pa.array(session == name)), *reasons[name]) for name in sorted(reasons)
    )
    kept = ~np.isin(session, list(reasons))
    return table.filter(pa.array(kept)), session[kept], conflicts


def _with_clocks(table: pa.Table, session: npt.NDArray[np.int64]) -> pa.Table:
    """Take the times from sessions where only some events have one: half a clock is none."""
    times = table["t_us"].combine_chunks()
    missing = times.is_null().to_numpy(zero_copy_only=False)
    if not missing.any() or missing.all():
        return table
    timeless = np.isin(session, np.unique(session[missing]))
    cleared = pc.if_else(pa.array(timeless), pa.scalar(None, pa.int64()), times)
    return table.set_column(table.schema.get_field_index("t_us"), "t_us", cleared)


def _with_episodes(table: pa.Table, session: npt.NDArray[np.int64], max_events: int) -> pa.Table:
    episodes = np.zeros(len(session), dtype=np.int32)
    starts, lengths = _runs(session)
    clock = table["t_us"].fill_null(-1).to_numpy()
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        if length > max_events:
            episodes[start : start + length] = _cut(clock[start : start + length], max_events)
    return table.append_column("episode", pa.array(episodes)).select(RAW_SCHEMA.names).cast(RAW_SCHEMA)


def _cut(clock: npt.NDArray[np.int64], max_events: int) -> npt.NDArray[np.int32]:
    """Return the episode of each event: cut where the pause is longest in the second half of what may follow."""
    gaps = np.diff(clock)
    episodes = np.zeros(len(clock), dtype=np.int32)
    start = 0
    while len(clock) - start > max_events:
        first = start + max(1, max_events // 2)
        start = first + int(np.argmax(gaps[first - 1 : start + max_events - 1]))
        episodes[start:] += 1
    return episodes


def _runs(session: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    if not len(session):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    starts = np.flatnonzero(np.concatenate([[True], session[1:] != session[:-1]]))
    return starts, np.diff(np.append(starts, len(session)))


def elements(table: pa.Table, element_events: int) -> Iterator[RawSessions]:
    """Yield whole sessions in order, about ``element_events`` events at a time."""
    if not table.num_rows:
        return
    codes = table["session_id"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    starts, lengths = _runs(codes.astype(np.int64) * 2**20 + table["episode"].to_numpy())
    begin = 0
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        if start + length - begin >= element_events:
            yield RawSessions(table.slice(begin, start + length - begin))
            begin = start + length
    if begin < table.num_rows:
        yield RawSessions(table.slice(begin))
