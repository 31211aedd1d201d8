"""Column operations: flags of the rows that hold a word, and columns with few values."""

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


def scatter(values: Mapping[int, Any], rows: npt.NDArray[np.int64], kind: pa.DataType) -> pa.Array:
    """Build the column of ``rows`` from ``values`` by row; null where a row has none."""
    if not values:
        return pa.nulls(len(rows), kind)
    known = np.fromiter(values, dtype=np.int64, count=len(values))
    place = np.full(max(int(known.max()), int(rows.max(initial=0))) + 1, -1, dtype=np.int64)
    place[known] = np.arange(len(known))
    at = place[rows]
    return pa.array(list(values.values()), kind).take(pa.array(at, mask=at < 0))
