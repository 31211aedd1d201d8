"""The canonical raw log: JSON Lines, one event a line, plain, gzip or zstd.

A block of lines is parsed by Arrow in one go and checked by column. Where anything is wrong with it, its lines are read
one by one by a strict decoder that names line, field and rule, and the good ones go on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from schemas.raw import KINDS, LOG_SCHEMA
from transforms.intake.lines import LineBlock, blocks
from transforms.intake.problem import Problem
from transforms.intake.records import MAX_T_US, canonical_line

_REQUIRED = {
    "focus": ("app", "title"),
    "field": ("field_id", "role", "label", "multiline"),
    "key": ("action", "key", "code", "modifiers"),
    "pointer": ("action", "x", "y"),
    "screen": ("source", "text"),
    "clipboard": ("action", "text"),
    "input_value": ("field_id", "value"),
}
_OPTIONAL = {
    "session": (
        "os screens keyboard_layout recorder recorder_version timezone purpose consent_version"
    ).split(),
    "focus": ["url", "private"],
    "field": ["resumed"],
    "key": ["repeat", "field_id"],
    "pointer": ["button", "dx", "dy", "target"],
    "screen": ["nodes"],
    "clipboard": ["field_id"],
    "input_value": ["source_masked"],
}
_COMMON = frozenset({"session_id", "user_id", "device_id", "seq", "t_us", "kind"})
_WORDS = {
    ("key", "action"): ("down", "up"),
    ("pointer", "action"): ("move", "down", "up", "click", "double_click", "drag", "scroll"),
    ("clipboard", "action"): ("copy", "cut", "paste"),
    ("screen", "source"): ("ocr", "a11y", "dom"),
}
_MAX_PIXELS = 1e9
_PARSE = pj.ParseOptions(explicit_schema=LOG_SCHEMA, unexpected_field_behavior="error")


@dataclass(frozen=True, slots=True)
class Events:
    """Good events of a file: a table of ``LOG_SCHEMA`` and the 1-based line of each row."""

    table: pa.Table
    lines: npt.NDArray[np.int64]


def read_canonical(path: Path, max_line_bytes: int) -> Iterator[Events | Problem]:
    """Yield the good events of a log in blocks, and a problem for each bad line."""
    for block in blocks(path, max_line_bytes):
        if isinstance(block, Problem):
            yield block
        else:
            yield from _read_block(block, max_line_bytes)


def _read_block(block: LineBlock, max_line_bytes: int) -> Iterator[Events | Problem]:
    table = parse(block.data)
    if table is not None and b"\n\n" not in block.data and b"\n\r\n" not in block.data:
        if not block.data.startswith((b"\n", b"\r\n")) and table.num_rows == _line_count(block.data):
            yield Events(table, block.first_line + np.arange(table.num_rows, dtype=np.int64))
            return
    good: list[bytes] = []
    numbers: list[int] = []
    for offset, line in enumerate(block.data.split(b"\n")):
        if not line.strip():
            continue
        number = block.first_line + offset
        made = canonical_line(line[:max_line_bytes], number)
        if isinstance(made, Problem):
            yield made
        else:
            good.append(made)
            numbers.append(number)
    if good:
        table = parse(b"\n".join(good))
        if table is None or table.num_rows != len(good):
            raise ValueError("the two readings of a log differ")
        yield Events(table, np.array(numbers, dtype=np.int64))


def _line_count(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n"))


def parse(data: bytes) -> pa.Table | None:
    """Return the events in ``data``, or ``None`` where any of them breaks a rule of the contract."""
    options = pj.ReadOptions(use_threads=False, block_size=len(data) + 1)
    try:
        table = pj.read_json(pa.py_buffer(data), read_options=options, parse_options=_PARSE)
        table.validate(full=True)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    table = table.combine_chunks()
    return table if table.schema.equals(LOG_SCHEMA) and valid(table) else None


def valid(table: pa.Table) -> bool:
    """Whether every event has what its kind requires, nothing of other kinds, and values in range."""
    kinds = table["kind"]
    if table["session_id"].null_count or table["seq"].null_count or kinds.null_count:
        return False
    if pc.any(pc.equal(table["session_id"], "")).as_py() or pc.any(pc.equal(table["user_id"], "")).as_py():
        return False
    if not pc.all(pc.is_in(kinds, value_set=pa.array(KINDS))).as_py():
        return False
    present = set(kinds.unique().to_pylist())
    return _columns_fit(table, present) and all(_kind_fits(table, kind) for kind in present) and _in_range(table)


def _columns_fit(table: pa.Table, present: set[str]) -> bool:
    """Whether no column is filled on a row whose kind does not have it."""
    for name in LOG_SCHEMA.names:
        if name in _COMMON or table[name].null_count == len(table):
            continue
        owners = [kind for kind in KINDS if name in _REQUIRED.get(kind, ()) or name in _OPTIONAL[kind]]
        if present <= set(owners):
            continue
        filled = table["kind"].filter(table[name].is_valid())
        if not pc.all(pc.is_in(filled, value_set=pa.array(owners))).as_py():
            return False
    return True


def _kind_fits(table: pa.Table, kind: str) -> bool:
    rows = pc.equal(table["kind"], kind)
    for name in _REQUIRED.get(kind, ()):
        column = table[name]
        if column.null_count and pc.any(pc.and_(rows, column.is_null())).as_py():
            return False
        words = _WORDS.get((kind, name))
        if words and not pc.all(pc.is_in(column.filter(rows), value_set=pa.array(words))).as_py():
            return False
    return True


def _in_range(table: pa.Table) -> bool:
    if len(table) == 0:
        return True
    seqs = pc.min_max(table["seq"]).as_py()
    times = pc.min_max(table["t_us"]).as_py()
    if seqs["min"] < 0 or seqs["max"] >= 2**62:
        return False
    if times["min"] is not None and (times["min"] < 0 or times["max"] >= MAX_T_US):
        return False
    for name in ("x", "y", "dx", "dy"):
        column = table[name]
        if column.null_count < len(column) and not pc.all(pc.less(pc.abs(column), _MAX_PIXELS)).as_py():
            return False
    nested = (table["modifiers"], table["screens"], table["nodes"])
    return not any(column.combine_chunks().flatten().null_count for column in nested)
