"""The named-entity half of detection: models, name lists, structure and the organisation's directory as one.

Texts are read without their markup and cut into lines; each distinct line is scanned once, since screens repeat most of
theirs and interfaces return.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.directory import Directory
from transforms.redact.layout import Reading, read, units
from transforms.redact.names import WordClass, may_be_name
from transforms.redact.ner import EntityModel, build_models
from transforms.redact.people import Word, people, split
from transforms.redact.people_rules import guesses
from transforms.redact.places import addresses
from transforms.redact.remembering import Memory
from transforms.redact.settings import RedactSettings
from transforms.redact.spans import merge, shift

PROFILES = {
    "default": ("onnx:compact",),
    "fast": (),
}
"""Models of each profile. Name lists, structure and the directory belong to all."""


_PLAIN = frozenset({WordClass.INTERFACE, WordClass.EVERYDAY})
_SEPARATOR = re.compile(r" [-\u2013\u2014|•·] ")


class NamedEntityDetector:
    """Finds people, addresses and what a model calls a number of a person."""

    def __init__(self, settings: RedactSettings) -> None:
        """Load the models; raise ``UsageError`` where one is unknown or missing."""
        models = build_models(settings.models or PROFILES[settings.profile])
        self._models: tuple[EntityModel, ...] = models
        self._directory = Directory.read(Path(settings.directory)) if settings.directory else Directory({})
        self._threshold = settings.score_threshold
        self._max_chars = settings.max_text_chars
        self._memory = Memory()

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        """Return the spans of each text, sorted and without overlaps; too long a text is one ``UNSCANNED`` span."""
        readings = {text: read(text) for text in texts if len(text.content) <= self._max_chars}
        pieces = {text: list(_pieces(reading.text, text.kind)) for text, reading in readings.items()}
        lines: dict[str, bool] = {}
        for text, reading in readings.items():
            for start, end in pieces[text]:
                line = reading.text[start:end]
                lines[line] = lines.get(line, False) or not text.slight
        found = self._found(lines)
        spans = {text: self._assemble(text, reading, pieces[text], found) for text, reading in readings.items()}
        return [spans[text] if text in spans else _unscanned(text) for text in texts]

    def _found(self, lines: Mapping[str, bool]) -> dict[str, tuple[Span, ...]]:
        """Return the spans of each line, given whether it is worth asking a model about; those known are recalled."""
        names = {line: self._memory.name(f"{worth:d}{line}") for line, worth in lines.items()}
        recalled = {line: self._memory.recall(name) for line, name in names.items()}
        found = {line: spans for line, spans in recalled.items() if spans is not None}
        new = [line for line in lines if line not in found]
        for line, spans in zip(new, self._scan(new, [lines[line] for line in new]), strict=True):
            found[line] = tuple(spans)
            self._memory.keep(names[line], found[line])
        return found

    def _scan(self, lines: Sequence[str], worth_asking: Sequence[bool]) -> list[list[Span]]:
        """Return the spans of each line: of lists and structure first, of the models where these leave a question."""
        words = [split(line) for line in lines]
        guessed = [list(guesses(line, inside)) for line, inside in zip(lines, words, strict=True)]
        found = [people(*parts) for parts in zip(lines, words, guessed, strict=True)]
        asked = [at for at, worth in enumerate(worth_asking) if worth and _leaves_a_question(words[at], found[at])]
        other: list[list[Span]] = [[] for _ in lines]
        named: list[list[Span]] = [[] for _ in lines]
        for model in self._models:
            for at, spans in zip(asked, model.find([lines[at] for at in asked]), strict=True):
                for span in spans:
                    (named if span.entity is EntityType.PERSON else other)[at].append(span)
        for at in asked:
            if named[at]:
                found[at] = people(lines[at], words[at], [*named[at], *guessed[at]])
        return [[*found[at], *other[at], *self._directory.find(line)] for at, line in enumerate(lines)]

    def _assemble(
        self, text: Text, reading: Reading, pieces: Sequence[tuple[int, int]], found: Mapping[str, Sequence[Span]]
    ) -> tuple[Span, ...]:
        spans: list[Span] = []
        for start, end in pieces:
            if inside := found[reading.text[start:end]]:
                spans += shift(inside, start)
        if not spans:
            return ()
        kept = [span for span in addresses(reading.text, spans) if span.score >= self._threshold]
        return merge((reading.source(span) for span in kept), text.content)

    def digest(self) -> str:
        """Return a digest of the models, the lists and the directory."""
        state = hashlib.sha256(self._directory.digest().encode())
        for model in self._models:
            state.update(model.digest().encode())
        return state.hexdigest()


def _leaves_a_question(words: Sequence[Word], found: Sequence[Span]) -> bool:
    """Whether a model is worth asking: a word that is no person already may be more than a word of every day."""
    taken = [(span.start, span.end) for span in found]
    return any(
        (word.kind not in _PLAIN or may_be_name(word.text))
        and not any(start <= word.start and word.end <= end for start, end in taken)
        for word in words
    )


def _pieces(text: str, kind: TextKind) -> Iterator[tuple[int, int]]:
    """Yield the ranges that are scanned by themselves: lines without their margins, and the parts of a title.

    The parts of a title have nothing to do with each other, and most return: ``Inbox - Anna Kowalski - Mail``.
    """
    for start, end in units(text):
        bounds = [found.span() for found in _SEPARATOR.finditer(text, start, end)] if kind is TextKind.TITLE else []
        for first, last in zip(
            (start, *(stop for _, stop in bounds)), (*(stop for stop, _ in bounds), end), strict=True
        ):
            content = text[first:last]
            if content.strip():
                yield first + len(content) - len(content.lstrip()), last - len(content) + len(content.rstrip())


def _unscanned(text: Text) -> tuple[Span, ...]:
    return (Span(0, len(text.content), EntityType.UNSCANNED, 1.0),)
