"""Replacement of the spans of a text by surrogates."""

from collections.abc import Sequence

from schemas.entities import EntityType, Span
from transforms.redact.surrogates.propagate import Lexicon

Replaced = tuple[int, int, EntityType]
"""Place of a surrogate in the redacted text, and its entity."""


def replace_spans(content: str, spans: Sequence[Span], lexicon: Lexicon) -> tuple[str, list[Replaced]]:
    """Put the surrogate of each span into ``content``; the spans are sorted and disjoint."""
    parts: list[str] = []
    places: list[Replaced] = []
    at = length = 0
    for span in spans:
        replacement = lexicon.replacement(span.entity, content[span.start : span.end])
        parts += [content[at : span.start], replacement]
        length += span.start - at
        places.append((length, length + len(replacement), span.entity))
        length += len(replacement)
        at = span.end
    return "".join([*parts, content[at:]]), places
