"""Files that this process has open; one that was deleted at once, as SQLite's temporary ones, still has its name."""

from collections.abc import Iterator
from pathlib import Path


def list_open_files() -> Iterator[str]:
    """Yield their paths (Linux)."""
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            yield str(descriptor.readlink())
        except FileNotFoundError:  # the one that lists the folder
            continue
