import os
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from schemas.errors import RefusedError
from schemas.rejects import Reason
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.registry import recognise
from transforms.ingest.formats.sealed_log import is_sealed, seal_log
from transforms.ingest.inputs import read, require_keys
from transforms.ingest.parsing.block import Block
from transforms.ingest.settings import IngestSettings
from transforms.keys.key_set import KeyReference, KeySet, create_key_set
from transforms.keys.pipeline_copy import export_pipeline

Make = Callable[..., dict[str, object]]


def read_by(keys: KeySet | None, path: Path, **sizes: int) -> list[Block]:
    return list(read(Source(0, str(path), "sealed", "jane"), IngestSettings(**sizes), keys))


@pytest.fixture
def clear(key_event: Make, as_lines: Callable[..., bytes]) -> bytes:
    return as_lines(*(key_event(seq=seq, user_id=...) for seq in range(300)))


@pytest.fixture
def sealed(clear: bytes, keys: KeySet, tmp_path: Path) -> Path:
    path = tmp_path / "monday.csv"
    path.write_bytes(seal_log(keys.quarantine_public(), zstandard.ZstdCompressor().compress(clear)))
    return path


def test_a_sealed_log_is_known_by_its_content_and_read_as_the_clear_one(
    sealed: Path, clear: bytes, keys: KeySet, tmp_path: Path, read_blocks: Callable[..., list[Block]]
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(clear)
    assert recognise(sealed) == "sealed"
    assert b"KeyA" not in sealed.read_bytes()
    (block,) = read_by(keys, sealed)
    assert block.table.num_rows == 300
    assert block.table.equals(read_blocks(path, user="jane")[0].table)


def test_a_sealed_log_that_no_key_opens_is_refused_whole(sealed: Path, keys: KeySet, tmp_path: Path) -> None:
    create_key_set(tmp_path / "other")
    other = KeySet.open(KeyReference.parse(str(tmp_path / "other")))
    content = sealed.read_bytes()
    damaged, empty, not_sealed = (tmp_path / name for name in ("damaged", "empty", "not_sealed"))
    damaged.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    empty.write_bytes(content[:10])
    not_sealed.write_bytes(b"{}")
    tried = [(None, sealed), (other, sealed), (keys, damaged), (keys, empty), (keys, not_sealed)]
    for given, path in tried:
        (block,) = read_by(given, path)
        assert (block.table.num_rows, block.faults[0].problem.reason) == (0, Reason.UNREADABLE)
        assert block.faults[0].content == b""
    size = len(content)
    assert read_by(keys, sealed, max_recording_bytes=size)[0].table.num_rows == 300
    assert read_by(keys, sealed, max_recording_bytes=size - 1)[0].faults[0].problem.reason == Reason.LINE_TOO_LONG


def test_a_sealed_log_that_breaks_off_keeps_its_whole_lines(clear: bytes, keys: KeySet, tmp_path: Path) -> None:
    path = tmp_path / "log"
    packed = zstandard.ZstdCompressor(level=1).compress(clear * 400)
    path.write_bytes(seal_log(keys.quarantine_public(), packed[:-9]))
    blocks = read_by(keys, path)
    assert blocks[0].table.num_rows > 300
    assert blocks[-1].faults[-1].problem.reason == Reason.TRUNCATED


def test_a_run_without_the_private_key_is_refused_before_it_reads(sealed: Path, keys: KeySet, tmp_path: Path) -> None:
    export_pipeline(keys.folder, tmp_path / "pipeline")
    without = KeySet.open(KeyReference.parse(str(tmp_path / "pipeline")))
    source, clear = Source(0, str(sealed), "sealed", None), Source(1, "log.jsonl", "canonical", None)
    require_keys([source, clear], keys)
    require_keys([clear], without)
    with pytest.raises(RefusedError, match="private key of the quarantine"):
        require_keys([clear, source], without)
    with pytest.raises(RefusedError):
        read_by(without, sealed)


def test_a_pipe_is_no_sealed_log_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert not is_sealed(tmp_path / "pipe")
    assert not is_sealed(tmp_path)
    assert not is_sealed(tmp_path / "none")
