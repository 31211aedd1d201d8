"""Pseudonyms and keyed digests: without the key no guess can be confirmed."""

import base64
import hmac
from collections.abc import Iterator

from schemas.ids import Pseudonym

_CHARACTERS = 26


def frame_parts(*parts: bytes | memoryview) -> Iterator[bytes | memoryview]:
    """Yield each part after its length (8 bytes, big-endian), so that different lists give different bytes."""
    for part in parts:
        yield len(part).to_bytes(8, "big")
        yield part


def _digest(key: bytes, *parts: bytes | memoryview) -> bytes:
    mac = hmac.new(key, digestmod="sha256")
    for piece in frame_parts(*parts):
        mac.update(piece)
    return mac.digest()


def keyed_digest(key: bytes, *parts: bytes | memoryview) -> str:
    """Compute HMAC-SHA256 over the framed ``parts``, as 64 hex digits."""
    return _digest(key, *parts).hex()


def pseudonym(key: bytes, kind: str, identity: str, episode: int = 0) -> Pseudonym:
    """Compute the pseudonym of ``identity`` under ``key``: 26 lower-case base32 characters (130 bits).

    ``kind`` separates sessions from users, ``episode`` the parts of a session that was split.
    """
    digest = _digest(key, b"pseudonym", kind.encode(), identity.encode("utf-8", "surrogatepass"), b"%d" % episode)
    return Pseudonym(base64.b32encode(digest).decode().lower()[:_CHARACTERS])
