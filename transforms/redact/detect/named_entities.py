"""Detection of names and addresses by models, word lists, text structure and the organisation's directory.

Markup is removed and texts are split into lines. Each distinct line is scanned once, because screens repeat most of
their lines.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect.directory import Directory
from transforms.redact.detect.memo import SpanCache
from transforms.redact.detect.names.documents import drop_terms, is_document
from transforms.redact.detect.names.signatures import find_signers
from transforms.redact.detect.names.source_code import is_code
from transforms.redact.detect.names.speakers import find_speakers
from transforms.redact.detect.people import people
from transforms.redact.detect.people_rules import guesses
from transforms.redact.detect.postal_addresses import addresses
from transforms.redact.detect.vocabulary import Vocabulary
from transforms.redact.detect.words import Word, leaves_a_question, split
from transforms.redact.models.entity_model import EntityModel, build_models
from transforms.redact.models.word_pieces import MOST_PIECES, count_pieces
from transforms.redact.settings import RedactSettings
from transforms.redact.text.deadline import Deadline
from transforms.redact.text.markup import Reading, read_text, split_units
from transforms.redact.text.spans import mark_unscanned, merge, shift
from transforms.redact.text.technical import read_technical
from transforms.redact.text.word_lists import WordClass, word_class

PROFILES = {
    "default": ("onnx:compact",),
    "fast": (),
}
"""Models of each profile. Name lists, structure and the directory belong to all."""

_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
"""A letter of the one script that the classifier learned: its answers about others are noise."""
_READ_BY_MODELS = re.compile("[0-9A-Za-z\u00c0-\u024f]")
"""A character without which models are not asked: a page of Chinese costs them nothing and is scanned to its end."""
_PLACES = frozenset({EntityType.ADDRESS, EntityType.LOCATION})
_NO_PLACE = frozenset({WordClass.INTERFACE, WordClass.EVERYDAY, WordClass.KNOWN, WordClass.TECHNICAL})
"""Classes of words that are no address by themselves."""
_LEAST_DIGITS, _DECIMAL = 6, re.compile(r"-?\d+\.\d+")
_BEGUN_DECIMAL = re.compile(r"\d\.$")
"""The digits before a point whose digits behind it are no number of their own: ``37.`` of ``37.6188 101.694``."""
_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
_SEPARATOR = re.compile(r" [-\u2013\u2014|•·] ")


class _Line(NamedTuple):
    """A line, and whether it stands in a document about software, where fewer words are names."""

    text: str
    document: bool

    def __repr__(self) -> str:
        """Show no text."""
        return f"_Line({len(self.text)} characters)"


class _About(NamedTuple):
    """The number of the text in which a line first occurs, and whether a model should see it."""

    owner: int
    worth: bool


@dataclass(slots=True)
class _JudgedLine:
    """A line, its words and the spans found by structure, by rules so far and by models."""

    line: _Line = field(repr=False)
    words: list[Word]
    guessed: list[Span]
    found: list[Span]
    worth: bool
    answers: list[Span] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the line itself."""
        return self.line.text


class _Parts(NamedTuple):
    """The ranges of a reading to scan, the offset from which the text stays unscanned, and whether it is a document."""

    pieces: Sequence[tuple[int, int]]
    end: int
    document: bool


class NamedEntityDetector:
    """The detector of people, addresses and model-recognised personal numbers."""

    def __init__(self, settings: RedactSettings) -> None:
        """Load the models; raise ``UsageError`` if one is unknown or missing."""
        models = build_models(settings.models or PROFILES[settings.profile])
        self._models: tuple[EntityModel, ...] = models
        self._directory = Directory.read(settings.directory) if settings.directory else Directory({})
        self._vocabulary = Vocabulary.read(settings.vocabulary)
        self._threshold = settings.score_threshold
        self._max_chars = settings.max_text_chars
        self._memory = SpanCache()

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        """Return the spans of each text, sorted and without overlaps.

        A text that is too long, or on which a word list fails, is one ``UNSCANNED`` span; so is the part of a text
        beyond the model budget (``MOST_PIECES``).
        """
        readings = {text: read_text(text) for text in texts if len(text.content) <= self._max_chars}
        parts = {text: self._parts(text, reading.text) for text, reading in readings.items()}
        lines: dict[_Line, _About] = {}
        for number, (text, reading) in enumerate(readings.items()):
            for start, end in parts[text].pieces:
                line = _Line(reading.text[start:end], parts[text].document)
                known = lines.setdefault(line, _About(number, False))
                lines[line] = known._replace(worth=known.worth or not text.slight)
        found = self._scan_new_lines(lines)
        spans = {text: self._assemble(text, reading, parts[text], found) for text, reading in readings.items()}
        return [spans[text] if text in spans else mark_unscanned(text.content) for text in texts]

    def _parts(self, text: Text, content: str) -> "_Parts":
        """Select the ranges of ``content``, the reading of ``text``, that fit the model budget.

        Repeated lines cost nothing. The cut depends on this text alone, never on the batch.
        """
        pieces, document = list(_pieces(content, text.kind)), is_document(content) or is_code(content)
        if not self._models or text.slight or len(content) <= MOST_PIECES:
            return _Parts(pieces, len(content), document)
        left, seen = MOST_PIECES, set[str]()
        for number, (start, end) in enumerate(pieces):
            line = content[start:end]
            if line not in seen and _READ_BY_MODELS.search(line):
                seen.add(line)
                left -= count_pieces(line)
                if left < 0:
                    return _Parts(pieces[:number], start, document)
        return _Parts(pieces, len(content), document)

    def _scan_new_lines(self, lines: Mapping["_Line", "_About"]) -> dict["_Line", tuple[Span, ...]]:
        """Look up the spans of each line in the cache and scan the others; failed lines are not cached."""
        names = {
            line: self._memory.name(f"{about.worth:d}{line.document:d}{line.text}") for line, about in lines.items()
        }
        recalled = {line: self._memory.recall(name) for line, name in names.items()}
        found = {line: spans for line, spans in recalled.items() if spans is not None}
        new = {line: about for line, about in lines.items() if line not in found}
        for line, spans in zip(new, self._scan(new), strict=True):
            found[line] = tuple(spans)
            if not _has_failed(spans):
                self._memory.keep(names[line], found[line])
        return found

    def _scan(self, lines: Mapping["_Line", "_About"]) -> list[Sequence[Span]]:
        """Scan lines by lists and structure first, and ask the models only about lines left in doubt."""
        judged = _judge_lines(lines, read=bool(self._models))
        asked = [line for line in judged if line.worth and _is_asked_about(line)]
        for model in self._models:
            for line, spans in zip(asked, model.find([line.text for line in asked]), strict=True):
                line.answers += spans
        for line in asked:
            named = [
                span
                for span in line.answers
                if span.entity is EntityType.PERSON and _LATIN.search(line.text, span.start, span.end)
            ]
            if named:
                document = line.line.document
                line.found = people(line.text, line.words, line.guessed, named, document=document, read=True)
        return [
            [
                *self._vocabulary.spare(line.found, line.text),
                *(
                    admitted
                    for span in line.answers
                    if span.entity is not EntityType.PERSON and (admitted := _admit(span, line.text)) is not None
                ),
                *self._directory.find(line.text),
            ]
            for line in judged
        ]

    def _assemble(
        self, text: Text, reading: Reading, parts: "_Parts", found: Mapping["_Line", Sequence[Span]]
    ) -> tuple[Span, ...]:
        spans: list[Span] = []
        for start, end in parts.pieces:
            if inside := found[_Line(reading.text[start:end], parts.document)]:
                if _has_failed(inside):
                    return mark_unscanned(text.content)
                spans += shift(inside, start)
        if spans and parts.document:
            spans = list(drop_terms(reading.text, spans))
        spans += find_speakers(reading.text, spans)
        spans += find_signers(reading.text, spans)
        kept = [span for span in addresses(reading.text, spans) if span.score >= self._threshold] if spans else []
        if parts.end < len(reading.text):
            kept.append(Span(parts.end, len(reading.text), EntityType.UNSCANNED, 1.0))
        return merge((reading.source(span) for span in kept), text.content)

    def digest(self) -> str:
        """Return a digest of the models, the directory and the vocabulary."""
        state = hashlib.sha256(f"{self._directory.digest()}+{self._vocabulary.digest()}".encode())
        for model in self._models:
            state.update(model.digest().encode())
        return state.hexdigest()


def _judge_lines(lines: Mapping[_Line, _About], *, read: bool) -> list[_JudgedLine]:
    """Judge each line by lists and structure; a line that fails or takes too long becomes ``UNSCANNED``.

    With ``read`` models read the lines that are worth it.
    """
    judged: list[_JudgedLine] = []
    deadline, owner = Deadline(), -1
    for line, about in lines.items():
        if about.owner != owner:
            deadline, owner = Deadline(), about.owner
        try:
            judged.append(_judge(line, deadline, worth=about.worth, read=read and about.worth))
        except Exception:  # noqa: BLE001 - whatever went wrong, the line was not scanned
            judged.append(_JudgedLine(line, [], [], list(mark_unscanned(line.text)), worth=False))
    return judged


def _judge(line: _Line, deadline: Deadline, *, worth: bool, read: bool) -> _JudgedLine:
    deadline.check()
    words = split(line.text)
    guessed = list(guesses(line.text, words))
    found = people(line.text, words, guessed, document=line.document, read=read)
    return _JudgedLine(line, words, guessed, found, worth=worth)


def _admit(span: Span, line: str) -> Span | None:
    """Judge what a model found in ``line``: it takes columns, decimals and words for values.

    An ordinary word is no address, but may be a part of one: ``via`` of ``via Falcone 12``.
    """
    value = line[span.start : span.end]
    if span.entity is EntityType.EMAIL_ADDRESS:
        return None if value.isalpha() else span
    if span.entity not in {EntityType.PHONE_NUMBER, *_PLACES}:
        return span
    if read_technical(line).whole:
        return None
    if span.entity is EntityType.PHONE_NUMBER:
        is_part = _BEGUN_DECIMAL.search(line, max(span.start - 2, 0), span.start) is not None
        is_phone = sum(map(str.isdigit, value)) >= _LEAST_DIGITS and not _DECIMAL.fullmatch(value) and not is_part
        return span if is_phone else None
    lone = value.isalpha() and (word_class(value) in _NO_PLACE or not (value.islower() or value.istitle()))
    lone |= value.islower() and _COMPOUND.fullmatch(value) is not None
    return span._replace(entity=EntityType.LOCATION) if lone else span


def _has_failed(spans: Sequence[Span]) -> bool:
    return len(spans) > 0 and spans[0].entity is EntityType.UNSCANNED


def _is_asked_about(line: _JudgedLine) -> bool:
    """Return whether models can read ``line`` and the lists leave a question about it."""
    return _READ_BY_MODELS.search(line.text) is not None and leaves_a_question(line.words, line.guessed, line.found)


def _pieces(text: str, kind: TextKind) -> Iterator[tuple[int, int]]:
    """Yield the ranges to scan separately: lines without margins, and the parts of a title.

    The title ``Inbox - Anna Kowalski - Mail`` has three parts; most parts repeat across titles.
    """
    for start, end in split_units(text):
        first = start
        for found in _SEPARATOR.finditer(text, start, end) if kind is TextKind.TITLE else ():
            yield from _trim_range(text, first, found.start())
            first = found.end()
        yield from _trim_range(text, first, end)


def _trim_range(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the range without the blanks at its ends, if anything is left."""
    content = text[start:end].rstrip()
    if content:
        yield start + len(content) - len(content.lstrip()), start + len(content)
