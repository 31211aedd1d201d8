import pytest
import regex

from schemas.entities import EntityType, Span
from transforms.redact.detect.recognizers import rule
from transforms.redact.detect.recognizers.rule import Rule


def scores(found: Rule) -> list[float]:
    return [round(span.score, 2) for span in found.find("id 4711 and code 4712")]


def test_a_cue_near_the_value_raises_the_score() -> None:
    assert scores(Rule("n", EntityType.ID_NUMBER, r"\d{4}", 0.3, cues="code")) == [0.65, 0.65]
    assert scores(Rule("n", EntityType.ID_NUMBER, r"\d{4}", 0.3, cues="cod")) == [0.3, 0.3]


def test_a_word_before_the_value_rules_it_out() -> None:
    assert scores(Rule("n", EntityType.ID_NUMBER, r"\d{4}", 0.3, unless="code")) == [0.3]


def test_a_verdict_beats_the_pattern() -> None:
    verdicts = {"4711": True, "4712": False}
    assert scores(Rule("n", EntityType.ID_NUMBER, r"\d{4}", 0.3, verdicts.get)) == [1.0]


def test_the_named_group_is_the_value() -> None:
    found = Rule("n", EntityType.PASSWORD, r"code (?P<v>\d+)", 0.5)
    assert list(found.find("code 4712")) == [Span(5, 9, EntityType.PASSWORD, 0.5)]


def test_a_pattern_that_takes_too_long_is_no_silent_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "TIMEOUT_SECONDS", 0.01)
    slow = Rule("slow", EntityType.SECRET, r"(?:(a|aa)+)+$", 0.5, flags=regex.IGNORECASE)
    with pytest.raises(TimeoutError):
        list(slow.find("a" * 60 + "!"))
