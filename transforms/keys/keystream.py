"""Keyed random bytes: equal keys and labels give equal streams on every machine."""

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

_COUNTER_START = bytes(16)


def keystream(key: bytes, label: bytes, length: int) -> bytes:
    """Generate ``length`` bytes that look uniform without ``key``.

    HMAC-SHA256(key, label) is the key of one AES-256-CTR stream, so labels never share a keystream; a shorter request
    is a prefix of a longer one.
    """
    if not length:
        return b""
    stream_key = hmac.digest(key, label, "sha256")
    return Cipher(AES256(stream_key), CTR(_COUNTER_START)).encryptor().update(bytes(length))
