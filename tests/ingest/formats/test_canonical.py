import gzip
import json
import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from schemas.rejects import Reason

Make = Callable[..., dict[str, object]]
Lines = Callable[..., bytes]
Read = Callable[..., tuple]
PACK = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}


def reasons(faults: list) -> list[tuple[Reason, str, int]]:
    return [(fault.problem.reason, fault.problem.field_name, fault.line) for fault in faults]


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_plain_and_packed_logs_read_alike(
    tmp_path: Path, key_event: Make, as_lines: Lines, read_all: Read, suffix: str
) -> None:
    first, second = as_lines(key_event(0), key_event(1)), as_lines(key_event(2))
    path = tmp_path / f"log.jsonl{suffix}"
    pack = PACK[suffix]
    path.write_bytes(pack(first) + pack(second))  # two members are one file
    table, faults, events = read_all(path)
    assert (table["seq"].to_pylist(), table["source_line"].to_pylist()) == ([0, 1, 2], [1, 2, 3])
    assert (faults, events) == ([], 3)


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_truncated_log_keeps_its_whole_lines(
    tmp_path: Path, key_event: Make, as_lines: Lines, read_all: Read, suffix: str
) -> None:
    packed = PACK[suffix](as_lines(*(key_event(seq, text=..., key=os.urandom(16).hex()) for seq in range(40_000))))
    path = tmp_path / f"log.jsonl{suffix}"
    path.write_bytes(packed[: len(packed) // 2])
    table, faults, events = read_all(path)
    assert table.num_rows > 10_000
    assert table["seq"].to_pylist() == list(range(table.num_rows))
    assert reasons(faults) == [(Reason.TRUNCATED, "", table.num_rows + 1)]
    assert events == table.num_rows + 1


def test_damaged_compressed_data_are_unreadable(tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(b"this was never packed")
    assert reasons(read_all(path)[1]) == [(Reason.UNREADABLE, "", 0)]


BAD: list[tuple[bytes, Reason, str]] = [
    (b'{"session_id": "s", "seq": \xff}', Reason.BAD_UTF8, ""),
    (b'{"session_id": "\\ud800"}', Reason.BAD_UTF8, "session_id"),
    (b'{"session_id": "s"', Reason.BAD_JSON, ""),
    (b"{}{}", Reason.BAD_JSON, ""),
    (b"null", Reason.BAD_JSON, ""),
    (b"{} null {}", Reason.BAD_JSON, ""),
    (b"[" * 100_000, Reason.BAD_JSON, ""),
    (b'{"seq": 1, "seq": 2}', Reason.DUPLICATE_FIELD, "seq"),
    (b'{"hunter2": 1}', Reason.UNKNOWN_FIELD, "#1"),
    (b'{"kind": "key", "my pass word": 1}', Reason.UNKNOWN_FIELD, "#2"),
    (b'{"screenshot": "aGk="}', Reason.PIXELS_REFUSED, "screenshot"),
]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_line_is_named_and_its_neighbours_are_kept(
    tmp_path: Path, key_event: Make, as_lines: Lines, read_all: Read, bad: tuple[bytes, Reason, str]
) -> None:
    line, reason, field = bad
    path = tmp_path / "log.jsonl"
    path.write_bytes(as_lines(key_event(0)) + line + b"\n\n" + as_lines(key_event(1)))
    table, faults, events = read_all(path)
    assert reasons(faults) == [(reason, field, 2)]
    assert faults[0].content == line
    assert table["source_line"].to_pylist() == [1, 4]
    assert events == 3


CHANGES: list[tuple[dict[str, object], Reason, str]] = [
    ({"session_id": ...}, Reason.MISSING_FIELD, "session_id"),
    ({"session_id": ""}, Reason.OUT_OF_RANGE, "session_id"),
    ({"session_id": "s" * 1025}, Reason.OUT_OF_RANGE, "session_id"),
    ({"device_id": "d" * 1025}, Reason.OUT_OF_RANGE, "device_id"),
    ({"code": "x" * 65}, Reason.OUT_OF_RANGE, "code"),
    ({"seq": ...}, Reason.MISSING_FIELD, "seq"),
    ({"seq": -1}, Reason.OUT_OF_RANGE, "seq"),
    ({"seq": 1.5}, Reason.WRONG_TYPE, "seq"),
    ({"seq": True}, Reason.WRONG_TYPE, "seq"),
    ({"seq": 2**63}, Reason.OUT_OF_RANGE, "seq"),
    ({"t_us": -5}, Reason.OUT_OF_RANGE, "t_us"),
    ({"t_us": 10**18}, Reason.OUT_OF_RANGE, "t_us"),
    ({"t_us": float("nan")}, Reason.WRONG_TYPE, "t_us"),
    ({"kind": ...}, Reason.MISSING_FIELD, "kind"),
    ({"kind": "frame"}, Reason.UNKNOWN_KIND, "kind"),
    ({"kind": 7}, Reason.WRONG_TYPE, "kind"),
    ({"action": "sideways"}, Reason.OUT_OF_RANGE, "action"),
    ({"key": "x" * 65}, Reason.OUT_OF_RANGE, "key"),
    ({"key": None}, Reason.MISSING_FIELD, "key"),
    ({"modifiers": [None]}, Reason.WRONG_TYPE, "modifiers"),
    ({"modifiers": ["Shift"] * 17}, Reason.OUT_OF_RANGE, "modifiers"),
    ({"title": "not of a key"}, Reason.UNKNOWN_FIELD, "title"),
    ({"device_id": "data:image/png;base64,aGk="}, Reason.PIXELS_REFUSED, "device_id"),
]


@pytest.mark.parametrize("bad", CHANGES)
def test_every_rule_names_its_field(
    tmp_path: Path, key_event: Make, as_lines: Lines, read_all: Read, bad: tuple[dict, Reason, str]
) -> None:
    changes, reason, field = bad
    event = {name: value for name, value in (key_event(1) | changes).items() if value is not ...}
    path = tmp_path / "log.jsonl"
    path.write_bytes(as_lines(key_event(0), event, key_event(2)))
    table, faults, _ = read_all(path)
    assert reasons(faults) == [(reason, field, 2)]
    assert table.num_rows == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 0},
        {"seq": 2**63 - 1},
        {"t_us": 0},
        {"key": "x" * 64},
        {"code": ""},
        {"session_id": "s" * 1024},
        {"device_id": "d" * 1024},
        {"modifiers": ["Shift"] * 16},
        {"modifiers": []},
    ],
)
def test_a_value_at_its_limit_is_kept(
    tmp_path: Path, key_event: Make, as_lines: Lines, read_all: Read, changes: dict[str, object]
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(as_lines(key_event(1) | changes))
    table, faults, _ = read_all(path)
    assert faults == []
    for name, value in changes.items():
        assert table[name].to_pylist() == [value]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "1e9", "9" * 400])
def test_a_coordinate_is_a_number_of_pixels(tmp_path: Path, read_all: Read, value: str) -> None:
    event = '{"session_id":"s","user_id":"u","seq":0,"kind":"pointer","action":"move","x":%s,"y":1}\n'
    path = tmp_path / "log.jsonl"
    path.write_text(event % value + event % "1.5")
    table, faults, _ = read_all(path)
    assert reasons(faults) == [(Reason.OUT_OF_RANGE, "x", 1)]
    assert table["x"].to_pylist() == [1.5]


def test_a_line_of_100_mb_is_skipped_without_being_held(
    tmp_path: Path, key_event: Make, as_lines: Lines, read_all: Read
) -> None:
    path = tmp_path / "log.jsonl"
    with path.open("wb") as log:
        log.write(as_lines(key_event(0)) + b'{"text": "')
        for _ in range(100):
            log.write(b"x" * 1_000_000)
        log.write(b'"}\n' + as_lines(key_event(1)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    table, faults, events = read_all(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB; the line alone is 100,000
    assert reasons(faults) == [(Reason.LINE_TOO_LONG, "", 2)]
    assert (table["source_line"].to_pylist(), events) == ([1, 3], 3)


def test_a_long_line_inside_a_block_is_refused_like_one_that_fills_it(
    tmp_path: Path, key_event: Make, as_lines: Lines, read_all: Read
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(as_lines(key_event(0), key_event(1, device_id="x" * 900), key_event(2)))
    for block_bytes in (500, 600, 10_000):
        table, faults, events = read_all(path, max_line_bytes=500, block_bytes=block_bytes)
        assert reasons(faults) == [(Reason.LINE_TOO_LONG, "", 2)]
        assert (table["source_line"].to_pylist(), events) == ([1, 3], 3)


def test_byte_order_mark_line_ends_and_blank_lines_are_no_content(
    tmp_path: Path, key_event: Make, as_lines: Lines, read_all: Read
) -> None:
    path = tmp_path / "log.jsonl"
    lines = as_lines(key_event(0), key_event(1)).replace(b"\n", b"\r\n")
    path.write_bytes(b"\xef\xbb\xbf\r\n \t\n" + lines + b"\n" + json.dumps(key_event(2)).encode())
    table, faults, events = read_all(path)
    assert (table["source_line"].to_pylist(), faults, events) == ([3, 4, 6], [], 3)


def test_text_is_composed_and_keys_are_left_alone(
    tmp_path: Path, as_lines: Lines, key_event: Make, read_all: Read
) -> None:
    window = {"session_id": "s", "user_id": "u", "seq": 0, "kind": "focus", "app": "a\0b", "title": "Jose\u0301"}
    click = {"session_id": "s", "user_id": "u", "seq": 1, "kind": "pointer", "action": "down", "x": 1, "y": 2}
    path = tmp_path / "log.jsonl"
    path.write_bytes(as_lines(window, click | {"target": {"name": "Jose\u0301"}}, key_event(2, key="e\u0301")))
    table, faults, _ = read_all(path)
    assert faults == []
    assert table["title"].to_pylist() == ["Jos\u00e9", None, None]
    assert table["app"][0].as_py() == "a\0b"
    nameless = dict.fromkeys(("role", "name", "bounds", "states"))
    assert table["target"].to_pylist() == [None, nameless | {"name": "Jos\u00e9"}, None]
    assert table["key"][2].as_py() == "e\u0301"


def test_names_of_nodes_are_composed(tmp_path: Path, as_lines: Lines, key_event: Make, read_all: Read) -> None:
    nodes = [{"name": "Jose\u0301", "value": "e\u0301", "depth": 2, "states": ["checked"]}, {"role": "link"}]
    screen = {"session_id": "s", "user_id": "u", "kind": "screen", "source": "dom", "text": ""}
    path = tmp_path / "log.jsonl"
    path.write_bytes(as_lines(screen | {"seq": 1, "nodes": nodes}, key_event(2), screen | {"seq": 3, "nodes": []}))
    told, none, empty = read_all(path)[0]["nodes"].to_pylist()
    empty_node = dict.fromkeys(("role", "name", "value", "bounds", "protected", "depth", "states"))
    composed = {"name": "Jos\u00e9", "value": "\u00e9", "depth": 2, "states": ["checked"]}
    assert told == [empty_node | composed, empty_node | {"role": "link"}]
    assert (none, empty) == (None, [])


NESTED: list[tuple[dict[str, object], str | None]] = [
    ({"window": {"x": -(10**7), "width": 10**7}}, None),
    ({"window": {"x": -(10**7) - 1}}, "window"),
    ({"window": {"height": 10**7 + 1}}, "window"),
    ({"nodes": [{"depth": 0}, {"depth": 10**6}]}, None),
    ({"nodes": [{"depth": -1}]}, "nodes"),
    ({"nodes": [{"depth": 10**6 + 1}]}, "nodes"),
    ({"nodes": [{"depth": 2**63}]}, "nodes"),
    ({"nodes": [{"bounds": {"y": 10**7 + 1}}]}, "nodes"),
]


@pytest.mark.parametrize(("change", "field"), NESTED)
def test_a_number_inside_of_nodes_or_windows_beyond_its_limit_is_dropped(
    tmp_path: Path, as_lines: Lines, read_blocks: Read, change: dict[str, object], field: str | None
) -> None:
    screen = {"session_id": "s", "user_id": "u", "seq": 0, "kind": "screen", "source": "dom", "text": ""}
    path = tmp_path / "log.jsonl"
    path.write_bytes(as_lines(screen | change))
    block = read_blocks(path)[0]
    assert block.faults == ()
    assert block.table.num_rows == 1
    assert dict(block.counts) == ({} if field is None else {f"repaired.{field}.out_of_range": 1})


def test_a_missing_user_is_named_from_outside(tmp_path: Path, as_lines: Lines, key_event: Make, read_all: Read) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(as_lines(key_event(0, user_id=...), key_event(1)))
    assert read_all(path)[0]["user_id"].to_pylist() == [None, "u"]
    assert read_all(path, user="outside")[0]["user_id"].to_pylist() == ["outside", "u"]


def test_what_is_no_file_is_unreadable_and_does_not_block(tmp_path: Path, read_all: Read) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "dangling.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "empty.jsonl").touch()
    for name in ("pipe.jsonl", "folder.jsonl", "dangling.jsonl", "empty.jsonl", "never.jsonl"):
        table, faults, events = read_all(tmp_path / name)
        assert reasons(faults) == [(Reason.UNREADABLE, "", 0)]
        assert (table.num_rows, events) == (0, 1)


def test_a_file_that_may_not_be_read_is_unreadable(
    tmp_path: Path, read_all: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    path = tmp_path / "log.jsonl"
    path.touch()
    monkeypatch.setattr(Path, "open", refuse)
    assert reasons(read_all(path)[1]) == [(Reason.UNREADABLE, "", 0)]


@pytest.mark.parametrize("size", [5_000, 300_000])
def test_a_line_that_is_too_long_is_kept_packed(
    tmp_path: Path, key_event: Make, as_lines: Lines, read_all: Read, size: int
) -> None:
    long = b'{"text":"' + b"x1y2" * (size // 4) + b'"}'
    path = tmp_path / "log.jsonl"
    path.write_bytes(long + b"\n" + as_lines(key_event(0)) + long)
    table, faults, _ = read_all(path, block_bytes=8_000, max_line_bytes=1_000)
    assert [fault.line for fault in faults] == [1, 3]
    assert [zstandard.ZstdDecompressor().decompressobj().decompress(fault.content) for fault in faults] == [long, long]
    assert table.num_rows == 1
