from collections.abc import Callable, Sequence

import pytest

from schemas.entities import Span, Text
from transforms.redact.results import RedactionResult


class Listening:
    common_words = frozenset[str]()

    def __init__(self) -> None:
        self.heard: dict[str, bool] = {}

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        self.heard |= {text.content: text.ocr for text in texts}
        return [() for _ in texts]

    def digest(self) -> str:
        return "listening"


@pytest.mark.parametrize("source", ["ocr", "a11y"])
def test_only_text_that_was_read_off_a_picture_is_judged_as_such(
    source: str, redact: Callable[..., RedactionResult]
) -> None:
    nodes = [{"role": "text", "name": name, "protected": False} for name in ("Total 12", "elsewhere")]
    rows = [
        {"kind": "focus", "app": "browser", "title": "Invoice"},
        {"kind": "screen", "source": source, "text": "Total 12", "nodes": nodes},
        {"kind": "clipboard", "action": "copy", "text": "12"},
    ]
    detector = Listening()
    redact(rows, detector)
    is_picture = source == "ocr"
    assert detector.heard == {
        "browser": False, "Invoice": False, "Total 12": is_picture, "elsewhere": is_picture, "12": False,
    }  # fmt: skip


def test_equal_words_of_a_picture_and_of_an_interface_are_two_texts(redact: Callable[..., RedactionResult]) -> None:
    nodes = [{"role": "text", "name": "Total 12", "protected": False}]
    screens = [{"kind": "screen", "source": source, "text": "Total 12", "nodes": nodes} for source in ("ocr", "dom")]
    result = redact(screens, Listening())
    assert result.sessions.table["text"].to_pylist() == ["Total 12", "Total 12"]
