"""Contribution bounding: how much one privacy unit may add to a table, and to how many of its cells.

A *contribution* is a row of ``CONTRIBUTIONS``: how often a unit did what belongs to one cell of one query. Of a unit,
at most ``partitions`` (L0) cells of a query count, chosen by the smallest keyed digest of unit and cell: the choice
depends on nobody else, and neither a retry nor a re-run chooses again. In a cell it counts at most ``per_partition``
(Linf). Adding or removing the unit then moves the query's cells by ``per_partition sqrt(partitions)`` in L2 at most.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import FailedError
from transforms.keys.pseudonym import frame_parts

CELL = ("key_0", "key_1", "key_2")
"""Columns that name a cell of a query; those that the query does not use are null."""

CONTRIBUTIONS = pa.schema(
    [("query", pa.string()), ("unit", pa.string()), *((name, pa.string()) for name in CELL), ("count", pa.int64())]
)
"""Personal data: clear only inside one process, sealed between two."""

SUMS = pa.schema(
    [("query", pa.string()), *((name, pa.string()) for name in CELL), ("count", pa.int64()), ("units", pa.int64())]
)
"""Bounded contributions added up: ``count``, and how many units stand behind each cell. Exact: never stored."""

_RANK_BYTES = 8

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bound:
    """Cells of a query that one unit may touch, and how much it may add to each."""

    partitions: int
    per_partition: int


def merge_contributions(tables: Sequence[pa.Table]) -> pa.Table:
    """Merge contributions into one row per query, unit and cell."""
    return _sums(pa.concat_tables(tables), ["query", "unit", *CELL], CONTRIBUTIONS)


def add_sums(tables: Sequence[pa.Table]) -> pa.Table:
    """Add tables of ``SUMS`` into one row per query and cell."""
    return _sums(pa.concat_tables(tables), ["query", *CELL], SUMS)


def bound_contributions(contributions: pa.Table, bounds: Mapping[str, Bound], key: bytes) -> pa.Table:
    """Bound and sum merged contributions; all contributions of each unit must be among them.

    Raises ``FailedError`` where a query has no bound.
    """
    queries, of_row = _codes(contributions["query"])
    found = [bounds.get(name or "") for name in queries]
    if None in found:
        raise FailedError("a query without contribution bounds was to be summed; nothing is published, report this")
    limits = np.array([[bound.partitions, bound.per_partition] for bound in found if bound], dtype=np.int64)
    limits = limits.reshape(-1, 2)[of_row]
    kept = _is_within(contributions, of_row, limits[:, 0], key)
    count = np.minimum(contributions["count"].to_numpy(), limits[:, 1])
    table = contributions.drop_columns(["unit"]).set_column(
        contributions.schema.get_field_index("count") - 1, "count", pa.array(count)
    )
    ones = pa.array(np.ones(table.num_rows, dtype=np.int64))
    return add_sums([table.append_column("units", ones).filter(pa.array(kept)).cast(SUMS)])


def _is_within(table: pa.Table, query: Rows, partitions: Rows, key: bytes) -> npt.NDArray[np.bool_]:
    """Select the first ``partitions`` rows of each unit and query by keyed digest."""
    _, unit = _codes(table["unit"])
    group = query * (int(unit.max(initial=0)) + 1) + unit
    sizes = np.bincount(group)
    kept = np.ones(len(group), dtype=np.bool_)
    crowded = np.flatnonzero(sizes[group] > partitions)
    if len(crowded):
        ranks = _digests(table.take(pa.array(crowded)), key)
        order = np.lexsort((ranks, group[crowded]))
        first = np.flatnonzero(np.diff(group[crowded][order], prepend=-1))
        place = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
        kept[crowded[order]] = place < partitions[crowded[order]]
    return kept


def _digests(table: pa.Table, key: bytes) -> npt.NDArray[np.uint64]:
    """Compute the first bytes of HMAC-SHA256 over the framed query, unit and cell of each row."""
    columns = [_frame(table[name]) for name in ("query", "unit", *CELL)]
    messages = pc.binary_join_element_wise(*columns, pa.scalar(b""))
    digests = [hmac.digest(key, message, "sha256")[:_RANK_BYTES] for message in messages.to_pylist()]
    return np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)


def _frame(column: pa.ChunkedArray) -> pa.Array:
    """Prefix each word of a column with its length; null and the empty word differ."""
    words, codes = _codes(column)
    return pa.array([b"".join(frame_parts(_bytes(word))) for word in words], pa.binary()).take(pa.array(codes))


def _bytes(word: str | None) -> bytes:
    return b"" if word is None else b"=" + word.encode("utf-8", "surrogatepass")


def _codes(column: pa.ChunkedArray) -> tuple[list[str | None], Rows]:
    """Encode a column as its distinct words (null is one) and the number of each row's word."""
    encoded = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    return encoded.dictionary.to_pylist(), np.asarray(encoded.indices.to_numpy(), dtype=np.int64)


def _sums(table: pa.Table, keys: list[str], schema: pa.Schema) -> pa.Table:
    values = [name for name in schema.names if name not in keys]
    summed = table.group_by(keys, use_threads=False).aggregate([(name, "sum") for name in values])
    return pa.table([summed[name if name in keys else f"{name}_sum"] for name in schema.names], schema=schema)
