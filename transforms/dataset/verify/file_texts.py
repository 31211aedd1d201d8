"""Texts of any file: the cells of Parquet, else all that can be read as text, packed with gzip or Zstandard or not."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from functools import partial
from io import BufferedIOBase, BufferedReader
from itertools import chain
from typing import IO, BinaryIO, Protocol, cast

import zstandard

from schemas.errors import FailedError
from transforms.dataset.codec import PARQUET_MAGICS, open_parquet
from transforms.dataset.verify.byte_scanner import GZIP, ZSTD
from transforms.dataset.verify.parquet_scanner import list_texts
from transforms.keys.reader_keys import ReaderKeys
from transforms.keys.sealed_file import SEALED, SealedReader
from transforms.object_store.addresses import join_uri
from transforms.object_store.interface import ObjectStore

_BLOCK = 8 << 20
_PIECE = 1 << 20
_OVERLAP = 4_000
"""Characters of one piece that the next one repeats, so that no run of words is cut."""
_CONTAINERS = (b"PK\x03\x04", b"%PDF", b"7z\xbc\xaf", b"Rar!")
"""First bytes of archives and documents whose texts are packed in parts: zip (and office documents), PDF, 7z, RAR."""
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_texts(store: ObjectStore, name: str, keys: ReaderKeys | None) -> Iterator[str]:
    """Yield the texts of a file, in pieces that overlap; nothing of a sealed shard without ``keys``.

    A sealed archive of steps is opened with ``keys``. Raises ``FailedError``, naming the file, where it is damaged,
    sealed under other keys, or an archive that packs its parts; ``RefusedError`` where the keys withhold texts.
    """
    with store.open(name) as file:
        start = file.read(len(SEALED))
        head = start[: len(ZSTD)]
        file.seek(0)
        if head in PARQUET_MAGICS:
            yield from _read_cells(file, keys, join_uri(store.uri, name))
        elif start == SEALED:
            if keys is None:
                raise FailedError(f"{join_uri(store.uri, name)} is a sealed archive; pass keys that open texts")
            archive = BufferedReader(SealedReader(cast("BinaryIO", file), keys))
            yield from _decode(iter(partial(archive.read, _BLOCK), b""))
        else:
            if head.startswith(_CONTAINERS):
                raise FailedError(f"{join_uri(store.uri, name)} holds several parts; unpack it and pass the folder")
            yield from _decode(_read_blocks(_unpack(file, head), join_uri(store.uri, name)))


def _read_cells(file: BufferedIOBase, keys: ReaderKeys | None, shown: str) -> Iterator[str]:
    with open_parquet(file, keys, shown, dictionaries=True) as parquet:
        if parquet is not None:
            for group in range(parquet.num_row_groups):
                for _, texts in list_texts(parquet.read_row_group(group)):
                    yield from texts


def _unpack(file: BufferedIOBase, head: bytes) -> _Readable:
    if head == ZSTD:
        unpacker = zstandard.ZstdDecompressor()
        return unpacker.stream_reader(cast("IO[bytes]", file), read_across_frames=True, closefd=False)
    return gzip.GzipFile(fileobj=file) if head.startswith(GZIP) else file


def _read_blocks(reader: _Readable, shown: str) -> Iterator[bytes]:
    try:
        yield from iter(lambda: reader.read(_BLOCK), b"")
    except (EOFError, OSError, zlib.error, zstandard.ZstdError):
        raise FailedError(f"{shown} is packed and damaged; unpack what can be read of it") from None


def _decode(blocks: Iterator[bytes]) -> Iterator[str]:
    first = next(blocks, b"")
    decoder = codecs.getincrementaldecoder(_guess_encoding(first))(errors="replace")
    rest = ""
    for block in chain([first], blocks):
        text = rest + decoder.decode(block)
        for start in range(0, len(text), _PIECE):
            yield text[max(start - _OVERLAP, 0) : start + _PIECE]
        rest = text[-_OVERLAP:]


def _guess_encoding(start: bytes) -> str:
    """Tell UTF-16 without a mark by its zero bytes: every second one in most texts of Latin letters.

    Bytes with zeros at even and odd places, as the head of a tar file has them, are no UTF-16.
    """
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    pairs = start[:2_000]
    even, odd = pairs[::2].count(0), pairs[1::2].count(0)
    if (even + odd) * 4 < len(pairs) or 2 * min(even, odd) > max(even, odd) or not pairs:
        return "utf-8"
    return "utf-16-le" if odd > even else "utf-16-be"
