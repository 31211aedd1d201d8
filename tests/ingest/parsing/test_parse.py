import json

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.raw import KINDS, LOG_SCHEMA
from transforms.ingest.parsing.block import ROW_SCHEMA
from transforms.ingest.parsing.lines import Lines
from transforms.ingest.parsing.log_rules import ALLOWED, WORDS
from transforms.ingest.parsing.parse import _parse_at_once, _span, find_problem_in_line, parse
from transforms.ingest.parsing.repair import repair

TEXT = st.text(max_size=6) | st.sampled_from(
    ["down", "data:image/png;base64,aa", "data:image/png;Base64,aa", "é", "\0", "ocr", ""]
)
NUMBERS = (
    st.integers(-2, 2**63) | st.floats(width=32) | st.sampled_from([-1, 0, 10**7, 10**7 + 1, 253_402_300_800_000_000])
)


def values(kind: pa.DataType) -> st.SearchStrategy[object]:
    if pa.types.is_list(kind):
        return st.lists(st.none() | values(kind.value_type), max_size=2)
    if pa.types.is_struct(kind):
        fields = {kind.field(i).name: st.none() | values(kind.field(i).type) for i in range(kind.num_fields)}
        return st.fixed_dictionaries({}, optional=fields)
    if pa.types.is_boolean(kind):
        return st.booleans()
    if pa.types.is_string(kind):
        return TEXT
    return st.integers(0, 10**6) if pa.types.is_integer(kind) else st.floats(-1e6, 1e6)


@st.composite
def events(draw: st.DrawFn) -> dict[str, object]:
    kind = draw(st.sampled_from(KINDS))
    event: dict[str, object] = {"kind": kind, "session_id": "s", "seq": draw(st.integers(0, 9))}
    for name in sorted(ALLOWED[kind] - event.keys()):
        words = WORDS.get((kind, name))
        event[name] = draw(st.sampled_from(words) if words else values(LOG_SCHEMA.field(name).type))
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.sampled_from([*LOG_SCHEMA.names, "unknown"]))
        event[name] = draw(st.none() | TEXT | NUMBERS | st.booleans() | st.lists(TEXT, max_size=1))
    return event


def once(line: bytes) -> pa.Table | None:
    return _parse_at_once(_span(Lines(1, line)), 0, 4 << 20, LOG_SCHEMA)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=20) | st.builds(lambda event: json.dumps(event).encode(), events()))
@example(b"{}null{}")
@example(b'{"target":{}}')
@example(
    b'{"kind":"field","session_id":"s","seq":0,"field_id":"DATA:image/png;Base64,aa","role":"","label":"","multiline":true}'
)
def test_both_paths_agree(line: bytes) -> None:
    line = line.replace(b"\n", b"").strip()
    table = once(line)
    kept = table.num_rows if table is not None else 0
    assert kept == (bool(line) and find_problem_in_line(line) is None)


@settings(max_examples=50, deadline=None)
@given(st.lists(events(), min_size=1, max_size=5), st.integers(0, 4))
def test_bad_lines_do_not_change_good_ones(found: list[dict[str, object]], place: int) -> None:
    lines = [json.dumps(event).encode() for event in found if not repair(event)[1]]
    lines.insert(min(place, len(lines)), b'{"broken')
    block = parse(Lines(11, b"\n".join(lines)), 3, 4 << 20)
    alone = [table for line in lines if (table := once(line)) is not None]
    wanted = pa.concat_tables([ROW_SCHEMA.empty_table(), *alone])
    assert block.table.drop(["source_file", "source_line"]).equals(wanted.drop(["source_file", "source_line"]))
    assert block.events == len(lines) == block.table.num_rows + len(block.faults)
    assert set(block.table["source_line"].to_pylist()) | {f.line for f in block.faults} == set(
        range(11, 11 + len(lines))
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(events(), min_size=1, max_size=5), st.frozensets(st.sampled_from(LOG_SCHEMA.names)))
def test_what_a_file_held_before_changes_nothing(found: list[dict[str, object]], likely: frozenset[str]) -> None:
    lines = Lines(1, b"\n".join(json.dumps(event).encode() for event in found))
    block = parse(lines, 0, 4 << 20, likely)
    wanted = parse(lines, 0, 4 << 20)
    assert block.table.equals(wanted.table)
    assert block.faults == wanted.faults


def test_a_field_that_first_stands_late_in_a_block_is_read() -> None:
    line = '{"session_id":"s","seq":%d,"kind":"focus","app":"","title":""%s}'
    lines = [line % (seq, ',"url":"x"' if seq == 19_000 else "") for seq in range(20_000)]
    block = parse(Lines(1, "\n".join(lines).encode()), 0, 4 << 20)
    assert block.table.num_rows == 20_000
    assert block.table["url"].drop_null().to_pylist() == ["x"]
    assert block.table["url"][19_000].as_py() == "x"


def test_a_bad_line_among_thousands_is_found() -> None:
    line = b'{"session_id":"s","seq":%d,"kind":"focus","app":"","title":""}\n'
    lines = [line % seq for seq in range(5_000)]
    lines[3_333] = b"?\n"
    block = parse(Lines(1, b"".join(lines)), 0, 4 << 20)
    assert [fault.line for fault in block.faults] == [3_334]
    assert block.table["source_line"].to_pylist() == [*range(1, 3_334), *range(3_335, 5_001)]
