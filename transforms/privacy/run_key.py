"""Run secret of one release: minted, stored wrapped until the release is sealed, then destroyed.

Whoever holds it can subtract the noise. It therefore never stands in pipeline options, logs or the clear, and while it
rests it is encrypted under a key that the key set derives.
"""

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import RefusedError
from transforms.keys.envelope import decrypt, encrypt
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import frame_parts
from transforms.keys.secret_files import read_secret, write_secret
from transforms.object_store.addresses import is_bucket, open_parent

_BYTES = 32
_REMEDY = "a destroyed run key cannot come back: start a new release, or set noise.run_key=derived for an audit"


@dataclass(frozen=True, slots=True)
class RunKeyReference:
    """Reference to the run secret of a release; contains no secret and may be sent to workers.

    ``wrapped`` is the path of the wrapped secret, or its address in a bucket; ``None`` where it is derived from the key
    set.
    """

    release_id: str
    wrapped: str | None


def mint(keys: KeySet, reference: RunKeyReference) -> bool:
    """Create the run secret of a release unless it exists: a retry before the seal draws the same noise.

    Returns whether it was created on this machine: then nobody has drawn from it before. Raises ``RefusedError`` where
    the file there is open to others, ``FailedError`` where it does not unwrap.
    """
    if reference.wrapped is None:
        return False
    minted = False
    blob = encrypt(_wrapping(keys, reference), secrets.token_bytes(_BYTES), reference.release_id.encode())
    if is_bucket(reference.wrapped):
        store, name = open_parent(reference.wrapped)
        store.put_if_absent(name, blob)
    elif not Path(reference.wrapped).exists():
        write_secret(Path(reference.wrapped), blob)
        minted = True
    run_secret(keys, reference)
    return minted


def run_secret(keys: KeySet, reference: RunKeyReference) -> bytes:
    """Read the 32-byte run secret; raise ``RefusedError`` if its file is missing or open to others."""
    if reference.wrapped is None:
        return keys.derive(KeyRole.NOISE, "run-key/derived", reference.release_id)
    return decrypt(_wrapping(keys, reference), _read(reference.wrapped), reference.release_id.encode())


def _read(wrapped: str) -> bytes:
    if not is_bucket(wrapped):
        return read_secret(Path(wrapped), _REMEDY)
    store, name = open_parent(wrapped)
    seen = store.get(name)
    if seen is None:
        raise RefusedError(f"{wrapped} is missing; {_REMEDY}")
    return seen.content


def noise_key(secret: bytes, plan_digest: bytes) -> bytes:
    """Derive the key of all draws under one plan: another sigma, clip or grid draws independent noise."""
    return hmac.digest(secret, b"".join(frame_parts(b"keyveil/1/noise", plan_digest)), "sha256")


def destroy(reference: RunKeyReference) -> None:
    """Overwrite and unlink the wrapped secret; do nothing if it is missing or derived.

    Copy-on-write storage and flash may keep old blocks, a bucket with versions (which the preflight refuses) the whole
    object: what they keep is ciphertext under the key set.
    """
    if reference.wrapped is None:
        return
    if is_bucket(reference.wrapped):
        store, name = open_parent(reference.wrapped)
        store.delete(name)
        return
    path = Path(reference.wrapped)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(os.fstat(descriptor).st_size))
        file.flush()
        os.fsync(descriptor)
    path.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _wrapping(keys: KeySet, reference: RunKeyReference) -> bytes:
    return keys.derive(KeyRole.NOISE, "run-key/wrap", reference.release_id)
