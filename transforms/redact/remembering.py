"""What a model said of a line, kept for the next time it is met: labels of interfaces return in every session.

A model judges each text alone (``docs/adr/0008-a-text-is-judged-alone.md``), so a remembered answer is the answer.
What is kept is a digest under a key of this process and spans: no text, and nothing by which another process could test
a guess.
"""

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b

from schemas.entities import Span
from transforms.redact.ner import EntityModel

_MOST = 100_000
"""Lines remembered: some 30 MB."""
_DIGEST_BYTES = 16


class Remembering:
    """An ``EntityModel`` that asks another one about each text once, as long as it remembers."""

    def __init__(self, model: EntityModel, most: int = _MOST) -> None:
        self._model, self._most = model, most
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, tuple[Span, ...]] = OrderedDict()

    def find(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return the spans of each text, in the order of ``texts``."""
        names = [self._name(text) for text in texts]
        new = {name: text for name, text in zip(names, texts, strict=True) if name not in self._known}
        answers = dict(zip(new, self._model.find(list(new.values())), strict=True)) if new else {}
        found = [answers[name] if name in answers else self._known[name] for name in names]
        for name, spans in zip(names, found, strict=True):
            self._known[name] = spans
            self._known.move_to_end(name)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return found

    def digest(self) -> str:
        """Return the digest of the model that is asked."""
        return self._model.digest()

    def _name(self, text: str) -> bytes:
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES, key=self._key).digest()
