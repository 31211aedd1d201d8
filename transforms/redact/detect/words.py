"""Words of a line with their classes, and how the line is written: casing, language, code or prose."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from schemas.entities import Span
from transforms.redact.text.technical import TechnicalText, read_technical
from transforms.redact.text.word_lists import (
    WordClass,
    common_name_words,
    is_given_name,
    is_listed,
    is_ordinary,
    is_word_form,
    may_be_name,
    name_words,
    place_names,
    shared_words,
    word_class,
)

SHORTEST = 3
"""A shorter word says little: of a language, or of a person."""
ABROAD = frozenset({WordClass.FOREIGN, WordClass.VOCABULARY, WordClass.INFLECTED})
"""Classes of ordinary words of languages other than English."""

_TOLD_SHORT = frozenset({WordClass.FOREIGN, WordClass.EVERYDAY})
_SEEN_OFTEN = frozenset({WordClass.INTERFACE, WordClass.EVERYDAY})
_AT_HOME = frozenset({WordClass.EVERYDAY, WordClass.KNOWN})
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W\d_]+)*")
_MARKED_WORD = regex.compile(_WORD.pattern)
"""Counts combining marks as parts of a word, which ``re`` does not."""
_FIRST = re.compile(r"(?:^|(?<!\b[MD][rs])(?<!\bMrs)[.!?:;\n\u201c\"(*-])[ \u00a0]*$")
"""The text before the first word of a sentence: a full stop is none behind ``Mr``."""
_LOOK_BACK = 40
"""Most characters before a word that this pattern reads, because lines may be long."""
_OTHER_LETTER = re.compile("[\u0370-\u1fff\u2c00-\ud7ff]")
_FEW, _MORE = 3, 1
_MOST_STRANGE = 2
"""A line like a name with two words of another language is in that, whatever the third: ``Hlavní Okno Programu``."""
_KEY_MARKS = frozenset("_&")
_KEYED = re.compile(r"(?<![\w&])([^\W\d_]+)[_&]([^\W\d_]+)(?![\w&(.=])")
"""A word in which ``_`` or ``&`` marks the access key."""
_OF_LANGUAGES = frozenset(
    """dictionary keyboard language languages locale locales localization speak spelling spoken subtitles translate
    translated translation translations translator translators""".split()
)
"""Words beside which a language stands, each worth two places."""
_FIRST_OTHER_SCRIPT = "\u0370"


class Word(NamedTuple):
    """A word of a text with its range and class."""

    start: int
    end: int
    text: str
    kind: WordClass

    def __repr__(self) -> str:
        """Show the range and no text."""
        return f"Word({self.start}, {self.end})"

    @property
    def capital(self) -> bool:
        """Return whether the word is written like a name: one capital, or several as in ``McDonald``."""
        return self.text[0].isupper() and (len(self.text) == 1 or not self.text.isupper())

    @property
    def has_access_key(self) -> bool:
        """Return whether the mark of an access key stands in the word, which ``text`` does not hold."""
        return self.end - self.start > len(self.text)

    @property
    def latin(self) -> bool:
        """Return whether the word is Latin: the one script that the classifier learned."""
        return self.text[0] < _FIRST_OTHER_SCRIPT


class Line(NamedTuple):
    """A line and how it is written."""

    text: str
    technical: TechnicalText
    cased: bool  # a word has a capital: a name would have one too
    abroad: bool  # more of its words belong to other languages than to English
    english: bool  # clearly more of its words are English
    lone: bool  # one word, and nothing else
    like_a_name: bool  # two or three words with capitals, and nothing else
    script: bool  # most letters belong to another script than Latin
    titled: bool  # three words or more, all with capitals: those tell nothing
    single: bool  # one word, whatever signs stand around it
    named: bool  # a word is a listed name, and none of another language
    document: bool = False  # it stands in a document about software
    read: bool = False  # a model reads it
    things: int = 0  # its distinct words that are things and no given names, or tell of languages

    def __repr__(self) -> str:
        """Show no text."""
        return f"Line({len(self.text)} characters)"

    def begins_sentence(self, word: Word) -> bool:
        """Return whether ``word`` is the first of a sentence, where every word has a capital."""
        return _FIRST.search(self.text, max(word.start - _LOOK_BACK, 0), word.start) is not None


def is_word_abroad(word: Word) -> bool:
    """Return whether a listed name is an ordinary word of another language: ``campo``."""
    return word.kind is WordClass.NAME and word.text.lower() in name_words()


def is_common_abroad(word: Word) -> bool:
    """Return whether a listed name is a word that programs in other languages show often: ``yeni``."""
    return word.text.lower() in common_name_words()


def is_of_other_language(word: Word) -> bool:
    """Return whether a word is one of another language, or an unlisted form of one or of several joined."""
    return word.kind is WordClass.VOCABULARY or (word.kind is WordClass.UNKNOWN and is_word_form(word.text))


def is_thing(word: Word) -> bool:
    """Return whether a word with a capital is a country, a large city, a language or a product: ``France``."""
    return not word.text.islower() and word.text.lower() in place_names()


def _count_things(words: Sequence[Word]) -> int:
    """Count the distinct words that are things or tell of languages, and are no given names."""
    lone = {word.text.lower() for word in words if is_thing(word)} - _OF_LANGUAGES
    told = sum(word.text.lower() in _OF_LANGUAGES for word in words)
    return sum(not is_given_name(word) for word in lone) + 2 * told


def _is_strange(word: Word, *, named: bool, few: bool) -> bool:
    """Return whether a word speaks for another language than English; one with a capital not beside names.

    In a line of ``few`` words a listed name that programs show often does, too: ``Yeni Öge``.
    """
    if word.kind is WordClass.UNKNOWN:
        return not (named and word.capital) and is_word_form(word.text)
    if word.kind in ABROAD:
        return True
    common = is_common_abroad(word) and len(word.text) >= SHORTEST and few and not named
    return is_word_abroad(word) and (word.text.islower() or common)


def mark_inflected(words: Sequence[Word]) -> list[Word]:
    """Mark the unknown words of a line of another language that are forms of its words."""
    return [
        word._replace(kind=WordClass.INFLECTED) if word.kind is WordClass.UNKNOWN and is_word_form(word.text) else word
        for word in words
    ]


def split(text: str) -> list[Word]:
    """Split ``text`` into words with their classes; the mark of an access key parts no word: ``Ann_uler``."""
    pattern = _WORD if text.isascii() else _MARKED_WORD
    words = [Word(*found.span(), found[0], word_class(found[0])) for found in pattern.finditer(text)]
    return words if _KEY_MARKS.isdisjoint(text) else list(_join_keyed(text, words))


# ``G&iriş Yap``: words G, iriş and Yap become Giriş and Yap; an English word becomes one of interfaces. But
# ``anna_kowalska`` is no ordinary word and stays two, and a chain of marks, ``a_b_c``, is an identifier.
def _join_keyed(text: str, words: Sequence[Word]) -> Iterator[Word]:
    """Yield ``words``, of which two around the mark of an access key are one if they are an ordinary word so."""
    last = 0
    for keyed in _KEYED.finditer(text):
        if not is_ordinary(whole := keyed[1] + keyed[2]) or is_listed(whole):
            continue
        yield from (word for word in words if last <= word.start and word.end <= keyed.start())
        kind = word_class(whole)
        yield Word(keyed.start(), keyed.end(), whole, WordClass.INTERFACE if kind in _AT_HOME else kind)
        last = keyed.end()
    yield from (word for word in words if last <= word.start)


def read_line(text: str, words: Sequence[Word], *, document: bool = False, read: bool = False) -> Line:
    """Judge how the line ``text`` is written, whose ``words`` are ``split(text)``; ``document`` is told by the text.

    ``read`` tells whether a model reads the line.
    """
    several = [word for word in words if len(word.text) >= SHORTEST or word.kind in _TOLD_SHORT]
    named = any(word.kind is WordClass.NAME and not is_word_abroad(word) for word in words)
    strange = sum(_is_strange(word, named=named, few=len(words) <= _FEW) for word in several)
    at_home = [word.kind for word in several if word.kind in _AT_HOME and word.text.lower() not in shared_words()]
    familiar = len(at_home)
    tied = strange == familiar > 0 and WordClass.EVERYDAY not in at_home
    like_a_name = 1 < len(words) <= _FEW and all(word.capital for word in words)
    rare = (
        like_a_name
        and strange < _MOST_STRANGE
        and any(word.kind is WordClass.UNKNOWN and not is_word_form(word.text) for word in words)
    )
    return Line(
        text,
        read_technical(text),
        cased=any(word.capital and len(word.text) > 1 for word in words),
        abroad=((strange > familiar or tied) and not rare)
        or (familiar == 0 and len(words) > _FEW and not text.isascii()),
        english=familiar >= strange + _MORE,
        lone=len(words) == 1 and words[0].text == text.strip(),
        like_a_name=like_a_name,
        script=not text.isascii() and 2 * len(_OTHER_LETTER.findall(text)) > sum(map(str.isalpha, text)),
        titled=len(words) >= _FEW and all(word.capital for word in words),
        single=len(words) == 1,
        named=named,
        document=document,
        read=read,
        things=_count_things(words) if read else 0,
    )


def leaves_a_question(words: Sequence[Word], guessed: Sequence[Span], found: Sequence[Span]) -> bool:
    """Return whether any word outside the found spans may be more than an everyday word.

    A given name that is one may be where a rule expects a name: ``ask miles``.
    """
    return any(
        (
            word.kind not in _SEEN_OFTEN
            or may_be_name(word.text)
            or (is_given_name(word.text) and _is_within(word, guessed))
        )
        and not _is_within(word, found)
        for word in words
    )


def _is_within(word: Word, spans: Sequence[Span]) -> bool:
    return any(span.start <= word.start and word.end <= span.end for span in spans)
