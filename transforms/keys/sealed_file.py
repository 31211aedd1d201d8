"""A file sealed under a reader's data key, written and read as a stream.

The file begins with its own key, wrapped for those who may read texts; blocks follow, each sealed with its number and
whether it is the last as context. So a block that was altered, moved, left out or cut off does not open.
"""

import io
import secrets
import struct
from typing import BinaryIO

from schemas.errors import FailedError
from transforms.keys.envelope import decrypt, encrypt
from transforms.keys.reader_keys import ReaderKeys, class_name

SEALED = b"KVSEAL1\n"
"""First bytes of a sealed file."""

_BLOCK = 1 << 20
_LENGTH = struct.Struct(">I")
_SENSITIVITY = "text"


class SealedWriter(io.RawIOBase):
    """Seals what is written to it; ``close`` seals the last block and leaves ``file`` open.

    Without ``close``, or where its block ends in an error, the last block is missing and the file does not open.
    """

    def __init__(self, file: BinaryIO, keys: ReaderKeys) -> None:
        super().__init__()
        self._file, self._key, self._pending, self._number = file, secrets.token_bytes(32), bytearray(), 0
        name = class_name(keys.data, _SENSITIVITY).encode()
        wrapped = keys.wrap(name.decode(), self._key)
        file.write(b"".join((SEALED, _frame_block(name), _frame_block(wrapped))))

    def writable(self) -> bool:
        """Return that it is."""
        return True

    def write(self, content: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Take bytes; whole blocks are sealed at once."""
        self._pending += content
        while len(self._pending) > _BLOCK:
            self._seal(bytes(self._pending[:_BLOCK]), is_last=False)
            del self._pending[:_BLOCK]
        return len(content)

    def __exit__(self, exc_type: type[BaseException] | None, exc_val: object, exc_tb: object) -> None:
        """Close the writer; seal no last block after an error."""
        if exc_type is None:
            self.close()
        else:
            super().close()

    def __del__(self) -> None:
        """Seal nothing: a writer that nobody closed was interrupted."""

    def close(self) -> None:
        """Seal what is left as the last block."""
        if not self.closed:
            self._seal(bytes(self._pending), is_last=True)
            self._pending.clear()
        super().close()

    def _seal(self, content: bytes, *, is_last: bool) -> None:
        self._file.write(_frame_block(encrypt(self._key, content, _context(self._number, is_last=is_last))))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads a file of ``SealedWriter``; raises ``FailedError`` where it was altered or cut. It closes ``file``."""

    def __init__(self, file: BinaryIO, keys: ReaderKeys) -> None:
        super().__init__()
        self._file, self._plain, self._number, self._ended = file, memoryview(b""), 0, False
        if file.read(len(SEALED)) != SEALED:
            raise FailedError("the file is no sealed archive of keyveil; check its name")
        name, wrapped = self._read_frame(), self._read_frame()
        self._key = keys.unwrap(name.decode(errors="replace"), wrapped)

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def readinto(self, target: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill ``target`` with what comes next; return how much, 0 at the end."""
        while not self._plain and not self._ended:
            self._plain = memoryview(self._open_block())
        part = self._plain[: len(target)]
        target[: len(part)] = part
        self._plain = self._plain[len(part) :]
        return len(part)

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()

    def _open_block(self) -> bytes:
        blob, number = self._read_frame(), self._number
        self._number += 1
        try:
            return decrypt(self._key, blob, _context(number, is_last=False))
        except FailedError:
            content = decrypt(self._key, blob, _context(number, is_last=True))
        self._ended = True
        if self._file.read(1):
            raise FailedError("something follows the end of a sealed archive; fetch it again")
        return content

    def _read_frame(self) -> bytes:
        head = self._file.read(_LENGTH.size)
        length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else -1
        content = self._file.read(length) if 0 <= length <= 2 * _BLOCK else b""
        if len(content) != length:
            raise FailedError("a sealed archive is cut short or damaged; fetch or write it again")
        return content


def _frame_block(content: bytes) -> bytes:
    return _LENGTH.pack(len(content)) + content


def _context(number: int, *, is_last: bool) -> bytes:
    return f"{number} {'last' if is_last else 'more'}".encode()
