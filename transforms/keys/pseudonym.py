"""Keyed names and keyed digests: nobody without the key can confirm a guess."""

import base64
import hmac
from collections.abc import Iterator

from schemas.ids import Pseudonym

_CHARACTERS = 26


def frame_parts(*parts: bytes | memoryview) -> Iterator[bytes | memoryview]:
    """Yield each part behind its length (8 bytes, big-endian): different lists never give the same bytes."""
    for part in parts:
        yield len(part).to_bytes(8, "big")
        yield part


def _digest(key: bytes, *parts: bytes | memoryview) -> bytes:
    mac = hmac.new(key, digestmod="sha256")
    for piece in frame_parts(*parts):
        mac.update(piece)
    return mac.digest()


def keyed_digest(key: bytes, *parts: bytes | memoryview) -> str:
    """Return HMAC-SHA256 over the framed ``parts`` as 64 hex digits."""
    return _digest(key, *parts).hex()


def pseudonym(key: bytes, kind: str, identity: str, episode: int = 0) -> Pseudonym:
    """Return 26 lower-case base32 characters (130 bits) that name ``identity`` under ``key``.

    ``kind`` keeps a session and a user of one name apart, ``episode`` the parts of a session that was cut.
    """
    digest = _digest(key, b"pseudonym", kind.encode(), identity.encode("utf-8", "surrogatepass"), b"%d" % episode)
    return Pseudonym(base64.b32encode(digest).decode().lower()[:_CHARACTERS])
