"""Rotation of one key of a key set; values under the old key stay readable and verifiable.

Old data, quarantine and pseudonym keys stay beside the new key as retired ones; of a signing key only the verifying
half stays, so that nobody signs with it again, and its signature on the key that replaces it (``key_history``).
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from schemas.errors import UsageError
from transforms.keys.key_history import hand_over
from transforms.keys.key_pairs import Private, fingerprint, private_pem, public_pem, read_halves
from transforms.keys.key_set import SECRET_ROLES, KeyReference, KeyRole, KeySet, read_generation
from transforms.keys.kms import KmsKey
from transforms.keys.pipeline_copy import check_original
from transforms.keys.secret import new_secret
from transforms.keys.secret_files import replace_secret


def rotate(directory: Path, role: KeyRole, data_key: KmsKey | None = None) -> str:
    """Replace the key of ``role`` by a fresh one, retire the old one, and return the new id.

    ``data_key`` moves the data key to KMS. A key that is in KMS already is rotated there.

    Safe to repeat after a crash: the old key is stored as retired before it is replaced, and a pair with halves that
    do not match is completed by the next rotation. Raises ``RefusedError`` if the key set is damaged, not private, or a
    copy.
    """
    KeySet.open(KeyReference.parse(str(directory)))
    check_original(directory, "keys are rotated")
    if data_key is not None and role is not KeyRole.DATA:
        raise UsageError("only the data key may be in KMS")
    return _rotate_secret(directory, role, data_key) if role in SECRET_ROLES else _rotate_pair(directory, role)


def _rotate_secret(directory: Path, role: KeyRole, data_key: KmsKey | None) -> str:
    place = directory / f"{role}.json"
    old = read_generation(place, role)
    if isinstance(old, KmsKey) and data_key is None:
        raise UsageError("the data key is in KMS: rotate it there, old versions keep opening old files")
    fresh = data_key or new_secret(role)
    replace_secret(directory / f"{role}.{old.key_id}.retired.json", old.to_json().encode())
    replace_secret(place, fresh.to_json().encode())
    return fresh.key_id


def _rotate_pair(directory: Path, role: KeyRole) -> str:
    private, public = read_halves(directory, role)
    old = fingerprint(public)
    replace_secret(directory / f"{role}.{old}.retired.public.pem", public_pem(public))
    fresh: Private = private
    if fingerprint(private.public_key()) == old:
        if role is KeyRole.QUARANTINE:
            replace_secret(directory / f"{role}.{old}.retired.private.pem", private_pem(private))
        fresh = X25519PrivateKey.generate() if role is KeyRole.QUARANTINE else _succeed(directory, private)
        replace_secret(directory / f"{role}.private.pem", private_pem(fresh))
    replace_secret(directory / f"{role}.public.pem", public_pem(fresh.public_key()))
    return fingerprint(fresh.public_key())


def _succeed(directory: Path, old: Private) -> Ed25519PrivateKey:
    """Make the next signing key, and keep the old one's signature on it; after a crash both are made again."""
    assert isinstance(old, Ed25519PrivateKey)  # noqa: S101 - the other role of a pair is the quarantine
    fresh = Ed25519PrivateKey.generate()
    statement = hand_over(old, fresh.public_key(), datetime.now(UTC).date().isoformat())
    place = directory / f"{KeyRole.SIGNING}.{fingerprint(old.public_key())}.retired.json"
    replace_secret(place, json.dumps(statement.to_json(), indent=1).encode() + b"\n")
    return fresh
