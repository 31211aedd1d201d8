"""Division of sessions into shards, total order of their rows, and names of their files."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.arrow import divide, in_order, renumber
from schemas.errors import FailedError
from schemas.safe import EVENTS_SCHEMA, SESSION_TUPLE, SESSIONS_SCHEMA
from transforms.editor.event_columns import run_starts
from transforms.keys.pseudonym import keyed_digest

_INPUT_BYTES_A_SHARD = 64 * 2**20
_MOST_SHARDS = 4_096
_NAME_DIGITS = 32
_ZERO = {pa.string().id: "", pa.bool_().id: False}
"""Replacement of null in types other than numbers."""
_DIGESTED_ROWS = 65_536

NO_HEADERS = SESSIONS_SCHEMA.empty_table()
"""Headers of no session."""


def shards_for(total_bytes: int) -> int:
    """Compute the number of shards for ``total_bytes`` of plain JSON Lines: one for each 64 MiB begun.

    That is some 500,000 events. A shard is sorted in memory, which takes about 0.6 KiB an event at its peak.
    """
    return min(_MOST_SHARDS, max(1, -(-total_bytes // _INPUT_BYTES_A_SHARD)))


def shard_of(key: bytes, session: str, shards: int) -> int:
    """Compute the shard (0..shards-1) of a session by a keyed digest: sizes are even and not attacker-chosen."""
    return int(keyed_digest(key, b"shard", session.encode()), 16) % shards


def concat_slices(tables: list[pa.Table]) -> pa.Table:
    """Concatenate ``tables``; raise ``FailedError`` if one lacks ``EVENTS_SCHEMA``."""
    if any(not table.schema.equals(EVENTS_SCHEMA) for table in tables):
        raise FailedError("a slice of released rows does not have the schema of the contract; the shard is not written")
    return pa.concat_tables(tables).unify_dictionaries()


def split(key: bytes, tables: list[pa.Table], shards: int) -> list[tuple[int, pa.Table]]:
    """Split the rows of ``tables`` by shard, in order of shard; rows keep their order, empty shards are left out."""
    return _by_shard(key, concat_slices(tables), shards)


def in_total_order(slices: list[pa.Table]) -> pa.Table:
    """Sort the rows of ``slices`` by (session, seq) into one chunk, whatever their division and order.

    Either every row has a user or none has (profile ``events``). Raises ``FailedError`` if a slice has another schema,
    a session has two users, or the ``seq`` of a session is not 0..n-1 (a slice is missing or came twice).
    """
    table = concat_slices(slices)
    users_missing = table["user"].null_count
    if any(table[name].null_count for name in ("session", "seq")) or users_missing not in (0, table.num_rows):
        raise FailedError("a released row lacks its session, user or seq; the shard is not written")
    rows = table.num_rows
    starts = run_starts(table["session"])
    lengths = np.diff(np.append(starts, rows))
    runs = pa.table({"session": table["session"].take(pa.array(starts)), "seq": table["seq"].to_numpy()[starts]})
    order = pc.sort_indices(runs, sort_keys=[("session", "ascending"), ("seq", "ascending")]).to_numpy()
    ends = np.cumsum(lengths[order])
    gather = np.arange(rows) + np.repeat(starts[order] - (ends - lengths[order]), lengths[order])
    ordered = pa.table(canonical(in_order(table, gather)).columns, schema=EVENTS_SCHEMA)
    check_order(ordered)
    return ordered


def sessions_of(events: pa.Table, headers: pa.Table = NO_HEADERS) -> pa.Table:
    """Build one row of ``SESSIONS_SCHEMA`` for each session of an ordered table.

    Recorded facts of a session come from ``headers`` and are null if those do not list it.
    """
    starts = pa.array(run_starts(events["session"]))
    columns = {name: events[name].take(starts) for name in ("session", "user")}
    places = pc.index_in(columns["session"], value_set=headers["session"].combine_chunks()).combine_chunks()
    columns |= {name: headers[name].combine_chunks().take(places) for name in SESSION_TUPLE}
    return pa.table([columns[name] for name in SESSIONS_SCHEMA.names], schema=SESSIONS_SCHEMA)


def split_headers(key: bytes, headers: pa.Table, shards: int) -> dict[int, pa.Table]:
    """Split headers by shard, as ``split`` divides the rows of their sessions."""
    return dict(_by_shard(key, headers, shards))


def _by_shard(key: bytes, table: pa.Table, shards: int) -> list[tuple[int, pa.Table]]:
    """Split ``table`` by the shard of each row's session; rows keep their order, empty shards are left out."""
    if shards == 1:
        return [(0, table.combine_chunks())]
    encoded = table["session"].combine_chunks().dictionary_encode()
    of_session = np.array([shard_of(key, name, shards) for name in encoded.dictionary.to_pylist()], dtype=np.int64)
    return divide(table, of_session[encoded.indices.to_numpy(zero_copy_only=False)])


def shard_name(key: bytes, shard: int, table: pa.Table) -> str:
    """Compute the file name of a shard from its number and a keyed digest of its clear content.

    Example: ``00003-<32 hex digits>.parquet``. The content is canonical Arrow IPC, digested in parts (a digest of the
    parts' digests) to save memory: equal rows give equal names, before they are encoded and after they are decoded.
    """
    shape = keyed_digest(key, b"schema", *(f"{c.name}:{_shape(c.type)}".encode() for c in table.schema)).encode()
    plain = canonical(table.combine_chunks())
    parts = (
        keyed_digest(key, b"part", *(_ipc(array) for column in part.columns for array in _flat(column))).encode()
        for part in plain.to_batches(_DIGESTED_ROWS)
    )
    content = keyed_digest(key, b"content", shape, *parts)
    return f"{shard:05d}-{content[:_NAME_DIGITS]}.parquet"


def _shape(kind: pa.DataType) -> str:
    """Name a type without the field name of a list's items, which Parquet changes."""
    if pa.types.is_list(kind):
        return f"list of {_shape(kind.value_type)}"
    if pa.types.is_struct(kind):
        return f"struct of {', '.join(f'{part.name}: {_shape(part.type)}' for part in kind)}"
    return str(kind)


def _flat(array: pa.Array) -> Iterator[pa.Array]:
    """Yield arrays without nulls that determine ``array``: its validity, and its values with nulls filled in."""
    kind = array.type
    if array.null_count:
        yield array.is_valid()
    if pa.types.is_list(kind):
        yield pc.fill_null(pc.list_value_length(array), -1)
        yield from _flat(pc.list_flatten(array))
    elif pa.types.is_struct(kind):
        for index in range(kind.num_fields):
            yield from _flat(pc.struct_field(array, [index]))
    elif pa.types.is_dictionary(kind):
        yield pc.fill_null(array.indices, -1)
        yield array.dictionary
    else:
        yield array.fill_null(_ZERO.get(kind.id, 0)) if array.null_count else array


def _ipc(array: pa.Array) -> memoryview:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, pa.schema([("", array.type)])) as writer:
        writer.write_batch(pa.record_batch([array], [""]))
    return memoryview(sink.getvalue()).cast("B")


def canonical(table: pa.Table) -> pa.Table:
    """Renumber dictionaries by first appearance, so that equal rows have equal buffers."""
    columns = [renumber(column) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    return pa.table(columns, schema=table.schema)


def check_order(ordered: pa.Table) -> None:
    """Raise ``FailedError`` unless sessions are contiguous, count 0..n-1 in ``seq`` and have one user each."""
    starts = run_starts(ordered["session"])
    expected = np.arange(ordered.num_rows) - np.repeat(starts, np.diff(np.append(starts, ordered.num_rows)))
    if not np.array_equal(ordered["seq"].to_numpy(), expected):
        raise FailedError("a released session is not 0..n-1 in seq: rows are missing or came twice; run again")
    if not np.isin(run_starts(ordered["user"].fill_null("")), starts).all():
        raise FailedError("a released session has two users; the shard is not written")
