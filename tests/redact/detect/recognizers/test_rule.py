import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span
from transforms.redact.detect.recognizers import rule
from transforms.redact.detect.recognizers.rule import Rule, find_from_ends


def scores(found: Rule) -> list[float]:
    return [round(span.score, 2) for span in found.find("id 4711 and code 4712")]


def test_a_cue_near_the_value_raises_the_score() -> None:
    assert scores(Rule("n", EntityType.ID_NUMBER, r"\d{4}", 0.3, cues="code")) == [0.65, 0.65]
    assert scores(Rule("n", EntityType.ID_NUMBER, r"\d{4}", 0.3, cues="cod")) == [0.3, 0.3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4711 and code 4712", [0.65, 0.65]),
        (f"4711 {'x' * 20} code 4712", [0.3, 0.65]),
        ("code4712", [0.65]),
        ("4712code", [0.3]),
        ("4711 and cod 4712", []),
        ("CODE 4712", [0.65]),
    ],
)
def test_a_rule_that_needs_a_cue_finds_nothing_in_a_text_without_one(text: str, found: list[float]) -> None:
    rules = [
        Rule("n", EntityType.ID_NUMBER, r"\d{4}", 0.3, cues="code", needs_cue=True),
        Rule("n", EntityType.ID_NUMBER, r"\d{4}", 0.3, needs_cue=True),
    ]
    assert [[round(span.score, 2) for span in rule.find(text)] for rule in rules] == [found, []]


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


_TOWN = r"(?<![A-Z])[A-Z][\w.-]{0,9}(?: [A-Z][\w.-]{0,9}){0,2},? (?:\d{5}|\d{4} [A-Z]{2})(?![\w%])"
_FORWARDS, _BACKWARDS = regex.compile(_TOWN), regex.compile(_TOWN, regex.REVERSE)


def test_a_town_is_found_from_each_of_its_words_where_a_code_is_behind_it() -> None:
    text = "Ask Bad Linden 12345 or Bonn, 1234 AB. No Town 123"
    found = [match[0] for match in find_from_ends(_FORWARDS, _BACKWARDS, text)]
    assert found == ["Ask Bad Linden 12345", "Bad Linden 12345", "Linden 12345", "Bonn, 1234 AB"]


@given(
    st.lists(
        st.sampled_from(["Bad", "Lin-den", "\u00c9st", "x", "A1", "12345", "1234 AB", "12", ",", ".", " "]), max_size=14
    )
)
def test_searching_from_ends_finds_what_an_overlapping_search_finds(words: list[str]) -> None:
    for text in ("".join(words), " ".join(words)):
        found = [match.span() for match in find_from_ends(_FORWARDS, _BACKWARDS, text)]
        assert found == [match.span() for match in _FORWARDS.finditer(text, overlapped=True)]


def test_a_rule_sees_one_line_unless_it_asks_for_the_whole_text() -> None:
    assert not Rule("n", EntityType.ID_NUMBER, "a", 0.5).document
    assert Rule("n", EntityType.ID_NUMBER, "a", 0.5, document=True).document
