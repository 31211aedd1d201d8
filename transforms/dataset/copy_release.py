"""Copy of a sealed release to another output: the same bytes, so that its noise is drawn once."""

from transforms.dataset.layout import MANIFEST, ReleaseLayout
from transforms.dataset.manifest import Manifest
from transforms.dataset.publish import announce, sealed_release
from transforms.keys.key_set import KeySet
from transforms.object_store.addresses import open_store
from transforms.object_store.interface import put


def copy_release(source: ReleaseLayout, target: ReleaseLayout, keys: KeySet) -> Manifest | None:
    """Copy a release, its manifest last, and make it current; return ``None`` if ``source`` holds none.

    Safe to repeat after a crash. Raises ``FailedError`` if a file of the source was altered.
    """
    origin, store = open_store(source.home), open_store(target.home)
    if sealed_release(origin, source, keys.verifying()) is None:
        return None
    folder = source.manifest.removesuffix(MANIFEST)
    names = [name for name in origin.names() if name.startswith(folder) and name != source.manifest]
    for name in (*names, source.manifest):
        with origin.open(name) as file:
            put(store, name, file.read())
    announce(store, target, keys)
    return sealed_release(store, target, keys.verifying())
