"""Values that only the others of their session tell: the beginnings of names, and ids of tickets in lower case."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from schemas.entities import EntityType, Span, Text
from transforms.redact.surrogates.beginnings import find_beginnings

Value = tuple[EntityType, str]


def learn_values(
    values: Sequence[Value], typed: Sequence[tuple[str, bool]], marked: Iterable[tuple[Text, Sequence[Span]]]
) -> list[Value]:
    """List what the ``values`` of a session tell of its texts: of ``typed`` (``find_beginnings``), and of all."""
    prefixes = {value.partition("-")[0].casefold() for entity, value in values if entity is EntityType.TICKET}
    tickets = _find_tickets(prefixes, (text.content for text, _ in marked)) if prefixes else ()
    return [*find_beginnings(values, typed), *tickets]


def _find_tickets(prefixes: set[str], texts: Iterable[str]) -> Iterator[Value]:
    """Yield the ids with a known prefix: ``pay-7`` beside ``PAY-123``."""
    pattern = in_any_case(prefixes)
    for text in texts:
        if "-" in text:
            yield from ((EntityType.TICKET, found[0]) for found in pattern.finditer(text))


def in_any_case(prefixes: Collection[str]) -> re.Pattern[str]:
    """Compile a pattern of the ids with the ``prefixes``, in any case."""
    listed = "|".join(sorted(map(re.escape, prefixes)))
    return re.compile(rf"(?<![^\W_])(?:{listed})-[1-9]\d{{0,5}}(?!\w|-\d)", re.IGNORECASE)
