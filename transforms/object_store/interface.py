"""What a local folder or a bucket has to do, and nothing more."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Versioned:
    """A small object as it was read: ``version`` names exactly this content to ``ObjectStore.compare_and_swap``."""

    content: bytes = field(repr=False)
    version: str


@dataclass(frozen=True, slots=True)
class ObjectMetadata:
    """What the list of a bucket says of an object: its length, and a digest of its content that the service made."""

    bytes: int
    digest: str


class ObjectStore(Protocol):
    """Objects by name below one address; names use forward slashes.

    Every object is complete or absent. Methods raise ``FailedError``, naming the object, where storage fails.
    """

    @property
    def uri(self) -> str:
        """Return the address, as messages show it."""

    def names(self) -> list[str]:
        """Return the names of all objects, sorted; also of what no release knows."""

    def exists(self, name: str) -> bool:
        """Return whether there is such an object."""

    def get(self, name: str) -> Versioned | None:
        """Return an object with its version, ``None`` where there is none."""

    def open(self, name: str) -> AbstractContextManager[BufferedIOBase]:
        """Return the object as a file to read, for a ``with`` block."""

    def put_if_absent(self, name: str, content: bytes | memoryview) -> bool:
        """Write a new object; return false, and change nothing, where the name is taken."""

    def move_in(self, name: str, staged: Path) -> bool:
        """Move a local file, already on the disk, to a new object; return false where the name is taken: it stays."""

    def compare_and_swap(self, name: str, content: bytes, version: str | None) -> bool:
        """Replace an object that is still at ``version`` (``None``: absent); return false where it moved on."""

    def delete(self, name: str) -> None:
        """Remove an object; do nothing where it is gone."""

    def tidy(self) -> None:
        """Remove what stopped writers left unfinished, and nothing of a writer at work."""


def put(place: ObjectStore, name: str, content: bytes) -> None:
    """Write an object whatever was there before: the last attempt of a step is the one that counts."""
    while not place.put_if_absent(name, content):
        seen = place.get(name)
        if place.compare_and_swap(name, content, None if seen is None else seen.version):
            return
