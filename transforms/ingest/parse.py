"""Whole lines of the canonical log to rows: all at once where they keep every rule, one by one where they do not.

``pyarrow.json`` fails a block for one bad line without saying which, takes two objects on one line and one object on
two, lets numbers be NaN, and crashes on a row that is ``null``. Blocks are therefore looked at before and after it,
and a block that it or a check refuses is halved until few enough lines are left to be read one by one.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json as arrow_json

from schemas.errors import FailedError
from schemas.raw import LOG_SCHEMA
from schemas.rejects import Reason
from transforms.ingest.block import ROW_SCHEMA, Block, Fault, Problem
from transforms.ingest.columns import complies
from transforms.ingest.lines import Lines, pack
from transforms.ingest.rules import find_problem, shown

_LINE_BY_LINE = 512
_BLANK = b" \t\r\n"
_NULL_ROW = re.compile(rb"\}\s*null")

_NOT_UTF8 = Problem(Reason.BAD_UTF8, "", "a line must be valid UTF-8")
_NOT_JSON = Problem(Reason.BAD_JSON, "", "a line must hold one JSON object and nothing else")
OVERLONG = Problem(Reason.LINE_TOO_LONG, "", "a line above ingest.max_line_bytes; the quarantine keeps it packed")
ENDLESS = Problem(Reason.LINE_TOO_LONG, "", "a line too long even for the quarantine; split it where it is recorded")
_TWICE = "a field must stand once in an event"
_PARSE = arrow_json.ParseOptions(explicit_schema=LOG_SCHEMA, unexpected_field_behavior="error")


@dataclass(frozen=True, slots=True)
class _Span:
    """Some lines: ``offsets[i]`` is where line i begins, ``ends[i]`` where its content ends, blank ones included."""

    data: bytes = field(repr=False)
    offsets: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    first: int

    def part(self, start: int, stop: int) -> "_Span":
        return _Span(self.data, self.offsets[start : stop + 1], self.ends[start:stop], self.first + start)


def parse(lines: Lines, source: int, max_line_bytes: int) -> Block:
    """Return the rows of ``lines`` and a fault for each bad line; blank lines are no events."""
    tables: list[pa.Table] = []
    faults: list[Fault] = []
    for piece in _parse(_span(lines), source, max_line_bytes):
        if isinstance(piece, Fault):
            faults.append(piece)
        else:
            tables.append(piece)
    table = pa.concat_tables(tables) if tables else ROW_SCHEMA.empty_table()
    return Block(table, tuple(faults), table.num_rows + len(faults))


def _span(lines: Lines) -> _Span:
    data = lines.data if lines.data.endswith(b"\n") else lines.data + b"\n"
    content = np.frombuffer(data, np.uint8)
    breaks = np.flatnonzero(content == ord("\n"))
    offsets = np.concatenate([[0], breaks + 1])
    ends = breaks - (content[np.maximum(breaks - 1, 0)] == ord("\r"))
    return _Span(data, offsets, np.maximum(ends, offsets[:-1]), lines.first)


def _parse(span: _Span, source: int, max_line_bytes: int) -> Iterator[pa.Table | Fault]:
    table = _parse_at_once(span, source, max_line_bytes)
    if table is not None:
        yield table
    elif len(span.ends) > _LINE_BY_LINE:
        middle = len(span.ends) // 2
        yield from _parse(span.part(0, middle), source, max_line_bytes)
        yield from _parse(span.part(middle, len(span.ends)), source, max_line_bytes)
    else:
        yield from _parse_one_by_one(span, source, max_line_bytes)


def _parse_at_once(span: _Span, source: int, max_line_bytes: int) -> pa.Table | None:
    content = np.frombuffer(span.data, np.uint8)
    starts = span.offsets[:-1]
    filled = np.flatnonzero(span.ends > starts)
    if not filled.size:
        return ROW_SCHEMA.empty_table()
    starts, ends = starts[filled], span.ends[filled]
    whole = (content[starts] == ord("{")) & (content[ends - 1] == ord("}")) & (ends - starts <= max_line_bytes)
    data = pa.py_buffer(span.data)[int(span.offsets[0]) : int(span.offsets[-1])]
    if not whole.all() or not _is_utf8(data):
        return None
    # a line that begins with { and ends with } cannot be a part of an object: as many rows as lines means one each
    table = _decode(data)
    if table is None or table.num_rows != filled.size:
        return None
    text = span.data if data.size == len(span.data) else data.to_pybytes()
    if not complies(table, may_hold_data_urls=b"base64" in text or b"\\u00" in text or b"BASE64" in text):
        return None
    return table.append_column("source_file", pa.repeat(pa.scalar(source, pa.int32()), len(filled))).append_column(
        "source_line", pa.array(filled + span.first)
    )


def _is_utf8(data: pa.Buffer) -> bool:
    offsets = pa.py_buffer(np.array([0, data.size], np.int32))
    try:
        pc.cast(pa.Array.from_buffers(pa.binary(), 1, [None, offsets, data]), pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _decode(data: pa.Buffer) -> pa.Table | None:
    if _NULL_ROW.search(memoryview(data)):
        return None
    options = arrow_json.ReadOptions(use_threads=False, block_size=data.size)
    try:
        return arrow_json.read_json(pa.BufferReader(data), options, _PARSE)
    except pa.ArrowInvalid:
        return None


class _TwiceError(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in fields:
            raise _TwiceError(shown(name))
        fields[name] = value
    return fields


def find_problem_in_line(line: bytes) -> Problem | None:
    """Return the first rule that a line breaks, or ``None``."""
    try:
        event = json.loads(line.decode(), object_pairs_hook=_unique)
    except UnicodeDecodeError:
        return _NOT_UTF8
    except _TwiceError as error:
        return Problem(Reason.DUPLICATE_FIELD, error.name, _TWICE)
    except (ValueError, RecursionError):
        return _NOT_JSON
    return find_problem(event) if isinstance(event, dict) else _NOT_JSON


def _parse_one_by_one(span: _Span, source: int, max_line_bytes: int) -> Iterator[pa.Table | Fault]:
    good: list[bytes] = []
    numbers: list[int] = []
    for place, (start, end) in enumerate(zip(span.offsets[:-1].tolist(), span.ends.tolist(), strict=True)):
        number = span.first + place
        if end - start > max_line_bytes:
            yield Fault(OVERLONG, source, number, content=pack(span.data[start:end]))
            continue
        line = span.data[start:end].strip(_BLANK)
        if not line:
            continue
        problem = find_problem_in_line(line)
        if problem is None:
            good.append(line)
            numbers.append(number)
        else:
            yield Fault(problem, source, number, content=line)
    if good:
        table = _decode(pa.py_buffer(b"\n".join(good)))
        if table is None or table.num_rows != len(good):
            raise FailedError("a line of the raw log passed its checks but not the parser; please report the defect")
        yield table.append_column("source_file", pa.repeat(pa.scalar(source, pa.int32()), len(good))).append_column(
            "source_line", pa.array(numbers, pa.int64())
        )
