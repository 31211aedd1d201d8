"""Words that are names because of the word beside them: neighbours of a name, and pairs of words with capitals."""

from collections.abc import Sequence
from itertools import pairwise

from transforms.redact.detect.words import ABROAD, SHORTEST, Line, Word, is_common_abroad, is_word_abroad
from transforms.redact.text.spelling import spelling_score
from transforms.redact.text.word_lists import WordClass, is_given_name, is_listed

_LEAST_BESIDE, _LEAST_BESIDE_INTERFACE, _NEVER = 0.2, 0.5, 2.0
"""Least scores of a word beside a name."""
_LEAST_OF_PAIR = 0.6
"""Least score of each of two words with capitals in a line of another language, or of one beside a given name."""
_PAIR, _LEAST_OF_LINE = 2, 0.7
"""A line of two rare words with capitals is a name from this score of each on: ``Wiola Jabłońska``."""
_LEAST_SPELLING = -1.5
"""Least spelling of each of them that is a form of a word; that of ``Girdileri Güncelle`` is less."""
_RARE = frozenset({WordClass.UNKNOWN, WordClass.INFLECTED})
_ENGLISH = frozenset({WordClass.EVERYDAY, WordClass.KNOWN})


def mark_pairs(line: Line, words: Sequence[Word], named: list[bool], answered: Sequence[float]) -> None:
    """Mark two words with capitals among small ones that a model takes for a name: ``bunu Serdar Sağlam biliyor``."""
    text = line.text
    if line.like_a_name and len(words) == _PAIR and all(map(_may_be_rare_name, words)):
        named[:] = [here or min(answered) >= _LEAST_OF_LINE for here in named]
    for at, pair in enumerate(pairwise(words)):
        likely = all(
            word.capital
            and len(word.text) >= SHORTEST
            and word.kind is not WordClass.INTERFACE
            and score >= _LEAST_OF_PAIR
            for word, score in zip(pair, answered[at : at + 2], strict=True)
        ) and not any(map(is_common_abroad, pair))
        if likely and text[pair[0].end : pair[1].start] == " " and not line.begins_sentence(pair[0]):
            near = [*words[max(at - 1, 0) : at], *words[at + 2 : at + 3]]
            if near and all(word.text.islower() for word in near):
                named[at] = named[at + 1] = True


def _may_be_rare_name(word: Word) -> bool:
    """Return whether a word is unknown, or a form of a word that is spelt like a name: ``Napolitani``."""
    return word.kind is WordClass.UNKNOWN or (
        word.kind is WordClass.INFLECTED and spelling_score(word.text) >= _LEAST_SPELLING
    )


def believe_beside(line: Line, words: Sequence[Word], named: list[bool], answered: Sequence[float]) -> None:
    """Mark neighbours of names that a model scores as names, even if they are ordinary words: ``kanye west``."""
    scores = _cut_abroad(words, answered) if line.abroad else answered
    for at in (*range(1, len(words)), *range(len(words) - 1, 0, -1)):
        if named[at - 1] != named[at] and line.text[words[at - 1].end : words[at].start] == " ":
            other = at if named[at - 1] else at - 1
            name = words[at - 1 if other == at else at]
            named[other] = scores[other] >= _least_beside(words[other], name, abroad=line.abroad)


def _cut_abroad(words: Sequence[Word], answered: Sequence[float]) -> list[float]:
    """Ignore a model's scores for most listed words in a line of another language: it takes them for names.

    English words that are family names count there only if it is rather sure: ``ariana grande, chris brown``.
    """
    return [
        score
        if word.kind in _RARE
        or word.kind is WordClass.VOCABULARY
        or (word.kind in _ENGLISH and score >= _LEAST_OF_PAIR and is_listed(word.text))
        else 0.0
        for word, score in zip(words, answered, strict=True)
    ]


def _least_beside(word: Word, name: Word, *, abroad: bool) -> float:
    """Return the least score of ``word`` beside ``name``.

    An ordinary word of another language must stand behind a given name that is written alike: ``anna niedźwiadek``, but
    not ``Teşekkürler Anna`` nor ``Anna biliyor``. One that is rare may stand before a family name, if the model is
    rather sure: ``topi sainio``.
    """
    if abroad and word.kind in _ENGLISH and not is_given_name(name.text):
        return _NEVER
    if abroad and word.kind in ABROAD:
        alike, behind = word.capital == name.capital, word.start > name.start
        if alike and not behind and word.kind is not WordClass.FOREIGN and _is_family_name(name):
            return _LEAST_OF_PAIR
        behind = behind and alike and is_given_name(name.text)
        if not behind or word.kind is WordClass.FOREIGN:
            return _NEVER
        return _LEAST_BESIDE if word.kind is WordClass.INFLECTED else _LEAST_OF_PAIR
    return _LEAST_BESIDE_INTERFACE if word.kind is WordClass.INTERFACE else _LEAST_BESIDE


def _is_family_name(name: Word) -> bool:
    """Return whether ``name`` is a listed family name, no given name and no word of another language."""
    return name.kind is WordClass.NAME and not is_given_name(name.text) and not is_word_abroad(name)
