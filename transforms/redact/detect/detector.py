"""The protocol of a detector, and the union of several sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.entities import Span, Text
from transforms.redact.detect.names.source_code import drop_identifiers
from transforms.redact.detect.postal_addresses import complete_addresses
from transforms.redact.text.spans import mark_unscanned, merge

MOST_PICTURE_CHARS = 65_000
"""Longest text of a picture: a screen of 3840 by 2160 pixels full of letters of 8 by 16 has 64,800. It is read several
times, as it may have been printed, so that each of its characters costs more."""


class Detector(Protocol):
    """A finder of entities in texts; its result depends on the call's input alone."""

    @property
    def common_words(self) -> frozenset[str]:
        """Return the lower-case words that are never a name on their own."""

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        """Return the spans of each text, sorted and without overlaps."""

    def digest(self) -> str:
        """Return a digest of models and patterns; if it changes, a release may change."""


class SpanSource(Protocol):
    """One part of a detector; its spans may overlap."""

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        """Return the spans of each text."""

    def digest(self) -> str:
        """Return a digest of the part's models and patterns."""


@dataclass(frozen=True, slots=True)
class UnionDetector:
    """The union of several sources; a text that any source cannot scan is redacted whole."""

    sources: tuple[SpanSource, ...]
    common_words: frozenset[str]
    max_text_chars: int

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        """Return the merged spans of each text; a text above the length limit is one ``UNSCANNED`` span."""
        short = [text for text in texts if not self._is_too_long(text)]
        found = [source.detect(short) for source in self.sources]
        merged = iter(
            [
                complete_addresses(text, _join(text.content, [span for spans in parts for span in spans]))
                for text, *parts in zip(short, *found, strict=True)
            ]
        )
        return [mark_unscanned(text.content) if self._is_too_long(text) else next(merged) for text in texts]

    def _is_too_long(self, text: Text) -> bool:
        return len(text.content) > min(self.max_text_chars, MOST_PICTURE_CHARS if text.ocr else self.max_text_chars)

    def digest(self) -> str:
        """Join the digests of the sources in order."""
        return "+".join(source.digest() for source in self.sources)


def _join(content: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Merge what the sources found; words of source code are left out first, so that they hide no other finding."""
    return merge(drop_identifiers(content, spans), content)
