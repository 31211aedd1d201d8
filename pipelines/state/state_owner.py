"""Owner of a private state: the key set that made it. Two key sets never share a state, nor a ledger."""

import json

from schemas.errors import FailedError, RefusedError
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest
from transforms.object_store.interface import ObjectStore

OWNER = "owner.json"
_PURPOSE = "state-owner"


def record_owner(store: ObjectStore, keys: KeySet) -> None:
    """Record the key set as the owner of the state at ``store``, unless it has one."""
    mark = keyed_digest(keys.derive(KeyRole.TRANSIT, _PURPOSE), _PURPOSE.encode())
    store.put_if_absent(OWNER, json.dumps({"owner": mark}).encode())


def is_owner(content: bytes, keys: KeySet, shown: str) -> bool:
    """Check whether a record names the key set, as it is or as it was before a rotation.

    Raises ``FailedError``, naming ``shown``, where the record is damaged.
    """
    try:
        mark = json.loads(content)["owner"]
    except (ValueError, KeyError, TypeError):
        raise FailedError(f"{shown} is damaged; restore private state") from None
    derived = keys.derivations(KeyRole.TRANSIT, _PURPOSE)
    return mark in [keyed_digest(key, _PURPOSE.encode()) for key in derived]


def check_owner(store: ObjectStore, keys: KeySet) -> None:
    """Raise ``RefusedError`` if the state at ``store`` belongs to another key set; nothing else of it was read."""
    seen = store.get(OWNER)
    if seen is not None and not is_owner(seen.content, keys, f"{store.uri}/{OWNER}"):
        raise RefusedError(
            f"the private state {store.uri} belongs to another key set; nothing was read or changed. Pass the key set "
            "that it belongs to with --keys, or another state with --state"
        )
