"""Ledger as a file in private state, which takes one writer at a time."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from transforms.object_store.atomic_files import lock_folder, make_folders, read, replace_file

FILE_NAME = "ledger.jsonl"
Change = Callable[[bytes | None], bytes]
"""From the content of a ledger (``None``: there is none) to its next content. May run again; must not have effects."""


class LedgerStore(Protocol):
    """Content that is read whole and replaced whole."""

    @property
    def name(self) -> str:
        """Return the path or address, for messages."""
        ...

    def read(self) -> bytes | None:
        """Read the content, ``None`` if there is none yet."""
        ...

    def update(self, change: Change) -> None:
        """Replace the content by what ``change`` makes of it, as if nobody else wrote; write nothing if it is equal."""
        ...


@dataclass(frozen=True, slots=True)
class LocalLedger:
    """A file in a folder of its own: writers wait for the folder's lock, new content is complete or absent.

    The lock is the kernel's (``flock``) and ends with its process. A crash leaves the old content or the new one.
    """

    path: Path

    @property
    def name(self) -> str:
        """Return the path of the file."""
        return str(self.path)

    def read(self) -> bytes | None:
        """Read the content; raise ``FailedError`` if it exists and cannot be read."""
        return read(self.path) if self.path.exists() else None

    def update(self, change: Change) -> None:
        """Replace the content under the lock; raise ``FailedError`` where it cannot be written."""
        make_folders(self.path.parent)
        with lock_folder(self.path.parent):
            self._sweep()
            before = self.read()
            after = change(before)
            if after != before:
                with replace_file(self.path) as file:
                    file.write(after)

    def _sweep(self) -> None:
        """Remove unfinished files of a killed writer; under the lock nobody else is writing."""
        for left in self.path.parent.glob(".*.part"):
            with suppress(FileNotFoundError):
                left.unlink()
