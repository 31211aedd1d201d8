"""Column operations: flags of the rows that hold a word, bits of lists, columns with few values."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Flags = npt.NDArray[np.bool_]


def holds(table: pa.Table, name: str, *words: str) -> Flags:
    """Flag the rows of the string column ``name`` that hold one of ``words``."""
    found: Flags = pc.is_in(table[name], value_set=pa.array(words, pa.string())).to_numpy()
    return found


def join_bits(lists: pa.ListArray, bit_of: Mapping[str, int]) -> npt.NDArray[np.int64]:
    """Join the bits of the words in each list of a column; other words have none, and neither has null."""
    words = lists.flatten().dictionary_encode()
    known = np.array([*(bit_of.get(word, 0) for word in words.dictionary.to_pylist()), 0], dtype=np.int64)
    joined = np.zeros(len(lists), dtype=np.int64)
    numbers = words.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
    np.bitwise_or.at(joined, pc.list_parent_indices(lists).to_numpy(zero_copy_only=False), known[numbers])
    return joined


def scatter(values: Mapping[int, Any], rows: npt.NDArray[np.int64], kind: pa.DataType) -> pa.Array:
    """Build the column of ``rows`` from ``values`` by row; null where a row has none."""
    if not values:
        return pa.nulls(len(rows), kind)
    known = np.fromiter(values, dtype=np.int64, count=len(values))
    place = np.full(max(int(known.max()), int(rows.max(initial=0))) + 1, -1, dtype=np.int64)
    place[known] = np.arange(len(known))
    at = place[rows]
    return pa.array(list(values.values()), kind).take(pa.array(at, mask=at < 0))
