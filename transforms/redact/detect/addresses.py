"""Postal addresses, joined from their parts.

A town alone says little about a person and stays. Next to a street or a postal code it is part of an address, and so is
the text between them: ``5 Elm Street``, ``Springfield`` and ``IL 62704`` become one span.
"""

from collections.abc import Iterable

from schemas.entities import EntityType, Span

_GAP_CHARS = 12
_GAP_WORD_CHARS = 8
"""Most characters, and most letters or digits, between two parts of one address."""
_PARTS = frozenset({EntityType.ADDRESS, EntityType.LOCATION})


def addresses(text: str, spans: Iterable[Span]) -> list[Span]:
    """Join the parts of each address into one ``ADDRESS`` span and drop lone places."""
    kept = []
    block: Span | None = None
    for span in sorted(spans):
        if span.entity not in _PARTS:
            kept.append(span)
        elif block is not None and _adjoin(text[block.end : span.start]):
            entity = EntityType.ADDRESS if EntityType.ADDRESS in {block.entity, span.entity} else EntityType.LOCATION
            block = Span(block.start, max(block.end, span.end), entity, max(block.score, span.score))
        else:
            kept += [] if block is None else [block]
            block = span
    kept += [] if block is None else [block]
    return [span for span in kept if span.entity is not EntityType.LOCATION]


def _adjoin(gap: str) -> bool:
    return len(gap) <= _GAP_CHARS and sum(map(str.isalnum, gap)) <= _GAP_WORD_CHARS and gap.count("\n") <= 1
