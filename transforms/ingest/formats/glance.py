"""A look at how a file begins, from which adapters know their own."""

import stat
import zlib
from pathlib import Path

import zstandard

from transforms.ingest.parsing.lines import GZIP_MAGIC, MAX_WINDOW, ZSTD_MAGIC

_GLANCE = 1 << 16
_GZIP = 31


def glance_bytes(path: Path) -> bytes | None:
    """Return the first 64 KiB of a local file, unpacked where it is gzip or Zstandard; ``None`` where it is no file."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            head = file.read(_GLANCE)
            if head.startswith(ZSTD_MAGIC):
                file.seek(0)
                with zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).stream_reader(file) as clear:
                    return clear.read(_GLANCE)
    except (OSError, zstandard.ZstdError, ValueError):
        return None
    if head.startswith(GZIP_MAGIC):
        try:
            return zlib.decompressobj(_GZIP).decompress(head, _GLANCE)
        except zlib.error:
            return None
    return head


def glance(path: Path) -> str | None:
    """Return how a local file begins, as text without a byte order mark; ``None`` where it is no file."""
    head = glance_bytes(path)
    return None if head is None else decode(head)


def decode(content: bytes) -> str:
    """Return the text of a file; bytes that are no text become half characters, which cost the value they stand in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="surrogateescape")
