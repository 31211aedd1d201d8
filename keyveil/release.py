"""A release whose manifest was verified, and the tables in it."""

import hashlib
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from keyveil.location import Location
from keyveil.records import Episode
from keyveil.shards.session_index import SessionIndex
from keyveil.shards.verified_shards import ShardDecoder, dataset_of, fragment_of
from schemas.errors import FailedError, RefusedError, UsageError
from schemas.safe import EVENTS_SCHEMA, SCHEMA_VERSION, SESSIONS_SCHEMA
from transforms.dataset.catalog import Catalog, read_catalog
from transforms.dataset.manifest import Manifest, ShardRecord, verify_manifest
from transforms.keys.reader_keys import ReaderKeys

LATEST = "latest"
CATALOG = "catalog.json"
MANIFEST = "manifest.dsse.json"
_RELEASES = "releases/"
_SCHEMAS = {"events": EVENTS_SCHEMA, "sessions": SESSIONS_SCHEMA}


class WithheldColumnsWarning(UserWarning):
    """The reader's key does not open some columns of the release."""


@dataclass(frozen=True, eq=False)
class Release:
    """One release: ``manifest`` is verified, the shards are when they are read."""

    folder: Location
    manifest: Manifest
    keys: ReaderKeys = field(repr=False)

    @property
    def is_readable(self) -> bool:
        """Return whether the reader holds the data key of the release and knows its format."""
        manifest = self.manifest
        holds = manifest.encryption == "none" or self.keys.data_key(manifest.data_key) is not None
        return holds and manifest.schema_version <= SCHEMA_VERSION

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables, ``events`` and ``sessions`` first, then ``aggregates/<query>``."""
        found = {shard.path.rpartition("/")[0] for shard in self.manifest.shards}
        return tuple(sorted(found, key=lambda name: (name.startswith("aggregates/"), name)))

    def shards(self, table: str) -> tuple[ShardRecord, ...]:
        """Return the files of a table in the order of the manifest; raise ``UsageError`` where there is none."""
        shards = tuple(s for s in self.manifest.shards if s.path.rpartition("/")[0] == table)
        if not shards:
            raise UsageError(f"{self.folder.shown} has no table {table}; choose from {', '.join(self.tables)}")
        return shards

    def schema(self, table: str) -> pa.Schema | None:
        """Return the columns of ``table`` that the reader's key opens; ``None`` for a table that no contract fixes."""
        schema = _SCHEMAS.get(table)
        if schema is None or self.manifest.encryption == "none":
            return schema
        return pa.schema(
            [
                column
                for column in schema
                if self.keys.opens(self.manifest.data_key, column.metadata[b"sensitivity"].decode())
            ]
        )

    def dataset(self, table: str = "events", *, tell_release: bool = False) -> ds.FileSystemDataset:
        """Return a table as a pyarrow dataset, with a column ``release`` on request; opens no shard yet."""
        told = self.manifest.release_id if tell_release else None
        return dataset_of(self.folder, self.shards(table), self._make_decoder(table), told)

    def session(self, name: str) -> Episode:
        """Read one session by its pseudonym; the first call reads which shard holds which session.

        Raises ``UsageError`` where the release has no such session.
        """
        index = self._index
        extent = index.extents[number := index.find(name)]
        return Episode(extent.session, extent.user, index.events(number), {}, self.manifest.release_id)

    def index(self, columns: Sequence[str]) -> SessionIndex:
        """Index the sessions for random access to these columns."""
        shards = self.shards("events")
        decoder = self._make_decoder("events")

        def open_shard(number: int) -> ds.ParquetFileFragment:
            return fragment_of(self.folder, shards[number], decoder)

        return SessionIndex(open_shard, len(shards), self.schema("events"), columns)

    @cached_property
    def _index(self) -> SessionIndex:
        schema: Any = self.schema("events")
        return self.index(schema.names)

    def fragments(self, shards: Iterable[ShardRecord]) -> Iterator[ds.ParquetFileFragment]:
        """Yield shards of the events, each read and verified when its turn comes, in memory."""
        decoder = self._make_decoder("events")
        for shard in shards:
            yield fragment_of(self.folder, shard, decoder)

    def _make_decoder(self, table: str) -> ShardDecoder:
        return ShardDecoder(self.schema(table), self.keys, sealed=self.manifest.encryption == "sealed")


def find_release(home: Location, release: str, keys: ReaderKeys) -> Release:
    """Return a release of the dataset at ``home``, or the release at ``home`` itself where that is a release's folder.

    Raises ``FailedError``, naming the file, where catalog or manifest were altered; ``UsageError`` where there is no
    such release; ``RefusedError`` where the keys are another data set's.
    """
    if not home.join(CATALOG).exists():
        if release == LATEST and home.join(MANIFEST).exists():
            return check_readable([_read_alone(home, keys)])[0]
        below = sorted(folder.shown for folder in home.folders() if folder.join(CATALOG).exists())
        hint = f"name a dataset in it: {', '.join(below)}" if below else "check the address"
        raise UsageError(f"{home.shown} holds no {CATALOG} and so is no dataset of keyveil; {hint}")
    catalog, keys = open_catalog(home, keys)
    return check_readable([read_listed(home, catalog, catalog.current if release == LATEST else release, keys)])[0]


def _read_alone(folder: Location, keys: ReaderKeys) -> Release:
    """Read a release by the address of its folder; the catalog of its dataset, if there is one, counts as elsewhere."""
    home = folder.above(2)
    name = folder.path.removeprefix(f"{home.path}/")
    if not (name.startswith(_RELEASES) and home.join(CATALOG).exists()):
        return _read_release(folder, None, keys)
    catalog, keys = open_catalog(home, keys)
    return read_listed(home, catalog, name.removeprefix(_RELEASES), keys)


def open_catalog(home: Location, keys: ReaderKeys) -> tuple[Catalog, ReaderKeys]:
    """Read and verify the catalog at ``home``; return it, and the keys with those of its history."""
    place = home.join(CATALOG)
    return read_catalog(place.read().to_pybytes(), place.shown, keys)


def read_listed(home: Location, catalog: Catalog, release: str, keys: ReaderKeys) -> Release:
    """Read and verify the manifest of a release of ``catalog``; needs no data key (see ``check_readable``)."""
    if not catalog.names(release):
        names = ", ".join(listed.release_id for listed in catalog.releases)
        raise UsageError(f"{home.shown} has no release {release}; choose from {names}")
    found = _read_release(home.join(f"releases/{release}"), catalog, keys)
    if found.manifest.release_id != release or found.manifest.dataset != catalog.dataset:
        raise FailedError(f"{found.folder.shown} holds another release than the catalog says; restore it")
    return found


def check_readable(releases: Sequence[Release]) -> tuple[Release, ...]:
    """Return releases that were chosen, once the reader holds the data key of each; raise ``RefusedError`` otherwise.

    The message names those that cannot be opened, and of several also how to read the others.
    """
    newer = next((found for found in releases if found.manifest.schema_version > SCHEMA_VERSION), None)
    if newer is not None:
        made = newer.manifest
        raise UsageError(
            f"{newer.folder.shown} has schema version {made.schema_version}, and this keyveil reads up to "
            f"{SCHEMA_VERSION}; install the keyveil that made it ({made.keyveil_version}), or a later build of it"
        )
    closed = [found for found in releases if not found.is_readable]
    if closed:
        names = ", ".join(found.folder.shown for found in closed)
        others = (
            ""
            if len(closed) == len(releases)
            else (
                "; or read the others: releases=[each.release_id for each in keyveil.describe(...) if each.is_readable]"
            )
        )
        raise RefusedError(
            f"{names} {'is' if len(closed) == 1 else 'are'} sealed under another data key than the reader's; ask its "
            f"owner for: keyveil keys export --role reader DIR -o FILE{others}"
        )
    return tuple(releases)


def check_same_columns(columns: Sequence[object]) -> None:
    """Raise ``UsageError`` where the columns of one release, as the reader's keys open them, differ from another's."""
    if any(other != columns[0] for other in columns):
        raise UsageError("the releases differ in the columns that the keys open; choose columns=, or open them alone")


def _read_release(folder: Location, catalog: Catalog | None, keys: ReaderKeys) -> Release:
    place = folder.join(MANIFEST)
    content = place.read().to_pybytes()
    manifest = verify_manifest(content, keys.verifying, place.shown)
    digest = hashlib.sha256(content).hexdigest()
    if catalog is not None and not catalog.lists(manifest.release_id, digest, manifest.supersedes):
        raise FailedError(f"{place.shown} is not the manifest that the catalog names; restore it")
    return Release(folder, manifest, keys)


def warn_of_withheld(release: Release, stacklevel: int) -> None:
    """Say once which columns of the events are absent because the reader's key does not open them."""
    schema: Any = release.schema("events")
    withheld = [name for name in EVENTS_SCHEMA.names if name not in schema.names]
    if withheld:
        warnings.warn(
            f"the reader's key opens no {', '.join(withheld)} of {release.folder.shown}: these columns are absent; "
            "ask the owner of the keys for an export with their classes if you need them",
            WithheldColumnsWarning,
            stacklevel=stacklevel + 1,
        )
