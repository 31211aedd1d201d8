"""Detection of the organisation's secrets, a source beside patterns and names where ``redact.classes`` asks for it."""

import hashlib
from collections.abc import Iterator, Sequence

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect.business.channels import find_channels, find_listed_channels
from transforms.redact.detect.business.listed_names import ListedNames
from transforms.redact.detect.business.mail_domains import find_mail_organisations
from transforms.redact.detect.business.repositories import find_headers, find_repositories
from transforms.redact.detect.business.tickets import find_tickets
from transforms.redact.detect.business.title_bars import is_title_bar
from transforms.redact.detect.detector import SpanSource
from transforms.redact.settings import RedactClass, RedactSettings
from transforms.redact.text.markup import read_text, split_units
from transforms.redact.text.spans import mark_unscanned, shift
from transforms.redact.text.term_lists import read_terms

_VERSION = "5"
"""Counts the changes of what is found: part of the digest of a detector."""


def business_sources(settings: RedactSettings) -> tuple[SpanSource, ...]:
    """Return the source that ``settings`` ask for, or none.

    Raise ``RefusedError`` if a list cannot be read and ``UsageError`` that names a line which breaks a rule.
    """
    return (BusinessDetector(settings),) if RedactClass.BUSINESS in settings.classes else ()


class BusinessDetector:
    """The detector of listed names, repositories, channels and tickets; each line is judged alone."""

    def __init__(self, settings: RedactSettings) -> None:
        organisations = read_terms(settings.organisations, "organisations")
        projects = read_terms(settings.projects, "projects")
        self._listed = (
            ListedNames.of(organisations.terms, EntityType.ORGANISATION),
            ListedNames.of(projects.terms, EntityType.PROJECT),
        )
        self._prefixes = frozenset(prefix.lower() for prefix in settings.ticket_prefixes)
        self._state = (_VERSION, organisations.digest, projects.digest, *sorted(self._prefixes))

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        """Return the spans of each text; they may overlap."""
        return [self._detect(text) for text in texts]

    def _detect(self, text: Text) -> tuple[Span, ...]:
        try:
            reading = read_text(text)
            return tuple(map(reading.source, self._spans(reading.text, text.kind)))
        except Exception:  # noqa: BLE001 - whatever went wrong, the text was not scanned
            return mark_unscanned(text.content)

    def _spans(self, content: str, kind: TextKind) -> Iterator[Span]:
        for names in self._listed:
            yield from names.find(content)
        if "@" in content:
            yield from find_mail_organisations(content)
        if kind is TextKind.SCREEN:
            yield from find_listed_channels(content)
            yield from find_headers(content)
        for start, end in split_units(content):
            line = content[start:end]
            title = kind is TextKind.TITLE or (kind is TextKind.SCREEN and is_title_bar(line))
            yield from shift(find_tickets(line, self._prefixes), start)
            yield from shift(find_repositories(line, title=title), start)
            yield from shift(find_channels(line, title=title), start)

    def digest(self) -> str:
        """Return a digest of the lists and prefixes; callers must key it before it leaves private state."""
        return hashlib.sha256("+".join(self._state).encode()).hexdigest()
