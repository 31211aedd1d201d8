from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import FailedError
from schemas.safe import EVENTS_SCHEMA, SESSIONS_SCHEMA
from transforms.dataset.codec import FileHeader, decode, encode
from transforms.dataset.place_shard import naming_key
from transforms.dataset.settings import StoreSettings
from transforms.dataset.shards import (
    NO_HEADERS,
    in_total_order,
    sessions_of,
    shard_name,
    shard_of,
    shards_for,
    split,
    split_headers,
)
from transforms.keys.key_set import KeySet

KEY = bytes(range(32))
Batch = Callable[[int], pa.Table]
SEEDS = range(6)


@pytest.fixture(scope="module")
def batches(batch: Batch) -> list[pa.Table]:
    return [batch(seed) for seed in SEEDS]


def replaced(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), EVENTS_SCHEMA.field(name), column)


def test_rows_come_by_session_and_seq_and_nothing_is_lost(batch: Batch) -> None:
    tables = [batch(seed) for seed in (4, 2, 9)]
    ordered = in_total_order(tables)
    wanted = pa.concat_tables(tables).cast(plain_schema()).sort_by([("session", "ascending"), ("seq", "ascending")])
    assert ordered.cast(plain_schema()).equals(wanted)
    assert ordered.schema.equals(EVENTS_SCHEMA, check_metadata=True)


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(6)), st.lists(st.integers(1, 130), max_size=4), st.integers(1, 6))
def test_neither_order_nor_cut_of_slices_changes_a_byte(
    batches: list[pa.Table], order: list[int], cuts: list[int], turn: int
) -> None:
    # sessions may even be cut apart: their rows find each other
    whole = pa.concat_tables([batches[index] for index in order]).unify_dictionaries()
    edges = sorted({0, whole.num_rows, *cuts})
    slices = [whole.slice(start, stop - start) for start, stop in pairwise(edges)]
    ordered = in_total_order([*slices[turn:], *slices[:turn]])
    wanted = in_total_order(batches)
    assert ordered.equals(wanted)
    assert shard_name(KEY, 3, ordered) == shard_name(KEY, 3, wanted)


def test_a_slice_is_named_as_its_rows_by_themselves(batches: list[pa.Table]) -> None:
    whole = in_total_order(batches)
    begin = whole["seq"].to_pylist().index(0, 1)
    view = whole.slice(begin)
    alone = view.take(list(range(view.num_rows))).combine_chunks()
    assert shard_name(KEY, 0, in_total_order([view])) == shard_name(KEY, 0, in_total_order([alone]))


@pytest.mark.parametrize("column", ["x", "text", "synthetic", "modifiers"])
def test_what_lies_below_a_null_or_beyond_the_end_changes_no_name(batch: Batch, column: str) -> None:
    table = batch(1)
    one, other = (replaced(table, column, littered(column, table.num_rows, litter=litter)) for litter in (False, True))
    assert one.equals(other)
    assert shard_name(KEY, 0, in_total_order([one])) == shard_name(KEY, 0, in_total_order([other]))


def littered(column: str, rows: int, *, litter: bool) -> pa.Array:
    """Make an array whose values do not depend on ``litter``, but whose buffers do."""
    missing = np.arange(rows) % 2 == 0
    valid = np.packbits(~missing, bitorder="little")
    valid[-1] |= 0xFF << rows % 8 & 0xFF if litter else 0
    bits = pa.py_buffer(valid)
    if column == "synthetic":
        return pa.Array.from_buffers(pa.bool_(), rows, [None, bits])
    if column == "x":
        values = np.where(missing, 77 if litter else 0, 5).astype(np.int32)
        return pa.Array.from_buffers(pa.int32(), rows, [bits, pa.py_buffer(values)])
    ends = np.concatenate(([0], np.cumsum(np.where(missing, 3 if litter else 0, 2)))).astype(np.int32)
    offsets, length = pa.py_buffer(ends), int(ends[-1])
    if column == "text":
        return pa.Array.from_buffers(pa.string(), rows, [bits, offsets, pa.py_buffer(b"q" * length)])
    kind = EVENTS_SCHEMA.field(column).type
    return pa.Array.from_buffers(kind, rows, [bits, offsets], children=[pa.array(["Shift"] * length)])


def test_dictionaries_of_any_order_give_one_table(batch: Batch) -> None:
    table = batch(1)
    texts = table["kind"].cast(pa.string()).combine_chunks()
    turned = ["unused", *reversed(texts.unique().to_pylist())]
    codes = pa.array([turned.index(text) for text in texts.to_pylist()], pa.int32())
    other = replaced(table, "kind", pa.DictionaryArray.from_arrays(codes, pa.array(turned)))
    assert in_total_order([other]).equals(in_total_order([table]))
    assert shard_name(KEY, 0, in_total_order([other])) == shard_name(KEY, 0, in_total_order([table]))


def test_field_metadata_is_put_back(batch: Batch) -> None:
    bare = pa.schema([pa.field(column.name, column.type) for column in EVENTS_SCHEMA])
    assert in_total_order([batch(1).cast(bare)]).schema.equals(EVENTS_SCHEMA, check_metadata=True)


def test_a_slice_that_came_twice_or_lost_rows_stops_the_run(batch: Batch) -> None:
    table = batch(1)
    for slices in ([table, table], [table.slice(1)], [table.slice(0, 3), table.slice(4)]):
        with pytest.raises(FailedError, match=r"0\.\.n-1"):
            in_total_order(slices)


def test_two_users_in_a_session_stop_the_run(batch: Batch) -> None:
    table = batch(1)
    users = table["user"].to_pylist()
    users[3] = "somebody"
    with pytest.raises(FailedError, match="two users"):
        in_total_order([replaced(table, "user", pa.array(users))])


@pytest.mark.parametrize("name", ["session", "user", "seq"])
def test_rows_without_identity_stop_the_run(batch: Batch, name: str) -> None:
    table = batch(1)
    values = [None, *table[name].to_pylist()[1:]]
    with pytest.raises(FailedError, match="lacks"):
        in_total_order([replaced(table, name, pa.array(values, EVENTS_SCHEMA.field(name).type))])


def test_another_schema_stops_the_run(batch: Batch) -> None:
    for other in (batch(1).drop_columns(["text"]), batch(1).append_column("more", pa.nulls(22)), pa.table({"a": [1]})):
        with pytest.raises(FailedError, match="schema"):
            in_total_order([batch(2), other])
        with pytest.raises(FailedError, match="schema"):
            split(KEY, [other], 2)


@given(st.integers(1, 40))
@settings(deadline=None, max_examples=20)
def test_split_keeps_sessions_whole_and_every_row_once(batches: list[pa.Table], shards: int) -> None:
    parts = split(KEY, batches, shards)
    assert [shard for shard, _ in parts] == sorted({shard for shard, _ in parts})
    for shard, table in parts:
        assert shards == 1 or {shard_of(KEY, name, shards) for name in table["session"].to_pylist()} == {shard}
    assert in_total_order([table for _, table in parts]).equals(in_total_order(batches))
    headers = split_headers(KEY, sessions_of(in_total_order(batches)), shards)
    assert list(headers) == [shard for shard, _ in parts]
    for shard, table in parts:
        ordered = in_total_order([table])
        assert headers[shard].equals(sessions_of(ordered))
        again = in_total_order([table.take(list(range(table.num_rows)))])
        assert shard_name(KEY, shard, ordered) == shard_name(KEY, shard, again)


@pytest.mark.parametrize("shards", [1, 3])
def test_nothing_splits_into_no_rows(shards: int) -> None:
    nothing = EVENTS_SCHEMA.empty_table()
    assert sum(table.num_rows for _, table in split(KEY, [nothing], shards)) == 0
    assert sum(table.num_rows for table in split_headers(KEY, NO_HEADERS, shards).values()) == 0


def test_shards_are_even_and_keyed() -> None:
    names = [f"s{index}" for index in range(4_000)]
    counts = np.bincount([shard_of(KEY, name, 8) for name in names], minlength=8)
    # binomial, 500 expected, sd below 21: 5 sigma
    assert abs(counts - 500).max() < 105
    assert [shard_of(bytes(32), name, 8) for name in names] != [shard_of(KEY, name, 8) for name in names]


def test_one_shard_for_each_64_mib_begun() -> None:
    sizes = [0, 1, 2**26, 2**26 + 1, 10 * 2**26, 2**60]
    assert [shards_for(size) for size in sizes] == [1, 1, 1, 2, 10, 4096]


def test_a_name_depends_on_key_shard_and_content(batch: Batch) -> None:
    table = in_total_order([batch(1)])
    names = {
        shard_name(KEY, 0, table),
        shard_name(bytes(32), 0, table),
        shard_name(KEY, 1, table),
        shard_name(KEY, 0, in_total_order([batch(2)])),
    }
    assert len(names) == 4
    assert shard_name(KEY, 7, table).startswith("00007-")


def test_names_of_two_releases_or_two_key_sets_cannot_be_compared(keys: KeySet, other_keys: KeySet) -> None:
    named = {naming_key(held, release) for held in (keys, other_keys) for release in ("a", "b")}
    assert [len(key) for key in named] == [32] * 4
    assert naming_key(keys, "a") in named


def test_a_name_is_the_same_after_the_file_was_decoded(batch: Batch, header: FileHeader, keys: KeySet) -> None:
    for seed in range(20):
        events = in_total_order([batch(seed), batch(seed + 100)])
        for table in (events, sessions_of(events)):
            content = bytes(encode(table, header, StoreSettings(), keys.reader()))
            assert shard_name(KEY, 0, decode(content, keys.reader())) == shard_name(KEY, 0, table)


def test_sessions_are_listed_once_with_nothing_of_the_recorder(batch: Batch) -> None:
    listed = sessions_of(in_total_order([batch(2), batch(1)]))
    assert listed.schema.equals(SESSIONS_SCHEMA, check_metadata=True)
    assert listed["session"].to_pylist() == [f"session-{seed:03d}-{index}" for seed in (1, 2) for index in range(3)]
    assert listed["user"].to_pylist()[:3] == ["user-1", "user-2", "user-3"]
    assert {listed[name].null_count for name in ("os", "keyboard_layout", "recorder")} == {6}


def plain_schema() -> pa.Schema:
    return pa.schema(
        [pa.field(c.name, c.type.value_type if pa.types.is_dictionary(c.type) else c.type) for c in EVENTS_SCHEMA]
    )
