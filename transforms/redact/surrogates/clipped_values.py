"""Values that a list cuts off for want of room: ``Valentina Fon...`` beside ``Valentina Fontaine``."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from schemas.entities import EntityType, Span
from transforms.redact.surrogates.propagate import LOCAL
from transforms.redact.text.folding import squash_value
from transforms.redact.text.word_lists import WordClass, word_class

_SCORE = 0.9
_LEAST, _LONGEST = 4, 80
"""Fewest letters and digits of a value that are shown, and most characters of it."""
_DOTS = re.compile(r" ?(?:\.{2,4}|\u2026)")
_WORD = re.compile(r"[^\W_]+")
_NEXT = re.compile(r" [^\W\d_a-z]\w*(?=\.{2,4}|\u2026)")
"""The part of the next word of a name that is shown."""
_ORDINARY = frozenset({WordClass.INTERFACE, WordClass.EVERYDAY})


class KnownValues:
    """The values of a session, by their letters."""

    def __init__(self, values: Iterable[tuple[EntityType, str]]) -> None:
        plain = {squash_value(value): entity for entity, value in sorted(values) if entity not in LOCAL}
        self._entities: Mapping[str, EntityType] = plain
        self._ordered = sorted(plain)

    def find_clipped(self, content: str, spans: Iterable[Span]) -> Iterator[Span]:
        """Yield the parts of ``content`` before an ellipsis with which a value begins, or a name of ``spans`` goes on.

        >>> known = KnownValues([(EntityType.PERSON, "Valentina Fontaine")])
        >>> [tuple(span[:2]) for span in known.find_clipped("Re: Valentina Fon...", [])]
        [(4, 17)]
        """
        for dots in _DOTS.finditer(content):
            farthest = max(dots.start() - _LONGEST, 0)
            line = max(content.rfind("\n", farthest, dots.start()) + 1, farthest)
            for word in _WORD.finditer(content, line, dots.start()):
                is_whole = not content[word.start() - 1 : word.start()].isalnum()
                if is_whole and (entity := self._beginning(content[word.start() : dots.start()])) is not None:
                    yield Span(word.start(), dots.start(), entity, _SCORE)
                    break
        for span in spans:
            if span.entity is EntityType.PERSON and (rest := _NEXT.match(content, span.end)):
                yield span._replace(end=rest.end())

    def _beginning(self, shown: str) -> EntityType | None:
        """Return the entity of a value that begins with what is shown and goes on; an ordinary word begins none."""
        plain = squash_value(shown)
        if len(plain) < _LEAST or (shown.isalpha() and word_class(shown) in _ORDINARY):
            return None
        at = bisect_left(self._ordered, plain + "\0")
        if at == len(self._ordered) or not self._ordered[at].startswith(plain):
            return None
        return self._entities[self._ordered[at]]
