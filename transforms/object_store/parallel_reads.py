"""Parallel reads: some objects of a store at once, the answers in order.

Whoever reads an object of a bucket holds a few pieces of it of 8 MiB. Four readers took 160 MiB, of objects of 160 MiB
and of 320 alike (docs/measurements.md).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from transforms.object_store.interface import ObjectStore

READERS = 4
"""Objects that are open at once."""
_Item = TypeVar("_Item")
_Read = TypeVar("_Read")


def read_each(read: Callable[[_Item], _Read], items: Iterable[_Item]) -> Iterator[_Read]:
    """Yield what ``read`` returns of each item, in order; an error ends it, and what has not begun is not read."""
    with ThreadPoolExecutor(READERS) as pool:
        yield from pool.map(read, items)


def read_digest(store: ObjectStore, name: str) -> tuple[str, int]:
    """Read an object; return its SHA-256 and its size."""
    with store.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
