"""A text that any recognizer could not finish is redacted whole; the texts beside it are not."""

from collections.abc import Callable, Iterator

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect import patterns
from transforms.redact.detect.patterns import PatternDetector
from transforms.redact.detect.recognizers import rule
from transforms.redact.detect.recognizers.rule import Finder, Recognizer, Rule
from transforms.redact.results import RedactionResult
from transforms.redact.settings import RedactSettings

CODE = Rule("code", EntityType.ID_NUMBER, r"\d{4}", 0.9)
SLOW = Rule("slow", EntityType.SECRET, r"(?:(a|aa)+)+(?=b)", 0.5, flags=regex.IGNORECASE)
BAD = "code 4712 " + "a" * 60 + "!"


class Detector(PatternDetector):
    """The pattern half alone."""

    common_words: frozenset[str] = frozenset()


def broken(_: str) -> Iterator[Span]:
    raise ValueError("4712")


def detector(monkeypatch: pytest.MonkeyPatch, *chosen: Recognizer, longest: int = 1000) -> Detector:
    monkeypatch.setattr(patterns, "recognizers", lambda: chosen)
    monkeypatch.setattr(rule, "TIMEOUT_SECONDS", 0.02)
    return Detector(RedactSettings(max_text_chars=longest))


@pytest.mark.parametrize("culprit", [SLOW, Finder("broken", ("!",), broken), Finder("broken", ("!",), broken, True)])
def test_a_recognizer_that_fails_or_takes_too_long_costs_its_text(
    monkeypatch: pytest.MonkeyPatch, culprit: Recognizer
) -> None:
    texts = [Text("code 4711", TextKind.SCREEN), Text(BAD, TextKind.SCREEN), Text("code 4713", TextKind.SCREEN)]
    first, second, third = detector(monkeypatch, CODE, culprit).detect(texts)
    assert second == (Span(0, len(BAD), EntityType.UNSCANNED, 1.0),)
    assert [first[0][:2], third[0][:2]] == [(5, 9), (5, 9)]


def test_a_text_that_is_too_long_is_not_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    (spans,) = detector(monkeypatch, CODE, longest=5).detect([Text("code 4711", TextKind.SCREEN)])
    assert spans == (Span(0, 9, EntityType.UNSCANNED, 1.0),)


def test_such_a_text_is_released_as_a_marker_whatever_it_says(
    monkeypatch: pytest.MonkeyPatch, redact: Callable[..., RedactionResult]
) -> None:
    rows = [{"kind": "screen", "text": text} for text in (BAD, "code 4711")]
    rows += [{"kind": "key", "action": "down", "key": key, "modifiers": [], "field_id": "f"} for key in BAD]
    result = redact(rows, detector(monkeypatch, CODE, SLOW))
    assert result.withheld == ()
    table = result.sessions.table.to_pylist()
    assert next(row["text"] for row in table if row["text"]) == "<UNSCANNED>"
    assert [row["text"] for row in table if row["kind"] == "text_input"] == ["<UNSCANNED>"]
    assert all(row["synthetic"] for row in table if row["kind"] == "key")


GATED = [rule for rule in patterns.recognizers() if isinstance(rule, Rule) and rule.gate]


@given(st.lists(st.text(alphabet="aB7d9#-_x", min_size=7, max_size=12)), st.sampled_from(GATED))
def test_a_gate_matches_wherever_its_rule_finds_something(words: list[str], gated: Rule) -> None:
    for word in words:
        assert not any(gated.find(word)) or regex.search(gated.gate, word)


def test_gated_rules_still_find() -> None:
    text = "x aB7d9Xk2 aB7#d9Xk2 dob 7/9/1977 (dob)"
    found = {rule.name: [span[:2] for span in rule.find(text)] for rule in GATED}
    assert found == {
        "bare-password": [(11, 20)],
        "scrambled-word-after-cue": [(2, 10)],
        "date-of-birth": [(25, 33)],
        "date-of-birth-before-cue": [(25, 33)],
        "date-of-a-life": [(25, 33)],
        "date-alone": [],
        "mail-address-begun": [],
    }


def test_a_code_that_was_copied_by_itself_is_one_and_on_a_screen_needs_a_cue() -> None:
    detector = PatternDetector(RedactSettings())
    ((alone,), shown) = detector.detect([Text("482913", TextKind.CLIPBOARD), Text("482913", TextKind.SCREEN)])
    assert (alone.start, alone.end, alone.entity) == (0, 6, EntityType.ONE_TIME_CODE)
    assert alone.score >= RedactSettings().score_threshold
    assert tuple(shown) == ()
