"""Erasure of one person's sessions from a sealed release, with a signed proof.

New files first, then the manifest that names them and not the old ones, then the catalog, then the old files go. Each
step may be repeated; a reader that holds the old manifest sees the old release until its files go.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import attrgetter

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import FailedError
from schemas.tally import ROWS, SESSIONS
from transforms.dataset.catalog import Catalog
from transforms.dataset.codec import FileHeader, encode, open_parquet
from transforms.dataset.coverage import count_coverage
from transforms.dataset.documents.render import attach_documents, write_documents
from transforms.dataset.layout import MANIFEST, ReleaseLayout
from transforms.dataset.manifest import ErasedFile, Erasure, Manifest, ShardRecord, sign_manifest, verify_manifest
from transforms.dataset.place_shard import ShardPlacer, naming_key
from transforms.dataset.publish import change_catalog, sweep_release
from transforms.dataset.settings import StoreSettings
from transforms.dataset.shards import canonical, shard_name
from transforms.keys.key_set import KeySet
from transforms.keys.reader_keys import ReaderKeys
from transforms.object_store.interface import ObjectStore, VersionedObject

_AGGREGATES = "aggregates are differentially private and stay as they are"


@dataclass(frozen=True, slots=True)
class FileRewrite:
    """File with rows of the erased person, and its remaining rows (``table`` is ``None`` if there are none)."""

    old: ShardRecord
    rows_left: int
    table: pa.Table | None
    header: FileHeader
    # coverage of the rows that go
    coverage: Counter[str]


@dataclass(frozen=True, slots=True)
class Eraser:
    """Eraser of the releases of one dataset."""

    store: ObjectStore
    keys: KeySet

    def find(self, layout: ReleaseLayout, names: frozenset[str]) -> list[FileRewrite]:
        """Find the files of a release that hold users ``names``; read every file, change nothing.

        Raises ``FailedError``, naming the file, if the manifest or a file was altered or its data key is missing.
        """
        manifest, _ = self._manifest(layout)
        return list(self._find_files(layout, manifest, names))

    def erase(
        self,
        layout: ReleaseLayout,
        names: frozenset[str],
        before_commit: Callable[[Erasure], None] = lambda _: None,
        mark: str | None = None,
    ) -> Erasure | None:
        """Erase users ``names`` from a release; return the proof that was signed, ``None`` if the release holds none.

        ``mark`` stands in the proof: who holds the key set can tell whose erasure it proves.
        ``before_commit`` is called with the proof right before the manifest that holds it is written. Files that the
        manifest does not name are removed.
        """
        manifest, seen = self._manifest(layout)
        found = list(self._find_files(layout, manifest, names))
        erasure = None
        if found:
            added = tuple(self._write(layout, manifest, item) for item in found if item.table is not None)
            erasure = Erasure(
                removed=tuple(ErasedFile(item.old.path, item.old.sha256) for item in found),
                added=tuple(ErasedFile(record.path, record.sha256) for record in added),
                aggregates=_AGGREGATES,
                at=datetime.now(UTC).date().isoformat(),
                mark=mark,
            )
            changed = attach_documents(
                replace(
                    _without(manifest, found, added),
                    supersedes=hashlib.sha256(seen.content).hexdigest(),
                    erasures=(*manifest.erasures, erasure),
                )
            )
            before_commit(erasure)
            if not self.store.compare_and_swap(
                layout.manifest, sign_manifest(changed, self.keys.signing_private()), seen.version
            ):
                raise FailedError(
                    f"{self.store.uri}/{layout.manifest} was changed by another run; run the erasure again"
                )
            write_documents(self.store, layout, changed)
        self.relist(layout)
        self.sweep(layout)
        return erasure

    def relist(self, layout: ReleaseLayout) -> None:
        """Update the catalog to the present manifest of the release."""
        _, seen = self._manifest(layout)
        digest = hashlib.sha256(seen.content).hexdigest()

        def relist(catalog: Catalog) -> Catalog:
            if any(listed.release_id == layout.release_id for listed in catalog.removed):
                return catalog
            if not catalog.names(layout.release_id):
                return catalog.with_release(layout.release_id, digest)
            return catalog.with_manifest(layout.release_id, digest)

        change_catalog(self.store, layout.dataset, self.keys, relist)

    def sweep(self, layout: ReleaseLayout) -> None:
        """Rewrite the documents of the release and remove every file that its manifest does not name."""
        manifest, _ = self._manifest(layout)
        write_documents(self.store, layout, manifest)
        sweep_release(self.store, layout, manifest)

    def _find_files(self, layout: ReleaseLayout, manifest: Manifest, names: frozenset[str]) -> Iterator[FileRewrite]:
        for shard in manifest.shards:
            if shard.path.startswith("aggregates/"):
                continue
            name = layout.file(shard.path)
            shown = f"{self.store.uri}/{name}"
            with self.store.open(name) as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != shard.sha256:
                    raise FailedError(f"{shown} is not the file that the manifest signed; restore it")
                file.seek(0)
                with open_parquet(file, self.keys.reader(), shown, dictionaries=False) as parquet:
                    assert parquet is not None  # noqa: S101 - the key set holds data keys
                    theirs = pc.is_in(parquet.read(columns=["user"])["user"], pa.array(sorted(names), pa.string()))
                    if not pc.any(theirs).as_py():
                        continue
                    yield _rewritten(shard, parquet.read(), theirs)

    def _write(self, layout: ReleaseLayout, manifest: Manifest, item: FileRewrite) -> ShardRecord:
        table = item.table
        folder, _, file = item.old.path.rpartition("/")
        settings = StoreSettings(encryption=manifest.encryption)
        content = memoryview(encode(table, item.header, settings, self._sealing(manifest)))
        path = f"{folder}/{shard_name(naming_key(self.keys, layout.release_id), int(file.partition('-')[0]), table)}"
        record = ShardRecord(path, item.rows_left, content.nbytes, hashlib.sha256(content).hexdigest())
        placer = ShardPlacer(self.store, layout.manifest.removesuffix(MANIFEST), layout.release_id, self.keys)
        return placer.place_once(record, content)

    def _sealing(self, manifest: Manifest) -> ReaderKeys:
        """Return keys whose current data key is that of the release, since one key opens one release."""
        reader = self.keys.reader()
        data = reader.data if manifest.data_key is None else reader.data_key(manifest.data_key)
        if data is None:
            raise FailedError("the key set does not hold the data key of a release; restore it from a backup")
        return replace(reader, data=data)

    def _manifest(self, layout: ReleaseLayout) -> tuple[Manifest, VersionedObject]:
        seen = self.store.get(layout.manifest)
        shown = f"{self.store.uri}/{layout.manifest}"
        if seen is None:
            raise FailedError(f"{shown} is missing; restore it or run again")
        return verify_manifest(seen.content, self.keys.verifying(), shown), seen


def _without(manifest: Manifest, found: list[FileRewrite], added: tuple[ShardRecord, ...]) -> Manifest:
    """Replace the files ``found`` by those ``added`` in the manifest, and recount rows, sessions and coverage."""
    gone = {item.old.path for item in found}
    shards = [shard for shard in manifest.shards if shard.path not in gone] + list(added)
    counts = dict(manifest.counts)
    for tally, folder in ((ROWS, "events/"), (SESSIONS, "sessions/")):
        counts[tally] = sum(shard.rows for shard in shards if shard.path.startswith(folder))
    for item in found:
        counts |= {name: counts[name] - number for name, number in item.coverage.items() if name in counts}
    return replace(manifest, counts=counts, shards=tuple(sorted(shards, key=attrgetter("path"))))


def _rewritten(shard: ShardRecord, table: pa.Table, theirs: pa.ChunkedArray) -> FileRewrite:
    """Drop the rows marked ``theirs``, and their dictionary entries with them."""
    left = table.filter(pc.invert(theirs))
    about = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    version = int(about["keyveil.schema_version"])
    header = FileHeader(about["keyveil.release_id"], about["keyveil.privacy_statement"], version)
    kept = canonical(left.combine_chunks()) if left.num_rows else None
    # sessions, and events of format 1, have no places and were not counted
    gone = count_coverage(table.filter(theirs)) if "place" in table.column_names else Counter()
    return FileRewrite(shard, left.num_rows, kept, header, gone)
