"""Samples of every recorder: known by their content, read whole, and nothing that breaks them breaks the reader."""

import gzip
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.tally import outcomes
from transforms.ingest.formats.adapter import Adapter
from transforms.ingest.formats.look_alikes import KINDS, look_at
from transforms.ingest.formats.registry import ADAPTERS, recognise

SAMPLES, CORPUS = (Path(__file__).parent / name for name in ("samples", "corpus"))
READ: dict[str, tuple[str, dict[str, int]]] = {
    "opencua-bench.json": ("opencua", {"session": 1, "task": 1, "pointer": 6, "field": 1, "input_value": 1}),
    "agentnet-task.jsonl": ("opencua", {"session": 1, "task": 1, "pointer": 16}),
    "openadapt-flow.jsonl": ("openadapt-flow", {"session": 1, "focus": 4, "pointer": 5, "field": 1, "input_value": 1}),
    "openadapt-capture.db": ("openadapt", {"session": 1, "task": 1, "focus": 1, "pointer": 5, "key": 106}),
    "playwright-1.31.zip": ("playwright", {"session": 1, "focus": 1, "screen": 2, "pointer": 1}),
    "owamcap.mcap": ("owamcap", {"session": 1, "focus": 1, "key": 32, "pointer": 209}),
    "steps-recorder.xml": ("steps-recorder", {"session": 1, "focus": 1, "pointer": 4, "key": 34}),
    "activitywatch.json": ("activitywatch", {"session": 1, "focus": 4}),
    "adp.json": (
        "adp",
        {"session": 1, "task": 1, "focus": 2, "screen": 4, "field": 2, "input_value": 2, "key": 6, "pointer": 1},
    ),
    "crowd-cast.msgpack": ("crowd-cast", {"session": 1, "focus": 3, "key": 21, "pointer": 5}),
    "otlp.json": ("otlp", {"session": 1, "focus": 1, "pointer": 2}),
    "screenpipe.db": (
        "screenpipe",
        {"session": 1, "focus": 4, "screen": 2, "pointer": 3, "field": 1, "input_value": 1, "key": 1, "clipboard": 1},
    ),
    "playwright-1.37.zip": ("playwright", {"session": 1, "focus": 2, "screen": 2}),
    "rrweb-client.json": ("rrweb", {"focus": 1, "screen": 1, "session": 1}),
    "chrome-recorder.json": ("chrome-recorder", {"session": 1, "task": 1, "focus": 1}),
}
ReadBlocks = Callable[..., list]


@pytest.mark.parametrize("name", READ)
def test_a_sample_is_known_by_its_content_and_read_whole(name: str, tmp_path: Path, read_blocks: ReadBlocks) -> None:
    form, kinds = READ[name]
    renamed, packed = tmp_path / "recording.jsonl", tmp_path / "packed"
    shutil.copy(SAMPLES / name, renamed)
    packed.write_bytes(gzip.compress(renamed.read_bytes()))
    assert recognise(renamed) == recognise(packed) == form
    for path in (renamed, packed):
        blocks = read_blocks(path, form, user="u")
        assert [fault.problem for block in blocks for fault in block.faults] == []
        assert Counter(kind for block in blocks for kind in block.table["kind"].to_pylist()) == kinds
        for block in blocks:
            assert block.events == block.table.num_rows + outcomes(dict(block.counts))


@pytest.mark.parametrize("name", READ)
def test_a_broken_sample_is_read_or_refused_without_its_content(
    name: str, tmp_path: Path, read_blocks: ReadBlocks
) -> None:
    content, chance = (SAMPLES / name).read_bytes(), random.Random(name)
    for _ in range(25):
        damaged = bytearray(content[: chance.randrange(len(content))] if chance.random() < 0.5 else content)
        for _ in range(chance.randrange(1, 8)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path = tmp_path / "broken"
        path.write_bytes(damaged)
        assert recognise(path) in {"", *(adapter.name for adapter in ADAPTERS)}
        for block in read_blocks(path, READ[name][0], user="u"):
            assert all(fault.problem.rule for fault in block.faults)


@pytest.mark.parametrize("adapter", [adapter for adapter in ADAPTERS if adapter.name not in {"canonical", "agentnet"}])
@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0" * 64, b"[" * 50_000, b'{"a":' * 50_000, b'"' * 99, b"PK\x03\x04" + b"\0" * 60,
        b"SQLite format 3\0" + b"\1" * 200, b"[1e999, 123, null]", b'{"steps": 7, "buckets": [], "content": 3}',
        b"\xff\xfe\0", b"\x1f\x8b\x08\0", b"<?xml?><!DOCTYPE a>",
    ],
    ids=range(12),
)  # fmt: skip
def test_a_file_that_is_no_recording_is_refused(
    adapter: Adapter, content: bytes, tmp_path: Path, read_blocks: ReadBlocks
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    blocks = read_blocks(path, adapter.name, user="u")
    assert sum(block.table.num_rows for block in blocks) == 0
    assert any(block.faults for block in blocks)
    assert recognise(path) == ""


def test_every_format_has_a_table_without_gaps() -> None:
    for adapter in ADAPTERS:
        assert adapter.mapping
        assert all(item.source and item.becomes and "|" not in item.source + item.becomes for item in adapter.mapping)
    assert len({adapter.name for adapter in ADAPTERS}) == len(ADAPTERS)


def test_each_format_of_one_file_is_named_for_the_kind_of_file_that_it_is_kept_in() -> None:
    named = {name for _, _, names in KINDS for name in names.split()}
    assert named == {adapter.name for adapter in ADAPTERS} - {"agentnet", "sealed", "canonical"}
    assert look_at(b"\x9a\xc0").formats == ("crowd-cast",)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("[!R]*.*")), ids=lambda path: path.name)
def test_an_input_for_fuzzing_is_read_and_each_of_its_events_has_one_outcome(
    path: Path, read_blocks: ReadBlocks
) -> None:
    form = max(
        (adapter.name for adapter in ADAPTERS if path.name.removeprefix("found-").startswith(adapter.name)), key=len
    )
    blocks = read_blocks(path, form, user="u")
    for block in blocks:
        refused = sum(fault.events for fault in block.faults)
        assert block.events == block.table.num_rows + outcomes(dict(block.counts)) + refused
    if not path.name.startswith("found-") and path.suffix != ".parts":
        assert recognise(path) == form
        assert sum(block.table.num_rows for block in blocks) > 1
