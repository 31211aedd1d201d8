"""The values found in one session, and every other place where they stand.

A detector sees one text at a time; a person's name is recognised in a mail header and missed in a chat line. So each
value that was found anywhere in a session is looked for everywhere in it: in any case, spacing and punctuation, whole
names and their parts.
"""

import bisect
import re
from collections.abc import Iterable, Sequence

import ahocorasick
import numpy as np

from schemas.entities import EntityType, Span
from transforms.redact.squash import BREAK, squash, squashed
from transforms.redact.surrogates import Surrogates, cased_like

_SCORE = 0.9
"""Score of a propagated span: below a check digit, above a guess."""

_MIN_CHARS = {EntityType.PERSON: 3, EntityType.USERNAME: 4, EntityType.PASSWORD: 4, EntityType.SECRET: 6}
_DEFAULT_MIN_CHARS = 5
_MIN_PART_CHARS = 3
_FREE_CHARS = 10
"""From this length on a value is removed inside longer words too."""

_LOCAL = frozenset({EntityType.LOCATION, EntityType.MEDICAL, EntityType.UNSCANNED, EntityType.ONE_TIME_CODE})
"""Entities that are not looked for elsewhere: a word of a diagnosis or a town's name is not a person."""

_TITLES = frozenset("mr mrs ms miss dr prof sir madam herr frau the and von van der den de la del dos di".split())
_WORD = re.compile(r"[^\W\d_]+")


class Lexicon:
    """Values of one session with their surrogates; built once all of its texts were scanned."""

    def __init__(self, found: Iterable[tuple[EntityType, str]], surrogates: Surrogates, common: frozenset[str]) -> None:
        self._surrogates = surrogates
        self._values: dict[str, EntityType] = {}
        self._parts: dict[str, str] = {}
        for entity, value in sorted({(entity, " ".join(value.split())) for entity, value in found}):
            self._learn(entity, value, common)
        self._automaton = ahocorasick.Automaton()
        for value in (*self._values, *self._parts):
            self._automaton.add_word(value, value)
        if self._automaton:
            self._automaton.make_automaton()

    def _learn(self, entity: EntityType, value: str, common: frozenset[str]) -> None:
        plain = squashed(value)
        if entity in _LOCAL or len(plain) < _MIN_CHARS.get(entity, _DEFAULT_MIN_CHARS):
            return
        if entity is EntityType.PERSON:
            words = [word for word in _WORD.findall(value) if word.lower() not in _TITLES]
            for position, word in enumerate(words):
                self._learn_part(word, common, family=position > 0 and position == len(words) - 1)
            if len(words) < 2 and plain in common:  # noqa: PLR2004 - a single word
                return
        if plain not in common:
            self._values.setdefault(plain, entity)

    def _learn_part(self, word: str, common: frozenset[str], *, family: bool) -> None:
        plain = squashed(word)
        if len(plain) >= _MIN_PART_CHARS and plain not in common:
            self._parts.setdefault(plain, self._surrogates.name_part(plain, family=family))

    def occurrences(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return for each text the spans where a value of this session stands, overlaps included."""
        spans: list[list[Span]] = [[] for _ in texts]
        if not self._automaton or not texts:
            return spans
        joined = BREAK.join(texts)
        starts = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])]).tolist()
        plain, index = squash(joined)
        for last, value in self._automaton.iter(plain):
            first = int(index[last - len(value) + 1])
            end = int(index[last]) + 1
            if not _bounded(joined, first, end, free=len(value) >= _FREE_CHARS):
                continue
            at = bisect.bisect_right(starts, first) - 1
            entity = self._values.get(value, EntityType.PERSON)
            spans[at].append(Span(first - starts[at], end - starts[at], entity, _SCORE))
        return spans

    def replacement(self, entity: EntityType, surface: str) -> str:
        """Return the surrogate of what stands at a span, in the case it is written in."""
        plain = squashed(surface)
        if entity is EntityType.PERSON:
            return cased_like(self._name(surface), surface)
        return self._surrogates.replacement(entity, plain)

    def _name(self, surface: str) -> str:
        words = [word for word in _WORD.findall(surface) if word.lower() not in _TITLES]
        parts = []
        for position, word in enumerate(words[:1] + words[-1:] if len(words) > 1 else words):
            plain = squashed(word)
            known = self._parts.get(plain)
            parts.append(known if known is not None else self._surrogates.name_part(plain, family=position > 0))
        return " ".join(parts) if parts else self._surrogates.replacement(EntityType.PERSON, squashed(surface))


def _bounded(text: str, start: int, end: int, *, free: bool) -> bool:
    """Whether a match is a word of its own: no letter or digit on either side, or a change of case or kind."""
    if free:
        return True
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not _continues(before, text[start]) and not _continues(text[end - 1], after)


def _continues(left: str, right: str) -> bool:
    if not (left.isalnum() and right.isalnum()):
        return False
    if left.isdigit() != right.isdigit():
        return False
    return not (left.islower() and right.isupper())
