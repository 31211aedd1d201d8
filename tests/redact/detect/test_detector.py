"""The union of sources, with texts of any length."""

from collections.abc import Sequence

import pytest

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect.detector import MOST_PICTURE_CHARS, UnionDetector


class Whole:
    """Finds each text as a name."""

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        return [(Span(0, len(text.content), EntityType.PERSON, 0.9),) for text in texts]

    def digest(self) -> str:
        return "whole"


@pytest.mark.parametrize(
    ("longest", "length", "ocr", "scanned"),
    [
        (200_000, MOST_PICTURE_CHARS, True, True),
        (200_000, MOST_PICTURE_CHARS + 1, True, False),
        (200_000, MOST_PICTURE_CHARS + 1, False, True),
        (200_000, 200_000, False, True),
        (200_000, 200_001, False, False),
        (10, 10, True, True),
        (10, 11, True, False),
    ],
)
def test_a_text_of_a_picture_is_scanned_up_to_what_a_large_screen_holds(
    longest: int, length: int, ocr: bool, scanned: bool
) -> None:
    text = Text("x" * length, TextKind.SCREEN, ocr=ocr)
    (spans,) = UnionDetector((Whole(),), frozenset(), longest).detect([text])
    found = Span(0, length, EntityType.PERSON, 0.9) if scanned else Span(0, length, EntityType.UNSCANNED, 1.0)
    assert spans == (found,)


def test_a_text_of_a_picture_may_hold_65_000_characters_and_one_behind_it_is_not_held_up() -> None:
    assert MOST_PICTURE_CHARS == 65_000
    texts = [Text("x" * size, TextKind.SCREEN, ocr=True) for size in (65_001, 5)]
    first, second = UnionDetector((Whole(),), frozenset(), 200_000).detect(texts)
    assert ([span.entity for span in first], [span.entity for span in second]) == (["UNSCANNED"], ["PERSON"])
