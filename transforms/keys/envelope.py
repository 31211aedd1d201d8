"""Sealed values: under a shared key (AES-256-GCM), or to a public key (HPKE, RFC 9180)."""

import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from schemas.errors import FailedError

_FORM = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_CLOSED = "a sealed value does not open: it was altered, or sealed under another key or for another purpose"


def encrypt(key: bytes, payload: bytes, context: bytes) -> bytes:
    """Seal ``payload`` under the 32-byte ``key``; only the same ``context`` opens it again.

    The nonce is random: one key seals at most 2**32 values (NIST SP 800-38D, section 8.3).
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return b"".join((_FORM, nonce, AESGCM(key).encrypt(nonce, memoryview(payload).cast("B"), context)))


def decrypt(key: bytes, blob: bytes, context: bytes) -> bytes:
    """Open a value from ``encrypt``; raise ``FailedError`` if key, context or a bit of ``blob`` differs."""
    if blob[:1] != _FORM or len(blob) < len(_FORM) + _NONCE_BYTES + _TAG_BYTES:
        raise FailedError(_CLOSED)
    sealed = memoryview(blob).cast("B")[len(_FORM) :]
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except InvalidTag:
        raise FailedError(_CLOSED) from None


def decrypt_by_any(keys: Iterable[bytes], blob: bytes, context: bytes) -> bytes:
    """Open a value from ``encrypt`` under whichever of ``keys`` fits; after a rotation there are several.

    Raises ``FailedError`` if none of them opens it.
    """
    for key in keys:
        try:
            return decrypt(key, blob, context)
        except FailedError:
            continue
    raise FailedError(_CLOSED)


def seal(public: X25519PublicKey, payload: bytes, context: bytes) -> bytes:
    """Seal ``payload`` to a public key; the private key opens it, in the same ``context`` only."""
    return _FORM + _SUITE.encrypt(payload, public, info=context)


def unseal(private: X25519PrivateKey, blob: bytes, context: bytes) -> bytes:
    """Open a value from ``seal``; raise ``FailedError`` if key, context or a bit of ``blob`` differs."""
    if blob[:1] != _FORM:
        raise FailedError(_CLOSED)
    try:
        return _SUITE.decrypt(blob[len(_FORM) :], private, info=context)
    except (InvalidTag, ValueError):
        raise FailedError(_CLOSED) from None
