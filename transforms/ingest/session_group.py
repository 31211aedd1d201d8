"""Rows of one bucket, in any order, to whole sessions in an order that depends on the input alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.arrow import in_order
from schemas.claims import NOTHING, Claim, Declaration, declare
from schemas.raw import LOG_SCHEMA, RAW_SCHEMA, log_lines
from schemas.rejects import Fault, Problem, Reason
from schemas.tally import DUPLICATES, MERGED_EVENTS, SESSIONS_CUT, TIMES_DROPPED, Tally, tally_suppressed
from transforms.ingest.parsing.block import ROW_SCHEMA
from transforms.ingest.split_sessions import cut

_Flags = npt.NDArray[np.bool_]

_NO_USER = Problem(
    Reason.NO_USER, "user_id", "an event of the session names no user; name one with --user or --subjects"
)
_TWO_USERS = Problem(Reason.SESSION_CONFLICT, "user_id", "two users share the session id; make session ids unique")
_TWO_EVENTS = Problem(Reason.SESSION_CONFLICT, "seq", "two events of the session share a seq but not their content")
_DECLARED = ("declared_purposes", "declared_versions")


@dataclass(frozen=True, slots=True)
class SessionGroup:
    """``table`` of ``RAW_SCHEMA`` in one chunk: whole sessions, in order; ``starts`` are where episodes begin."""

    table: pa.Table = field(repr=False)
    starts: npt.NDArray[np.int64]
    faults: tuple[Fault, ...]
    counts: tuple[Tally, ...]


def use_all(table: pa.Table) -> _Flags:
    """Find no row that may not be used."""
    return np.zeros(table.num_rows, np.bool_)


def group(
    tables: Sequence[pa.Table],
    max_session_events: int,
    declared: Mapping[str, Declaration] = MappingProxyType({}),
    paused: Callable[[pa.Table], _Flags] = use_all,
) -> SessionGroup:
    """Put together the sessions of ``tables``, whose columns are those of ``ROW_SCHEMA`` that are not all null.

    ``declared`` is what headers declare, by session, that are not among the rows: they broke a rule. ``paused`` finds
    rows that their people took out: they go first, and count no further than as suppressed.
    Events that came twice are merged. A session with a missing user, two users or two different events at one ``seq``
    is rejected whole. Where only some events of a session have a time, none keeps it. Sessions above
    ``max_session_events`` become episodes.
    """
    table = _sort(tables)
    declared = _declare(table, declared)
    table, out = _drop_paused(table, paused)
    sessions = _codes(table["session_id"])
    again = _same_as_before(sessions) & _same_as_before(table["seq"].to_numpy())
    twice = _repeat_contents(table, again)
    starts = np.flatnonzero(~_same_as_before(sessions))
    problems = _problems(table, starts, again & ~twice)
    bad = np.zeros(len(sessions), np.bool_)
    faults = []
    for (start, stop), problem in zip(_ranges(starts, len(sessions)), problems, strict=True):
        if problem is not None:
            bad[start:stop] = True
            faults.append(_fault(table.slice(start, stop - start), problem, declared))
    merged = int((twice & ~bad).sum())
    twins = ((MERGED_EVENTS, merged), (DUPLICATES, merged)) if merged else ()
    counts = (*out, *twins)
    if bad.any() or twice.any():
        table = table.filter(pa.array(~bad & ~twice))
    grouped = _episodes(table.combine_chunks(), max_session_events, tuple(faults), counts)
    return replace(grouped, table=_declaring(grouped.table, grouped.starts, declared)) if declared else grouped


def _drop_paused(table: pa.Table, paused: Callable[[pa.Table], _Flags]) -> tuple[pa.Table, tuple[Tally, ...]]:
    refused = paused(table)
    dropped = int(refused.sum())
    if not dropped:
        return table, ()
    counts = tally_suppressed(Reason.PAUSED, dropped)
    return table.filter(pa.array(~refused)), counts


def _declare(table: pa.Table, before: Mapping[str, Declaration]) -> Mapping[str, Declaration]:
    """Add what the headers among the rows declare to what was declared ``before``."""
    says = pc.or_(pc.is_valid(table["purpose"]), pc.is_valid(table["consent_version"]))
    found = dict(before)
    for row in table.select(["session_id", "purpose", "consent_version"]).filter(says).to_pylist():
        known = found.get(row["session_id"], NOTHING)
        found[row["session_id"]] = known | declare(row["purpose"], row["consent_version"])
    return found


def _declaring(table: pa.Table, starts: npt.NDArray[np.int64], declared: Mapping[str, Declaration]) -> pa.Table:
    """Write what its session declares into the first row of each episode: a part alone holds no header."""
    columns: dict[str, list[list[str] | None]] = {name: [None] * table.num_rows for name in _DECLARED}
    for start, session_id in zip(starts.tolist(), table["session_id"].take(pa.array(starts)).to_pylist(), strict=True):
        said = declared.get(session_id, NOTHING)
        for name, words in zip(_DECLARED, (said.purposes, said.versions), strict=True):
            columns[name][start] = sorted(words) or None
    for name, values in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), pa.array(values, table.schema.field(place).type))
    return table


def elements(grouped: SessionGroup, element_events: int, element_bytes: int) -> Iterator[pa.Table]:
    """Yield slices of whole episodes, each of ``element_events`` events or little more; the last may be smaller.

    Fewer events where ``element_bytes`` of events of the average size are fewer.
    """
    begin, rows = 0, grouped.table.num_rows
    wanted = min(element_events, element_bytes * rows // max(1, grouped.table.nbytes))
    for _, stop in _ranges(grouped.starts, rows):
        if stop - begin >= wanted or stop == rows:
            yield grouped.table.slice(begin, stop - begin)
            begin = stop


def _ranges(starts: npt.NDArray[np.int64], rows: int) -> Iterator[tuple[int, int]]:
    return pairwise([*starts.tolist(), rows])


def _codes(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Return a number for each value, in the order of the values; -1 for null."""
    encoded = column.combine_chunks().dictionary_encode()
    rank = np.empty(len(encoded.dictionary), np.int64)
    rank[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(len(rank))
    places = pc.fill_null(encoded.indices, len(rank)).to_numpy()
    return np.asarray(np.append(rank, -1)[places], np.int64)


def _same_as_before(values: npt.NDArray[np.int64]) -> _Flags:
    return np.concatenate([np.zeros(min(1, len(values)), np.bool_), values[1:] == values[:-1]])


def _widen(table: pa.Table, schema: pa.Schema) -> pa.Table:
    rows = table.num_rows
    return pa.table(
        [table[f.name] if f.name in table.column_names else pa.nulls(rows, f.type) for f in schema], schema=schema
    )


def _sort(tables: Sequence[pa.Table]) -> pa.Table:
    table = pa.concat_tables(tables, promote_options="default").combine_chunks()
    times = _times(table["t_us"]) if "t_us" in table.column_names else np.zeros(table.num_rows, np.int64)
    keys = (table["source_line"].to_numpy(), table["source_file"].to_numpy(), times, table["seq"].to_numpy())
    order = np.lexsort((*keys, _codes(table["session_id"])))
    if np.any(order[1:] < order[:-1]):
        table = in_order(table, order)
    return _widen(table, ROW_SCHEMA)


def _times(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    return np.asarray(pc.fill_null(column, -1).to_numpy(), np.int64)


def _repeat_contents(table: pa.Table, again: _Flags) -> _Flags:
    """Find the rows that repeat a ``seq`` and everything that the recorder wrote before them."""
    rows = np.flatnonzero(again)
    twice = again.copy()
    for name in LOG_SCHEMA.names if rows.size else ():
        if table[name].null_count < table.num_rows:
            twice[rows] &= _equal(table[name].take(rows - 1), table[name].take(rows))
    return twice


def _equal(left: pa.ChunkedArray, right: pa.ChunkedArray) -> _Flags:
    if pa.types.is_nested(left.type):
        return np.array([a == b for a, b in zip(left.to_pylist(), right.to_pylist(), strict=True)], np.bool_)
    both_null = pc.and_(pc.is_null(left), pc.is_null(right))
    return np.asarray(pc.or_(pc.fill_null(pc.equal(left, right), fill_value=False), both_null).to_numpy(), np.bool_)


def _problems(table: pa.Table, starts: npt.NDArray[np.int64], conflicts: _Flags) -> list[Problem | None]:
    if not len(starts):
        return []
    users = _codes(table["user_id"])
    nameless = np.logical_or.reduceat(users < 0, starts)
    shared = np.minimum.reduceat(users, starts) != np.maximum.reduceat(users, starts)
    torn = np.logical_or.reduceat(conflicts, starts)
    kinds = np.select([nameless, shared, torn], [1, 2, 3], 0)
    return [(None, _NO_USER, _TWO_USERS, _TWO_EVENTS)[kind] for kind in kinds]


def _fault(rows: pa.Table, problem: Problem, declared: Mapping[str, Declaration]) -> Fault:
    """Set a whole session aside; it is named by where its first event stands, and is that of everybody it names."""
    place = rows["source_file"][0].as_py(), rows["source_line"][0].as_py()
    users = frozenset(pc.unique(rows["user_id"]).drop_null().to_pylist())
    said = declared.get(rows["session_id"][0].as_py(), NOTHING)
    claim = Claim(users, pc.min(rows["t_us"]).as_py(), said)
    return Fault(problem, *place, rows.num_rows, log_lines(rows), claim)


def _episodes(table: pa.Table, limit: int, faults: tuple[Fault, ...], counts: tuple[Tally, ...]) -> SessionGroup:
    rows = table.num_rows
    starts = np.flatnonzero(~_same_as_before(_codes(table["session_id"])))
    times, timeless = _whole_times(table["t_us"], starts)
    table = table.set_column(table.schema.get_field_index("t_us"), table.schema.field("t_us"), times)
    episodes = np.zeros(rows, np.int32)
    begins: list[int] = []
    sessions_cut = 0
    for start, stop in _ranges(starts, rows):
        parts = cut(_gaps(table.slice(start, stop - start)), limit) if stop - start > limit else [0]
        sessions_cut += len(parts) > 1
        for part in parts[1:]:
            episodes[start + part : stop] += 1
        begins.extend(start + part for part in parts)
    table = _widen(table.append_column("episode", pa.array(episodes)), RAW_SCHEMA)
    notes = tuple((name, count) for name, count in ((TIMES_DROPPED, timeless), (SESSIONS_CUT, sessions_cut)) if count)
    return SessionGroup(table, np.array(begins, np.int64), faults, (*counts, *notes))


def _whole_times(times: pa.ChunkedArray, starts: npt.NDArray[np.int64]) -> tuple[pa.ChunkedArray, int]:
    """Return times without those of sessions that lack some, and how many such sessions there were."""
    if times.null_count in {0, len(times)}:
        return times, 0
    valid = pc.is_valid(times).to_numpy()
    whole = np.logical_and.reduceat(valid, starts)
    partly = np.logical_or.reduceat(valid, starts) & ~whole
    keep = np.repeat(whole, np.diff(np.append(starts, len(valid))))
    return pc.if_else(pa.array(keep), times, pa.scalar(None, pa.int64())), int(partly.sum())


def _gaps(session: pa.Table) -> npt.NDArray[np.int64]:
    """Return how long nothing happened before each event; without times, where the focus went somewhere else."""
    times = session["t_us"]
    if times.null_count:
        return np.asarray(pc.is_in(session["kind"], value_set=pa.array(["focus", "field"])).to_numpy(), np.int64)
    return np.diff(_times(times), prepend=times[0].as_py())
