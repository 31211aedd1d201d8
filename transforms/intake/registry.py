"""The formats that are read, by name."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from transforms.intake.canonical import Events, read_canonical
from transforms.intake.problem import Problem


class Reader(Protocol):
    """Reads one source; never raises for what the source holds."""

    def __call__(self, path: Path, max_line_bytes: int) -> Iterator[Events | Problem]:
        """Yield good events in blocks and a problem for everything else."""


FORMATS: Mapping[str, Reader] = {"canonical": read_canonical}


def recognise(path: Path) -> str:
    """Return the name of the format of ``path``, '' where no adapter knows it."""
    if path.is_dir():
        return ""
    name = path.name.removesuffix(".gz").removesuffix(".zst")
    return "canonical" if name.endswith((".jsonl", ".ndjson")) else ""
