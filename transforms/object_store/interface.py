"""Interface of object stores: the operations that folders and buckets share."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import Protocol

from schemas.errors import FailedError

BUCKET_SCHEME = "gs://"
"""Scheme of addresses in Cloud Storage."""
S3_SCHEME = "s3://"
"""Scheme of addresses in S3, of Amazon or of another server."""
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class VersionedObject:
    """Content of a small object; ``version`` identifies it in ``ObjectStore.compare_and_swap``."""

    content: bytes = field(repr=False)
    version: str


@dataclass(frozen=True, slots=True)
class ObjectMetadata:
    """Metadata of an object in a listing: its size, and a digest that changes with its content.

    A bucket's service computes the digest; in a folder it is the place on the disk and the time of the last change.
    """

    bytes: int
    digest: str


class ObjectStore(Protocol):
    """Store of objects by name below one address; names use forward slashes.

    Every object is complete or absent. Methods raise ``FailedError``, naming the object, if storage fails.
    """

    @property
    def uri(self) -> str:
        """Return the address, as printed in messages."""

    def names(self) -> list[str]:
        """List the names of all objects, sorted, including foreign ones."""

    def list_metadata(self) -> dict[str, ObjectMetadata]:
        """List size and digest of every object, by name, without reading any."""

    def exists(self, name: str) -> bool:
        """Return whether an object exists."""

    def get(self, name: str) -> VersionedObject | None:
        """Read an object with its version; return ``None`` if there is none."""

    def open(self, name: str) -> AbstractContextManager[BufferedIOBase]:
        """Open an object for reading, in a ``with`` block."""

    def put_if_absent(self, name: str, content: bytes | memoryview) -> bool:
        """Write a new object; change nothing and return false if the name is taken."""

    def move_in(self, name: str, staged: Path) -> bool:
        """Move a synced local file to a new object; keep it and return false if the name is taken."""

    def compare_and_swap(self, name: str, content: bytes, version: str | None) -> bool:
        """Replace an object that is still at ``version`` (``None``: absent); return false if it has changed."""

    def delete(self, name: str) -> None:
        """Delete an object; do nothing if it is absent."""

    def tidy(self) -> None:
        """Remove unfinished files of stopped writers, none of running ones."""


def create(store: ObjectStore, name: str, content: bytes) -> bool:
    """Write a new object; return false if another writer was faster.

    Sealed content is nobody else's: where it lies there already, an earlier request wrote it and its answer was lost.
    """
    if store.put_if_absent(name, content):
        return True
    found = store.get(name)
    return found is not None and found.content == content


def put(store: ObjectStore, name: str, content: bytes) -> None:
    """Write an object, replacing any other content; raise ``FailedError`` if other writers always win."""
    for _ in range(_ATTEMPTS):
        if store.put_if_absent(name, content):
            return
        found = store.get(name)
        if found is not None and (found.content == content or store.compare_and_swap(name, content, found.version)):
            return
    raise FailedError(f"{store.uri}/{name} changes too fast; stop other runs and run again")
