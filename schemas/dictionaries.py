"""Dictionary-encoded columns whose dictionary says nothing but the column."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def renumbered(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a dictionary-encoded column in one chunk, with its own words alone, by first appearance.

    Equal columns then have equal buffers, whatever their dictionaries held before.

    >>> words = pa.DictionaryArray.from_arrays(pa.array([2, None, 0, 2], pa.int32()), ["up", "gone", "down"])
    >>> renumbered(pa.chunked_array([words])).dictionary.to_pylist()
    ['down', 'up']
    """
    array, kind = column.combine_chunks(), column.type
    words = array.dictionary
    if words.null_count or len(pc.unique(words)) < len(words):
        return array.cast(kind.value_type).dictionary_encode().cast(kind)
    missing = array.indices.is_null().to_numpy(zero_copy_only=False)
    codes = array.indices.fill_null(0).to_numpy()
    rows = np.flatnonzero(~missing)[::-1]
    first = np.full(len(words), len(codes))
    first[codes[rows]] = rows
    kept = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(codes))]
    place = np.zeros(len(words) or 1, kind.index_type.to_pandas_dtype())
    place[kept] = np.arange(len(kept))
    return pa.DictionaryArray.from_arrays(pa.array(place[codes], mask=missing), words.take(pa.array(kept)))
