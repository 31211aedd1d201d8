"""The values found in one session, and every other place where they stand.

A detector sees one text at a time; a person's name is recognised in a mail header and missed in a chat line. So each
value that was found anywhere in a session is looked for everywhere in it: in any case, spacing, punctuation and
spelling of accents, behind escapes and markup, whole names and their parts.
"""

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import ahocorasick

from schemas.entities import EntityType, Span, Text
from transforms.redact.surrogates.reserved_values import email_of, is_surrogate
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
}
_DEFAULT_MIN_CHARS = 5
_MIN_PART_CHARS = 3

_LONGEST_VALUE = 500
"""Characters of a value that are looked for in one piece: a search steps back through a value once for each of its own
characters where it begins again and again in a text, as a row of one letter does."""
_MOST_MATCHES = 8
"""Matches a character. Values that hold one another, ``aaaaa``, ``aaaaaa`` and so on, would match without end."""

_LOCAL = frozenset({EntityType.LOCATION, EntityType.MEDICAL, EntityType.UNSCANNED})
"""Entities that are not looked for elsewhere: a word of a diagnosis or a town's name is not a person."""

_SIGNS = frozenset({"@", "\uff20"})
"""What stands before a handle and says that it is one; it is a part of the value and of its surrogate."""

_TITLES = frozenset("mr mrs ms miss dr prof sir madam herr frau the and von van der den de la del dos di".split())
_WORD = re.compile(r"[^\W\d_]+")
_JOINT = re.compile(r"[^\W\d_]([._+-]?|%20)[^\W\d_]+\Z")
"""What joins the words of a name that is written without spaces, as in an address or a file's name."""


class _Inside(NamedTuple):
    """A value that stands inside of a word, and whether it stands at the word's start or end."""

    begins: bool
    ends: bool
    span: Span


class Lexicon:
    """Values of one session with their surrogates; built once all of its texts were scanned."""

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
        """Squashed forms of everything that may not be left in the session."""
        return frozenset(part for plain in (*self._values, *self._parts) for part in _cut(plain))

    def _learn(self, entity: EntityType, value: str, common: frozenset[str]) -> None:
        if entity in _LOCAL or len(squash_value(value)) < _MIN_CHARS.get(entity, _DEFAULT_MIN_CHARS):
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
        """Remember how accounts are called after people: ``akowalski``, ``annak``, ``kowalskia``."""
        for alias in (given[:1] + family, given + family[:1], family + given[:1], given + family, family + given):
            self._aliases.setdefault(alias, (given, family))

    def complete(self, texts: Sequence[Text], found: Sequence[Sequence[Span]]) -> list[tuple[Span, ...]]:
        """Return the spans of each text: those ``found``, and wherever else a value of this session stands.

        A value is the same entity throughout: what it was found to be most often, in doubt what harms most.
        A short value counts as a word of its own, or where the rest of the word was found too: ``Kowalski`` does in
        ``annaKowalski`` and, where ``anna`` is another, in ``annakowalski``. Raises ``TimeoutError`` where values match
        more often than a recording's do.
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
        """Return for each text where values stand as words, and where they stand inside of words."""
        matches: list[tuple[list[Span], list[_Inside]]] = [([], []) for _ in texts]
        if not self._automaton or not texts:
            return matches
        readings = [read_text(text) for text in texts]
        joined = BREAK.join([reading.text for reading in readings])
        if joined.isascii() and next(self._automaton.iter(squash_value(joined)), None) is None:
            return matches
        starts = list(accumulate((len(reading.text) + 1 for reading in readings[:-1]), initial=0))
        plain, index = squash(joined)
        for number, (last, value) in enumerate(self._automaton.iter(plain)):
            if number > _MOST_MATCHES * len(plain):
                raise TimeoutError
            first, end = int(index[last - len(value) + 1]), int(index[last]) + 1
            free = len(value) >= FREE_CHARS
            at = bisect.bisect_right(starts, first) - 1
            entity = self._values.get(value, EntityType.PERSON)
            span = readings[at].source(Span(first - starts[at], end - starts[at], entity, _SCORE))
            item = _Inside(free or begins_word(joined, first), free or ends_word(joined, end), span)
            if item.begins and item.ends:
                matches[at][0].append(span)
            else:
                matches[at][1].append(item)
        return matches

    def replacement(self, entity: EntityType, surface: str) -> str:
        """Return the surrogate of what stands at a span, in the case it is written in.

        One of ours stays as it is, unless somebody took it for a password.
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
        sign = "@" if entity is EntityType.USERNAME and surface[:1] in _SIGNS else ""
        return sign + self._surrogates.replacement(entity, squash_value(surface))

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
        """Return an address that is called after the person's surrogate where it was called after the person."""
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


def _add_bounded(content: str, spans: Sequence[Span], inside: Sequence[_Inside]) -> tuple[Span, ...]:
    """Return the union of ``spans`` and of those values inside of words that are bounded by others on both sides."""
    merged = merge(spans, content)
    bounded = _find_bounded(merged, inside)
    return merge([*merged, *(item.span for item in bounded)], content) if bounded else merged


def _find_bounded(merged: Sequence[Span], inside: Sequence[_Inside]) -> list[_Inside]:
    """Return those values inside of words that other spans adjoin on each side on which no word begins or ends.

    Whatever lacks a neighbour goes, and then what it was the neighbour of, each looked at once: in ``annakowalskix``
    nothing begins behind ``kowalski``, so that goes, and then ``anna``.
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
    """Return a value, or the parts of a long one: 1,200 characters are 0 to 500, 500 to 1,000 and 700 to 1,200."""
    if len(plain) <= _LONGEST_VALUE:
        return (plain,)
    starts = range(0, len(plain) - _LONGEST_VALUE, _LONGEST_VALUE)
    return *(plain[at : at + _LONGEST_VALUE] for at in starts), plain[-_LONGEST_VALUE:]


def _words(value: str) -> list[str]:
    return [word for word in _WORD.findall(value) if word.lower() not in _TITLES]
