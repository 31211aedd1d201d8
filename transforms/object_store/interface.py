"""What a local folder or a bucket has to do, and nothing more."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Seen:
    """A small object as it was read: ``version`` names exactly this content to ``Place.swap``."""

    content: bytes = field(repr=False)
    version: str


@dataclass(frozen=True, slots=True)
class Described:
    """What the list of a bucket says of an object: its length, and a digest of its content that the service made."""

    bytes: int
    digest: str


class Place(Protocol):
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

    def seen(self, name: str) -> Seen | None:
        """Return an object with its version, ``None`` where there is none."""

    def opened(self, name: str) -> AbstractContextManager[BufferedIOBase]:
        """Return the object as a file to read, for a ``with`` block."""

    def create(self, name: str, content: bytes | memoryview) -> bool:
        """Write a new object; return false, and change nothing, where the name is taken."""

    def take(self, name: str, staged: Path) -> bool:
        """Move a local file, already on the disk, to a new object; return false where the name is taken: it stays."""

    def swap(self, name: str, content: bytes, version: str | None) -> bool:
        """Replace an object that is still at ``version`` (``None``: absent); return false where it moved on."""

    def delete(self, name: str) -> None:
        """Remove an object; do nothing where it is gone."""

    def tidy(self) -> None:
        """Remove what stopped writers left unfinished, and nothing of a writer at work."""


def put(place: Place, name: str, content: bytes) -> None:
    """Write an object whatever was there before: the last attempt of a step is the one that counts."""
    while not place.create(name, content):
        seen = place.seen(name)
        if place.swap(name, content, None if seen is None else seen.version):
            return
