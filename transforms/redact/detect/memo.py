"""A cache of detection results: interface labels return in every session.

Each line is judged on its own (``docs/adr/0008-a-text-is-judged-alone.md``), so a cached result is always valid. The
cache holds spans under a digest keyed for this process: no text, and nothing that lets another process test a guess.
"""

import secrets
from collections import OrderedDict
from hashlib import blake2b

from schemas.entities import Span

_MOST = 60_000
"""Most texts in the cache: some 18 MB."""
_DIGEST_BYTES = 16


class SpanCache:
    """A least-recently-used cache of spans by text."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, tuple[Span, ...]] = OrderedDict()

    def name(self, text: str) -> bytes:
        """Compute the cache key of ``text``."""
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES, key=self._key).digest()

    def recall(self, name: bytes) -> tuple[Span, ...] | None:
        """Return the cached spans under ``name``, or None."""
        spans = self._known.get(name)
        if spans is not None:
            self._known.move_to_end(name)
        return spans

    def keep(self, name: bytes, spans: tuple[Span, ...]) -> None:
        """Cache the spans under ``name``, evicting the oldest entry when full."""
        self._known[name] = spans
        if len(self._known) > self._most:
            self._known.popitem(last=False)
