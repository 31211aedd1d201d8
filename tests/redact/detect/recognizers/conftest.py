"""Values that the detector finds in a text."""

from collections.abc import Callable

import pytest

from schemas.entities import Text, TextKind
from transforms.redact.detect.patterns import PatternDetector

Find = Callable[..., list[tuple[str, str]]]


@pytest.fixture(scope="session")
def find(pattern_detector: PatternDetector) -> Find:
    def found(content: str, kind: TextKind = TextKind.SCREEN, label: str = "") -> list[tuple[str, str]]:
        spans = pattern_detector.detect([Text(content, kind, label)])[0]
        return [(span.entity.value, content[span.start : span.end]) for span in spans]

    return found
