"""Scanner of the decoded contents of a Parquet file: values, dictionaries, statistics, metadata, typed text."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.key_codes import typed_by
from transforms.dataset.verify.byte_scanner import Hit, Scanner
from transforms.dataset.verify.canaries import SEPARATORS


def scan_parquet(file: pq.ParquetFile, scanner: Scanner) -> set[Hit]:
    """Scan the decoded contents of an opened file.

    A dictionary page is read whole, with entries that no row uses. Open the file with ``read_dictionary`` of its text
    columns, or those pages are expanded and unused entries are lost.
    """
    found: set[Hit] = set()
    for inside, content in _metadata(file):
        found |= scanner.scan(content, inside)
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        for name, texts in list_texts(table):
            found |= scanner.scan("\0".join(texts).encode("utf-8", "surrogatepass"), f"column {name}")
            found |= scanner.scan_squeezed((SEPARATORS.sub("", text) for text in texts), f"column {name}")
    if {"session", *_KEY_COLUMNS} <= set(file.schema_arrow.names):
        columns = [name for name in ("session", *_KEY_COLUMNS, "modifiers", "field") if name in file.schema_arrow.names]
        for spelled in spell_keys(file.read(columns=columns)):
            found |= scanner.scan(spelled.encode("utf-8", "surrogatepass"), "key rows, joined")
            found |= scanner.scan_squeezed([SEPARATORS.sub("", spelled)], "key rows, joined")
    return found


_KEY_COLUMNS = ("kind", "action", "key", "code")
_COMMANDING = frozenset({"Alt", "Control", "Meta", "Super"})
"""Modifiers of shortcuts: text and shortcuts may interleave, so each is also spelled alone."""


def spell_keys(table: pa.Table) -> Iterator[str]:
    """Spell the texts that the key rows of each session, and of each field in it, typed.

    Key-downs and key-ups apart; each with all keys, without shortcuts, and shortcuts alone; each raw, after Backspace
    corrections, and by physical keys. Example: keys a, b, Backspace, c give "abc" and "ac".
    """
    keys = table.filter(pc.equal(_plain(table["kind"]), "key"))
    session = _plain(keys["session"]).dictionary_encode().combine_chunks().indices.to_pylist()
    field = keys["field"].to_pylist() if "field" in keys.column_names else [None] * len(keys)
    held = keys["modifiers"].to_pylist() if "modifiers" in keys.column_names else [None] * len(keys)
    action, key, code = (_plain(keys[name]).fill_null("").to_pylist() for name in ("action", "key", "code"))
    parts: dict[tuple[object, ...], list[_Press]] = {}
    for row, up in enumerate(word == "up" for word in action):
        press = _Press(key[row], code[row], shortcut=not _COMMANDING.isdisjoint(held[row] or ()))
        parts.setdefault((session[row], up), []).append(press)
        parts.setdefault((session[row], up, field[row]), []).append(press)
    for presses in parts.values():
        yield from dict.fromkeys(_spell(presses))


class _Press(NamedTuple):
    key: str
    code: str
    shortcut: bool

    def __repr__(self) -> str:
        """Hide the key."""
        return "_Press()"


def _spell(presses: Sequence[_Press]) -> Iterator[str]:
    for chosen in (presses, [one for one in presses if not one.shortcut], [one for one in presses if one.shortcut]):
        yield "".join(one.key for one in chosen if len(one.key) == 1)
        yield _apply_backspaces([one.key for one in chosen])
        yield "".join(typed_by(one.code) for one in chosen)


def _apply_backspaces(keys: Sequence[str]) -> str:
    text: list[str] = []
    for key in keys:
        if len(key) == 1:
            text.append(key)
        elif key == "Backspace" and text:
            text.pop()
    return "".join(text)


def list_texts(table: pa.Table) -> Iterator[tuple[str, list[str]]]:
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
