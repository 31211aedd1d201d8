"""What was found in a text, kept for the next time it is met: labels of interfaces return in every session.

Lines are judged alone (``docs/adr/0008-a-text-is-judged-alone.md``), so a remembered answer is the answer. What is kept
is a digest under a key of this process and spans: no text, and nothing by which another process could test a guess.
"""

import secrets
from collections import OrderedDict
from hashlib import blake2b

from schemas.entities import Span

_MOST = 60_000
"""Texts remembered: some 18 MB."""
_DIGEST_BYTES = 16


class Memory:
    """The spans of texts; the text that was met longest ago is forgotten first."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, tuple[Span, ...]] = OrderedDict()

    def name(self, text: str) -> bytes:
        """Return what ``text`` is remembered by."""
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES, key=self._key).digest()

    def recall(self, name: bytes) -> tuple[Span, ...] | None:
        """Return the spans of the text of this name; None where none are known."""
        spans = self._known.get(name)
        if spans is not None:
            self._known.move_to_end(name)
        return spans

    def keep(self, name: bytes, spans: tuple[Span, ...]) -> None:
        """Remember the spans of the text of this name."""
        self._known[name] = spans
        if len(self._known) > self._most:
            self._known.popitem(last=False)
