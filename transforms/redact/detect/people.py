"""From words that may be names to people: judge each by what else it means, then take in its neighbours.

A model says how likely a word is a name where it stands; the lists say what it means elsewhere. An unknown word is
believed at once, an everyday word only if the model is sure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from schemas.entities import EntityType, Span
from transforms.redact.detect.near_misses import is_misspelt
from transforms.redact.text.word_lists import WordClass, is_given_name, is_listed, may_be_name, word_class

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W\d_]+)*")
_LEAST = {
    WordClass.NAME: 0.0,
    WordClass.UNKNOWN: 0.05,
    WordClass.FOREIGN: 0.1,
    WordClass.KNOWN: 0.2,
    WordClass.EVERYDAY: 0.3,
    WordClass.INTERFACE: 2.0,
}
"""Score from which a word of a class is a name; a word of an interface is one only as part of a longer name."""
_LEAST_MISSPELT = 0.2
"""The same for an unknown word a slip away from an ordinary one, in lower case or at the start of a sentence."""
_ALONE = frozenset({WordClass.NAME, WordClass.FOREIGN, WordClass.UNKNOWN})
"""Classes of which a word may be taken for a name though no model said so."""
_TITLES = frozenset(
    """mr mrs ms miss mx dr prof professor sir lady lord herr frau señor señora coach captain capt sgt rev reverend
    pastor judge senator dj uncle auntie""".split()
)
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al"}
)
_PARTICLES |= {"bin", "ibn", "ben", "af", "av", "zu", "ter", "ten"}
_BEFORE = _TITLES | _PARTICLES
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})
_GAP = re.compile(r"[ \u00a0]{1,3}|[ ]?[-/] ?|\u2019|'")
_STOP = re.compile(r"\.[ \u00a0]?")
_FIRST = re.compile(r"(?:^|[.!?:;\n\u201c\"(*-])[ \u00a0]*$")
"""What stands before the first word of a sentence."""
_LOOK_BACK = 40
"""Characters before a word that are looked at for it: a line may be long and hold many words."""
_SURE = 0.5
"""Least score of a person: what was judged a name is above every sensible threshold."""
_SHORTEST = 3
_HANDLES = frozenset("@#\uff20")
_MARKED = "@#/\\_=&"
"""A word behind one of these is part of a handle, a tag or an address."""


class Word(NamedTuple):
    """A word of a text, where it stands, and its class."""

    start: int
    end: int
    text: str
    kind: WordClass

    def __repr__(self) -> str:
        """Say where the word stands and nothing of it."""
        return f"Word({self.start}, {self.end})"

    @property
    def capital(self) -> bool:
        """Whether it is written like a name: one capital, or several as in ``McDonald``."""
        return self.text[0].isupper() and (len(self.text) == 1 or not self.text.isupper())


def split(text: str) -> list[Word]:
    """Return the words of ``text``."""
    return [Word(*found.span(), found[0], word_class(found[0])) for found in _WORD.finditer(text)]


def people(text: str, words: Sequence[Word], guesses: Iterable[Span]) -> list[Span]:
    """Return the people of ``text``, given where models and rules saw names.

    ``words`` are those of ``split(text)``.
    """
    scores = _scores(words, guesses)
    named = [_is_name(word, score, text) for word, score in zip(words, scores, strict=True)]
    for at in range(1, len(words)):
        if words[at].kind is WordClass.KNOWN and not named[at]:
            named[at] = _stands_out(text, words[at - 1 : at + 2])
    if not any(named):
        return []
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


def _is_name(word: Word, score: float, text: str) -> bool:
    if not ((score > 0 and score >= _LEAST[word.kind]) or (word.kind in _ALONE and _stands_alone(word, text))):
        return False
    return word.kind is not WordClass.UNKNOWN or score >= _LEAST_MISSPELT or not _reads_misspelt(word, text)


def _reads_misspelt(word: Word, text: str) -> bool:
    """Whether a word is written as an ordinary one would be where it stands, and is but a slip away from one."""
    small = word.text.islower() or (
        word.capital and _FIRST.search(text, max(word.start - _LOOK_BACK, 0), word.start) is not None
    )
    return small and is_misspelt(word.text)


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


def _stands_out(text: str, words: Sequence[Word]) -> bool:
    """Whether the second of two or three, a known word, is a family name too, as in ``ask Baker about it``.

    It does where it has a capital and its neighbours in the sentence have none.
    """
    before, word, *after = words
    return (
        word.capital
        and is_listed(word.text)
        and before.text.islower()
        and text[before.end : word.start] == " "
        and not any(text[word.end : other.start] == " " and other.text[0].isupper() for other in after)
    )


def _is_camel(word: str) -> bool:
    """Whether a small letter is followed by a capital, as in ``GroupWise`` but not ``McKay`` or ``DeVito``."""
    return any(left.islower() and right.isupper() for left, right in pairwise(word[2:]))


def _extend(text: str, words: Sequence[Word], named: list[bool]) -> None:
    """Mark the neighbours of names that belong to them: first to the right, then to the left, then between."""
    for at, (left, right) in enumerate(pairwise(words), start=1):
        if named[at - 1] and not named[at] and _adjoin(text, left, right):
            named[at] = right.text.lower() in _SUFFIXES or _belongs(right, left)
    for at in range(len(words) - 1, 0, -1):
        left, right = words[at - 1], words[at]
        if named[at] and not named[at - 1] and _adjoin(text, left, right):
            named[at - 1] = left.text.lower() in _BEFORE or (_belongs(left, right) and not _is_call(left))
    for at in range(1, len(words) - 1):
        if named[at - 1] and named[at + 1] and _adjoin(text, words[at - 1], words[at]):
            named[at] |= len(words[at].text) == 1 or words[at].text.lower() in _PARTICLES


def _adjoin(text: str, left: Word, right: Word) -> bool:
    """Whether two words may be of one name: a full stop may part them behind an initial or a title only.

    A handle or a tag is a name by itself.
    """
    if text[left.start - 1 : left.start] in _HANDLES:
        return False
    if _GAP.fullmatch(text, left.end, right.start):
        return True
    short = len(left.text) == 1 or left.text.lower() in _TITLES
    return short and _STOP.fullmatch(text, left.end, right.start) is not None


def _belongs(word: Word, name: Word) -> bool:
    """Whether a word beside a name is a part of it: written alike, and a listed name, an initial or unknown."""
    if word.capital or (word.text.isupper() and name.text.isupper()):
        if len(word.text) == 1:
            return word.text != "I"
        return word.kind is WordClass.UNKNOWN or is_listed(word.text)
    return not name.capital and len(word.text) >= _SHORTEST and may_be_name(word.text)


def _is_call(word: Word) -> bool:
    """Whether a word of every day, as in ``Call Anna``, is no given name: ``Will`` and ``Mark`` are."""
    return (
        word.kind in {WordClass.EVERYDAY, WordClass.INTERFACE} and len(word.text) > 1 and not is_given_name(word.text)
    )


def _runs(text: str, words: Sequence[Word], named: Sequence[bool], scores: Sequence[float]) -> Iterator[Span]:
    """Yield each run of adjoining names as one span; single letters are no name."""
    last: Word | None = None
    open_: Span | None = None
    long = False
    for word, is_name, score in zip(words, named, scores, strict=True):
        if not is_name:
            continue
        span = Span(word.start, word.end, EntityType.PERSON, max(score, _SURE))
        if open_ is not None and last is not None and _adjoin(text, last, word):
            open_ = Span(open_.start, word.end, EntityType.PERSON, max(open_.score, span.score))
        else:
            if open_ is not None and long:
                yield open_
            open_, long = span, False
        long |= len(word.text) > 1
        last = word
    if open_ is not None and long:
        yield open_
