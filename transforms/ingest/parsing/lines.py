"""Files as pieces of whole lines: inflated as they are read, never more than a block in memory."""

import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from io import BufferedIOBase
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Protocol

import zstandard

from schemas.errors import FailedError
from schemas.rejects import Reason, RejectRecord
from transforms.object_store.addresses import is_bucket, open_parent

_PIECE = 1 << 20
_DEFLATED_PIECE = 1 << 10
"""Zstandard can inflate 32,000 times: small pieces bound what one call may give (32 MiB)."""

MAX_WINDOW = 1 << 27
"""Largest window of a Zstandard frame that is opened."""

_MAX_PACKED = 64 << 20
"""Packed bytes of a line too long to be parsed that are kept for the quarantine."""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines; ``first`` is the 1-based number of the first. The last may lack its line break."""

    first: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Overlong:
    """A line that was too long to be held; ``packed`` is a copy in a Zstandard frame, empty where that is too long."""

    line: int
    packed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """The file ends before its content does, or does not go on; ``rest`` is the unfinished line."""

    reason: Reason
    line: int
    rest: bytes = field(repr=False)


class _Inflater(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, piece: bytes, /) -> bytes: ...


def _gunzip() -> _Inflater:
    return zlib.decompressobj(wbits=31)


def _unzstd() -> _Inflater:
    return zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).decompressobj()


_INFLATERS: dict[str, Callable[[], _Inflater]] = {".gz": _gunzip, ".zst": _unzstd}
GZIP_MAGIC, ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_MAGIC: dict[bytes, Callable[[], _Inflater]] = {GZIP_MAGIC: _gunzip, ZSTD_MAGIC: _unzstd}


def read_pieces(path: str) -> Iterator[bytes]:
    """Yield the content of a plain file, or of one packed with gzip or Zstandard, whatever it is called.

    Raises ``RejectRecord``: UNREADABLE where it is no regular file, may not be read or holds damaged compressed data,
    TRUNCATED where compressed data stop early. What was read before has been yielded by then. Raises ``FailedError``
    where a bucket does not give the object, without its name.
    """
    try:
        with _open(path) as file:
            head = file.read(_DEFLATED_PIECE)
            packed = next((make for magic, make in _MAGIC.items() if head.startswith(magic)), None)
            make = packed or _INFLATERS.get(PurePosixPath(path).suffix)
            if make is None:
                yield from filter(None, [head])
                while piece := file.read(_PIECE):
                    yield piece
            else:
                yield from _inflate(chain([head], iter(lambda: file.read(_DEFLATED_PIECE), b"")), make)
    except OSError:
        raise RejectRecord(Reason.UNREADABLE) from None


def _open(path: str) -> AbstractContextManager[BufferedIOBase]:
    if is_bucket(path):
        return _fetch(path)
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise RejectRecord(Reason.UNREADABLE)
    return Path(path).open("rb")


@contextmanager
def _fetch(path: str) -> Iterator[BufferedIOBase]:
    """Open an object; an error names it not: a runner logs it, and the name may be that of a person."""
    store, name = open_parent(path)
    try:
        with store.open(name) as file:
            yield file
    except FailedError as error:
        raise FailedError(str(error).replace(f"{store.uri}/{name}", "an input in a bucket")) from None


def _inflate(pieces: Iterator[bytes], make: Callable[[], _Inflater]) -> Iterator[bytes]:
    inflater: _Inflater | None = None
    try:
        for read in pieces:
            piece = read
            while piece:
                if inflater is None:
                    piece = piece.lstrip(b"\0")  # tape padding between and after members
                    if not piece:
                        break
                    inflater = make()
                if clear := inflater.decompress(piece):
                    yield clear
                piece = inflater.unused_data if inflater.eof else b""
                if inflater.eof:
                    inflater = None
    except (zlib.error, zstandard.ZstdError):
        raise RejectRecord(Reason.UNREADABLE) from None
    if inflater is not None:
        raise RejectRecord(Reason.TRUNCATED)


def pack(content: bytes) -> bytes:
    """Return ``content`` in a Zstandard frame, as ``Overlong`` holds it."""
    return zstandard.ZstdCompressor().compress(content)


class _Packer:
    """Packs a line as it is read and gives up where it stays too long."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor().compressobj()
        self._packed = bytearray()
        self._given_up = False

    def add(self, piece: bytes) -> None:
        if not self._given_up:
            self._packed += self._compressor.compress(piece)
            self._given_up = len(self._packed) > _MAX_PACKED

    def finish(self) -> bytes:
        return b"" if self._given_up else bytes(self._packed + self._compressor.flush())


@dataclass(slots=True)
class _Splitter:
    block_bytes: int
    max_line_bytes: int
    line: int = 1
    _held: list[bytes] = field(default_factory=list, repr=False)
    _bytes: int = 0
    _overlong: _Packer | None = None
    _started: bool = False

    def feed(self, piece: bytes) -> Iterator[Lines | Overlong]:
        if self._overlong is not None:
            end, found, piece = piece.partition(b"\n")
            self._overlong.add(end)
            if not found:
                return
            yield from self.overlong()
        self._hold(piece)
        if not self._started and self._bytes >= len(_BOM):
            self._started = True
            self._take([b"".join(self._held).removeprefix(_BOM)])
        if self._bytes < self.block_bytes:
            return
        yield from self.flush()
        if self._bytes > self.max_line_bytes:
            self._overlong = _Packer()
            self._overlong.add(self.rest())
            self._take([])

    def _hold(self, piece: bytes) -> None:
        self._held.append(piece)
        self._bytes += len(piece)

    def _take(self, pieces: list[bytes]) -> None:
        """Hold ``pieces`` alone."""
        self._held, self._bytes = pieces, sum(map(len, pieces))

    def overlong(self) -> Iterator[Overlong]:
        """Yield the line that is being packed, if there is one: it ends here."""
        if self._overlong is not None:
            yield Overlong(self.line, self._overlong.finish())
            self._overlong, self.line = None, self.line + 1

    def flush(self) -> Iterator[Lines]:
        """Yield the whole lines."""
        last = next((at for at in reversed(range(len(self._held))) if b"\n" in self._held[at]), None)
        if last is not None:
            end, _, rest = self._held[last].rpartition(b"\n")
            data = b"".join([*self._held[:last], end, b"\n"])
            self._take([rest, *self._held[last + 1 :]])
            yield Lines(self.line, data)
            self.line += data.count(b"\n")

    def rest(self) -> bytes:
        return b"".join(self._held)


def unpack(content: bytes) -> Iterator[bytes]:
    """Yield what a Zstandard frame holds, piece by piece; raise ``RejectRecord`` as ``read_pieces`` does."""
    view = memoryview(content)
    yield from _inflate(
        (bytes(view[at : at + _DEFLATED_PIECE]) for at in range(0, len(view), _DEFLATED_PIECE)), _unzstd
    )


def read_lines(pieces: Iterable[bytes], block_bytes: int, max_line_bytes: int) -> Iterator[Lines | Overlong | Broken]:
    """Yield the lines of a file's ``pieces`` in order, about ``block_bytes`` at a time, without a byte order mark.

    A line above ``max_line_bytes`` that does not fit a block is packed as it is read. A file that breaks off gives
    its whole lines first and ``Broken`` last.
    """
    splitter = _Splitter(block_bytes, max_line_bytes)
    try:
        for piece in pieces:
            yield from splitter.feed(piece)
    except RejectRecord as rejected:
        yield from splitter.flush()
        yield from splitter.overlong()
        yield Broken(rejected.reason, splitter.line, splitter.rest())
        return
    yield from splitter.flush()
    yield from splitter.overlong()
    if rest := splitter.rest():
        yield Lines(splitter.line, rest)


def read_whole(path: str, max_bytes: int) -> bytes:
    """Return all of a file that fits ``max_bytes``; raise ``RejectRecord`` otherwise and as ``read_pieces`` does."""
    held = bytearray()
    for piece in read_pieces(path):
        held += piece
        if len(held) > max_bytes:
            raise RejectRecord(Reason.LINE_TOO_LONG)
    return bytes(held.removeprefix(_BOM))
