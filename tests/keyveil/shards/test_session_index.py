from unittest import mock

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from keyveil import open_release
from keyveil.shards import session_index
from tests.keyveil.conftest import Published


def test_every_session_is_found_in_any_order_and_across_row_groups(release: Published) -> None:
    index = open_release(str(release.home), keys=release.reader).index(["session", "seq", "kind"])
    rows = [table.num_rows for table in release.tables]
    assert len(index) == len(release.sessions)
    assert [extent.session for extent in index.extents] == release.sessions
    assert sum(extent.rows for extent in index.extents) == sum(rows)
    for number in [*range(len(index))][::-1]:
        events = index.events(number)
        assert events.schema.names == ["session", "seq", "kind"]
        assert set(events["session"].to_pylist()) == {release.sessions[number]}
        assert events["seq"].to_pylist() == list(range(index.extents[number].rows))


def test_a_row_group_is_decoded_once_while_it_fits(release: Published) -> None:
    opened = open_release(str(release.home), keys=release.reader)
    for most, decodings in ((session_index._MOST_BYTES, 1), (0, 2)):
        index = opened.index(["session", "seq"])
        first, last = 0, len(index) - 1
        with (
            mock.patch.object(session_index, "_MOST_BYTES", most),
            mock.patch.object(index, "_open_once", wraps=index._open_once) as opening,
        ):
            for number in (first, first, last, first):
                index.events(number)
        assert [call.args[0] for call in opening.call_args_list].count(0) == decodings


def test_the_cache_holds_what_fits_to_the_byte() -> None:
    table = pa.table({"session": ["a"] * 4 + ["b"] * 4, "user": [None] * 8, "seq": [*range(4)] * 2})
    table = table.cast(pa.schema([("session", pa.string()), ("user", pa.string()), ("seq", pa.int32())]))

    def open_shard(_: int) -> ds.ParquetFileFragment:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, row_group_size=4)
        return ds.ParquetFileFormat().make_fragment(sink.getvalue())

    def index() -> session_index.SessionIndex:
        return session_index.SessionIndex(open_shard, 1, table.schema, ["seq"])

    one = index().events(0).nbytes
    for most, kept in ((2 * one, 2), (2 * one - 1, 1), (0, 1)):
        made = index()
        with mock.patch.object(session_index, "_MOST_BYTES", most):
            assert made.events(0)["seq"].to_pylist() == [0, 1, 2, 3]
            assert made.events(1)["seq"].to_pylist() == [0, 1, 2, 3]
        assert len(made._decoded) == len(made._sizes) == kept
    with pytest.raises(IndexError):
        index().events(2)


def test_a_few_shards_stay_open() -> None:
    table = pa.table({"session": ["a"], "user": ["u"], "seq": pa.array([0], pa.int32())})
    opened: list[int] = []

    def open_shard(number: int) -> ds.ParquetFileFragment:
        opened.append(number)
        sink = pa.BufferOutputStream()
        named = table.set_column(0, "session", pa.array([f"s{number}"]))
        pq.write_table(named, sink)
        return ds.ParquetFileFormat().make_fragment(sink.getvalue())

    most = session_index._SHARDS_AT_HAND
    for shards, expected in ((most, most), (most + 1, 2 * most + 2)):
        opened.clear()
        index = session_index.SessionIndex(open_shard, shards, table.schema, ["session", "seq"])
        for number in range(shards):
            assert index.events(number)["session"].to_pylist() == [f"s{number}"]
        assert len(opened) == expected
