"""Key sets as the code under test opens them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.preflight.state_place import STATE_PLACE
from transforms.keys.key_set import KeyReference, KeySet, create_key_set


def opened(folder: Path) -> KeySet:
    return KeySet.open(KeyReference.parse(str(folder)))


def make_reference(folder: Path) -> KeyReference:
    """Make a key set in a new folder."""
    create_key_set(folder)
    return KeyReference.parse(str(folder))


@contextmanager
def forget_state(folder: Path) -> Iterator[None]:
    """Let a key set begin another private state for the block, as for a comparison of two runs."""
    record = folder / STATE_PLACE
    known = record.read_bytes() if record.exists() else None
    record.unlink(missing_ok=True)
    yield
    if known is not None:
        record.write_bytes(known)
