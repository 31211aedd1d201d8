"""Detection without a model: field labels, Presidio's recognizers and our own, behind a prefilter."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect.clocks import find_clocks, is_clock
from transforms.redact.detect.field_labels import GATE, find_labelled_values, find_typed_value
from transforms.redact.detect.memo import SpanCache
from transforms.redact.detect.misreadings.readings import find_misread
from transforms.redact.detect.presidio import presidio_rules
from transforms.redact.detect.recognizers import (
    connections,
    credentials,
    health,
    identifiers,
    national,
    network,
    paths,
    personal_facts,
    recovery,
    tokens,
)
from transforms.redact.detect.recognizers.rule import Finder, Recognizer
from transforms.redact.detect.recognizers.street_addresses import address_finder
from transforms.redact.settings import RedactSettings
from transforms.redact.text.deadline import Deadline
from transforms.redact.text.markup import Reading, read_text, split_units
from transforms.redact.text.prefilter import Prefilter
from transforms.redact.text.spans import mark_unscanned, merge, shift, trim

LABELLED = Finder("labelled", (GATE,), find_labelled_values, document=True)

_CODE_ALONE = re.compile(r"\s*\d{3,8}\s*")
_CODE_SCORE = 0.4
"""Score of a clipboard text of three to eight digits: a code of some kind."""

_SHOWN = frozenset({TextKind.SCREEN, TextKind.NAME, TextKind.TITLE})
_COLON = ":"
"""Sign without which a text holds no time of day."""

_LIBRARIES = ("presidio-analyzer", "phonenumbers", "regex", "tldextract")


def recognizers() -> tuple[Recognizer, ...]:
    """List all recognizers in a fixed order."""
    families = (
        credentials,
        connections,
        tokens,
        recovery,
        identifiers,
        national,
        network,
        paths,
        personal_facts,
        health,
    )
    own: list[Recognizer] = [rule for family in families for rule in family.RULES]
    return (*own, personal_facts.PHONES, address_finder(), LABELLED, *presidio_rules())


class Scanner:
    """Recognizers behind a prefilter that selects those to run on a text; create one per process."""

    def __init__(self, chosen: Iterable[Recognizer]) -> None:
        self._recognizers = tuple(chosen)
        self._prefilter = Prefilter([recognizer.gates for recognizer in self._recognizers])
        self._memory = SpanCache()

    def scan(self, text: str, deadline: Deadline) -> tuple[Span, ...]:
        """Run the recognizers on ``text``; raise ``TimeoutError`` past the deadline."""
        name = self._memory.name(text)
        found = self._memory.recall(name)
        if found is None:
            found = tuple(self._spans(text, deadline))
            self._memory.keep(name, found)
        return found

    def _spans(self, text: str, deadline: Deadline) -> Iterator[Span]:
        for number in self._prefilter.candidates(text):
            deadline.check()
            for span in self._recognizers[number].find(text):
                deadline.check()
                yield span


class PatternDetector:
    """The detector of values with a known form, a check digit, a cue or a label.

    Each distinct line is scanned once; document recognizers see the whole text. A text that is too long, or on which a
    recognizer fails, is one ``UNSCANNED`` span: Presidio skips a failing pattern, this detector fails closed.
    """

    def __init__(self, settings: RedactSettings) -> None:
        self._chosen = chosen = recognizers()
        self._threshold = settings.score_threshold
        self._max_chars = settings.max_text_chars
        self._lines = Scanner(recognizer for recognizer in chosen if not recognizer.document)
        self._documents = Scanner(recognizer for recognizer in chosen if recognizer.document)
        # no address is found by reading its letters as digits: ``find_misread`` would drop it
        self._misread = Scanner(rule for rule in chosen if rule.document and rule.name != "address")

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        """Return the spans of each text, sorted and without overlaps."""
        seen: dict[str, tuple[Span, ...]] = {}
        found: dict[Text, tuple[Span, ...]] = {}
        for text in texts:
            if text not in found:
                found[text] = self._detect(text, seen)
        return [found[text] for text in texts]

    def _detect(self, text: Text, seen: dict[str, tuple[Span, ...]]) -> tuple[Span, ...]:
        if len(text.content) > self._max_chars:
            return mark_unscanned(text.content)
        try:
            reading = read_text(text)
            scanned = self._scan(reading, seen, self._documents)
            found = [trim(span, reading.text) for span in scanned if span.score >= self._threshold]
            spans = [reading.source(span) for span in found if span is not None]
            if text.ocr:
                spans += self._find_misread(reading, seen)
            if text.kind is TextKind.TYPED:
                spans += find_typed_value(text.content, text.label)
            if (text.kind in _SHOWN or is_clock(text.label)) and _COLON in text.content:
                spans += find_clocks(text.content, text.label)
            if text.kind is TextKind.CLIPBOARD and _CODE_ALONE.fullmatch(text.content):
                spans.append(Span(0, len(text.content), EntityType.ONE_TIME_CODE, _CODE_SCORE))
        except Exception:  # noqa: BLE001 - whatever went wrong, the text was not scanned
            return mark_unscanned(text.content)
        return merge(spans, text.content)

    def _scan(self, reading: Reading, seen: dict[str, tuple[Span, ...]], documents: Scanner) -> list[Span]:
        deadline = Deadline()
        spans = list(documents.scan(reading.text, deadline))
        for start, end in split_units(reading.text):
            line = reading.text[start:end]
            if line not in seen:
                seen[line] = self._lines.scan(line, deadline)
            if seen[line]:
                spans += shift(seen[line], start)
        return spans

    def _find_misread(self, reading: Reading, seen: dict[str, tuple[Span, ...]]) -> list[Span]:
        """Find what only shows once misread characters of a picture's text are replaced."""

        def scan(printed: str) -> list[Span]:
            found = self._scan(Reading(printed), seen, self._misread)
            return [span for span in found if span.score >= self._threshold]

        trimmed = (trim(span, reading.text) for span in find_misread(reading.text, scan))
        return [reading.source(span) for span in trimmed if span is not None]

    def digest(self) -> str:
        """Return a digest of the patterns and of the versions of the libraries that evaluate them."""
        state = hashlib.sha256()
        for recognizer in self._chosen:
            state.update(repr((recognizer.name, recognizer.gates)).encode())
        for library in _LIBRARIES:
            state.update(f"{library}={version(library)}".encode())
        return state.hexdigest()
