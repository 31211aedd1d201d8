"""A sealed release in a second place: the same bytes, so that its noise is drawn once."""

from transforms.dataset.layout import MANIFEST, ReleaseLayout
from transforms.dataset.manifest import Manifest
from transforms.dataset.publish import announce, sealed_release
from transforms.keys.key_set import KeySet
from transforms.object_store.addresses import open_place
from transforms.object_store.interface import Place


def copy_release(source: ReleaseLayout, target: ReleaseLayout, keys: KeySet) -> Manifest | None:
    """Copy a release, its manifest last, and make it current; return ``None`` where ``source`` holds none.

    Safe to repeat after a crash. Raises ``FailedError`` where a file of the source was altered.
    """
    origin, place = open_place(source.home), open_place(target.home)
    if sealed_release(origin, source, keys.verifying()) is None:
        return None
    folder = source.manifest.removesuffix(MANIFEST)
    names = [name for name in origin.names() if name.startswith(folder) and name != source.manifest]
    for name in (*names, source.manifest):
        with origin.opened(name) as file:
            _put(place, name, file.read())
    announce(place, target, keys.signing_private(), keys.verifying())
    return sealed_release(place, target, keys.verifying())


def _put(place: Place, name: str, content: bytes) -> None:
    """Write an object whatever lies there: an unfinished copy, or a shard of an attempt that was never sealed."""
    while not place.create(name, content):
        seen = place.seen(name)
        if seen is not None and (seen.content == content or place.swap(name, content, seen.version)):
            return
