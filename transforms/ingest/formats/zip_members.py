"""Members of a ZIP file, unpacked as from a stranger: by their names alone, never to disk, never much."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

MAGIC = b"PK\x03\x04"
_MOST_MEMBERS = 10_000
_RATIO, _FREE = 40, 16 << 20
"""Unpacked bytes a packed one, in all, and those that every file may have."""

_LARGEST = 64 << 20
"""Bytes of a member that is asked for by its name."""


def read_members(content: bytes, wanted: Callable[[str], bool]) -> Iterator[bytes]:
    """Yield the content of the members whose names are wanted, in order of their names.

    Raises ``ValueError`` where the file is damaged, locked or unpacks to too much.
    """
    left = _FREE + len(content) * _RATIO
    with _refuse_damage(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [item for item in archive.infolist() if wanted(item.filename)]
        if len(members) > _MOST_MEMBERS:
            raise ValueError("members")
        for item in sorted(members, key=lambda member: member.filename):
            with archive.open(item) as member:
                clear = member.read(left + 1)
            left -= len(clear)
            if left < 0:
                raise ValueError("size")
            yield clear


class Members:
    """Members that are unpacked when they are asked for, one at a time, and each time counted.

    A member of zeros is packed a thousandfold, and a recording may ask for one again and again.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._left = _FREE + len(content) * _RATIO

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self._content))

    def read(self, name: str) -> bytes:
        """Return the member of that name.

        Raise ``ValueError`` where there is none, it is damaged or too large, or the file has unpacked to too much.
        """
        most = min(_LARGEST, self._left)
        with _refuse_damage():
            if name not in self._archive.NameToInfo:
                raise ValueError("name")
            self._left -= min(self._archive.NameToInfo[name].file_size, most)  # before it may turn out to be damaged
            with self._archive.open(name) as member:
                clear = member.read(most + 1)
        if len(clear) > most:
            raise ValueError("size")
        return clear


@contextmanager
def _refuse_damage() -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        struct.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ):
        raise ValueError("damaged") from None
