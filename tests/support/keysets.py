"""Key sets as the code under test opens them."""

from pathlib import Path

from transforms.keys.key_set import KeyReference, KeySet, create_key_set


def opened(folder: Path) -> KeySet:
    return KeySet.open(KeyReference.parse(str(folder)))


def make_reference(folder: Path) -> KeyReference:
    """Make a key set in a new folder."""
    create_key_set(folder)
    return KeyReference.parse(str(folder))
