"""Names of people with misread letters: ``8rian``, ``Tercsa`` and ``lan Vargas`` are judged as they were printed.

A word that is no word becomes the listed name that differs from it in letters that look alike, and the line is judged
again with it. What is then found around that name counts.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from schemas.entities import EntityType, Span, Text
from transforms.redact.detect.detector import SpanSource
from transforms.redact.detect.misreadings.confusions import LETTERS_OF, LOOK_ALIKES
from transforms.redact.models.word_pieces import MOST_PIECES, count_pieces
from transforms.redact.text.markup import Reading, read_text, split_units
from transforms.redact.text.spans import mark_unscanned, shift
from transforms.redact.text.word_lists import WordClass, may_be_name, word_class

_WORD = re.compile(r"(?<![^\W_])[^\W_]{3,24}(?![^\W_])")
_DATE = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\d+", re.IGNORECASE)
MOST_NAME_PIECES = MOST_PIECES // 2
"""Word pieces of the lines of one text that are judged again with restored names; the text itself has its own."""
_MOST_DIGITS = 2
_LEAST_STEM = 3
"""Fewest letters of a word with a number behind it: ``Em11`` may be ``Emil``."""
_NEXT_NAME = re.compile(r" [^\W\d_a-z]")
"""A capital behind a word that begins with a small letter: ``lan Vargas`` is a name, ``lan cable`` is none."""


class MisreadNames:
    """The source of people whose names have misread letters, in texts of pictures alone; ``names`` judges them."""

    def __init__(self, names: SpanSource) -> None:
        self._names = names

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        """Return the spans of each text; they may overlap."""
        return [self._detect(text) if text.ocr else () for text in texts]

    def _detect(self, text: Text) -> tuple[Span, ...]:
        try:
            reading = read_text(text)
            return tuple(map(reading.source, self._find(reading.text, text)))
        except Exception:  # noqa: BLE001 - whatever went wrong, the text was not scanned
            return mark_unscanned(text.content)

    def _find(self, content: str, text: Text) -> Iterator[Span]:
        lines, end = _select_lines(content)
        if end < len(content):
            yield Span(end, len(content), EntityType.UNSCANNED, 1.0)
        found = self._names.detect([text._replace(content=printed.text, ocr=False) for _, printed in lines])
        for (start, printed), spans in zip(lines, found, strict=True):
            for span in spans:
                mapped = printed.source(span)
                if span.entity is EntityType.UNSCANNED or (
                    span.entity is EntityType.PERSON
                    and printed.text[span.start : span.end] != content[start + mapped.start : start + mapped.end]
                ):
                    yield from shift([mapped], start)

    def digest(self) -> str:
        """Return the version of the rules; the judge of names has a digest of its own."""
        return "misread-names-2"


def _select_lines(content: str) -> tuple[list[tuple[int, Reading]], int]:
    """Return the lines with restored names by their starts, and the place from which models have no work left.

    Each line is a text by itself, so that all of them would have as much work as there are lines.
    """
    lines, seen, left = list[tuple[int, Reading]](), set[str](), MOST_NAME_PIECES
    for start, end in split_units(content):
        printed = restore_names(content[start:end])
        if printed is None:
            continue
        left -= 0 if printed.text in seen else count_pieces(printed.text)
        if left < 0:
            return lines, start
        seen.add(printed.text)
        lines.append((start, printed))
    return lines, len(content)


def restore_names(line: str) -> Reading | None:
    """Return ``line`` with the names that were printed in place of words that look like them; ``None`` without any.

    >>> [found.text for line in ("ask Th0mas", "lan Vargas") if (found := restore_names(line))]
    ['ask Thomas', 'Ian Vargas']
    """
    pieces, starts, ends, at = list[str](), list[int](), list[int](), 0
    for word in _WORD.finditer(line):
        name = _find_name(word[0], is_before_name=bool(_NEXT_NAME.match(line, word.end())))
        if name:
            pieces += line[at : word.start()], name
            starts += [*range(at, word.start()), *[word.start()] * len(name)]
            ends += [*range(at + 1, word.start() + 1), *[word.end()] * len(name)]
            at = word.end()
    if not at:
        return None
    places = range(at, len(line))
    return Reading("".join([*pieces, line[at:]]), [*starts, *places], [*ends, *(place + 1 for place in places)])


def _find_name(word: str, *, is_before_name: bool) -> str | None:
    """Return the first name that a word may have been printed as."""
    if any(map(str.isdigit, word)):
        return None if _is_numbered(word) else next(filter(_is_name, _with_letters(word)), None)
    if word[0].isupper() and word_class(word) is WordClass.UNKNOWN:
        return next(filter(_is_sure_name, _with_others(word)), None)
    if word[0] == "l" and (is_before_name or word_class(word) is WordClass.UNKNOWN):
        return next(filter(_is_name, [f"I{word[1:]}"]), None)
    return None


def _is_numbered(word: str) -> bool:
    """Tell whether a word that is known has a number behind it, as ``Sheet2``, which is no ``Sheetz``."""
    stem = word.rstrip("0123456789")
    return stem != word and len(stem) >= _LEAST_STEM and word_class(stem) is not WordClass.UNKNOWN


def _with_letters(word: str) -> Iterator[str]:
    """Yield the readings of a word with a digit or two as letters: ``Bi11`` is ``Biii``, ``Biil``, ``Bill``."""
    digits = sum(map(str.isdigit, word))
    if digits <= _MOST_DIGITS and 2 * digits <= len(word) and not _DATE.fullmatch(word):
        for letters in product(*(LETTERS_OF.get(sign, sign) for sign in word)):
            yield "".join(letters)


def _with_others(word: str) -> Iterator[str]:
    """Yield the readings of a word with a letter or two as others: ``Tadco`` is ``Tadeo``."""
    for read, printed in LOOK_ALIKES:
        at = word.find(read)
        while at >= 0:
            yield word[:at] + printed + word[at + len(read) :]
            at = word.find(read, at + 1)


def _is_name(word: str) -> bool:
    return word[0].isupper() and word[1:].islower() and may_be_name(word)


def _is_sure_name(word: str) -> bool:
    return word[0].isupper() and word[1:].islower() and word_class(word) is WordClass.NAME
