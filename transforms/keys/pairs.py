"""Key pairs as two PEM files: a process that needs one half need not hold the other."""

from collections.abc import Callable
from pathlib import Path

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
from transforms.keys.files import read_secret, write_secret

_REMEDY = "restore it from a backup, or make a new key set with: keyveil keys init DIR"
_DAMAGED = "is damaged or its halves are no pair; restore the key set from a backup"


def write_pair(folder: Path, role: str, private: X25519PrivateKey | Ed25519PrivateKey) -> None:
    """Write both halves, each into a 0600 file of its own."""
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    write_secret(_private(folder, role), secret)
    write_secret(_public(folder, role), public)


def read_quarantine_public(folder: Path) -> X25519PublicKey:
    """Return the key that seals; raise ``RefusedError`` where it is missing or damaged."""
    public = _load(_public(folder, "quarantine"), load_pem_public_key)
    if not isinstance(public, X25519PublicKey):
        raise RefusedError(f"the quarantine key {_DAMAGED}")
    return public


def read_quarantine_private(folder: Path, public: X25519PublicKey) -> X25519PrivateKey:
    """Return the key that opens what ``public`` sealed; raise ``RefusedError`` where it is missing or another's."""
    private = _load(_private(folder, "quarantine"), _load_private)
    if not isinstance(private, X25519PrivateKey) or private.public_key() != public:
        raise RefusedError(f"the quarantine key {_DAMAGED}")
    return private


def read_signing_public(folder: Path) -> Ed25519PublicKey:
    """Return the key that verifies; raise ``RefusedError`` where it is missing or damaged."""
    public = _load(_public(folder, "signing"), load_pem_public_key)
    if not isinstance(public, Ed25519PublicKey):
        raise RefusedError(f"the signing key {_DAMAGED}")
    return public


def read_signing_private(folder: Path, public: Ed25519PublicKey) -> Ed25519PrivateKey:
    """Return the key that signs what ``public`` verifies; raise ``RefusedError`` where it is missing or another's."""
    private = _load(_private(folder, "signing"), _load_private)
    if not isinstance(private, Ed25519PrivateKey) or private.public_key() != public:
        raise RefusedError(f"the signing key {_DAMAGED}")
    return private


def _load_private(pem: bytes) -> object:
    return load_pem_private_key(pem, password=None)


def _load(path: Path, parse: Callable[[bytes], object]) -> object:
    """Return the key in a file, or ``None`` where the file is damaged."""
    pem = read_secret(path, _REMEDY)
    try:
        return parse(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None


def _private(folder: Path, role: str) -> Path:
    return folder / f"{role}.private.pem"


def _public(folder: Path, role: str) -> Path:
    return folder / f"{role}.public.pem"
