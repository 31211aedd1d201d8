"""One detector for all families: it takes seconds to build."""

from collections.abc import Callable

import pytest

from schemas.entities import Text, TextKind
from transforms.redact.detect.patterns import PatternDetector
from transforms.redact.settings import RedactSettings

Find = Callable[..., list[tuple[str, str]]]


@pytest.fixture(scope="session")
def find() -> Find:
    detector = PatternDetector(RedactSettings())

    def found(content: str, kind: TextKind = TextKind.SCREEN, label: str = "") -> list[tuple[str, str]]:
        spans = detector.detect([Text(content, kind, label)])[0]
        return [(span.entity.value, content[span.start : span.end]) for span in spans]

    return found
