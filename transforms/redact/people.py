"""From words that may be names to people: judge each by what else it means, then take in its neighbours.

A model says how likely a word is a name where it stands; the lists say what it means elsewhere. An unknown word is
believed at once, an everyday word only if the model is sure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from schemas.entities import EntityType, Span
from transforms.redact.names import WordClass, is_listed, may_be_name, word_class

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W\d_]+)*")
_LEAST = {
    WordClass.NAME: 0.0,
    WordClass.UNKNOWN: 0.05,
    WordClass.FOREIGN: 0.1,
    WordClass.KNOWN: 0.2,
    WordClass.EVERYDAY: 0.3,
    WordClass.INTERFACE: 0.97,
}
"""Score from which a word of a class is a name."""
_TITLES = frozenset("mr mrs ms miss mx dr prof professor sir lord lady dame herr frau señor señora monsieur madame".split())
_PARTICLES = frozenset("van von der den de del della di da dos du la le el al bin ibn ben af av zu ter ten y e san".split())
_SUFFIXES = frozenset("jr sr ii iii iv phd md".split())
_GAP = re.compile(r" |\. ?|[ ]?[-/] ?|’|'")
_SHORTEST = 3
_MARKED = "@#/\\_=&"
"""A word behind one of these is part of a handle, a tag or an address."""


class Word(NamedTuple):
    """A word of a text, where it stands, and its class."""

    start: int
    end: int
    text: str
    kind: WordClass

    @property
    def capital(self) -> bool:
        """Whether it is written like a name: one capital, or several as in ``McDonald``."""
        return self.text[0].isupper() and (len(self.text) == 1 or not self.text.isupper())


def split(text: str) -> list[Word]:
    """Return the words of ``text``."""
    return [Word(*found.span(), found[0], word_class(found[0])) for found in _WORD.finditer(text)]


def people(text: str, words: Sequence[Word], guesses: Iterable[Span]) -> list[Span]:
    """Return the people of ``text``, given where models and rules saw names.

    ``words`` are those of ``split(text)``; a guess scored 1 is believed whatever its words mean.
    """
    scores = _scores(words, guesses)
    named = [score >= _LEAST[word.kind] and score > 0 or _stands_alone(word, text) for word, score in zip(words, scores, strict=True)]
    _extend(text, words, named)
    return list(_runs(text, words, named, scores))


def _scores(words: Sequence[Word], guesses: Iterable[Span]) -> list[float]:
    scores = [0.0] * len(words)
    at = 0
    for guess in sorted(guesses):
        while at and words[at - 1].end > guess.start:
            at -= 1
        while at < len(words) and words[at].end <= guess.start:
            at += 1
        for place in range(at, len(words)):
            if words[place].start >= guess.end:
                break
            scores[place] = max(scores[place], guess.score)
    return scores


def _stands_alone(word: Word, text: str) -> bool:
    """Whether ``word`` is taken for a name though no model said so."""
    if len(word.text) < _SHORTEST or (word.start and text[word.start - 1] in _MARKED):
        return False
    if word.kind is WordClass.NAME:
        return True
    if not word.capital or any(map(str.isdigit, word.text)):
        return False
    if word.kind is WordClass.FOREIGN:
        return is_listed(word.text)
    return word.kind is WordClass.UNKNOWN and not _is_camel(word.text)


def _is_camel(word: str) -> bool:
    """Whether a small letter is followed by a capital, as in ``SourceForge`` but not ``McKay`` or ``DeVito``."""
    return any(left.islower() and right.isupper() for left, right in zip(word[2:], word[3:], strict=False))


def _extend(text: str, words: Sequence[Word], named: list[bool]) -> None:
    """Mark the neighbours of names that belong to them, until nothing changes."""
    for order in (range(1, len(words)), range(len(words) - 1, 0, -1)):
        for at in order:
            left, right = words[at - 1], words[at]
            if named[at - 1] == named[at] or not _GAP.fullmatch(text, left.end, right.start):
                continue
            if named[at - 1]:
                named[at] = _follows(left, right)
            else:
                named[at - 1] = _precedes(left, right)
    for at in range(1, len(words) - 1):
        if named[at - 1] and named[at + 1] and words[at].end - words[at - 1].end <= _LONGEST_MIDDLE:
            word = words[at]
            named[at] = named[at] or len(word.text) == 1 or word.text.lower() in _PARTICLES


_LONGEST_MIDDLE = 5


def _follows(name: Word, word: Word) -> bool:
    plain = word.text.lower()
    if plain in _SUFFIXES:
        return True
    if word.capital:
        return _fits(word)
    return not name.capital and len(plain) >= _SHORTEST and may_be_name(plain)


def _precedes(word: Word, name: Word) -> bool:
    plain = word.text.lower()
    if plain in _TITLES or (plain in _PARTICLES and plain not in {"e", "y"}):
        return True
    if word.capital:
        return _fits(word)
    return not name.capital and len(plain) >= _SHORTEST and may_be_name(plain)


def _fits(word: Word) -> bool:
    """Whether a capitalised word beside a name may be a part of it."""
    if len(word.text) == 1:
        return word.text != "I"
    return word.kind is WordClass.UNKNOWN or (is_listed(word.text) and word.kind is not WordClass.INTERFACE)


def _runs(text: str, words: Sequence[Word], named: Sequence[bool], scores: Sequence[float]) -> Iterator[Span]:
    """Yield each run of names that only blanks, full stops or hyphens part as one span."""
    open_: Span | None = None
    for word, is_name, score in zip(words, named, scores, strict=True):
        if not is_name:
            continue
        sure = max(score, _SURE)
        if open_ is not None and _GAP.fullmatch(text, open_.end, word.start):
            open_ = Span(open_.start, word.end, EntityType.PERSON, max(open_.score, sure))
            continue
        if open_ is not None:
            yield open_
        open_ = Span(word.start, word.end, EntityType.PERSON, sure)
    if open_ is not None:
        yield open_


_SURE = 0.5
"""Least score of a person: what was judged a name is above every sensible threshold."""
