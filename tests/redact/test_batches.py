"""The spans of a text are a function of the text, not of the batch it came in."""

import random

import pytest

from schemas.entities import Text, TextKind
from transforms.redact.detect.build import build_detector
from transforms.redact.detect.detector import Detector
from transforms.redact.settings import RedactSettings

CONTENTS = (
    "meeting with anna kowalski tomorrow at 10",
    "From: Zzybin Ybar <z.ybar@example.com>\nSubject: the plan\n\nHello Maria,\nsee you at 12 Elm Road, Springfield",
    "Inbox - Zzybin Ybar - Mail",
    "please wire it to DE89 3704 0044 0532 0130 00 before friday",
    "<p>Zzybin&nbsp;Ybar</p> lives in 221B Baker Street, London NW1 6XE",
    "git commit -m 'fix the parser' && git push",
    "the password is Sommer2024! for now",
    "so teh plan is to mkae it simple",
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector(RedactSettings())


def test_order_company_and_repeats_change_nothing(detector: Detector) -> None:
    texts = [Text(content, kind) for content in CONTENTS for kind in (TextKind.SCREEN, TextKind.TYPED, TextKind.TITLE)]
    alone = {text: detector.detect([text])[0] for text in texts}
    assert any(alone.values())
    draws = random.Random(4)
    for size in (len(texts), len(texts) // 2, 3):
        sample = [draws.choice(texts) for _ in range(size)]
        assert detector.detect(sample) == [alone[text] for text in sample]
