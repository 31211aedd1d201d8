"""Words and phrases that are no person's name: public ones (fonts, products, places), and an organisation's own.

A public word that is also a listed name, as ``Cassandra``, is none only beside other public words: ``Kafka, Cassandra,
Django``. What an organisation lists is never taken for a name, unless its directory of people has it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import ahocorasick

from schemas.entities import EntityType, Span
from transforms.redact.detect.directory import lower
from transforms.redact.text.term_lists import read_terms
from transforms.redact.text.word_lists import is_listed, place_names, products
from transforms.vocabulary import application_names

_AND = re.compile(r" (?:and|&) ")
_FEWEST_BESIDE = 2
"""Other public words of a line that make a name a product."""

Range = tuple[int, int]


class _Term(NamedTuple):
    """The length of a term, and whether it may be a name as well."""

    length: int
    doubtful: bool


class Vocabulary:
    """Terms matched as whole words in any case."""

    def __init__(self, own: Sequence[str] = (), digest: str = "") -> None:
        self._digest = digest
        self._automaton = ahocorasick.Automaton()
        for term in _public_terms():
            self._automaton.add_word(term, _Term(len(term), " " not in term and is_listed(term)))
        for term in own:
            self._automaton.add_word(term, _Term(len(term), doubtful=False))
        self._automaton.make_automaton()

    def __repr__(self) -> str:
        """Show the number of terms and no term."""
        return f"Vocabulary({len(self._automaton)} terms)"

    @classmethod
    def read(cls, place: str | None) -> "Vocabulary":
        """Read the organisation's own file of terms, if there is one (``read_terms``)."""
        listed = read_terms(place, "vocabulary")
        return cls([lower(term) for term in listed.terms], listed.digest)

    def digest(self) -> str:
        """Return a digest of the organisation's file; callers must key it before it leaves private state."""
        return self._digest

    def find(self, text: str) -> list[Range]:
        """Find the ranges of ``text`` that are no names.

        >>> Vocabulary().find("set in Gill Sans by Cassandra")
        [(7, 16)]
        """
        found = list(self._matches(lower(text)))
        public = len({(start, end) for start, end, _ in found})
        return sorted({(start, end) for start, end, doubtful in found if not doubtful or public > _FEWEST_BESIDE})

    def spare(self, spans: Sequence[Span], text: str) -> list[Span]:
        """Cut the terms of the vocabulary out of the people among ``spans``."""
        people = [span for span in spans if span.entity is EntityType.PERSON]
        ranges = [] if not people else [found for found in self.find(text) if not _is_listed_among(found, people, text)]
        return [part for span in spans for part in _cut(span, ranges, text)] if ranges else list(spans)

    def _matches(self, plain: str) -> Iterator[tuple[int, int, bool]]:
        for last, (length, doubtful) in self._automaton.iter(plain):
            start, end = last - length + 1, last + 1
            if not (plain[start - 1 : start].isalnum() or plain[end : end + 1].isalnum()):
                yield start, end, doubtful


# ``Gerste, Johnson and Johnson`` are three people; ``Johnson and Johnson`` alone is a company.
def _is_listed_among(term: Range, people: Sequence[Span], text: str) -> bool:
    """Return whether a public term joins two names, and goes on a list that another name begins."""
    start, end = term
    inside = [span for span in people if start <= span.start and span.end <= end]
    return (
        len(inside) > 1
        and _AND.fullmatch(text, inside[0].end, inside[1].start) is not None
        and any(text[span.end : start] == ", " for span in people)
    )


def _cut(span: Span, ranges: Sequence[Range], text: str) -> Iterator[Span]:
    """Yield what of ``span`` lies outside ``ranges`` and holds two letters: ``McAfee`` of ``McAfee  Dell``.

    What a hyphen joins to a term is a part of it, ``pytest-dev``, but for a name: ``Kafka-Lindqvist``.
    """
    if span.entity is not EntityType.PERSON:
        yield span
        return
    at = span.start
    for start, end in [*ranges, (span.end, span.end)]:
        if end <= at or start > span.end:
            continue
        joined = at > span.start and text[at : at + 1] == "-" and not text[at + 1 : at + 2].isupper()
        if sum(map(str.isalpha, text[at:start])) > 1 and not joined:
            yield span._replace(start=at, end=start)
        at = max(at, end)


@cache
def _public_terms() -> frozenset[str]:
    places = {name for name in place_names() if " " in name}
    return products() | places | {lower(name) for name in application_names()}
