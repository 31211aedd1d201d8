"""One detector for all families and misreadings: it takes seconds to build."""

import pytest

from transforms.redact.detect.patterns import PatternDetector
from transforms.redact.settings import RedactSettings


@pytest.fixture(scope="session")
def pattern_detector() -> PatternDetector:
    return PatternDetector(RedactSettings())
