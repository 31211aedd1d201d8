"""Key sets as the code under test opens them."""

from pathlib import Path

from transforms.keys.key_set import KeyReference, KeySet


def opened(folder: Path) -> KeySet:
    return KeySet.open(KeyReference.parse(str(folder)))
