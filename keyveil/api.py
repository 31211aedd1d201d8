"""The entry points: five lines from an address to training data."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

import pyarrow.compute as pc
import pyarrow.dataset as ds

from keyveil.episodes import Episodes
from keyveil.location import locate
from keyveil.read_plan import ReadPlan
from keyveil.release import LATEST, Release, check_same_columns, find_release, warn_of_withheld
from keyveil.several_releases import (
    EpisodesOfReleases,
    ReleaseFacts,
    describe_releases,
    find_releases,
    find_week,
    is_weeks,
)
from keyveil.shards.verified_shards import SignedUnion
from keyveil.training.split import Split
from schemas.errors import UsageError
from transforms.keys.reader_keys import ReaderKeys

Keys = ReaderKeys | str | os.PathLike[str]


def open_release(uri: str, release: str = LATEST, *, keys: Keys, filesystem: Any | None = None) -> Release:
    """Verify the manifest of a release and return it; shards are verified when they are read.

    ``uri`` is the folder of a dataset (``<output>/<dataset>``) or of one release, local, ``gs://`` or ``s3://``;
    ``release`` the newest, an id, or the week of one, such as ``2026-W45``; ``keys`` the file that ``keyveil keys
    export --role reader`` wrote; ``filesystem`` a pyarrow file system for any other store. Warns once where the key
    opens some columns only. Raises a ``KeyveilError`` that names the file and says what to do.
    """
    return _open_checked(uri, release, keys, filesystem, stacklevel=2)


def open_dataset(
    uri: str,
    release: str = LATEST,
    *,
    keys: Keys,
    releases: str | Sequence[str] | None = None,
    table: str = "events",
    filesystem: Any | None = None,
) -> ds.Dataset:
    """Return a table of a release (``events``, ``sessions``, ``aggregates/<query>``) as a pyarrow dataset.

    With ``releases``, as for ``episodes``, the rows of several one after another, and a column ``release`` that tells
    whose they are. Arguments and errors as for ``open_release``.
    """
    found = open_chosen(uri, release, releases, keys, filesystem, stacklevel=2)
    parts = [each.dataset(table, tell_release=releases is not None) for each in found]
    if len(parts) == 1:
        return parts[0]
    check_same_columns([part.schema for part in parts])
    return SignedUnion(parts[0].schema, parts)


@overload
def episodes(
    uri: str,
    release: str = ...,
    *,
    keys: Keys,
    releases: None = ...,
    columns: Sequence[str] | None = ...,
    where: pc.Expression | None = ...,
    seed: int | None = ...,
    window: int = ...,
    rank: int = ...,
    ranks: int = ...,
    split: Split | None = ...,
    filesystem: Any | None = ...,
) -> Episodes: ...


@overload
def episodes(
    uri: str,
    *,
    keys: Keys,
    releases: str | Sequence[str],
    columns: Sequence[str] | None = ...,
    where: pc.Expression | None = ...,
    seed: int | None = ...,
    window: int = ...,
    rank: int = ...,
    ranks: int = ...,
    split: Split | None = ...,
    filesystem: Any | None = ...,
) -> EpisodesOfReleases: ...


def episodes(
    uri: str,
    release: str = LATEST,
    *,
    keys: Keys,
    releases: str | Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    where: pc.Expression | None = None,
    seed: int | None = None,
    window: int = 256,
    rank: int = 0,
    ranks: int = 1,
    split: Split | None = None,
    filesystem: Any | None = None,
) -> Episodes | EpisodesOfReleases:
    """Return the sessions of a release as an iterable of ``Episode``; see ``ReadPlan`` for order and sharing.

    Reads the newest release of a dataset alone, unless ``release`` is the id or the week of another, or ``releases``
    says which: ``all``, ids, or weeks such as ``2026-W40..W48``; they then come one after another.

    ``columns`` are read and no others; ``where`` keeps the rows that match and drops a session of which none does, both
    while the shards are decoded. ``split`` keeps the people of ``train``, ``validation`` or ``test``.
    Further arguments and errors as for ``open_release``.
    """
    chosen = None if columns is None else tuple(columns)
    plan = ReadPlan(chosen, where, seed, window, rank, ranks, split)
    found = open_chosen(uri, release, releases, keys, filesystem, stacklevel=2)
    return Episodes(found[0], plan) if releases is None else EpisodesOfReleases(found, plan)


def describe(uri: str, *, keys: Keys, filesystem: Any | None = None) -> tuple[ReleaseFacts, ...]:
    """Describe the releases of a dataset by their signed manifests: days, sizes, tables, and which is read by default.

    Needs no data key of them: ``is_readable`` says which of them the reader's keys open. Arguments and errors as for
    ``open_release``.
    """
    return describe_releases(locate(str(uri), filesystem), _open_keys(keys))


def open_chosen(
    uri: str,
    release: str,
    releases: str | Sequence[str] | None,
    keys: Keys,
    filesystem: Any | None,
    *,
    stacklevel: int,
) -> tuple[Release, ...]:
    """Open one release, or where ``releases`` says so several in the order in which they were published."""
    if releases is None:
        return (_open_checked(uri, release, keys, filesystem, stacklevel + 1),)
    if release != LATEST:
        raise UsageError("release= and releases= do not go together; pass one of them")
    found = find_releases(locate(str(uri), filesystem), releases, _open_keys(keys))
    warn_of_withheld(found[-1], stacklevel + 1)
    return found


def _open_keys(keys: Keys) -> ReaderKeys:
    return keys if isinstance(keys, ReaderKeys) else ReaderKeys.open(Path(keys))


def _open_checked(uri: str, release: str, keys: Keys, filesystem: Any | None, stacklevel: int) -> Release:
    home, opened = locate(str(uri), filesystem), _open_keys(keys)
    found = find_week(home, release, opened) if is_weeks(release) else find_release(home, release, opened)
    warn_of_withheld(found, stacklevel + 1)
    return found
