"""People, from words that may be names: judge each word by its other meanings, then add its neighbours.

A model scores how likely a word is a name in its context; the word lists give its meaning elsewhere. An unknown word
counts as a name at a low score, an everyday word only at a high one: without a model, ``Ask Anna baker to call`` holds
the name ``Anna``, and ``Ask Anna Kowalczik to call`` the name ``Anna Kowalczik``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from schemas.entities import EntityType, Span
from transforms.redact.detect.names.east_asian_names import find_east_asian_names, holds_east_asian
from transforms.redact.detect.names.enumerations import mark_enumerated
from transforms.redact.detect.names.instructions import leave_out_verbs
from transforms.redact.detect.names.neighbours import believe_beside, mark_pairs
from transforms.redact.detect.names.titled_names import find_titled_names
from transforms.redact.detect.names.well_known import mark_well_known
from transforms.redact.detect.names.word_judgement import is_guessed, is_name
from transforms.redact.detect.near_misses import is_misspelt
from transforms.redact.detect.words import ABROAD, SHORTEST, Line, Word, mark_inflected, read_line
from transforms.redact.text.spelling import spelling_score
from transforms.redact.text.technical import is_time_zone
from transforms.redact.text.word_lists import WordClass, is_given_name, is_listed, may_be_name, name_words

_TITLES = frozenset(
    """mr mrs ms miss mx dr prof professor sir lady lord herr frau señor señora coach captain capt sgt rev reverend
    pastor judge senator dj vj mc lil uncle auntie pope king queen prince princess imam sheikh rabbi president governor
    mayor""".split()
)
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al"}
)
_PARTICLES |= {"bin", "ibn", "ben", "af", "av", "zu", "ter", "ten"}
_SUFFIXES = frozenset("jr sr ii iii iv vi vii viii ix xi xii xiii xiv xv xvi phd md dds dvm esq cpa".split())
_OPEN, _CLOSE = re.compile(r" ?[\"'(\u201c\u2018]"), re.compile(r"[\"')\u201d\u2019] ?")
"""Signs around a nickname: ``Khalen "KK" Robinson``."""
_NISBA = re.compile("ال[\u0621-\u064a]{3,}ي")
"""An Arabic family name by its form: behind a given name ``المنصوري`` is one."""
_GAP = re.compile(r"[ \u00a0]{1,3}|[ ]?[-/] ?|\u2019|'")
_STOP = re.compile(r"\.[ \u00a0]?")
_PLAIN = frozenset({WordClass.EVERYDAY, WordClass.KNOWN, WordClass.INTERFACE})
_RARE = frozenset({WordClass.UNKNOWN, WordClass.INFLECTED})
_SURELY = 0.8
"""Least score of an everyday word before another."""
_LIKE_A_NAME, _SURELY_LIKE_A_NAME = -1.0, 0.0
"""Least spelling of an unknown small word behind a given name: ``melania błasik``."""
_SURE = 0.5
"""Least score of a person: above every sensible threshold."""
_HANDLES = frozenset("@#\uff20")


def people(
    text: str,
    words: Sequence[Word],
    guesses: Iterable[Span],
    answers: Iterable[Span] = (),
    *,
    document: bool = False,
    read: bool = False,
) -> list[Span]:
    """Find the people of ``text`` from the spans that rules guessed and models answered.

    ``words`` must be ``split(text)``; ``document`` tells a line of a document about software, ``read`` one for models.
    """
    if is_time_zone(text):
        return []
    found = find_titled_names(text)
    if holds_east_asian(text):
        words = [word for word in words if not holds_east_asian(word.text)]
        found = find_east_asian_names(text)
    return [*found, *_find_among(read_line(text, words, document=document, read=read), words, guesses, answers)]


def _find_among(line: Line, words: Sequence[Word], guesses: Iterable[Span], answers: Iterable[Span]) -> list[Span]:
    text, document = line.text, line.document
    guessed, answered = _scores(words, guesses), _scores(words, answers)
    if line.abroad:
        words = mark_inflected(words)
    named = [
        is_guessed(word, guess, line) or is_name(word, answer, line)
        for word, guess, answer in zip(words, guessed, answered, strict=True)
    ]
    for at, (word, after) in enumerate(pairwise(words)):
        named[at] = named[at] and not (answered[at] < _SURELY and guessed[at] == 0 and _heads_phrase(text, word, after))
    leave_out_verbs(text, words, named)
    for at in range(1, len(words)):
        told = document or (line.abroad and words[at].text.lower() in name_words())
        if words[at].kind is WordClass.KNOWN and not named[at] and not told:
            named[at] = _stands_out(text, words[at - 1 : at + 2])
    if line.abroad and line.cased:
        mark_pairs(line, words, named, answered)
    if not line.technical.whole:
        mark_well_known(line, words, named)
    if not any(named):
        return []
    _repeat(words, named)
    if not line.technical.whole:
        believe_beside(line, words, named, answered)
    mark_enumerated(line, words, named)
    leave_out_verbs(text, words, named)
    _extend(line, words, named)
    return list(_runs(text, words, named, [max(pair) for pair in zip(guessed, answered, strict=True)]))


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


def _heads_phrase(text: str, word: Word, after: Word) -> bool:
    """Return whether an everyday word comes before another with a capital, which is no name: ``Frank Discussion``."""
    return (
        word.kind is WordClass.EVERYDAY
        and after.capital
        and after.kind in _PLAIN
        and not is_listed(after.text)
        and text[word.end : after.start] == " "
    )


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


def _repeat(words: Sequence[Word], named: list[bool]) -> None:
    """Mark a given name, also an ordinary word, that its line repeats: ``grace is organising, ask grace``."""
    again = {word.text for word, here in zip(words, named, strict=True) if here and is_given_name(word.text)}
    for at, word in enumerate(words):
        named[at] = named[at] or (word.text in again and may_be_name(word.text))


def _extend(line: Line, words: Sequence[Word], named: list[bool]) -> None:
    """Mark the neighbours that belong to a name: to the right, then to the left, then in between."""
    text = line.text
    for at, (left, right) in enumerate(pairwise(words), start=1):
        if named[at - 1] and not named[at] and _adjoin(text, left, right):
            named[at] = right.text.lower() in _SUFFIXES or _belongs(right, left) or _follows(right, left)
            named[at] = named[at] or (is_given_name(left.text) and _pairs(text, words, at - 1, at))
            _extend_over_particles(text, words, named, at)
    for at in range(len(words) - 1, 0, -1):
        left, right = words[at - 1], words[at]
        if named[at] and not named[at - 1] and _adjoin(text, left, right):
            alone = at + 1 == len(words) or not named[at + 1]
            named[at - 1] = _leads(left, right, begins=line.begins_sentence(left)) or (
                alone and _pairs(text, words, at - 1, at - 1)
            )
    for at in range(1, len(words) - 1):
        if named[at - 1] and named[at + 1] and _adjoin(text, words[at - 1], words[at]):
            named[at] |= len(words[at].text) == 1 or words[at].text.lower() in _PARTICLES
        elif named[at - 1] and named[at + 1] and not named[at]:
            gaps = text[words[at - 1].end : words[at].start], text[words[at].end : words[at + 1].start]
            listed = gaps == (", ", ", ") and is_listed(words[at].text) and words[at].capital
            named[at] = listed or (words[at].text[0].isupper() and _is_nickname(*gaps))


def _is_nickname(before: str, after: str) -> bool:
    """Return whether the signs around a word between two names mark a nickname."""
    return _OPEN.fullmatch(before) is not None and _CLOSE.fullmatch(after) is not None


def _pairs(text: str, words: Sequence[Word], at: int, other: int) -> bool:
    """Return whether two words, of which ``other`` is an ordinary one, are a name: ``only Childish Gambino was there``.

    ``other`` is a rarer word, both have capitals, and their neighbours in the sentence have none.
    """
    pair = words[at : at + 2]
    if words[other].kind is not WordClass.KNOWN or not all(word.capital and len(word.text) > 1 for word in pair):
        return False
    if text[pair[0].end : pair[1].start] != " ":
        return False
    before, after = words[at - 1 : at] if at else [], words[at + 2 : at + 3]
    near = [word for word in before if text[word.end : pair[0].start] == " "]
    near += [word for word in after if text[pair[1].end : word.start] == " "]
    return all(word.text.islower() for word in near)


def _extend_over_particles(text: str, words: Sequence[Word], named: list[bool], at: int) -> None:
    """Mark a family name with particles behind a given name, small as well: ``joey van de wal``."""
    end = at
    while end < len(words) - 1 and words[end].text.lower() in _PARTICLES and _adjoin(text, words[end - 1], words[end]):
        end += 1
    given, family = words[at - 1], words[end]
    fits = is_given_name(given.text) and (family.kind is WordClass.UNKNOWN or is_listed(family.text))
    if end > at and fits and given.capital == family.capital and _adjoin(text, words[end - 1], family):
        named[at : end + 1] = [True] * (end + 1 - at)


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
        return word.kind in _RARE or word.kind is WordClass.VOCABULARY or is_listed(word.text)
    if _NISBA.fullmatch(word.text):
        return True
    return not name.capital and len(word.text) >= SHORTEST and may_be_name(word.text)


def _leads(word: Word, name: Word, *, begins: bool) -> bool:
    """Return whether the word before a name is part of it.

    Before a given name stands no particle and no word of another language: ``Anruf von Anna``, ``Ayer Lucia``. Nor does
    such a word before a particle: ``Frau von Berg``.
    """
    plain, given = word.text.lower(), is_given_name(name.text)
    if plain in _TITLES:
        return True
    if plain in _PARTICLES:
        return not given
    if word.kind in ABROAD and (given or begins or name.text.lower() in _PARTICLES) and not is_listed(word.text):
        return False
    return _belongs(word, name) and not _is_call(word)


def _follows(word: Word, name: Word) -> bool:
    """Return whether an unknown small word behind a small given name is spelt like a family name."""
    return (
        word.kind in _RARE
        and word.text.islower()
        and len(word.text) > SHORTEST
        and name.text.islower()
        and is_given_name(name.text)
        and spelling_score(word.text) >= (_LIKE_A_NAME if word.kind is WordClass.UNKNOWN else _SURELY_LIKE_A_NAME)
        and not is_misspelt(word.text)
    )


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
    for word, named_here, score in zip(words, named, scores, strict=True):
        if not named_here:
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
