"""Place of the private state of a key set, which the key set records at its first use.

Without the record, a command that lacks ``--state`` would look for another state beside the key set, find none, and
begin a second ledger there.
"""

import json
import os
from pathlib import Path

from pipelines.state.private_state import PrivateState, holds_state, state_uri
from pipelines.state.state_owner import OWNER
from schemas.errors import RefusedError
from transforms.keys.key_set import EXPORTS, KeyReference
from transforms.keys.secret_files import read_secret, replace_secret
from transforms.object_store.addresses import is_bucket

STATE_PLACE = "state.json"
"""Record in the folder of a key set; it is no key and is not exported."""

_PLACE = "state"
_FOR_RUNS = ("pipeline", "bundle")


def record_place(private: PrivateState) -> None:
    """Record the place of a state in its key set, where it has none or that one was moved.

    Raises ``RefusedError`` where a second state would begin. A key set in Secret Manager, and one that may not be
    written to, record none.
    """
    folder = private.reference.folder
    if private.reference.is_managed or not os.access(folder, os.W_OK):
        return
    known = _read_place(folder)
    if known is not None and not _is_same(known, private.uri) and not _is_begun(private):
        raise RefusedError(
            f"the key set {folder} is used with the private state {known}, and a second one would begin in "
            f"{private.uri}, with a budget of its own; nothing was read or charged. Pass --state {known}, or the place "
            "to which it was moved; if it is lost for good, or this is a comparison whose releases nobody else sees, "
            f"remove {folder / STATE_PLACE} first"
        )
    if known is None or not (is_bucket(known) or Path(known).is_dir()):
        # beside the key set by its name alone, so that both may be moved together
        beside = Path(private.uri).parent == folder.parent
        place = Path(private.uri).name if beside else private.uri
        replace_secret(folder / STATE_PLACE, json.dumps({_PLACE: place}).encode() + b"\n")


def check_place(reference: KeyReference, state: str | None) -> None:
    """Raise ``RefusedError`` where, without ``--state``, another state than that of the key set would be taken."""
    if state is not None or reference.is_managed:
        return
    known = _read_place(reference.folder)
    if known is not None and not _is_same(known, state_uri(None, reference)):
        raise RefusedError(
            f"the key set {reference.folder} is used with the private state {known}; without it this would look at, "
            f"or begin, a second one, and nothing was read or changed. Pass --state {known}; if that state was moved, "
            "pass its new place"
        )
    if known is None and _is_copied(reference.folder) and not holds_state(Path(state_uri(None, reference))):
        raise RefusedError(
            f"the key set {reference.folder} was exported for runs elsewhere, and no private state is beside it: this "
            "would look at, or begin, a second one, and nothing was read or changed. Pass the --state of those runs or "
            "where it shall lie if there is none yet"
        )


def _is_copied(folder: Path) -> bool:
    """Return whether the record of a key set has an export for runs, which use a state of their own."""
    path = folder / EXPORTS
    if not path.exists():
        return False
    remedy = "restore it from the backup of the key set"
    try:
        return any(item["role"] in _FOR_RUNS for item in json.loads(read_secret(path, remedy))["exports"])
    except (ValueError, KeyError, TypeError):
        raise RefusedError(f"{path} is damaged; {remedy}") from None


def _is_same(place: str, other: str) -> bool:
    if is_bucket(place) or is_bucket(other):
        return place == other
    return Path(place).resolve() == Path(other).resolve()


def _is_begun(private: PrivateState) -> bool:
    return holds_state(private.folder) if not is_bucket(private.uri) else private.store.get(OWNER) is not None


def _read_place(folder: Path) -> str | None:
    """Read the record of a key set as a whole address; ``None`` where it has none."""
    path = folder / STATE_PLACE
    if not path.exists():
        return None
    remedy = "restore it from the backup of the key set, or remove it and pass --state to the next run"
    try:
        place = json.loads(read_secret(path, remedy))[_PLACE]
        return place if is_bucket(place) else str(folder.parent / place)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RefusedError(f"{path} is damaged; {remedy}") from None
