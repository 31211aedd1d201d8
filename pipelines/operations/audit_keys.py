"""Keys of whoever checks releases: a key set, a reader's key file, or the verifying key alone."""

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pipelines.preflight.state import open_state
from pipelines.state.private_state import PrivateState
from schemas.errors import RefusedError
from transforms.dataset.catalog import follow_signers
from transforms.dataset.layout import CATALOG
from transforms.dataset.signing import Verifying, holds, is_key_id, signer_id
from transforms.keys.key_set import KeyReference, KeySet
from transforms.keys.partial_secret import PartialSecret
from transforms.keys.reader_keys import ReaderKeys, read_verifying
from transforms.object_store.interface import ObjectStore


@dataclass(frozen=True, slots=True)
class AuditKeys:
    """Keys that verify, those that open rows (``None``: only signatures and hashes), and private state of a key set."""

    verifying: Verifying
    reader: ReaderKeys | None = None
    private: PrivateState | None = None

    @classmethod
    def open(cls, keys: str, state: str | None = None) -> "AuditKeys":
        """Open a ``.pem`` file, a reader's key file, or else a key set with its private state, ``state`` or beside it.

        Raises ``RefusedError`` where keys are missing or private state could have been changed by others.
        """
        path = Path(keys)
        if path.suffix == ".pem":
            return cls(read_verifying(path))
        if path.is_file() or path.suffix == ".json":  # a reader's file that is missing is not taken for a key set
            reader = ReaderKeys.open(path)
            # an export of some columns opens no table of counts, and rows are checked in all of their columns
            return cls(reader.verifying, None if isinstance(reader.data, PartialSecret) else reader)
        private = open_state(KeyReference.parse(keys), state)
        return cls(private.keys.verifying(), private.keys.reader(), private)


def open_verifying(keys: str) -> Verifying:
    """Open what verifies alone: of a key set too, whose private state then is not looked at."""
    path = Path(keys)
    if path.suffix in (".pem", ".json") or path.is_file():
        return AuditKeys.open(keys).verifying
    return KeySet.open(KeyReference.parse(keys)).verifying()


def find_signers(home: ObjectStore, trusted: Verifying) -> tuple[Ed25519PublicKey, ...]:
    """Find the keys that verify a dataset: those that were passed, and those that signed rotations connect with them.

    Raises ``RefusedError`` if none of them signed the catalog: then nothing can be said of the dataset.
    """
    held = trusted if isinstance(trusted, tuple) else (trusted,)
    seen = home.get(CATALOG)
    try:
        keyid = None if seen is None else json.loads(seen.content)["signature"]["keyid"]
    except (ValueError, KeyError, TypeError, RecursionError):
        keyid = None
    if seen is None or not is_key_id(keyid):
        return held  # whether the catalog was altered is a question of its own
    known = follow_signers(seen.content, held)
    if not holds(keyid, known):
        raise RefusedError(
            f"{home.uri} is signed by key {keyid}, to which no signed rotation leads from the passed key "
            f"{', '.join(signer_ids(held))}: nothing was checked. Either the output is another one, or was replaced, "
            "or put back to before a rotation, or the history of its catalog was altered: then do not use it. Or the "
            "passed key is another one: have the present public key (keys/signing.public.pem) handed to you by its "
            "owner and not with the output; if you have it, it is newer than the last release: pass the one of before "
            "the rotation until the next release"
        )
    return known


def signer_ids(verifying: Verifying) -> list[str]:
    """List the ids of verifying keys."""
    return [signer_id(key) for key in (verifying if isinstance(verifying, tuple) else (verifying,))]
