"""Whole lines of the canonical log to rows: all at once where they keep every rule, one by one where they do not.

``pyarrow.json`` fails a block for one bad line without saying which, takes two objects on one line and one object on
two, lets numbers be NaN, and crashes on a row that is ``null``. Blocks are therefore looked at before and after it,
and a block that it or a check refuses is halved until few enough lines are left to be read one by one.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json as arrow_json

from schemas.errors import FailedError
from schemas.raw import LOG_SCHEMA
from schemas.rejects import Fault, Problem, Reason
from transforms.ingest.parsing.block import NO_ROWS, Block
from transforms.ingest.parsing.block_rules import complies
from transforms.ingest.parsing.lines import Lines, pack
from transforms.ingest.parsing.log_rules import find_problem, show_field
from transforms.ingest.parsing.repair import Repairs, repair

_LINE_BY_LINE = 512
_BLANK = b" \t\r\n"
_NULL_ROW = re.compile(rb"\}\s*null")

_NOT_UTF8 = Problem(Reason.BAD_UTF8, "", "a line must be valid UTF-8")
_NOT_JSON = Problem(Reason.BAD_JSON, "", "a line must hold one JSON object and nothing else")
OVERLONG = Problem(Reason.LINE_TOO_LONG, "", "a line above ingest.max_line_bytes; the quarantine keeps it packed")
ENDLESS = Problem(Reason.LINE_TOO_LONG, "", "a line too long even for the quarantine; split it where it is recorded")
_TWICE = "a field must stand once in an event"
_FEWEST_SAMPLED = 4_096
_SAMPLED = 4
"""Of the first block, one line in so many is read to learn which fields the lines hold."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Some lines: ``offsets[i]`` is where line i begins, ``ends[i]`` where its content ends, blank ones included."""

    data: bytes = field(repr=False)
    offsets: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    first: int

    def part(self, start: int, stop: int) -> "_Span":
        return _Span(self.data, self.offsets[start : stop + 1], self.ends[start:stop], self.first + start)


def parse(lines: Lines, source: int, max_line_bytes: int, likely: frozenset[str] = frozenset()) -> Block:
    """Return the rows of ``lines`` and a fault for each bad line; blank lines are no events.

    ``likely`` names the fields that lines before held (``find_filled``): the parser takes a third less time where it is
    asked for them alone, and is asked for all fields where a line has another one.
    """
    span = _span(lines)
    count = len(span.ends)
    begin = 0 if likely or count < _FEWEST_SAMPLED else count // _SAMPLED
    pieces = list(_parse(span.part(0, begin), source, max_line_bytes, LOG_SCHEMA)) if begin else []
    likely = likely.union(*(find_filled(piece) for piece in pieces if isinstance(piece, pa.Table)))
    schema = pa.schema([field for field in LOG_SCHEMA if field.name in likely]) if likely else LOG_SCHEMA
    pieces += _parse(span.part(begin, count), source, max_line_bytes, schema)
    tables = [piece for piece in pieces if isinstance(piece, pa.Table)]
    faults = tuple(piece for piece in pieces if isinstance(piece, Fault))
    table = pa.concat_tables(tables) if tables else NO_ROWS
    repairs = sum((piece for piece in pieces if isinstance(piece, Counter)), Counter[str]())
    return Block(table, faults, table.num_rows + len(faults), tuple(sorted(repairs.items())))


def find_filled(table: pa.Table) -> frozenset[str]:
    """Return the names of the columns that hold anything."""
    return frozenset(name for name in table.column_names if table[name].null_count < table.num_rows)


def _span(lines: Lines) -> _Span:
    data = lines.data if lines.data.endswith(b"\n") else lines.data + b"\n"
    content = np.frombuffer(data, np.uint8)
    breaks = np.flatnonzero(content == ord("\n"))
    offsets = np.concatenate([[0], breaks + 1])
    ends = breaks - (content[np.maximum(breaks - 1, 0)] == ord("\r"))
    return _Span(data, offsets, np.maximum(ends, offsets[:-1]), lines.first)


def _parse(span: _Span, source: int, max_line_bytes: int, likely: pa.Schema) -> Iterator[pa.Table | Fault | Repairs]:
    table = _parse_at_once(span, source, max_line_bytes, likely)
    if table is not None:
        yield table
    elif len(span.ends) > _LINE_BY_LINE:
        middle = len(span.ends) // 2
        yield from _parse(span.part(0, middle), source, max_line_bytes, likely)
        yield from _parse(span.part(middle, len(span.ends)), source, max_line_bytes, likely)
    else:
        yield from _parse_one_by_one(span, source, max_line_bytes)


def _parse_at_once(span: _Span, source: int, max_line_bytes: int, likely: pa.Schema) -> pa.Table | None:
    content = np.frombuffer(span.data, np.uint8)
    starts = span.offsets[:-1]
    numbers = np.flatnonzero(span.ends > starts)
    if not numbers.size:
        return NO_ROWS
    starts, ends = starts[numbers], span.ends[numbers]
    whole = (content[starts] == ord("{")) & (content[ends - 1] == ord("}")) & (ends - starts <= max_line_bytes)
    data = pa.py_buffer(span.data)[int(span.offsets[0]) : int(span.offsets[-1])]
    if not whole.all() or not _is_utf8(data):
        return None
    # a line that begins with { and ends with } cannot be a part of an object: as many rows as lines means one each
    table = _decode(data, likely)
    if table is None or table.num_rows != whole.size or not complies(table):
        return None
    return table.append_column("source_file", pa.repeat(pa.scalar(source, pa.int32()), whole.size)).append_column(
        "source_line", pa.array(numbers + span.first)
    )


def _is_utf8(data: pa.Buffer) -> bool:
    offsets = pa.py_buffer(np.array([0, data.size], np.int32))
    try:
        pc.cast(pa.Array.from_buffers(pa.binary(), 1, [None, offsets, data]), pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _decode(data: pa.Buffer, likely: pa.Schema = LOG_SCHEMA) -> pa.Table | None:
    """Return the rows of ``data`` with the columns of ``LOG_SCHEMA``; ``likely`` are those that it may hold only."""
    if _NULL_ROW.search(memoryview(data)):
        return None
    table = _read_json(data, likely)
    if table is None:
        return None if len(likely) == len(LOG_SCHEMA) else _read_json(data, LOG_SCHEMA)
    found = dict(zip(table.column_names, table.columns, strict=True))
    rows = table.num_rows
    columns = [found[field.name] if field.name in found else pa.nulls(rows, field.type) for field in LOG_SCHEMA]
    return pa.table(columns, schema=LOG_SCHEMA)


def _read_json(data: pa.Buffer, schema: pa.Schema) -> pa.Table | None:
    """Return the rows of ``data``, ``None`` where a line is no object of fields of ``schema``."""
    options = arrow_json.ReadOptions(use_threads=False, block_size=data.size)
    parse_options = arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    try:
        return arrow_json.read_json(pa.BufferReader(data), options, parse_options)
    except pa.ArrowInvalid:
        return None


class _TwiceError(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for place, (name, value) in enumerate(pairs, start=1):
        if name in fields:
            raise _TwiceError(show_field(name, place))
        fields[name] = value
    return fields


def find_problem_in_line(line: bytes) -> Problem | None:
    """Return the first rule that a line breaks, or ``None``."""
    event = load_event(line.decode(errors="surrogateescape"))
    problem = find_problem(event) if isinstance(event, dict) else event
    return _NOT_UTF8 if problem and not _is_text(line) else problem


def load_event(line: str) -> dict[str, object] | Problem:
    """Return the object of a line, or the rule that it breaks."""
    try:
        event = json.loads(line, object_pairs_hook=_unique)
    except _TwiceError as error:
        return Problem(Reason.DUPLICATE_FIELD, error.name, _TWICE)
    except (ValueError, RecursionError):
        return _NOT_JSON
    return event if isinstance(event, dict) else _NOT_JSON


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read_line(line: bytes) -> tuple[bytes, Repairs] | Problem:
    """Return a line that keeps all rules, with what had to be fixed for it, or the first rule that it breaks."""
    problem = find_problem_in_line(line)
    if problem is None:
        return line, Counter()
    # bytes that are no UTF-8 become lone surrogates here, and are fixed as those are
    event = load_event(line.decode(errors="surrogateescape"))
    if not isinstance(event, dict):
        return problem
    fixed, repairs = repair(event)
    if not repairs or find_problem(fixed) is not None:
        return problem
    return json.dumps(fixed, ensure_ascii=False).encode(), repairs


def _parse_one_by_one(span: _Span, source: int, max_line_bytes: int) -> Iterator[pa.Table | Fault | Repairs]:
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
        found = _read_line(line)
        if isinstance(found, Problem):
            yield Fault(found, source, number, content=line)
        else:
            good.append(found[0])
            numbers.append(number)
            yield found[1]
    if good:
        table = _decode(pa.py_buffer(b"\n".join(good)))
        if table is None or table.num_rows != len(good):
            raise FailedError("a line of the raw log passed its checks but not the parser; please report the defect")
        yield table.append_column("source_file", pa.repeat(pa.scalar(source, pa.int32()), len(good))).append_column(
            "source_line", pa.array(numbers, pa.int64())
        )
