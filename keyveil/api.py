"""The entry points: five lines from an address to training data."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds

from keyveil.episodes import Episodes
from keyveil.location import locate
from keyveil.read_plan import ReadPlan
from keyveil.release import LATEST, Release, find_release, warn_of_withheld
from transforms.keys.reader_keys import ReaderKeys

Keys = ReaderKeys | str | os.PathLike[str]


def open_release(uri: str, release: str = LATEST, *, keys: Keys, filesystem: Any | None = None) -> Release:
    """Verify the manifest of a release and return it; shards are verified when they are read.

    ``uri`` is the folder of a dataset (``<output>/<dataset>``) or of one release, local or ``gs://``; ``keys`` the file
    that ``keyveil keys export --role reader`` wrote; ``filesystem`` a pyarrow file system for any other store. Warns
    once where the key opens some columns only. Raises a ``KeyveilError`` that names the file and says what to do.
    """
    return _open_checked(uri, release, keys, filesystem, stacklevel=2)


def open_dataset(
    uri: str, release: str = LATEST, *, keys: Keys, table: str = "events", filesystem: Any | None = None
) -> ds.FileSystemDataset:
    """Return a table of a release (``events``, ``sessions``, ``aggregates/<query>``) as a pyarrow dataset.

    Arguments and errors as for ``open_release``.
    """
    return _open_checked(uri, release, keys, filesystem, stacklevel=2).dataset(table)


def episodes(
    uri: str,
    release: str = LATEST,
    *,
    keys: Keys,
    columns: Sequence[str] | None = None,
    where: pc.Expression | None = None,
    seed: int | None = None,
    window: int = 256,
    rank: int = 0,
    ranks: int = 1,
    filesystem: Any | None = None,
) -> Episodes:
    """Return the sessions of a release as an iterable of ``Episode``; see ``ReadPlan`` for order and sharing.

    ``columns`` are read and no others; ``where`` keeps the rows that match and drops a session of which none does, both
    while the shards are decoded. Further arguments and errors as for ``open_release``.
    """
    opened = _open_checked(uri, release, keys, filesystem, stacklevel=2)
    chosen = None if columns is None else tuple(columns)
    return Episodes(opened, ReadPlan(chosen, where, seed, window, rank, ranks))


def _open_checked(uri: str, release: str, keys: Keys, filesystem: Any | None, stacklevel: int) -> Release:
    held = keys if isinstance(keys, ReaderKeys) else ReaderKeys.open(Path(keys))
    found = find_release(locate(str(uri), filesystem), release, held)
    warn_of_withheld(found, stacklevel + 1)
    return found
