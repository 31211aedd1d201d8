"""A sealed release in a second place: the same bytes, so that its noise is drawn once."""

import shutil

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from transforms.store.durable import locked, make_folders, replacing
from transforms.store.layout import ReleaseLayout
from transforms.store.manifest import Manifest
from transforms.store.publish import announce, sealed_release


def copy_release(source: ReleaseLayout, target: ReleaseLayout, signing: Ed25519PrivateKey) -> Manifest | None:
    """Copy a release, its manifest last, and make it current; return ``None`` where ``source`` holds none.

    Safe to repeat after a crash. Raises ``FailedError`` where a file of the source was altered.
    """
    verifying = signing.public_key()
    if sealed_release(str(source.output), source.dataset, source.release_id, verifying) is None:
        return None
    files = sorted(path for path in source.folder.rglob("*") if path.is_file() and path != source.manifest)
    make_folders(target.folder)
    with locked(target.home):
        for path in (*files, source.manifest):
            place = target.folder / path.relative_to(source.folder)
            make_folders(place.parent)
            with path.open("rb") as original, replacing(place) as copy:
                shutil.copyfileobj(original, copy)
    announce(target, signing)
    return sealed_release(str(target.output), target.dataset, target.release_id, verifying)
