"""Reading of S3 objects: whole, or by ranges, pinned to the ETag that the object had when it was opened."""

from collections.abc import Mapping
from contextlib import suppress
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import Any

from botocore.exceptions import BotoCoreError

TRIES = 6
"""Requests at most for one answer."""


def fetch(client: Any, **request: str) -> tuple[bytes, Mapping[str, Any]]:
    """Read an object, or a range of it, and return it with the rest of the answer.

    The client itself asks again for an answer that is missing, but not for one that is cut short.
    """
    for _ in range(TRIES - 1):
        found = client.get_object(**request)
        with suppress(BotoCoreError):
            return found["Body"].read(), found
    found = client.get_object(**request)
    return found["Body"].read(), found


class RangeReader(RawIOBase):
    """Raw file over an object: each read is one request, so wrap it in a buffer."""

    def __init__(self, client: Any, key: Mapping[str, str], etag: str, size: int) -> None:
        super().__init__()
        self._client, self._key, self._etag, self._size = client, key, etag, size
        self._at = 0

    def readable(self) -> bool:
        """Return true."""
        return True

    def seekable(self) -> bool:
        """Return true."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Move the position; nothing is read."""
        start = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("a position before the start of the object")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read one range into ``buffer``; return its length, 0 at the end."""
        piece = self._fetch(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def readall(self) -> bytes:
        """Read the rest by one request."""
        return self._fetch(self._size - self._at)

    def _fetch(self, length: int) -> bytes:
        end = min(self._at + length, self._size)
        if end <= self._at:
            return b""
        piece, _ = fetch(self._client, **self._key, IfMatch=self._etag, Range=f"bytes={self._at}-{end - 1}")
        self._at += len(piece)
        return piece
