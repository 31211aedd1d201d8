"""Scanner of bytes for all patterns at once, also inside compressed and base64 parts."""

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedIOBase
from typing import IO, Protocol, cast

import hyperscan
import zstandard

from transforms.dataset.verify.canaries import Pattern

_BLOCK = 32 * 2**20
_OVERLAP = 2 * 2**20
"""Overlap of two blocks: more than a pattern and than a page of a Parquet file (1 MiB by default)."""
ZSTD, GZIP = b"\x28\xb5\x2f\xfd", b"\x1f\x8b\x08"
_PACKED = re.compile(re.escape(ZSTD) + b"|" + re.escape(GZIP))
"""First bytes of a zstd frame (RFC 8878, 3.1.1) or a gzip member (RFC 1952, 2.3)."""
_TEXT_IN_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
_DEEPEST = 4


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """Planted value that was found; ``inside`` names its packing, empty if it was found in plain bytes."""

    ordinal: int
    form: str
    inside: str


class Scanner:
    """Scanner by Hyperscan; its cost depends on the bytes, hardly on the number of patterns."""

    def __init__(self, patterns: list[Pattern]) -> None:
        self._loose = _Database([pattern for pattern in patterns if not pattern.squeezed])
        self._squeezed = _Database([pattern for pattern in patterns if pattern.squeezed])

    def scan_file(self, file: BufferedIOBase) -> set[Hit]:
        """Scan a file, raw and unpacked, in blocks: memory does not grow with its size."""
        found = self._scan_blocks(iter(lambda: file.read(_BLOCK), b""), "")
        file.seek(0)
        start = file.read(len(ZSTD))
        file.seek(0)
        if start == ZSTD:
            reader = zstandard.ZstdDecompressor().stream_reader(
                cast("IO[bytes]", file), read_across_frames=True, closefd=False
            )
            found |= self._scan_blocks(_whole(reader), "zstd")
        elif start.startswith(GZIP):
            found |= self._scan_blocks(_whole(gzip.GzipFile(fileobj=file)), "gzip")
        return found

    def _scan_blocks(self, blocks: Iterator[bytes], inside: str) -> set[Hit]:
        found: set[Hit] = set()
        tail = b""
        for block in blocks:
            found |= self.scan(tail + block, inside)
            tail = (tail + block)[-_OVERLAP:]
        return found

    def scan(self, content: bytes, inside: str = "", depth: int = 0) -> set[Hit]:
        """Scan ``content`` and each compressed or base64 part of it, up to four levels deep."""
        found = {Hit(pattern.ordinal, pattern.form, inside) for pattern in self._loose.find(content)}
        if depth < _DEEPEST:
            for kind, unpacked in _unpack(content):
                found |= self.scan(unpacked, f"{inside}, {kind}" if inside else kind, depth + 1)
        return found

    def scan_squeezed(self, texts: Iterable[str], inside: str) -> set[Hit]:
        """Scan texts without separators; a value is not matched across two texts."""
        content = "\0".join(texts).encode("utf-8", "surrogatepass")
        return {Hit(pattern.ordinal, pattern.form, inside) for pattern in self._squeezed.find(content)}


class _Database:
    def __init__(self, patterns: list[Pattern]) -> None:
        self._patterns = patterns
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        if patterns:
            single = hyperscan.HS_FLAG_SINGLEMATCH
            self._database.compile(
                expressions=[b"".join(b"\\x%02x" % byte for byte in pattern.content) for pattern in patterns],
                ids=list(range(len(patterns))),
                flags=[single | (hyperscan.HS_FLAG_CASELESS if pattern.caseless else 0) for pattern in patterns],
            )

    def find(self, content: bytes) -> list[Pattern]:
        seen: set[int] = set()
        if self._patterns and content:
            self._database.scan(content, match_event_handler=lambda ordinal, *_: seen.add(ordinal))
        return [self._patterns[ordinal] for ordinal in sorted(seen)]


def _unpack(content: bytes) -> Iterator[tuple[str, bytes]]:
    for start in (match.start() for match in _PACKED.finditer(content)):
        kind = "gzip" if content.startswith(GZIP, start) else "zstd"
        unpacked = _gunzip(content[start:]) if kind == "gzip" else _unzstd(content[start:])
        if unpacked:
            yield kind, unpacked
    for match in _TEXT_IN_BASE64.finditer(content):
        text = match.group().translate(bytes.maketrans(b"-_", b"+/"))
        try:
            yield "base64", base64.b64decode(text[: len(text) // 4 * 4])
        except binascii.Error:
            continue


def _whole(reader: _Readable) -> Iterator[bytes]:
    """Yield the blocks of a compressed file up to its first error."""
    with suppress(EOFError, OSError, zlib.error, zstandard.ZstdError):
        yield from iter(lambda: reader.read(_BLOCK), b"")


def _gunzip(content: bytes) -> bytes:
    """Decompress a gzip member up to its first error."""
    unpacker, parts = zlib.decompressobj(wbits=31), []
    try:
        for at in range(0, len(content), _BLOCK):
            parts.append(unpacker.decompress(content[at : at + _BLOCK]))
            if unpacker.eof:
                break
    except zlib.error:
        pass
    return b"".join(parts)


def _unzstd(content: bytes) -> bytes:
    """Decompress a zstd frame up to its first error."""
    unpacker, parts = zstandard.ZstdDecompressor().decompressobj(), []
    try:
        for at in range(0, len(content), _BLOCK):
            parts.append(unpacker.decompress(content[at : at + _BLOCK]))
            if unpacker.eof:
                break
    except zstandard.ZstdError:
        pass
    return b"".join(parts)
