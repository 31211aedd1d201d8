"""Protocol of a recorder format."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from transforms.ingest.parsing.block import Block
from transforms.ingest.settings import IngestSettings


@dataclass(frozen=True, slots=True)
class Source:
    """One input: a file, or a directory that one adapter reads as a whole.

    ``index`` is its place in the run, ``format`` the adapter's name ('' where none knows it), ``user`` who is named
    for recordings that name nobody.
    """

    index: int
    path: str = field(repr=False)
    format: str
    user: str | None = field(repr=False)


class MapRow(NamedTuple):
    """A line of a format's table: a record or field of it, and what it becomes or why it does not."""

    source: str
    becomes: str


class Adapter(Protocol):
    """Reads one format; the only place that knows its names and units."""

    @property
    def name(self) -> str:
        """Return the word for ``--format``."""
        ...

    @property
    def summary(self) -> str:
        """Return a line about the recordings that it reads."""
        ...

    @property
    def mapping(self) -> tuple[MapRow, ...]:
        """Return the table that maps each kind of its records to an event or an outcome."""
        ...

    def recognises(self, path: Path) -> bool:
        """Return whether ``path`` looks like this format; a glance, and never an error."""
        ...

    def read(self, source: Source, settings: IngestSettings) -> Iterator[Block]:
        """Yield the events of ``source`` in its order; what cannot be read becomes a fault, never an exception."""
        ...
