"""Reasons for a span: the recognizers that find it by themselves, and how sure they are."""

from collections.abc import Iterator, Sequence

from schemas.entities import BUSINESS, EntityType, Span
from schemas.redaction_reasons import ScoreClass
from transforms.redact.detect.patterns import recognizers
from transforms.redact.detect.recognizers.rule import Recognizer
from transforms.redact.text.markup import split_units

_CERTAIN, _LIKELY = 0.85, 0.5

NAMES = "names and places"
"""Reason where lists of names, the structure of a line or the classifier found a span."""

REPEATED = "found elsewhere in the session"
"""Reason where a value was found in another text."""

ORGANISATION = "names and numbers of your organisation"
"""Reason where the class ``business`` found a span."""

_BY_NAMES = frozenset({EntityType.PERSON, EntityType.ADDRESS, EntityType.LOCATION})


def class_of(score: float) -> ScoreClass:
    """Return the class of a score.

    >>> class_of(0.84).value
    'likely'
    """
    if score >= _CERTAIN:
        return ScoreClass.CERTAIN
    return ScoreClass.LIKELY if score >= _LIKELY else ScoreClass.POSSIBLE


class Explainer:
    """Finds the recognizers behind spans, one line at a time; for a page that shows them to the recorded person."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._lines: dict[str, list[tuple[Span, str]]] = {}
        self._documents: dict[str, list[tuple[Span, str]]] = {}
        self._recognizers = recognizers()

    def reasons(self, content: str, spans: Sequence[Span]) -> list[tuple[str, ...]]:
        """Return for each of the ``spans`` of ``content`` the names of the recognizers that find a part of it."""
        if not spans:
            return []
        found = [*self._scan(self._documents, content, whole=True)]
        for start, end in split_units(content):
            line = content[start:end]
            if any(span.start < end and span.end > start for span in spans):
                found += [
                    (span._replace(start=span.start + start, end=span.end + start), name)
                    for span, name in self._scan(self._lines, line, whole=False)
                ]
        return [_name(span, found) for span in spans]

    def _scan(self, known: dict[str, list[tuple[Span, str]]], text: str, *, whole: bool) -> Sequence[tuple[Span, str]]:
        if text not in known:
            known[text] = [
                (span, recognizer.name)
                for recognizer in self._recognizers
                if recognizer.document is whole
                for span in _find(recognizer, text)
                if span.score >= self._threshold
            ]
        return known[text]


def _find(recognizer: Recognizer, text: str) -> Iterator[Span]:
    """Yield what a recognizer finds; one that takes too long explains nothing."""
    try:
        yield from recognizer.find(text)
    except TimeoutError:
        return


def _name(span: Span, found: Sequence[tuple[Span, str]]) -> tuple[str, ...]:
    names = {name: None for item, name in found if item.start < span.end and item.end > span.start}
    if names:
        return tuple(names)
    if span.entity in BUSINESS:
        return (ORGANISATION,)
    return (NAMES,) if span.entity in _BY_NAMES else (REPEATED,)
