"""Propagation of found values to every occurrence in their session.

A detector sees one text at a time and may find a name in a mail header but miss it in a chat line. So each value found
anywhere in a session is searched for in all of its texts: in any case, spacing, punctuation and spelling of accents,
behind escapes and markup, as whole names and as their parts.
"""

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import ahocorasick

from schemas.entities import BUSINESS, EntityType, Span, Text
from transforms.redact.surrogates.reserved_values import email_of, is_surrogate
from transforms.redact.surrogates.surface import is_telling, plain_value, write_like
from transforms.redact.surrogates.surrogates import Surrogates, cased_like
from transforms.redact.text.escapes import unescape
from transforms.redact.text.folding import BREAK, FREE_CHARS, begins_word, ends_word, spellings, squash, squash_value
from transforms.redact.text.markup import read_text
from transforms.redact.text.spans import RANK, merge

_SCORE = 0.9
"""Score of a propagated span: below a check digit, above a guess."""

_MIN_CHARS = {
    EntityType.PERSON: 3,
    EntityType.USERNAME: 4,
    EntityType.PASSWORD: 4,
    EntityType.SECRET: 6,
    EntityType.ONE_TIME_CODE: 6,
    **dict.fromkeys(BUSINESS, 4),
}
_DEFAULT_MIN_CHARS = 5
_MIN_PART_CHARS = 3

_LONGEST_VALUE = 100
"""Most characters of a value searched for in one piece: in a text such as a row of one letter, the search steps back
once for each character of the value."""
_MOST_MATCHES = 8
"""Most matches per character of text. Nested values, ``aaaaa``, ``aaaaaa`` and so on, would match without end."""

LOCAL = frozenset(
    {
        EntityType.LOCATION,
        EntityType.MEDICAL,
        EntityType.CLOCK_TIME,
        EntityType.INCOMING,
        EntityType.UNSCANNED,
    }
)
"""Entities that are not propagated: a word of a diagnosis, a town's name or an hour is not a person."""

_TITLES = frozenset("mr mrs ms miss dr prof sir madam herr frau the and von van der den de la del dos di".split())
_WORD = re.compile(r"[^\W\d_]+")
_JOINT = re.compile(r"[^\W\d_]([._+-]?|%20)[^\W\d_]+\Z")
"""The joint between the words of a name without spaces, as in a mail address or a file name."""


class _Inside(NamedTuple):
    """A value inside a word, and whether it is at the word's start or end."""

    begins: bool
    ends: bool
    span: Span


class Lexicon:
    """The values of one session with their surrogates; build it after all texts are scanned."""

    def __init__(self, found: Iterable[tuple[EntityType, str]], surrogates: Surrogates, common: frozenset[str]) -> None:
        self._surrogates = surrogates
        self._values: dict[str, EntityType] = {}
        self._parts: dict[str, str] = {}
        self._aliases: dict[str, tuple[str, str]] = {}
        self._replacements: dict[tuple[EntityType, str], str] = {}
        seen = Counter((entity, " ".join(value.split())) for entity, value in found)
        for entity, value in sorted(seen, key=lambda item: (-seen[item], RANK[item[0]], item[1])):
            if not is_surrogate(value):
                self._learn(entity, unescape(value), common)
        self._automaton = ahocorasick.Automaton()
        for value in self.values:
            self._automaton.add_word(value, value)
        if self._automaton:
            self._automaton.make_automaton()

    @property
    def values(self) -> frozenset[str]:
        """Return the squashed forms of all values that must not remain in the session."""
        return frozenset(part for plain in (*self._values, *self._parts) for part in _cut(plain))

    def _learn(self, entity: EntityType, value: str, common: frozenset[str]) -> None:
        if entity in LOCAL or len(squash_value(value)) < _MIN_CHARS.get(entity, _DEFAULT_MIN_CHARS):
            return
        if not is_telling(entity, value):
            return
        if entity is EntityType.PERSON:
            words = _words(value)
            for position, word in enumerate(words):
                self._learn_part(word, common, family=position > 0 and position == len(words) - 1)
            if len(words) > 1:
                self._learn_aliases(squash_value(words[0]), squash_value(words[-1]))
            elif squash_value(value) in common:
                return
        for plain in spellings(value):
            if plain not in common:
                for part in _cut(plain):
                    self._values.setdefault(part, entity)

    def _learn_part(self, word: str, common: frozenset[str], *, family: bool) -> None:
        new = [plain for plain in spellings(word) if plain not in self._parts and len(plain) >= _MIN_PART_CHARS]
        if new := [plain for plain in new if plain not in common]:
            self._parts |= dict.fromkeys(new, self._part(squash_value(word), family=family))

    def _learn_aliases(self, given: str, family: str) -> None:
        """Learn the usual account names of a person: ``akowalski``, ``annak``, ``kowalskia``."""
        for alias in (given[:1] + family, given + family[:1], family + given[:1], given + family, family + given):
            self._aliases.setdefault(alias, (given, family))

    def complete(self, texts: Sequence[Text], found: Sequence[Sequence[Span]]) -> list[tuple[Span, ...]]:
        """Add to the spans ``found`` in each text all other occurrences of the session's values.

        A value has one entity throughout: the most frequent one, and in a tie the most harmful. A short value must be
        a whole word, or the rest of its word must be found too: ``Kowalski`` counts in ``annaKowalski`` and, if
        ``anna`` is a value as well, in ``annakowalski``. Raise ``TimeoutError`` if there are more matches than any
        real recording has.
        """
        matches = self._matches(texts)
        return [
            tuple(self._set_entity(text.content, span) for span in _add_bounded(text.content, [*spans, *whole], inside))
            if spans or whole or inside
            else ()
            for text, spans, (whole, inside) in zip(texts, found, matches, strict=True)
        ]

    def _set_entity(self, content: str, span: Span) -> Span:
        entity = self._values.get(squash_value(content[span.start : span.end]), span.entity)
        return span if entity is span.entity else span._replace(entity=entity)

    def _matches(self, texts: Sequence[Text]) -> list[tuple[list[Span], list[_Inside]]]:
        """Find in each text the values that are whole words, and those inside words."""
        if not self._automaton or not texts:
            return [([], []) for _ in texts]
        readings = [read_text(text) for text in texts]
        joined = BREAK.join([reading.text for reading in readings])
        if joined.isascii() and next(self._automaton.iter(squash_value(joined)), None) is None:
            return [([], []) for _ in texts]
        starts = list(accumulate((len(reading.text) + 1 for reading in readings[:-1]), initial=0))
        plain, index = squash(joined)
        runs: list[list[Span]] = [[] for _ in texts]
        parts: list[list[_Inside]] = [[] for _ in texts]
        for number, (last, value) in enumerate(self._automaton.iter(plain)):
            if number > _MOST_MATCHES * len(plain):
                raise TimeoutError
            first, end = int(index[last - len(value) + 1]), int(index[last]) + 1
            at = bisect.bisect_right(starts, first) - 1
            span = Span(first - starts[at], end - starts[at], self._values.get(value, EntityType.PERSON), _SCORE)
            free = len(value) >= FREE_CHARS
            begins, ends = free or begins_word(joined, first), free or ends_word(joined, end)
            if begins and ends:
                _add_to_run(runs[at], span)
            else:
                parts[at].append(_Inside(begins, ends, readings[at].source(span)))
        whole = [[*map(reading.source, run)] for reading, run in zip(readings, runs, strict=True)]
        return list(zip(whole, parts, strict=True))

    def replacement(self, entity: EntityType, surface: str) -> str:
        """Return the surrogate of the text of a span, in the same case.

        A surrogate is returned unchanged unless it was found as a password.
        """
        known = self._replacements.get((entity, surface))
        if known is None:
            known = self._replacements[entity, surface] = self._draw(entity, surface)
        return known

    def _draw(self, entity: EntityType, surface: str) -> str:
        if entity is not EntityType.PASSWORD and is_surrogate(surface):
            return surface
        if self._surrogates.replaces(entity):
            if entity is EntityType.PERSON:
                return cased_like(self._name(surface), surface)
            if entity is EntityType.EMAIL_ADDRESS:
                return self._email(surface)
        return write_like(entity, self._surrogates.replacement(entity, plain_value(entity, surface)), surface)

    def _part(self, plain: str, *, family: bool) -> str:
        known = self._parts.get(plain)
        return known if known is not None else self._surrogates.name_part(plain, family=family)

    def _name(self, surface: str) -> str:
        surface = unescape(surface)
        words = _words(surface)
        if not words:
            return self._surrogates.replacement(EntityType.PERSON, squash_value(surface))
        if len(words) == 1 and (person := self._aliases.get(squash_value(words[0]))):
            return self._part(person[0], family=False) + self._part(person[1], family=True)
        if len(words) == 1:
            return self._part(squash_value(words[0]), family=False)
        joint = _JOINT.search(surface)
        parts = self._part(squash_value(words[0]), family=False), self._part(squash_value(words[-1]), family=True)
        return (joint[1] if joint and joint[1] else " ").join(parts)

    def _email(self, surface: str) -> str:
        """Build the surrogate of a mail address; one named after a person is named after the person's surrogate."""
        local = unescape(surface).partition("@")[0]
        words = [squash_value(word) for word in _words(local)]
        whole = "".join(words)
        if whole in self._aliases:
            given, family = self._aliases[whole]
        elif len(words) > 1:
            given, family = words[0], words[-1]
        else:
            return email_of(self._part(whole, family=False), self._surrogates.name_part(whole, family=True))
        return email_of(self._part(given, family=False), self._part(family, family=True))


def _add_to_run(run: list[Span], span: Span) -> None:
    """Add a match to those before it; matches come by their ends, and one that overlaps the last extends it.

    A long value is sought in parts, and a text of one letter matches each of them at every character.
    """
    if run and span.start < run[-1].end and span.entity is run[-1].entity:
        run[-1] = span._replace(start=min(span.start, run[-1].start))
    else:
        run.append(span)


def _add_bounded(content: str, spans: Sequence[Span], inside: Sequence[_Inside]) -> tuple[Span, ...]:
    """Merge ``spans`` with the values inside words that have neighbours on both sides."""
    merged = merge(spans, content)
    bounded = _find_bounded(merged, _drop_covered(merged, inside))
    return merge([*merged, *(item.span for item in bounded)], content) if bounded else merged


def _drop_covered(merged: Sequence[Span], inside: Sequence[_Inside]) -> list[_Inside]:
    """Drop the values that lie within a merged span; one that reaches into a merged span is bounded there."""
    starts = [span.start for span in merged]
    left: list[_Inside] = []
    for item in inside:
        first = bisect.bisect_right(starts, item.span.start) - 1
        if first >= 0 and item.span.end <= merged[first].end:
            continue
        last = bisect.bisect_left(starts, item.span.end) - 1
        begins = first >= 0 and item.span.start < merged[first].end
        ends = last >= 0 and item.span.end < merged[last].end
        left.append(_Inside(item.begins or begins, item.ends or ends, item.span))
    return left


def _find_bounded(merged: Sequence[Span], inside: Sequence[_Inside]) -> list[_Inside]:
    """Select the values inside words that adjoin another span on each side that is not an end of the word.

    A value without a neighbour is dropped, then the values that it bounded, each visited once: in ``annakowalskix``
    nothing starts after ``kowalski``, so it is dropped, and then ``anna`` is.
    """
    starts, ends = Counter(span.start for span in merged), Counter(span.end for span in merged)
    behind: dict[int, list[int]] = defaultdict(list)
    before: dict[int, list[int]] = defaultdict(list)
    for number, item in enumerate(inside):
        starts[item.span.start] += 1
        ends[item.span.end] += 1
        if not item.begins:
            behind[item.span.start].append(number)
        if not item.ends:
            before[item.span.end].append(number)
    waiting = [number for place, listed in behind.items() if not ends[place] for number in listed]
    waiting += [number for place, listed in before.items() if not starts[place] for number in listed]
    gone: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number in gone:
            continue
        gone.add(number)
        _, _, (start, end, *_) = inside[number]
        starts[start] -= 1
        ends[end] -= 1
        waiting += behind[end] if not ends[end] else ()
        waiting += before[start] if not starts[start] else ()
    return [item for number, item in enumerate(inside) if number not in gone]


def _cut(plain: str) -> tuple[str, ...]:
    """Cut a long value into parts: 240 characters become 0 to 100, 100 to 200 and 140 to 240."""
    if len(plain) <= _LONGEST_VALUE:
        return (plain,)
    starts = range(0, len(plain) - _LONGEST_VALUE, _LONGEST_VALUE)
    return *(plain[at : at + _LONGEST_VALUE] for at in starts), plain[-_LONGEST_VALUE:]


def _words(value: str) -> list[str]:
    return [word for word in _WORD.findall(value) if word.lower() not in _TITLES]
