"""History of signing keys: each key signs its successor, so that whoever trusts one of them can know the others."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from transforms.keys.pseudonym import frame_parts

_FORM = b"keyveil/signing-key-succession/1"


@dataclass(frozen=True, slots=True)
class Succession:
    """Statement of a signing key on the key that replaces it: raw public keys, the UTC day, the old key's signature."""

    old: bytes
    new: bytes
    at: str
    signature: bytes = field(repr=False)

    def is_signed(self) -> bool:
        """Return whether the old key signed the statement."""
        try:
            Ed25519PublicKey.from_public_bytes(self.old).verify(
                self.signature, _statement_bytes(self.old, self.new, self.at)
            )
        except (InvalidSignature, ValueError):
            return False
        return True

    def to_json(self) -> dict[str, str]:
        """Convert the statement to JSON."""
        binary = {"old": self.old, "new": self.new, "sig": self.signature}
        return {"at": self.at, **{name: base64.b64encode(value).decode() for name, value in binary.items()}}

    @classmethod
    def from_json(cls, form: Mapping[str, str]) -> "Succession":
        """Parse a statement; raise ``ValueError``, ``KeyError`` or ``TypeError`` if it is none."""
        old, new, signature = (base64.b64decode(form[name], validate=True) for name in ("old", "new", "sig"))
        return cls(old, new, str(form["at"]), signature)


def hand_over(old: Ed25519PrivateKey, new: Ed25519PublicKey, at: str) -> Succession:
    """Sign with the old key that ``new`` replaces it on the UTC day ``at``."""
    raw = old.public_key().public_bytes_raw(), new.public_bytes_raw()
    return Succession(*raw, at, old.sign(_statement_bytes(*raw, at)))


def follow(trusted: Iterable[Ed25519PublicKey], history: Iterable[Succession]) -> tuple[Ed25519PublicKey, ...]:
    """Return the trusted keys and, behind them, every key that a chain of signed statements leads to.

    ``a`` is trusted, ``a`` signed ``b``, ``b`` signed ``c``: a, b, c. That ``x`` signed ``a`` makes nobody trust ``x``.
    """
    known = {key.public_bytes_raw(): key for key in trusted}
    left = [statement for statement in history if statement.is_signed()]
    while ready := [statement for statement in left if statement.old in known]:
        left = [statement for statement in left if statement.old not in known]
        for statement in ready:
            known.setdefault(statement.new, Ed25519PublicKey.from_public_bytes(statement.new))
    return tuple(known.values())


def list_earlier(known: Iterable[Ed25519PublicKey], history: Iterable[Succession]) -> tuple[Ed25519PublicKey, ...]:
    """Return the keys, and behind them those of a history that one of them vouches for, by signing the whole of it.

    ``b`` signed a document that lists "a signed b": whoever trusts ``b`` verifies what ``a`` signed before.
    """
    held = tuple(known)
    earlier = (Ed25519PublicKey.from_public_bytes(statement.old) for statement in history if statement.is_signed())
    return (*held, *(key for key in earlier if key not in held))


def _statement_bytes(old: bytes, new: bytes, at: str) -> bytes:
    return b"".join(frame_parts(_FORM, old, new, at.encode()))
