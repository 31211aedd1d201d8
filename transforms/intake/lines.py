"""Bytes of a file, plain or compressed, as blocks of whole lines."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import zstandard

from schemas.rejects import Reason
from transforms.intake.problem import Problem

BLOCK_BYTES = 8 * 2**20
_READ_BYTES = 2**20
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Whole lines of a file; ``first_line`` is the 1-based number of the first."""

    first_line: int
    data: bytes = field(repr=False)


def open_stream(path: Path) -> BinaryIO:
    """Return the inflated bytes of ``path``; the suffix decides how they are compressed."""
    if path.suffix == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if path.suffix == ".zst":
        return zstandard.open(path, "rb")
    return path.open("rb")


def blocks(path: Path, max_line_bytes: int) -> Iterator[LineBlock | Problem]:
    """Yield the lines of ``path`` in blocks of about 8 MiB, and a problem for each line or end that cannot be read.

    A line above the limit is passed over without being held in memory. Where a compressed file breaks off, what came
    before is good.
    """
    try:
        stream = open_stream(path)
    except OSError:
        yield Problem(Reason.UNREADABLE, 0, "", "the file cannot be opened; check that it exists and may be read", b"", 0)
        return
    with closing(stream):
        yield from _split(_chunks(stream), max_line_bytes)


def _chunks(stream: BinaryIO) -> Iterator[bytes | Problem]:
    while True:
        try:
            chunk = stream.read(_READ_BYTES)
        except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError):
            yield Problem(Reason.TRUNCATED, 0, "", "the compressed file breaks off or is damaged; copy it anew", b"", 0)
            return
        except OSError:
            yield Problem(Reason.UNREADABLE, 0, "", "the file cannot be read to its end; check disk and mode", b"", 0)
            return
        if not chunk:
            return
        yield chunk


def _split(chunks: Iterator[bytes | Problem], max_line_bytes: int) -> Iterator[LineBlock | Problem]:
    pending = bytearray()
    line, skipping, begun = 1, False, False
    for chunk in chunks:
        if isinstance(chunk, Problem):
            yield chunk
            continue
        data = chunk
        if not begun:
            data, begun = data.removeprefix(_BOM), True
        if skipping:
            newline = data.find(b"\n")
            if newline < 0:
                continue
            data, skipping = data[newline + 1 :], False
            line += 1
        pending += data
        if len(pending) >= BLOCK_BYTES:
            end = pending.rfind(b"\n") + 1
            if end:
                yield LineBlock(line, bytes(pending[:end]))
                line += pending.count(b"\n", 0, end)
                del pending[:end]
        if len(pending) > max_line_bytes and b"\n" not in pending:
            yield Problem(Reason.LINE_TOO_LONG, line, "", "a line is no longer than ingest.max_line_bytes; split the record")
            pending.clear()
            skipping = True
    if pending:
        yield LineBlock(line, bytes(pending))
