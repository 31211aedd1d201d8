"""Private state of a key set: opened once a command and passed down, instead of its address and that of the keys."""

import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.state.bucket_ledger import bucket_ledger
from pipelines.state.local_ledger import FILE_NAME, LedgerStore, LocalLedger
from pipelines.state.state_owner import OWNER, is_owner
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store.addresses import is_bucket, join_uri, open_store
from transforms.object_store.interface import ObjectStore

_DEFAULT = "keyveil-state"


@dataclass(frozen=True, slots=True)
class PrivateState:
    """An open key set and the state that belongs to it.

    ``uri`` is the address that all machines share: a bucket, or ``folder``. That is local, for spill and locks. Workers
    get ``reference`` and ``uri``, never the keys themselves.
    """

    reference: KeyReference
    keys: KeySet
    folder: Path
    uri: str

    @classmethod
    def of(cls, reference: KeyReference, state: str | None) -> "PrivateState":
        """Open the keys, and name their state, which is beside them unless ``state`` names it; reads nothing of it."""
        return cls(reference, KeySet.open(reference), state_folder(state, reference), state_uri(state, reference))

    @property
    def store(self) -> ObjectStore:
        """Return the store of all that outlives this machine."""
        return open_store(self.uri)

    @property
    def prefilters(self) -> Path:
        """Return the local folder of compiled prefilters; it may be deleted at any time."""
        return self.folder / "prefilters"

    def address(self, name: str) -> str:
        """Return the address of a part, for workers."""
        return join_uri(self.uri, name)

    def part(self, name: str) -> ObjectStore:
        """Open the store of a part."""
        return open_store(self.address(name))

    def open_ledger(self) -> LedgerStore:
        """Open the store of the ledger: a file, or an object in the bucket."""
        if is_bucket(self.uri):
            return bucket_ledger(self.uri)
        return LocalLedger(self.folder / "ledger" / FILE_NAME)


def state_folder(state: str | None, reference: KeyReference) -> Path:
    """Return the local folder of private state; where state is in a bucket, spill and locks lie beside the key set."""
    if reference.is_managed and (state is None or is_bucket(state)):
        return Path(os.environ.get("XDG_STATE_HOME", Path.home() / ".local" / "state")) / _DEFAULT
    if state is None or is_bucket(state):
        return _find_default(reference)
    return Path(state.removeprefix("file://")).absolute()


def holds_state(folder: Path) -> bool:
    """Check whether a local folder is a private state: it has an owner or a ledger."""
    return (folder / OWNER).exists() or (folder / "ledger").exists()


def _find_default(reference: KeyReference) -> Path:
    """Find the state beside a key set: ``keyveil-state``, or one with its name where that is another key set's.

    ``keys`` and ``keys-2`` in one folder: ``keyveil-state`` is of the first that ran, ``keyveil-state-keys-2`` of the
    other.
    """
    shared = (reference.folder.parent / _DEFAULT).absolute()
    try:
        content = (shared / OWNER).read_bytes()
    except OSError:
        return shared
    is_ours = is_owner(content, KeySet.open(reference), str(shared / OWNER))
    return shared if is_ours else shared.with_name(f"{_DEFAULT}-{reference.folder.name}")


def state_uri(state: str | None, reference: KeyReference) -> str:
    """Return the address that all machines share: the bucket, if state is in a bucket, else the local folder."""
    if state is not None and is_bucket(state):
        return state.rstrip("/")
    return str(state_folder(state, reference))
