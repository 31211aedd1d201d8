"""Read what a release says in its signed manifest (``keyveil report``), and whether it has a name (``pseudonym``)."""

from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.operations.audit_keys import find_signers
from pipelines.operations.sealed_releases import SealedRelease, by_window, require_releases
from schemas.errors import UsageError
from schemas.ids import Pseudonym
from transforms.dataset.codec import open_parquet
from transforms.dataset.manifest import Manifest, verify_manifest
from transforms.dataset.signing import Verifying
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import pseudonym
from transforms.object_store.addresses import normal_uri, open_store
from transforms.object_store.interface import ObjectStore


class ReleaseName(NamedTuple):
    """Pseudonym under the key of a release, and whether the release holds it."""

    name: Pseudonym
    is_there: bool


def read_manifests(store: ObjectStore, verifying: Verifying) -> list[Manifest]:
    """Read the manifest of each release in the store of an output, a dataset or a release, by dataset and days.

    Signed rotations of the signing key are followed. Raises ``UsageError`` where there is no release, ``RefusedError``
    where the passed key is not of the dataset, ``FailedError`` where a manifest was altered. The files that it names
    are not looked at: that is ``keyveil verify``.
    """
    releases = require_releases(store)
    homes = {found.home.uri: found.home for found in releases}
    signers = {uri: find_signers(home, verifying) for uri, home in homes.items()}
    return sorted((read_manifest(found, signers[found.home.uri]) for found in releases), key=by_window)


def read_manifest(found: SealedRelease, verifying: Verifying) -> Manifest:
    """Read the manifest of one release; raise ``FailedError`` where it was altered."""
    with found.home.open(found.layout.manifest) as file:
        return verify_manifest(file.read(), verifying, found.folder)


def find_name(address: str, kind: str, identity: str, keys: KeySet) -> ReleaseName:
    """Find the name of a ``user`` or ``session`` in the release at an address, under the current or an earlier key.

    A name that the release does not hold is that under the current key. Raises ``UsageError`` where there is not one
    release.
    """
    listed = require_releases(open_store(normal_uri(address)))
    if len(listed) != 1 or listed[0].folder != normal_uri(address):
        raise UsageError("--release must be the address of one release, which ends in /releases/ID; correct it")
    names = [pseudonym(key, kind, identity) for key in keys.derivations(KeyRole.PSEUDONYM, listed[0].layout.release_id)]
    held = _list_held(listed[0], kind, names, keys)
    return ReleaseName(held[0] if held else names[0], bool(held))


def _list_held(release: SealedRelease, column: str, names: list[Pseudonym], keys: KeySet) -> list[Pseudonym]:
    """List those of ``names`` that stand in a column of a release; its list of sessions is read first."""
    shards = read_manifest(release, keys.verifying()).shards
    for shard in sorted(shards, key=lambda item: item.path, reverse=True):
        path = release.layout.file(shard.path)
        shown = f"{release.home.uri}/{path}"
        with release.home.open(path) as file, open_parquet(file, keys.reader(), shown, dictionaries=False) as parquet:
            if parquet is None or column not in parquet.schema_arrow.names:
                continue
            found = parquet.read(columns=[column])[column]
            held = [name for name in names if pc.any(pc.equal(found, pa.scalar(str(name)))).as_py()]
            if held:
                return held
    return []
