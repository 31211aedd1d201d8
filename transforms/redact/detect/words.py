"""Words of a line with their classes, and how the line is written: casing, language, code or prose."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import regex

from transforms.redact.text.technical import TechnicalText, read_technical
from transforms.redact.text.word_lists import WordClass, word_class

SHORTEST = 3
"""A shorter word says little: of a language, or of a person."""
ABROAD = frozenset({WordClass.FOREIGN, WordClass.VOCABULARY})
"""Classes of ordinary words of languages other than English."""

_AT_HOME = frozenset({WordClass.EVERYDAY, WordClass.KNOWN, WordClass.INTERFACE})
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W\d_]+)*")
_MARKED_WORD = regex.compile(_WORD.pattern)
"""Counts combining marks as parts of a word, which ``re`` does not."""
_FIRST = re.compile(r"(?:^|(?<!\b[MD][rs])(?<!\bMrs)[.!?:;\n\u201c\"(*-])[ \u00a0]*$")
"""The text before the first word of a sentence: a full stop is none behind ``Mr``."""
_LOOK_BACK = 40
"""Most characters before a word that this pattern reads, because lines may be long."""
_FEW = 3
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
    def latin(self) -> bool:
        """Return whether the word is Latin: the one script that the classifier learned."""
        return self.text[0] < _FIRST_OTHER_SCRIPT


class Line(NamedTuple):
    """A line and how it is written."""

    text: str
    technical: TechnicalText
    cased: bool  # a word has a capital: a name would have one too
    abroad: bool  # more of its words belong to other languages than to English
    like_a_name: bool  # two or three words with capitals, and nothing else

    def __repr__(self) -> str:
        """Show no text."""
        return f"Line({len(self.text)} characters)"

    def begins_sentence(self, word: Word) -> bool:
        """Return whether ``word`` is the first of a sentence, where every word has a capital."""
        return _FIRST.search(self.text, max(word.start - _LOOK_BACK, 0), word.start) is not None


def split(text: str) -> list[Word]:
    """Split ``text`` into words with their classes."""
    pattern = _WORD if text.isascii() else _MARKED_WORD
    return [Word(*found.span(), found[0], word_class(found[0])) for found in pattern.finditer(text)]


def read_line(text: str, words: Sequence[Word]) -> Line:
    """Judge how the line ``text`` is written, whose ``words`` are ``split(text)``."""
    several = [word for word in words if len(word.text) >= SHORTEST]
    strange = sum(word.kind in ABROAD for word in several)
    familiar = sum(word.kind in _AT_HOME for word in several)
    return Line(
        text,
        read_technical(text),
        cased=any(word.capital and len(word.text) > 1 for word in words),
        abroad=strange > familiar or (familiar == 0 and len(words) > _FEW and not text.isascii()),
        like_a_name=1 < len(words) <= _FEW and all(word.capital for word in words),
    )
