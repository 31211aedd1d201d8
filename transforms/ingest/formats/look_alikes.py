"""Files that no format knows: the kind of file it is, and the formats that are kept in such files."""

from typing import NamedTuple

from transforms.ingest.formats import sqlite_tables, zip_members
from transforms.ingest.formats.desktop import crowd_cast, owamcap

_REFUSED = "a picture or sound, which is refused"
_VIDEO = "a video, which is read with the recording beside it (ingest.ocr); name the recording"
KINDS: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((sqlite_tables.MAGIC,), "a SQLite database", "openadapt screenpipe"),
    ((zip_members.MAGIC,), "a ZIP archive", "playwright steps-recorder"),
    ((owamcap.MAGIC,), "an MCAP file", "owamcap"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"OggS", b"ID3", b"fLaC"), _REFUSED, ""),
    ((b"\x1a\x45\xdf\xa3",), _VIDEO, ""),
    ((b"<",), "XML or HTML", "steps-recorder"),
    ((b"[", b"{"), "JSON", "rrweb opencua openadapt-flow activitywatch chrome-recorder adp otlp"),
    (crowd_cast.ARRAYS, "an array of MessagePack, or binary", "crowd-cast"),
)
"""First bytes of a kind of file, its name, and the formats that are kept in it."""

_MP4 = b"ftyp"


class LookAlike(NamedTuple):
    """The kind of a file in words, and the names of the formats that are kept in such files."""

    words: str
    formats: tuple[str, ...]


def look_at(head: bytes) -> LookAlike:
    r"""Describe a file by its first bytes.

    >>> look_at(b"PK\x03\x04").words
    'a ZIP archive'
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if head[4:8] == _MP4:
        return LookAlike(_VIDEO, ())
    for magics, words, formats in KINDS:
        if start.startswith(magics):
            return LookAlike(words, tuple(formats.split()))
    return LookAlike("an empty file" if not head else "a file of another kind", ())
