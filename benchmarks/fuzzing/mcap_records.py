"""Records of an MCAP file, taken out of their chunks and put together again, so that values inside can be changed."""

import struct
from collections.abc import Iterator, Sequence

import zstandard

MAGIC = b"\x89MCAP0\r\n"
MESSAGE, CHUNK = 0x05, 0x06
MESSAGE_HEAD = 22
"""Bytes before the data of a message: channel, sequence, and two times."""

_HEADER, _FOOTER, _DATA_END = 0x01, 0x02, 0x0F
_CONTENT = frozenset({_HEADER, 0x03, 0x04, MESSAGE, CHUNK})
_PREFIX, _CHUNK_HEAD, _MOST = 9, 28, 1 << 20
_TIMES = bytes(16)

Record = tuple[int, bytes]


def split_records(content: bytes) -> list[Record]:
    """Split a file into header, schemas, channels and messages; chunks that this cannot unpack stay as they are."""
    return [record for record in _walk(content, len(MAGIC)) if record[0] in _CONTENT]


def _walk(content: bytes, at: int) -> Iterator[Record]:
    while at + _PREFIX <= len(content):
        code, length = content[at], int.from_bytes(content[at + 1 : at + _PREFIX], "little")
        body = content[at + _PREFIX : at + _PREFIX + length]
        at += _PREFIX + length
        inner = _unpack(body) if code == CHUNK else None
        if inner is None:
            yield code, body
        else:
            yield from _walk(inner, 0)


def _unpack(body: bytes) -> bytes | None:
    (length,) = struct.unpack_from("<I", body, _CHUNK_HEAD)
    start = _CHUNK_HEAD + struct.calcsize("<I") + length
    name, packed = body[start - length : start], body[start + struct.calcsize("<Q") :]
    if name == b"zstd":
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=_MOST)
    return None if name else packed


def join_records(records: Sequence[Record], *, in_chunk: bool) -> bytes:
    """Join records to a file, those after the header in one packed chunk or none; its checksum 0 means that none is."""
    packed = [_pack(record) for record in records]
    if in_chunk and len(packed) > 1:
        clear = b"".join(packed[1:])
        inner = zstandard.ZstdCompressor(level=1).compress(clear)
        head = _TIMES + struct.pack("<QII", len(clear), 0, 4) + b"zstd" + struct.pack("<Q", len(inner))
        packed = [packed[0], _pack((CHUNK, head + inner))]
    ends = _pack((_DATA_END, bytes(4))) + _pack((_FOOTER, bytes(20)))
    return MAGIC + b"".join(packed) + ends + MAGIC


def _pack(record: Record) -> bytes:
    return bytes([record[0]]) + struct.pack("<Q", len(record[1])) + record[1]
