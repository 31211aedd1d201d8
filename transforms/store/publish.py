"""Making a staged release visible: files first, then the signed manifest, then the catalog.

A reader sees the old release or the new one, never half: what no signed manifest names does not exist. One dataset is
published by one process at a time (a lock on its folder).
"""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas.errors import FailedError
from schemas.safe import ShardEntry
from transforms.store.catalog import Catalog, read_catalog, sign_catalog
from transforms.store.durable import locked, make_folders, move, read, replacing
from transforms.store.layout import ReleaseLayout, release_layout
from transforms.store.manifest import Manifest, shard_records, sign_manifest, verify_manifest


def sealed_release(output: str, dataset: str, release_id: str, verifying: Ed25519PublicKey) -> Manifest | None:
    """Return the manifest of a release that is already there, or ``None``.

    Raises ``FailedError``, naming the file, where the manifest or one of its files is missing or altered.
    """
    layout = release_layout(output, dataset, release_id)
    if not layout.manifest.exists():
        return None
    return _verified(layout, verifying)


def publish(
    layout: ReleaseLayout, manifest: Manifest, entries: list[ShardEntry], signing: Ed25519PrivateKey
) -> Manifest:
    """Move ``entries`` from staging into the release, commit them by ``manifest``, and make it current.

    Safe to repeat after a crash at any point. Where another run has sealed the same release meanwhile, that one
    stands and is returned. Raises ``FailedError`` where a staged file is missing or is not what was signed.
    """
    if shard_records(entries) != manifest.shards or (manifest.dataset, manifest.release_id) != (
        layout.dataset,
        layout.release_id,
    ):
        raise FailedError("the manifest does not describe the files that were written; the release is not published")
    make_folders(layout.folder)
    with locked(layout.home):
        if not layout.manifest.exists():
            for entry in entries:
                target = layout.file(entry.path)
                make_folders(target.parent)
                _take_place(Path(entry.staged), target)
            _check_files(layout, manifest)
            with replacing(layout.manifest) as file:
                file.write(sign_manifest(manifest, signing))
        sealed = _verified(layout, signing.public_key())
        _announce(layout, signing)
    return sealed


def announce(layout: ReleaseLayout, signing: Ed25519PrivateKey) -> None:
    """Put a sealed release into the catalog where a crash came between; does nothing where it is there."""
    with locked(layout.home):
        _announce(layout, signing)


def _announce(layout: ReleaseLayout, signing: Ed25519PrivateKey) -> None:
    current = read_catalog(layout.catalog, layout.dataset, signing.public_key())
    catalog = current or Catalog(0, layout.dataset, (), "")
    if not catalog.names(layout.release_id):
        digest = hashlib.sha256(read(layout.manifest)).hexdigest()
        with replacing(layout.catalog) as file:
            file.write(sign_catalog(catalog.with_release(layout.release_id, digest), signing))


def _verified(layout: ReleaseLayout, verifying: Ed25519PublicKey) -> Manifest:
    manifest = verify_manifest(read(layout.manifest), verifying, str(layout.manifest))
    if (manifest.dataset, manifest.release_id) != (layout.dataset, layout.release_id):
        raise FailedError(f"{layout.manifest} belongs to another release; do not use it, restore it or run again")
    _check_files(layout, manifest)
    return manifest


def _check_files(layout: ReleaseLayout, manifest: Manifest) -> None:
    for shard in manifest.shards:
        path = layout.file(shard.path)
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                size = file.tell()
        except OSError:
            raise FailedError(f"{path} is missing or cannot be read; restore it or run again") from None
        if (digest, size) != (shard.sha256, shard.bytes):
            raise FailedError(f"{path} is not the file that the manifest signed; restore it or run again")


def _take_place(staged: Path, target: Path) -> None:
    if staged.exists():
        move(staged, target)
    elif not target.exists():
        raise FailedError("a staged shard is gone before it was published; run again with a fresh state folder")
