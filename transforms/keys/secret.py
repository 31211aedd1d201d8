"""Symmetric secret with an id: its text form, keys derived from it, and streams of random bytes under a key."""

import base64
import binascii
import hmac
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from schemas.errors import RefusedError
from transforms.keys.pseudonym import frame_parts

_BYTES = 32
_FORM = 1
_LABEL = b"keyveil/1/derive"
_DAMAGED = "a key file of the key set is damaged; restore the folder from its backup"
_COUNTER_START = bytes(16)


@dataclass(frozen=True, slots=True)
class Secret:
    """Secret of 32 random bytes; ``key_id`` is computed from them, so a swapped or damaged file is detected."""

    role: str
    material: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """Compute the id, 16 hex digits of a keyed digest of a constant, which reveals nothing of the secret."""
        return hmac.digest(self.material, b"keyveil/1/key-id" + self.role.encode(), "sha256").hex()[:16]

    def derive(self, *info: str) -> bytes:
        """Derive 32 bytes for one purpose (HKDF-SHA256, RFC 5869; ``info`` is framed, so no two lists collide)."""
        purpose = b"".join(frame_parts(_LABEL, self.role.encode(), *(part.encode() for part in info)))
        return HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=purpose).derive(self.material)

    def holds(self, *_: str) -> bool:
        """Return true: every key can be derived from the secret itself."""
        return True

    def to_json(self) -> str:
        """Serialize the secret for ``from_json``."""
        text = base64.b64encode(self.material).decode()
        return json.dumps({"form": _FORM, "role": self.role, "key_id": self.key_id, "secret": text}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: bytes, role: str) -> "Secret":
        """Parse a secret of ``role``; raise ``RefusedError`` if the text is damaged or of another role."""
        try:
            form = json.loads(text)
            secret = cls(role, base64.b64decode(form["secret"], validate=True))
            sound = form["form"] == _FORM and form["role"] == role and form["key_id"] == secret.key_id
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise RefusedError(_DAMAGED) from None
        if not sound or len(secret.material) != _BYTES:
            raise RefusedError(_DAMAGED)
        return secret


def new_secret(role: str) -> Secret:
    """Generate a secret from the operating system's random source."""
    return Secret(role, secrets.token_bytes(_BYTES))


def keystream(key: bytes, label: bytes, length: int) -> bytes:
    """Generate ``length`` bytes that look uniform without ``key``.

    HMAC-SHA256(key, label) is the key of one AES-256-CTR stream, so labels never share a keystream; a shorter request
    is a prefix of a longer one.
    """
    if not length:
        return b""
    stream_key = hmac.digest(key, label, "sha256")
    return Cipher(AES256(stream_key), CTR(_COUNTER_START)).encryptor().update(bytes(length))
