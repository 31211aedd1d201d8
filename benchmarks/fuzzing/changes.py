"""Changes of recordings and pictures: of their bytes, and of the values inside of what they are kept in."""

import gzip
import io
import json
import random
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from copy import deepcopy

import msgpack
import zstandard

from benchmarks.fuzzing import mcap_records
from transforms.ingest.formats import sqlite_tables, zip_members
from transforms.ingest.formats.desktop import crowd_cast

CANARY = "quixotic-zebra-7731"
"""Word that is put into inputs and may stand in no error."""

_PIXELS = "data:image/png;base64,aGk="
_ODD = (None, True, -1, 0, 1.5, 1e308, 2**70, "", "\ud83d", "\u0000", _PIXELS, [], {}, [[]], "*" * 9, "a" * 999, CANARY)
_TOKENS = (
    b"{", b"[", b"]}", b'"', b"null", b"1e999", b"\\ud800", b"\x00", b"\xff\xfe", b"PK\x03\x04", b"<!ENTITY",
    b"\x1f\x8b\x08",    b"(\xb5/\xfd", b"[" * 99, b'{"a":' * 99, b"0" * 40, b"\xc1", b"\xdd\xff\xff\xff\xff",
)  # fmt: skip
_DEEPEST = 0.15
"""Chance to change a value that holds others, at each level."""

_UNCHANGED = (
    ValueError, TypeError, OverflowError, LookupError, RecursionError, RuntimeError, OSError, MemoryError,
    sqlite3.Error, zipfile.BadZipFile, zlib.error, msgpack.UnpackException, struct.error, zstandard.ZstdError,
)  # fmt: skip
"""Errors of what takes a damaged input apart: it is changed by bytes."""

_VALUE = re.compile(rb'(?<==")[^"]*+(?=")|(?<=>)[^<>]*+(?=<)|<(\w++)(?:[^<>/]++|/(?!>))*+(?:/>|>[^<]*+</\1>)')
"""Values of attributes, texts and elements without others inside."""

_TEXTS = (
    "", "0", "-1", "1e999", "99:99:99 XM", "12:00:00 AM", "a" * 999, CANARY, "&amp;", "&#xD83D;", "&lt;", "\u00e9",
    "\x00", "-5,1e9,2,2", "Mouse Wheel", "Mouse Left Click on &quot;x (edit)&quot; in &quot;y&quot;", "Keyboard Input",
)  # fmt: skip
_LARGEST_MEMBER = 1 << 20
_GZIP, _WITH_HEADER = b"\x1f\x8b", 16
"""First bytes of gzip's files, and what tells zlib to expect them."""
_PNG, _LENGTH, _KIND = b"\x89PNG\r\n\x1a\n", 4, 4

Change = Callable[[bytes, random.Random], bytes]


def change(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """Return another recording, made of one and sometimes of a piece of another."""
    if chance.random() < 0.1:  # noqa: PLR2004 - one in ten
        content = splice(content, other, chance)
    return chance.choice(_CHANGES)(content, chance)


def change_bytes(content: bytes, chance: random.Random) -> bytes:
    """Overwrite, insert, cut or repeat some bytes."""
    damaged = bytearray(content)
    for _ in range(chance.randrange(1, 9)):
        place = chance.randrange(len(damaged) + 1)
        match chance.randrange(4):
            case 0:
                damaged[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                damaged[place:place] = chance.choice(_TOKENS)
            case 2:
                del damaged[place : place + chance.randrange(1, 64)]
            case _:
                piece = damaged[place : place + chance.randrange(1, 512)]
                damaged[place:place] = piece * chance.randrange(1, 4)
    return bytes(damaged)


def cut(content: bytes, chance: random.Random) -> bytes:
    """End early."""
    return content[: chance.randrange(len(content) + 1)]


def splice(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """Put a piece of another recording into one."""
    place, start = chance.randrange(len(content) + 1), chance.randrange(len(other) + 1)
    return content[:place] + other[start : start + chance.randrange(1, 2_000)] + content[place:]


def change_values(content: bytes, chance: random.Random) -> bytes:
    """Change values inside of JSON, XML, MessagePack, MCAP, SQLite, ZIP and PNG, packed or not.

    Other content is changed by bytes.
    """
    by_value = next((by_value for head, by_value in _BY_VALUE if head.match(content)), _change_json)
    try:
        return by_value(content, chance)
    except _UNCHANGED:
        return change_bytes(content, chance)


def _change_packed(content: bytes, chance: random.Random) -> bytes:
    """Change what gzip or Zstandard packed, or a piece of it where it is large."""
    if content.startswith(_GZIP):
        clear = zlib.decompressobj(zlib.MAX_WBITS | _WITH_HEADER).decompress(content, _LARGEST_MEMBER)
        return gzip.compress(change_values(clear, chance), compresslevel=1, mtime=0)
    with zstandard.ZstdDecompressor().stream_reader(content) as reader:
        clear = reader.read(_LARGEST_MEMBER)
    return zstandard.ZstdCompressor(level=1).compress(change_values(clear, chance))


def _change_message_pack(content: bytes, chance: random.Random) -> bytes:
    value = msgpack.unpackb(content, strict_map_key=False)
    _change_inside(value, chance)
    return bytes(msgpack.packb(value, default=str))


def _change_json(content: bytes, chance: random.Random) -> bytes:
    text = content.decode()
    try:
        values = [json.loads(text)]
    except ValueError:
        values = [json.loads(line) for line in text.splitlines() if line.strip()]
    if len(values) > 1 and chance.random() < 0.2:  # noqa: PLR2004 - one in five
        start = chance.randrange(1, len(values))
        del values[start : start + chance.randrange(1, len(values))]
    for _ in range(chance.randrange(1, 6)):
        _change_inside(chance.choice(values), chance)
    return "\n".join(map(json.dumps, values)).encode()


def _change_inside(value: object, chance: random.Random) -> None:
    while isinstance(value, dict | list) and value:
        key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
        inner = value[key]  # type: ignore[index]
        if not isinstance(inner, dict | list) or not inner or chance.random() < _DEEPEST:
            match chance.randrange(8):
                case 0:
                    del value[key]  # type: ignore[arg-type]
                case 1 if isinstance(value, list):
                    value[key:key] = [inner] * chance.randrange(1, 4)  # type: ignore[misc]
                case 2 if isinstance(value, list):
                    del value[key : key + chance.randrange(1, len(value) + 1)]  # type: ignore[operator]
                case _:
                    value[key] = deepcopy(chance.choice((*_ODD, inner)))  # type: ignore[index]
            return
        value = inner


def _change_cells(content: bytes, chance: random.Random) -> bytes:
    """Write odd values into cells of a database, or change its schema."""
    base = sqlite3.connect(":memory:")
    try:
        base.deserialize(content)
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for _ in range(chance.randrange(1, 5)):
            table = chance.choice(tables)
            column = chance.choice([row[1] for row in base.execute(f'PRAGMA table_info("{table}")')])
            value = chance.choice(
                (None, -1, 1.5, 1e308, 2**62, "", "\x00", b"\xff\xfe", CANARY, "2026-01-01T00:00:00Z")
            )
            changes = (
                (f'UPDATE "{table}" SET "{column}" = ? WHERE rowid % ? = 0', (value, chance.randrange(1, 9))),  # noqa: S608
                (f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "other"', ()),
                (f'DELETE FROM "{table}" WHERE rowid % ? = 0', (chance.randrange(1, 4),)),  # noqa: S608
                (f'UPDATE "{table}" SET "{column}" = ?', (value,)),  # noqa: S608
            )
            base.execute(*chance.choice(changes))
        base.commit()
        return base.serialize()
    finally:
        base.close()


def _change_members(content: bytes, chance: random.Random) -> bytes:
    """Change the content or the name of a member of a ZIP file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [
            (item.filename, archive.read(item)) for item in archive.infolist() if item.file_size < _LARGEST_MEMBER
        ]
    place = chance.randrange(len(members))
    name, inner = members[place]
    packed = io.BytesIO()
    if chance.random() < 0.1:  # noqa: PLR2004 - one in ten
        name = chance.choice(("../../etc/x.trace", "/x.mht", "a" * 300 + ".trace", CANARY + ".trace"))
    members[place] = name, change_values(inner, chance) if chance.random() < 0.7 else change_bytes(inner, chance)  # noqa: PLR2004
    with zipfile.ZipFile(packed, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for member, data in members:
            archive.writestr(member, data)
    return packed.getvalue()


def _change_records(content: bytes, chance: random.Random) -> bytes:
    """Change, repeat, move or leave out records of an MCAP file."""
    records = mcap_records.split_records(content)
    for _ in range(chance.randrange(1, 5)):
        place = chance.randrange(len(records))
        code, body = records[place]
        match chance.randrange(6):
            case 0 if len(records) > 1:
                del records[place]
            case 1:
                records.insert(chance.randrange(len(records) + 1), records[place])
            case 2:
                records[place] = code, change_bytes(body, chance)
            case _ if code == mcap_records.MESSAGE:
                head, data = body[: mcap_records.MESSAGE_HEAD], body[mcap_records.MESSAGE_HEAD :]
                records[place] = code, head + change_values(data, chance)
            case _:
                records[place] = code, change_bytes(body, chance) if chance.random() < 0.2 else body  # noqa: PLR2004
    return mcap_records.join_records(records, in_chunk=chance.random() < 0.5)  # noqa: PLR2004 - as often as not


def _change_elements(content: bytes, chance: random.Random) -> bytes:
    """Write odd texts into XML, and repeat or leave out elements."""
    for _ in range(chance.randrange(1, 5)):
        found = chance.choice([*_VALUE.finditer(content)])
        new = chance.choice(_TEXTS).encode() if found[1] is None else found[0] * chance.choice((0, 2, 3))
        content = content[: found.start()] + new + content[found.end() :]
    return content


def _change_chunks(content: bytes, chance: random.Random) -> bytes:
    """Change, repeat or leave out a chunk of a PNG file under a right checksum; pixels are changed unpacked."""
    chunks, at = list[tuple[bytes, bytes]](), len(_PNG)
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + _LENGTH : at + _LENGTH + _KIND]
        chunks.append((kind, content[at + _LENGTH + _KIND : at + _LENGTH + _KIND + length]))
        at += _LENGTH + _KIND + length + len(struct.pack(">I", 0))
    place = chance.randrange(len(chunks))
    kind, inner = chunks[place]
    match chance.randrange(4):
        case 0:
            del chunks[place]
        case 1:
            chunks.insert(chance.randrange(len(chunks) + 1), chunks[place])
        case 2 if kind == b"IDAT":
            chunks[place] = kind, zlib.compress(change_bytes(zlib.decompress(inner), chance))
        case _:
            chunks[place] = kind, change_bytes(inner, chance)
    packed = (
        struct.pack(">I", len(inner)) + kind + inner + struct.pack(">I", zlib.crc32(kind + inner))
        for kind, inner in chunks
    )
    return _PNG + b"".join(packed)


_BY_VALUE: tuple[tuple[re.Pattern[bytes], Change], ...] = (
    (re.compile(re.escape(_PNG)), _change_chunks),
    (re.compile(re.escape(zip_members.MAGIC)), _change_members),
    (re.compile(re.escape(sqlite_tables.MAGIC)), _change_cells),
    (re.compile(re.escape(_GZIP) + b"|" + re.escape(zstandard.FRAME_HEADER)), _change_packed),
    (re.compile(re.escape(mcap_records.MAGIC)), _change_records),
    (re.compile(rb"\s*(?:MIME-Version|<[A-Za-z])"), _change_elements),
    (re.compile(rb"[%s]" % re.escape(b"".join(crowd_cast.ARRAYS))), _change_message_pack),
)
"""Beginnings of what is taken apart to be changed, and how."""

_CHANGES: tuple[Change, ...] = (change_bytes, cut, change_values, change_values, change_values)
