"""Key pairs as two PEM files, so that a process holds only the half that it needs."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from schemas.errors import RefusedError
from transforms.keys.secret_files import read_secret, write_secret

Private = X25519PrivateKey | Ed25519PrivateKey
Public = X25519PublicKey | Ed25519PublicKey

_Key = TypeVar("_Key")
_REMEDY = "restore it from a backup, or create a new key set with: keyveil keys init DIR"
_DAMAGED = "is damaged or its halves do not match; restore the key set from a backup"


def write_pair(folder: Path, role: str, private: Private) -> None:
    """Write both halves, each into a 0600 file of its own."""
    write_secret(_private(folder, role), private_pem(private))
    write_secret(_public(folder, role), public_pem(private.public_key()))


def private_pem(private: Private) -> bytes:
    """Serialize a private key as PEM."""
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(public: Public) -> bytes:
    """Serialize a public key as PEM."""
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(public: Public) -> str:
    """Compute the id of a public key: the first 16 hex digits of the SHA-256 of its raw bytes."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def read_halves(folder: Path, role: str) -> tuple[Private, Public]:
    """Read both files of a pair, which may not match after a crash; raise ``RefusedError`` if one is damaged."""
    private, public = _load(_private(folder, role), _load_private), _load(_public(folder, role), load_pem_public_key)
    if not isinstance(private, Private) or not isinstance(public, Public):
        raise RefusedError(f"the {role} key {_DAMAGED}")
    return private, public


def read_quarantine_public(folder: Path) -> X25519PublicKey:
    """Read the sealing key of the quarantine; raise ``RefusedError`` if it is missing or damaged."""
    public = _load(_public(folder, "quarantine"), load_pem_public_key)
    if not isinstance(public, X25519PublicKey):
        raise RefusedError(f"the quarantine key {_DAMAGED}")
    return public


def read_quarantine_private(folder: Path, public: X25519PublicKey) -> X25519PrivateKey:
    """Read the private key of ``public``; raise ``RefusedError`` if it is missing or does not match."""
    private = _load(_private(folder, "quarantine"), _load_private)
    if not isinstance(private, X25519PrivateKey) or private.public_key() != public:
        raise RefusedError(f"the quarantine key {_DAMAGED}")
    return private


def read_signing_public(folder: Path) -> Ed25519PublicKey:
    """Read the verifying key; raise ``RefusedError`` if it is missing or damaged."""
    public = _load(_public(folder, "signing"), load_pem_public_key)
    if not isinstance(public, Ed25519PublicKey):
        raise RefusedError(f"the signing key {_DAMAGED}")
    return public


def read_signing_private(folder: Path, public: Ed25519PublicKey) -> Ed25519PrivateKey:
    """Read the signing key of ``public``; raise ``RefusedError`` if it is missing or does not match."""
    private = _load(_private(folder, "signing"), _load_private)
    if not isinstance(private, Ed25519PrivateKey) or private.public_key() != public:
        raise RefusedError(f"the signing key {_DAMAGED}")
    return private


def read_retired_verifying(folder: Path) -> tuple[Ed25519PublicKey, ...]:
    """Read the retired verifying keys, in order of file name."""
    names = sorted(folder.glob("signing.*.retired.public.pem"))
    found = [key for name in names if isinstance(key := _load(name, load_pem_public_key), Ed25519PublicKey)]
    return _complete(tuple(found), names, "signing")


def read_retired_quarantine(folder: Path) -> tuple[X25519PrivateKey, ...]:
    """Read the retired private keys of the quarantine, in order of file name."""
    names = sorted(folder.glob("quarantine.*.retired.private.pem"))
    found = [key for name in names if isinstance(key := _load(name, _load_private), X25519PrivateKey)]
    return _complete(tuple(found), names, "quarantine")


def _complete(found: tuple[_Key, ...], names: list[Path], role: str) -> tuple[_Key, ...]:
    if len(found) != len(names):
        raise RefusedError(f"a retired {role} key {_DAMAGED}")
    return found


def _load_private(pem: bytes) -> object:
    return load_pem_private_key(pem, password=None)


def _load(path: Path, parse: Callable[[bytes], object]) -> object:
    """Load the key in a file; return ``None`` if the file is damaged."""
    pem = read_secret(path, _REMEDY)
    try:
        return parse(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None


def _private(folder: Path, role: str) -> Path:
    return folder / f"{role}.private.pem"


def _public(folder: Path, role: str) -> Path:
    return folder / f"{role}.public.pem"
