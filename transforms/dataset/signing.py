"""Signed JSON documents: DSSE v1 envelopes over canonical JSON, Ed25519.

Source: DSSE v1.0.2, protocol.md (pre-authentication encoding, envelope). A verifier here is stricter than the protocol:
an envelope must equal the bytes that ``sign`` would write, so that no bit of the file can change unnoticed.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeGuard

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas.errors import FailedError

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

Verifying = Ed25519PublicKey | tuple[Ed25519PublicKey, ...]
"""The current verifying key, or that key and the retired ones, which verify older documents."""

_KEY_ID_DIGITS = 16
_KEY_ID = re.compile(rf"[0-9a-f]{{{_KEY_ID_DIGITS}}}")


def canonical_json(value: Json) -> bytes:
    """Serialize ``value`` as JSON with sorted keys, no spaces, ASCII only; raise ``ValueError`` for NaN or infinity."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def pae(payload_type: str, payload: bytes) -> bytes:
    """Encode the bytes to sign: type and payload, each after its length (DSSE pre-authentication encoding).

    >>> pae("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def signer_id(public: Ed25519PublicKey) -> str:
    """Compute the id of a verifying key: the first 16 hex digits of the SHA-256 of its raw bytes."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:_KEY_ID_DIGITS]


def sign(document: Json, payload_type: str, private: Ed25519PrivateKey) -> bytes:
    """Sign ``document``; return the canonical bytes of its DSSE envelope, which are deterministic as Ed25519 is."""
    payload = canonical_json(document)
    signature = private.sign(pae(payload_type, payload))
    return _envelope(payload_type, payload, signer_id(private.public_key()), signature)


def verifier(keyid: str, verifying: Verifying) -> Ed25519PublicKey:
    """Find the verifying key with id ``keyid``; raise ``KeyError`` if there is none."""
    held = verifying if isinstance(verifying, tuple) else (verifying,)
    return {signer_id(public): public for public in held}[keyid]


def holds(keyid: str, verifying: Verifying) -> bool:
    """Return whether the verifying key of an id is among those that are held."""
    try:
        verifier(keyid, verifying)
    except KeyError:
        return False
    return True


def find_signer(envelope: bytes) -> str | None:
    """Find the id of the key that an envelope says it was signed by; ``None`` if it says none.

    What is no id is nobody's: it is not verified yet, and errors show it.
    """
    try:
        keyid = json.loads(envelope)["signatures"][0]["keyid"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return keyid if is_key_id(keyid) else None


def is_key_id(value: object) -> TypeGuard[str]:
    """Return whether a value has the form of the id of a verifying key."""
    return isinstance(value, str) and _KEY_ID.fullmatch(value) is not None


def verify(envelope: bytes, payload_type: str, verifying: Verifying, name: str) -> Json:
    """Verify ``envelope`` and return its document.

    Raises ``FailedError``, naming ``name``, if it is no envelope, has another type, was signed by another key, or
    differs in one bit from the canonical form.
    """
    try:
        outer = json.loads(envelope)
        payload = base64.b64decode(outer["payload"], validate=True)
        signature = base64.b64decode(outer["signatures"][0]["sig"], validate=True)
        public = verifier(outer["signatures"][0]["keyid"], verifying)
        exact = _envelope(payload_type, payload, signer_id(public), signature) == envelope
        public.verify(signature, pae(payload_type, payload))
        document: Json = json.loads(payload)
        exact = exact and canonical_json(document) == payload
    except (ValueError, KeyError, IndexError, TypeError, RecursionError, InvalidSignature):
        exact = False
    if not exact:
        raise FailedError(f"{name} was altered or signed by another key{_explain(envelope, verifying)}")
    return document


def _explain(envelope: bytes, verifying: Verifying) -> str:
    """Explain a failed verification: a document of before or after a rotation need not have been altered."""
    keyid = find_signer(envelope)
    if keyid is None or holds(keyid, verifying):
        return "; do not use it, restore it or run again"
    passed = ", ".join(map(signer_id, verifying if isinstance(verifying, tuple) else (verifying,)))
    return (
        f": it names key {keyid}, and no signed rotation leads there from the passed key {passed}. If the signing key "
        "was rotated, pass the public key of that time, or restore the catalog, which connects them; otherwise do not "
        "use it"
    )


def _envelope(payload_type: str, payload: bytes, keyid: str, signature: bytes) -> bytes:
    return canonical_json(
        {
            "payloadType": payload_type,
            "payload": base64.b64encode(payload).decode(),
            "signatures": [{"keyid": keyid, "sig": base64.b64encode(signature).decode()}],
        }
    )
