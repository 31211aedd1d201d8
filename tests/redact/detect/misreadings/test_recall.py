"""Recall of every kind of number and key with misread characters, and what that costs on texts without any."""

from pathlib import Path

import pytest

from schemas.entities import Span, Text, TextKind
from tests.support.misreadings import KINDS, examples
from transforms.redact.detect.patterns import PatternDetector

_EACH = 12
_MISSED = 1
"""Most values of a kind that stay: the letters of a code may be misread as digits, which nothing tells."""

_MOST_ADDED = 0.0005


def is_covered(line: str, value: str, spans: tuple[Span, ...]) -> bool:
    start = line.index(value)
    covered = {place for span in spans for place in range(span.start, span.end)}
    return covered.issuperset(place for place in range(start, start + len(value)) if line[place].isalnum())


@pytest.mark.parametrize("name", KINDS)
def test_values_with_one_or_two_misread_characters_are_found(name: str, pattern_detector: PatternDetector) -> None:
    listed = [item for times in (0, 1, 2) for item in examples(name, _EACH, times)]
    found = pattern_detector.detect([Text(line, TextKind.SCREEN, ocr=True) for line, _ in listed])
    missed = [line for (line, value), spans in zip(listed, found, strict=True) if not is_covered(line, value, spans)]
    assert len(missed) <= _MISSED, missed


def test_what_was_typed_or_told_by_an_interface_is_not_read_so(pattern_detector: PatternDetector) -> None:
    line = "SSN: S36-2Z-8741"
    told, read = pattern_detector.detect([Text(line, TextKind.SCREEN), Text(line, TextKind.SCREEN, ocr=True)])
    assert not is_covered(line, "S36-2Z-8741", told)
    assert is_covered(line, "S36-2Z-8741", read)


def test_code_and_tables_of_figures_lose_hardly_more_than_without(pattern_detector: PatternDetector) -> None:
    pages = (Path("docs/measurements.md"), Path("requirements.lock"), Path("transforms/redact/detect/presidio.py"))
    lines = list(
        dict.fromkeys(line for page in pages for line in page.read_text(encoding="utf-8").splitlines() if line)
    )
    plain, read = (
        sum(span.end - span.start for spans in pattern_detector.detect(texts) for span in spans)
        for texts in ([Text(line, TextKind.SCREEN, ocr=ocr) for line in lines] for ocr in (False, True))
    )
    assert read - plain <= _MOST_ADDED * sum(map(len, lines))
