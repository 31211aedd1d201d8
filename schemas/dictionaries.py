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
    kept = pc.unique(array.indices).drop_null()
    place = np.zeros(len(words) or 1, kind.index_type.to_pandas_dtype())
    place[kept.to_numpy()] = np.arange(len(kept))
    return pa.DictionaryArray.from_arrays(pa.array(place[codes], mask=missing), words.take(kept))
