"""Addresses of private state: beside the key set unless named."""

import os
from pathlib import Path

from pipelines.state.local_ledger import FILE_NAME, LedgerStore, LocalLedger
from transforms.keys.key_set import KeyReference
from transforms.object_store.addresses import is_bucket

_DEFAULT = "keyveil-state"


def state_folder(state: str | None, reference: KeyReference) -> Path:
    """Return the local folder of private state; where state is in a bucket, spill and locks lie beside the key set."""
    if reference.is_managed and (state is None or is_bucket(state)):
        return Path(os.environ.get("XDG_STATE_HOME", Path.home() / ".local" / "state")) / _DEFAULT
    if state is None or is_bucket(state):
        return (reference.folder.parent / _DEFAULT).absolute()
    return Path(state.removeprefix("file://")).absolute()


def open_ledger_store(state: str | None, reference: KeyReference) -> LedgerStore:
    """Open the store of a key set's ledger."""
    if state is not None and is_bucket(state):
        from pipelines.state.gcs_ledger import bucket_ledger  # noqa: PLC0415 - the client takes a second to import

        return bucket_ledger(state)
    return LocalLedger(state_folder(state, reference) / "ledger" / FILE_NAME)


def state_uri(state: str | None, reference: KeyReference) -> str:
    """Return the address that all machines share: the bucket, if state is in a bucket, else the local folder."""
    if state is not None and is_bucket(state):
        return state.rstrip("/")
    return str(state_folder(state, reference))


def prefilter_folder(state: Path) -> Path:
    """Return the folder of compiled prefilters below local private state; it may be deleted at any time."""
    return state / "prefilters"
