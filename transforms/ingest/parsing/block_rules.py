"""The rules of ``log_rules.py`` on a whole block at once, and the only change that ingest makes to a text."""

import re
import unicodedata
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.ids import canonical_id
from schemas.raw import KINDS, LOG_SCHEMA
from transforms.ingest.parsing.key_names import name_keys
from transforms.ingest.parsing.log_rules import (
    ALLOWED,
    DATA_URL_MARK,
    IDS,
    LENGTHS,
    MAX_MODIFIERS,
    NESTED_RANGES,
    RANGES,
    REQUIRED,
    WORDS,
    names_somebody,
)

_KINDS = pa.array(KINDS)
_MARK = re.compile(re.escape(DATA_URL_MARK).encode(), re.IGNORECASE)
_FIRST_BEYOND_ASCII = 0x80
_NORMALISED = "app title url label text value instruction outcome goal target nodes".split()


def complies(table: pa.Table) -> bool:
    """Return whether every row of a table of ``LOG_SCHEMA`` keeps every rule."""
    codes = pc.index_in(table["kind"], value_set=_KINDS)
    if codes.null_count:
        return False
    kinds = codes.combine_chunks().to_numpy(zero_copy_only=False)
    return (
        _presence_complies(table, kinds)
        and _words_comply(table, kinds)
        and _sizes_comply(table)
        and all(names_somebody(text, name) for name in IDS for text in pc.unique(table[name]).drop_null().to_pylist())
        and _nested_values_comply(table)
        and not _holds_data_urls(table)
    )


def _count(column: pa.ChunkedArray, kinds: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    if column.null_count == len(column):
        return np.zeros(len(KINDS), np.int64)
    if column.null_count:
        kinds = kinds[pc.is_valid(column).to_numpy()]
    return np.bincount(kinds, minlength=len(KINDS))


def _presence_complies(table: pa.Table, kinds: npt.NDArray[np.int32]) -> bool:
    rows = np.bincount(kinds, minlength=len(KINDS))
    for name in LOG_SCHEMA.names:
        present = _count(table[name], kinds)
        for kind, total, count in zip(KINDS, rows, present, strict=True):
            if (name in REQUIRED[kind] and count != total) or (name not in ALLOWED[kind] and count):
                return False
    return True


def _words_comply(table: pa.Table, kinds: npt.NDArray[np.int32]) -> bool:
    for (kind, name), words in WORDS.items():
        rows = kinds == KINDS.index(kind)
        if rows.any():
            known = pc.is_in(table[name], value_set=pa.array(words)).to_numpy()
            if not known[rows].all():
                return False
    return True


def _within(column: pa.ChunkedArray, limits: tuple[int, int]) -> bool:
    if column.null_count == len(column):
        return True
    found = pc.min_max(column).as_py()
    return bool(limits[0] <= found["min"] and found["max"] <= limits[1])


def _sizes_comply(table: pa.Table) -> bool:
    for name, limits in RANGES.items():
        column = table[name]
        if pa.types.is_floating(column.type) and not pc.all(pc.is_finite(column), min_count=0).as_py():
            return False
        if not _within(column, limits):
            return False
    return all(_within(pc.binary_length(table[name]), limits) for name, limits in LENGTHS.items()) and _within(
        pc.list_value_length(table["modifiers"]), (0, MAX_MODIFIERS)
    )


def _leaves(column: pa.Array | pa.ChunkedArray) -> Iterator[pa.Array | pa.ChunkedArray]:
    if pa.types.is_list(column.type):
        items = pc.list_flatten(column)
        yield items
        yield from _leaves(items)
    elif pa.types.is_struct(column.type):
        for place in range(column.type.num_fields):
            yield from _leaves(pc.struct_field(column, [place]))
    else:
        yield column


def _nested_values_comply(table: pa.Table) -> bool:
    return all(
        _parts_comply(table[field.name])
        for field in LOG_SCHEMA
        if pa.types.is_nested(field.type) and table[field.name].null_count < table.num_rows
    )


def _parts_comply(column: pa.ChunkedArray) -> bool:
    """Return whether no list below a nested column holds a null, and every number below it is within its range."""
    if pa.types.is_list(column.type):
        items = pc.list_flatten(column)
        return not items.null_count and _parts_comply(items)
    if not pa.types.is_struct(column.type):
        return True
    for place, part in enumerate(column.type):
        inner = pc.struct_field(column, [place])
        if pa.types.is_floating(part.type) and not pc.all(pc.is_finite(inner), min_count=0).as_py():
            return False
        if part.name in NESTED_RANGES and not _within(inner, NESTED_RANGES[part.name]):
            return False
        if not _parts_comply(inner):
            return False
    return True


def _holds_data_urls(table: pa.Table) -> bool:
    return any(
        _may_hold_data_url(leaf)
        and pc.any(pc.match_substring(leaf, DATA_URL_MARK, ignore_case=True), min_count=0).as_py()
        for column in table.columns
        if column.null_count < len(column)
        for leaf in _leaves(column)
        if pa.types.is_string(leaf.type)
    )


def _may_hold_data_url(texts: pa.ChunkedArray) -> bool:
    """Return false where the mark is not even in the texts as they lie behind one another in memory."""
    contents = (chunk.buffers()[-1] for chunk in texts.chunks)
    return any(_MARK.search(memoryview(content)) for content in contents if content is not None)


def _normalise(column: pa.Array) -> pa.Array:
    """Normalise the texts of a column, or those inside of its structs and lists; return itself where none changes."""
    if pa.types.is_struct(column.type):
        parts = [pc.struct_field(column, [place]) for place in range(column.type.num_fields)]
        composed = [_normalise(part) for part in parts]
        if all(new is old for new, old in zip(composed, parts, strict=True)):
            return column
        return pa.StructArray.from_arrays(composed, fields=list(column.type), mask=column.is_null())
    if pa.types.is_list(column.type):
        items = column.flatten()
        composed = _normalise(items)
        if composed is items:
            return column
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
        offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
        return pa.ListArray.from_arrays(offsets, composed, type=column.type, mask=column.is_null())
    return _normalise_texts(column) if pa.types.is_string(column.type) else column


def _normalise_texts(column: pa.Array) -> pa.Array:
    content = column.buffers()[-1]
    if content is None or not content.size or np.frombuffer(content, np.uint8).max() < _FIRST_BEYOND_ASCII:
        return column
    # not pyarrow's utf8_normalize: its form NFC gives decomposed letters (seen in 25.0.1)
    foreign = pc.fill_null(pc.invert(pc.string_is_ascii(column)), fill_value=False)
    if not pc.any(foreign, min_count=0).as_py():
        return column
    composed = [unicodedata.normalize("NFC", text) for text in pc.filter(column, foreign).to_pylist()]
    return pc.replace_with_mask(column, foreign, pa.array(composed, pa.string()))


def _canonical_ids(column: pa.ChunkedArray, *, fold_case: bool) -> pa.ChunkedArray:
    """Normalise ids that keep the rules; a blank one names nobody."""
    written = pc.unique(column).drop_null()
    ids = [canonical_id(text, fold_case=fold_case) if text.strip() else None for text in written.to_pylist()]
    canonical = pa.array(ids, pa.string())
    if canonical.equals(written):
        return column
    return pa.chunked_array([canonical.take(pc.index_in(column, value_set=written).combine_chunks())])


def normalise(table: pa.Table, *, fold_user_case: bool) -> pa.Table:
    """Normalise the texts of a table that keeps the rules to Unicode form C, and its ids to their canonical form.

    File systems and browsers hand out decomposed letters, and a detector that knows a name with its accent would miss
    the letter and the accent apart. A ``key`` that is a character stays as it is: one row is one key, and replay counts
    code points; one with an old or foreign name gets the one of W3C.
    """
    for name, fold_case in (("session_id", False), ("user_id", fold_user_case)):
        ids = _canonical_ids(table[name], fold_case=fold_case)
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), ids)
    for name in _NORMALISED:
        if table[name].null_count == table.num_rows:
            continue
        composed = _normalise(table[name].combine_chunks())
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), composed)
    return name_keys(table)
