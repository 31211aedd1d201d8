"""Read what releases say of themselves from their signed manifests (``keyveil report``)."""

from pathlib import Path

from pipelines.operations.erase import find_layouts
from schemas.errors import UsageError
from transforms.dataset.layout import ReleaseLayout
from transforms.dataset.manifest import Manifest, verify_manifest
from transforms.dataset.signing import Verifying
from transforms.keys.key_set import KeyReference, KeySet
from transforms.keys.reader_keys import ReaderKeys, read_verifying
from transforms.object_store.addresses import normal_uri, open_store


def read_manifests(uri: str, keys: str) -> list[Manifest]:
    """Read the manifest of each release at an output, a dataset or a release; ``keys`` hold a verifying key.

    Raises ``UsageError`` where there is no release, ``FailedError`` where a manifest was altered. The files that it
    names are not looked at: that is ``keyveil verify``.
    """
    layouts = sorted(find_layouts(normal_uri(uri)), key=_by_dataset)
    if not layouts:
        raise UsageError(f"{uri} holds no release; name an output, a dataset or a release")
    verifying = _open_verifying(keys)
    return [_read(layout, verifying) for layout in layouts]


def _read(layout: ReleaseLayout, verifying: Verifying) -> Manifest:
    with open_store(layout.home).open(layout.manifest) as file:
        return verify_manifest(file.read(), verifying, layout.folder)


def _by_dataset(layout: ReleaseLayout) -> tuple[str, str]:
    return layout.dataset, layout.release_id


def _open_verifying(keys: str) -> Verifying:
    """Open the verifying keys of a key set, a reader's file or a PEM file."""
    path = Path(keys)
    if path.suffix == ".pem":
        return read_verifying(path)
    if path.is_file():
        return ReaderKeys.open(path).verifying
    return KeySet.open(KeyReference.parse(keys)).verifying()
