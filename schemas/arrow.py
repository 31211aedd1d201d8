"""Reordered and split tables with canonical bytes."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def renumber(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Rebuild a dictionary-encoded column in one chunk, with only its own words, by first appearance.

    Equal columns then have equal buffers, whatever their dictionaries were before.

    >>> words = pa.DictionaryArray.from_arrays(pa.array([2, None, 0, 2], pa.int32()), ["up", "gone", "down"])
    >>> renumber(pa.chunked_array([words])).dictionary.to_pylist()
    ['down', 'up']
    """
    array, kind = column.combine_chunks(), column.type
    words = array.dictionary
    if words.null_count or len(pc.unique(words)) < len(words):
        return array.cast(kind.value_type).dictionary_encode().cast(kind)
    missing = array.indices.is_null().to_numpy(zero_copy_only=False)
    codes = array.indices.fill_null(0).to_numpy()
    kept = pc.unique(array.indices).drop_null()
    place = np.zeros(len(words) or 1, kind.index_type.to_pandas_dtype())
    place[kept.to_numpy()] = np.arange(len(kept))
    return pa.DictionaryArray.from_arrays(pa.array(place[codes], mask=missing), words.take(kept))


_SHORTEST_RUN = 64
"""Rows of the average run below which copying one by one is cheaper than a slice a run."""


def in_order(table: pa.Table, order: npt.NDArray[np.int64]) -> pa.Table:
    """Copy the rows ``order`` of ``table``, in that order and in one chunk.

    Runs of rows that follow one another are copied whole: sessions mostly stand together already. One run is copied
    too, as Arrow writes a slice that begins inside of a table in other bytes than the same rows by themselves.
    """
    if not len(order):
        return table.slice(0, 0).combine_chunks()
    begins = np.concatenate([[0], np.flatnonzero(np.diff(order) != 1) + 1])
    if len(begins) == 1 or len(begins) * _SHORTEST_RUN > len(order):
        return table.take(pa.array(order)).combine_chunks()
    lengths = np.diff(np.append(begins, len(order)))
    runs = zip(order[begins].tolist(), lengths.tolist(), strict=True)
    return pa.concat_tables([table.slice(first, length) for first, length in runs]).combine_chunks()


def divide(table: pa.Table, codes: npt.NDArray[np.int64]) -> list[tuple[int, pa.Table]]:
    """Split a table by ``codes`` (one per row) into (code, rows), in order of code; rows keep their order.

    All rows are sorted once, so the cost hardly depends on the number of codes.

    >>> divide(pa.table({"word": ["b", "a", "c"]}), np.array([7, 2, 7]))[1][1].to_pydict()
    {'word': ['b', 'c']}
    """
    order = np.argsort(codes, kind="stable")
    if np.any(order[1:] < order[:-1]):
        table = in_order(table, order)
    found, starts, counts = np.unique(codes[order], return_index=True, return_counts=True)
    slices = zip(found.tolist(), starts.tolist(), counts.tolist(), strict=True)
    return [(code, table.slice(start, count)) for code, start, count in slices]
