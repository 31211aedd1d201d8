"""People, from words that may be names: judge each word by its other meanings, then add its neighbours.

A model scores how likely a word is a name in its context; the word lists give its meaning elsewhere. An unknown word
counts as a name at a low score, an everyday word only at a high one: without a model, ``Ask Anna baker to call`` holds
the name ``Anna``, and ``Ask Anna Kowalczik to call`` the name ``Anna Kowalczik``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from schemas.entities import EntityType, Span
from transforms.redact.detect.east_asian_names import find_east_asian_names, holds_east_asian
from transforms.redact.detect.near_misses import is_misspelt
from transforms.redact.detect.words import ABROAD, SHORTEST, Line, Word, read_line
from transforms.redact.text.word_lists import WordClass, is_given_name, is_listed, may_be_name

_LEAST = {
    WordClass.NAME: 0.0,
    WordClass.UNKNOWN: 0.05,
    WordClass.FOREIGN: 0.1,
    WordClass.VOCABULARY: 0.05,
    WordClass.TECHNICAL: 0.8,
    WordClass.KNOWN: 0.2,
    WordClass.EVERYDAY: 0.3,
    WordClass.INTERFACE: 2.0,
}
"""Least score at which a word of each class is a name; interface words count only inside a longer name."""
_UNLISTED = frozenset({*ABROAD, WordClass.UNKNOWN})
_LEAST_ABROAD = 0.6
"""Least score of a capitalised word that is no listed name in a line of another language."""
_NEVER = 2.0
_LEAST_IN_PLACE = 0.5
"""Least score of a word that is no listed name, written small where others have capitals or in a technical line."""
_LEAST_SMALL_NAME = 0.3
"""Least score of a listed name there."""
_LEAST_IN_TOKEN = 0.8
"""Least score of a capitalised word of a technical token: ``UserList.render``."""
_LEAST_MISSPELT = 0.2
"""Least score of an unknown word one typo away from an ordinary one, in lower case or starting a sentence."""
_ALONE = frozenset({WordClass.NAME, WordClass.FOREIGN, WordClass.VOCABULARY, WordClass.UNKNOWN})
"""Classes whose words may count as names without a model."""
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
_SURE = 0.5
"""Least score of a person: above every sensible threshold."""
_HANDLES = frozenset("@#\uff20")
_MARKED = "@#/\\_=&"
"""A word behind one of these is part of a handle, a tag or an address."""


def people(text: str, words: Sequence[Word], guesses: Iterable[Span], answers: Iterable[Span] = ()) -> list[Span]:
    """Find the people of ``text`` from the spans that rules guessed and models answered.

    ``words`` must be ``split(text)``.
    """
    if holds_east_asian(text):
        words = [word for word in words if not holds_east_asian(word.text)]
        return [*find_east_asian_names(text), *_find_among(text, words, guesses, answers)]
    return _find_among(text, words, guesses, answers)


def _find_among(text: str, words: Sequence[Word], guesses: Iterable[Span], answers: Iterable[Span]) -> list[Span]:
    guessed, answered = _scores(words, guesses), _scores(words, answers)
    line = read_line(text, words)
    named = [
        _is_guessed(word, guess, line) or _is_name(word, answer, line)
        for word, guess, answer in zip(words, guessed, answered, strict=True)
    ]
    for at in range(1, len(words)):
        if words[at].kind is WordClass.KNOWN and not named[at]:
            named[at] = _stands_out(text, words[at - 1 : at + 2])
    if not any(named):
        return []
    _extend(text, words, named)
    return list(_runs(text, words, named, [max(pair) for pair in zip(guessed, answered, strict=True)]))


def _is_guessed(word: Word, score: float, line: Line) -> bool:
    """Return whether a rule found a name in ``word``: it knows the place, whatever the casing (``Hi ravi,``)."""
    if not (score > 0 and score >= _LEAST[word.kind]):
        return False
    if line.technical.holds(word.start, word.end) and word.kind is not WordClass.NAME:
        return score >= _LEAST_IN_PLACE
    return word.kind is not WordClass.UNKNOWN or score >= _LEAST_MISSPELT or not _reads_misspelt(word, line)


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


def _is_name(word: Word, score: float, line: Line) -> bool:
    if not ((score > 0 and score >= _least_score(word, line)) or _counts_alone(word, score, line)):
        return False
    return word.kind is not WordClass.UNKNOWN or score >= _LEAST_MISSPELT or not _reads_misspelt(word, line)


def _least_score(word: Word, line: Line) -> float:
    """Return the least score at which ``word`` is a name in its place: more in code, and where capitals mark names."""
    small, least = word.text.islower(), _LEAST[word.kind]
    if line.abroad and word.kind in _UNLISTED and word.latin:
        unknown = word.kind is WordClass.UNKNOWN
        if small and (line.cased or not unknown):
            return _NEVER
        if not (small or unknown or line.like_a_name) and line.begins_sentence(word):
            return _NEVER
        least = _LEAST_ABROAD
    in_token = line.technical.holds(word.start, word.end)
    if small and (line.cased or line.technical.whole or in_token):
        return max(least, _LEAST_SMALL_NAME if word.kind is WordClass.NAME else _LEAST_IN_PLACE)
    if in_token and word.kind is not WordClass.NAME:
        return max(least, _LEAST_IN_TOKEN)
    return max(least, _LEAST_IN_PLACE) if line.technical.whole and word.kind is not WordClass.NAME else least


def _counts_alone(word: Word, score: float, line: Line) -> bool:
    """Return whether ``word`` counts as a name without a model in its line.

    Not in a technical token, nor written small where others have capitals, nor unknown at the start of a sentence,
    where every word has a capital.
    """
    if word.kind not in _ALONE or line.technical.holds(word.start, word.end) or not _stands_alone(word, line.text):
        return False
    if word.kind is WordClass.NAME:
        return not (word.text.islower() and (line.cased or line.technical.whole))
    if not word.latin:
        return word.kind is WordClass.UNKNOWN and not line.begins_sentence(word)
    if line.technical.whole or line.abroad:
        return False
    return score > 0 or not line.begins_sentence(word)


def _reads_misspelt(word: Word, line: Line) -> bool:
    """Return whether a word is written like an ordinary one in its place and is one typo away from one."""
    small = word.text.islower() or (word.capital and line.begins_sentence(word))
    return small and is_misspelt(word.text)


def _stands_alone(word: Word, text: str) -> bool:
    """Return whether ``word`` counts as a name without a model."""
    if len(word.text) < SHORTEST or (word.start and text[word.start - 1] in _MARKED):
        return False
    if word.kind is WordClass.NAME:
        return True
    if not word.capital or any(map(str.isdigit, word.text)):
        return False
    if word.kind is WordClass.FOREIGN:
        return is_listed(word.text)
    return word.kind in {WordClass.UNKNOWN, WordClass.VOCABULARY} and not _is_camel(word.text)


def _stands_out(text: str, words: Sequence[Word]) -> bool:
    """Return whether the second of two or three words is a family name, as in ``ask Baker about it``.

    A known word counts if it has a capital and its neighbours in the sentence have none.
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
    """Return whether a small letter precedes a capital, as in ``GroupWise`` but not ``McKay`` or ``DeVito``."""
    return any(left.islower() and right.isupper() for left, right in pairwise(word[2:]))


def _extend(text: str, words: Sequence[Word], named: list[bool]) -> None:
    """Mark the neighbours that belong to a name: to the right, then to the left, then in between."""
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
    """Return whether two words may belong to one name; a full stop may only follow an initial or a title.

    A handle or a tag is never joined.
    """
    if text[left.start - 1 : left.start] in _HANDLES:
        return False
    if _GAP.fullmatch(text, left.end, right.start):
        return True
    short = len(left.text) == 1 or left.text.lower() in _TITLES
    return short and _STOP.fullmatch(text, left.end, right.start) is not None


def _belongs(word: Word, name: Word) -> bool:
    """Return whether a word next to a name is part of it: same casing, and listed, an initial or unknown."""
    if word.capital or (word.text.isupper() and name.text.isupper()):
        if len(word.text) == 1:
            return word.text != "I"
        return word.kind in {WordClass.UNKNOWN, WordClass.VOCABULARY} or is_listed(word.text)
    return not name.capital and len(word.text) >= SHORTEST and may_be_name(word.text)


def _is_call(word: Word) -> bool:
    """Return whether a word is everyday and not a given name: ``Call`` in ``Call Anna``, but not ``Will``."""
    return (
        word.kind in {WordClass.EVERYDAY, WordClass.INTERFACE} and len(word.text) > 1 and not is_given_name(word.text)
    )


def _runs(text: str, words: Sequence[Word], named: Sequence[bool], scores: Sequence[float]) -> Iterator[Span]:
    """Yield each run of adjoining names as one span; a run of single letters is not a name."""
    last: Word | None = None
    open_: Span | None = None
    long = False
    for word, is_name, score in zip(words, named, scores, strict=True):
        if not is_name:
            continue
        span = Span(word.start, word.end, EntityType.PERSON, min(max(score, _SURE), 1.0))
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
