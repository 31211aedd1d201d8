"""Publication of a written release: files first, then the signed manifest, then the catalog.

A reader sees the old release or the new one, never half: what no signed manifest names does not exist. Every step is
create-only or compare-and-swap, so runs that publish at once do not disturb each other.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from operator import attrgetter
from pathlib import Path

from schemas.errors import FailedError
from schemas.safe import ShardEntry
from transforms.dataset.catalog import Catalog, parse_catalog, sign_catalog
from transforms.dataset.documents.render import attach_documents, write_documents
from transforms.dataset.layout import CATALOG, MANIFEST, ReleaseLayout, check_path
from transforms.dataset.manifest import Manifest, ShardRecord, shard_records, sign_manifest, verify_manifest
from transforms.dataset.place_shard import ShardPlacer
from transforms.dataset.signing import Verifying
from transforms.keys.key_set import KeySet
from transforms.object_store.atomic_files import PART
from transforms.object_store.interface import ObjectMetadata, ObjectStore
from transforms.object_store.parallel_reads import read_digest, read_each

_ATTEMPTS = 100
_FilesRead = Mapping[ShardRecord, ObjectMetadata]
"""Files that were read and are those of their records, as a listing from before the reading described them."""


def sealed_release(store: ObjectStore, layout: ReleaseLayout, verifying: Verifying) -> Manifest | None:
    """Verify a release that is already published and return its manifest, ``None`` if there is none.

    Raises ``FailedError``, naming the file, if the manifest or one of its files is missing or altered.
    """
    if not store.exists(layout.manifest):
        return None
    return _verify_release(store, layout, verifying, {})


def publish(
    store: ObjectStore,
    layout: ReleaseLayout,
    manifest: Manifest,
    entries: list[ShardEntry],
    keys: KeySet,
    *,
    before_commit: Callable[[], None] | None = None,
) -> Manifest:
    """Place ``entries`` in the release, commit them by ``manifest``, and make it current.

    ``before_commit`` is called when every file is in place and read back, right before the manifest is written; if it
    raises, nothing is published. Afterwards a file is read again only if the listing does not describe it as before.

    Safe to repeat after a crash at any point: a file of an earlier attempt is adopted if it holds the same rows. If
    another run has published the same release first, its manifest is returned. Raises ``FailedError`` if a file is
    missing or does not match its record.
    """
    if shard_records(entries) != manifest.shards or (manifest.dataset, manifest.release_id) != (
        layout.dataset,
        layout.release_id,
    ):
        raise FailedError("the manifest does not describe the files that were written; the release is not published")
    read: _FilesRead = {}
    if not store.exists(layout.manifest):
        placed = tuple(_place_shard(store, layout, entry, keys) for entry in entries)
        committed = attach_documents(replace(manifest, shards=tuple(sorted(placed, key=attrgetter("path")))))
        read = _check_files(store, layout, committed, read)
        write_documents(store, layout, committed)
        if before_commit is not None:
            before_commit()
        store.put_if_absent(layout.manifest, sign_manifest(committed, keys.signing_private()))
    sealed = _verify_release(store, layout, keys.verifying(), read)
    complete(store, layout, sealed, keys)
    return sealed


def complete(store: ObjectStore, layout: ReleaseLayout, sealed: Manifest, keys: KeySet) -> None:
    """Do what is left to do of a sealed release where a crash came between; does nothing where all is done."""
    write_documents(store, layout, sealed)
    announce(store, layout, keys)
    sweep_release(store, layout, sealed)


def announce(store: ObjectStore, layout: ReleaseLayout, keys: KeySet) -> None:
    """Put a sealed release into the catalog; does nothing where it is there."""
    digest = hashlib.sha256(_manifest_file(store, layout)).hexdigest()

    def add_release(catalog: Catalog) -> Catalog:
        return catalog if catalog.names(layout.release_id) else catalog.with_release(layout.release_id, digest)

    change_catalog(store, layout.dataset, keys, add_release)


def change_catalog(store: ObjectStore, dataset: str, keys: KeySet, change: Callable[[Catalog], Catalog]) -> None:
    """Apply ``change`` to the catalog by compare-and-swap, retrying when another run was faster.

    Raises ``FailedError`` if the catalog was altered, belongs to another dataset, or changes too fast.
    """
    shown, verifying = f"{store.uri}/{CATALOG}", keys.verifying()
    for _ in range(_ATTEMPTS):
        seen = store.get(CATALOG)
        current = Catalog(0, dataset, (), "") if seen is None else parse_catalog(seen.content, shown, verifying)
        if current.dataset != dataset:
            raise FailedError(f"{shown} is the catalog of another dataset; restore it, or pass another output")
        changed = change(current)
        if changed == current:
            return
        signed = sign_catalog(replace(changed, history=keys.history()), keys.signing_private())
        if store.compare_and_swap(CATALOG, signed, None if seen is None else seen.version):
            return
    raise FailedError(f"{shown} changes too fast; stop other runs and run again")


def _place_shard(store: ObjectStore, layout: ReleaseLayout, entry: ShardEntry, keys: KeySet) -> ShardRecord:
    record = ShardRecord(check_path(entry.path), entry.rows, entry.bytes, entry.sha256)
    if not entry.staged:
        return record
    folder = layout.manifest.removesuffix(MANIFEST)
    return ShardPlacer(store, folder, layout.release_id, keys).place_once(record, Path(entry.staged))


def _verify_release(store: ObjectStore, layout: ReleaseLayout, verifying: Verifying, read: _FilesRead) -> Manifest:
    shown = f"{store.uri}/{layout.manifest}"
    manifest = verify_manifest(_manifest_file(store, layout), verifying, shown)
    if (manifest.dataset, manifest.release_id) != (layout.dataset, layout.release_id):
        raise FailedError(f"{shown} belongs to another release; do not use it, restore it or run again")
    _check_files(store, layout, manifest, read)
    return manifest


def _manifest_file(store: ObjectStore, layout: ReleaseLayout) -> bytes:
    with store.open(layout.manifest) as file:
        return file.read()


def _check_files(store: ObjectStore, layout: ReleaseLayout, manifest: Manifest, read: _FilesRead) -> _FilesRead:
    """Read every file that is not as it was when it was ``read``; return how the files are described now.

    Raises ``FailedError`` unless each matches the manifest.
    """
    listed = store.list_metadata()
    now = {shard: listed[name] for shard in manifest.shards if (name := layout.file(shard.path)) in listed}
    unread = [shard for shard in manifest.shards if shard not in now or read.get(shard) != now[shard]]
    names = [layout.file(shard.path) for shard in unread]
    for shard, name, found in zip(unread, names, read_each(partial(read_digest, store), names), strict=True):
        if found != (shard.sha256, shard.bytes):
            raise FailedError(f"{store.uri}/{name} is not the file that the manifest signed; restore it or run again")
    return now


def sweep_release(store: ObjectStore, layout: ReleaseLayout, sealed: Manifest) -> None:
    """Remove leftovers of stopped attempts: unfinished files, and shards that the manifest does not name.

    An unfinished file that is seen after the store was tidied belongs to a writer at work, who needs it.
    """
    store.tidy()
    named = {layout.file(shard.path) for shard in sealed.shards} | {layout.manifest}
    named |= {layout.document(record.path) for record in sealed.documents}
    folder = layout.manifest.rpartition("/")[0]
    for name in store.names():
        if name.startswith(f"{folder}/") and name not in named and not name.endswith(PART):
            store.delete(name)
