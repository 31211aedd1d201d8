"""What a Parquet file says to whoever can read it: values, dictionaries, statistics, metadata, and what keys spell."""

import base64
import binascii
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.store.canaries import SEPARATORS
from transforms.store.scanner import Hit, Scanner


def scan_parquet(file: pq.ParquetFile, scanner: Scanner) -> set[Hit]:
    """Return what an opened file holds beyond its bytes on the disk.

    A dictionary is read as it stands in its page, with entries that no row uses. Open the file with
    ``read_dictionary`` of its text columns, or those pages are expanded and unused entries are lost.
    """
    found: set[Hit] = set()
    for inside, content in _metadata(file):
        found |= scanner.scan(content, inside)
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        for name, texts in _texts(table):
            found |= scanner.scan("\0".join(texts).encode("utf-8", "surrogatepass"), f"column {name}")
            found |= scanner.scan_squeezed((SEPARATORS.sub("", text) for text in texts), f"column {name}")
    if {"session", "kind", "action", "key", "code"} <= set(file.schema_arrow.names):
        for spelled in typed(file.read(columns=["session", "kind", "action", "key", "code"])):
            found |= scanner.scan(spelled.encode("utf-8", "surrogatepass"), "key rows, joined")
            found |= scanner.scan_squeezed([SEPARATORS.sub("", spelled)], "key rows, joined")
    return found


def typed(table: pa.Table) -> Iterator[str]:
    """Yield, for each session, what its key rows spell: as pressed, after its corrections, and by physical keys."""
    downs = table.filter(pc.and_(pc.equal(_plain(table["kind"]), "key"), pc.equal(_plain(table["action"]), "down")))
    sessions = _plain(downs["session"]).to_numpy(zero_copy_only=False)
    keys, codes = (_plain(downs[name]).fill_null("").to_pylist() for name in ("key", "code"))
    starts = [0, *(np.flatnonzero(sessions[1:] != sessions[:-1]) + 1).tolist(), len(keys)]
    for start, end in pairwise(starts):
        yield "".join(key for key in keys[start:end] if len(key) == 1)
        yield _corrected(keys[start:end])
        yield "".join(code[-1] for code in codes[start:end] if code[:-1] in ("Key", "Digit"))


def _corrected(keys: list[str]) -> str:
    text: list[str] = []
    for key in keys:
        if len(key) == 1:
            text.append(key)
        elif key == "Backspace" and text:
            text.pop()
    return "".join(text)


def _texts(table: pa.Table) -> Iterator[tuple[str, list[str]]]:
    """Yield every text of every column, of its dictionaries and of its nested parts."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        for chunk in column.chunks:
            yield from ((name, texts) for texts in _of(chunk))


def _of(array: pa.Array) -> Iterator[list[str]]:
    kind = array.type
    if pa.types.is_dictionary(kind):
        yield from _of(array.dictionary)
    elif pa.types.is_struct(kind):
        for index in range(kind.num_fields):
            yield from _of(array.field(index))
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        yield from _of(array.values if not pa.types.is_map(kind) else array.items)
        if pa.types.is_map(kind):
            yield from _of(array.keys)
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        yield [value.decode("latin-1") for value in array.drop_null().to_pylist()]
    elif not pa.types.is_null(kind):
        yield array.drop_null().cast(pa.string()).to_pylist()


def _metadata(file: pq.ParquetFile) -> Iterator[tuple[str, bytes]]:
    footer = file.metadata
    yield "metadata", (footer.created_by or "").encode()
    for key, value in (footer.metadata or {}).items():
        yield "metadata", key + b"\0" + value
        try:
            yield "metadata", base64.b64decode(value)
        except binascii.Error:
            continue
    yield "schema", str(file.schema_arrow).encode()
    for field in file.schema_arrow:
        yield "schema", b"\0".join(part for item in (field.metadata or {}).items() for part in item)
    for group in range(footer.num_row_groups):
        for index in range(footer.num_columns):
            statistics = footer.row_group(group).column(index).statistics
            if statistics is not None and statistics.has_min_max:
                yield "statistics", b"\0".join(_raw(value) for value in (statistics.min, statistics.max))


def _raw(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
