import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span
from transforms.redact.detect.people import Word, _is_name, _reads_misspelt, people, split
from transforms.redact.text.word_lists import WordClass


def found(text: str, *guesses: tuple[str, float]) -> list[str]:
    spans = [
        Span(text.index(value), text.index(value) + len(value), EntityType.PERSON, score) for value, score in guesses
    ]
    return [text[span.start : span.end] for span in people(text, split(text), spans)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("meeting with anna kowalski tomorrow", ["anna kowalski"]),
        ("ask Mr. Kowalska about it", ["Mr. Kowalska"]),
        ("and coach anna kowalski said", ["coach anna kowalski"]),
        ("Professor Kowalska reads", ["Professor Kowalska"]),
        ("the judge said no", []),
        ("the report of bettina q kowalski is late", ["bettina q kowalski"]),
        ("Gabriel van der Berg signed", ["Gabriel van der Berg"]),
        ("ANNA KOWALSKI", ["ANNA KOWALSKI"]),
        ("Bettina Jenkins called", ["Bettina Jenkins"]),
        ("I met Sara. Love it", ["Sara"]),
        ("Call Anna Kowalski", ["Anna Kowalski"]),
        ("Will Kowalski", ["Will Kowalski"]),
        ("Anna, Kasia and others", ["Anna", "Kasia"]),
        ("so they asked Baker about it", ["Baker"]),
        ("the vote on Downs is today", ["Downs"]),
    ],
)
def test_names_are_found_without_a_model_and_take_in_their_neighbours(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "will you mark the page, may I hope",
        "Save as draft",
        "Google Chrome",
        "Japanese keyboard layout",
        "see GroupWise and #Kowalski",
        "I'll go and you don't",
        "Pelase return it, and probaly soon",
        "Ask The Baker",
        "the baker is open",
        "Hello I moved",
        "",
    ],
)
def test_ordinary_words_are_left(text: str) -> None:
    assert found(text) == []


def test_a_model_is_believed_by_what_the_word_is_elsewhere() -> None:
    assert found("ask zzyzxvar", ("zzyzxvar", 0.06)) == ["zzyzxvar"]
    assert found("so hope it works", ("hope", 0.2)) == []
    assert found("so hope called", ("hope", 0.9)) == ["hope"]
    assert found("open settings", ("settings", 0.99)) == []


@given(st.text(alphabet="aA nNéß.-'@#/_09\n", max_size=60))
def test_spans_are_ordered_words_of_the_text(text: str) -> None:
    words = split(text)
    spans = people(text, words, [Span(0, len(text), EntityType.PERSON, 0.4)] if text else [])
    ends = 0
    for span in spans:
        assert ends <= span.start < span.end <= len(text)
        assert text[span.start].isalnum()
        ends = span.end


def test_a_handle_or_a_tag_takes_in_no_neighbours() -> None:
    assert found("@annakow zzybin", ("annakow", 0.6), ("zzybin", 0.06)) == ["annakow", "zzybin"]
    assert found("#kowalski anna", ("kowalski", 0.6)) == ["kowalski", "anna"]


def test_a_misspelt_word_needs_a_surer_model() -> None:
    assert found("it is on the raido", ("raido", 0.1)) == []
    assert found("it is on the raido", ("raido", 0.4)) == ["raido"]


@pytest.mark.parametrize(("score", "believed"), [(0.19, False), (0.2, True), (0.5, True)])
def test_an_unknown_word_a_slip_away_from_another_is_a_name_from_a_score_of_two_tenths_on(
    score: float, *, believed: bool
) -> None:
    word = Word(4, 11, "meetign", WordClass.UNKNOWN)
    assert _reads_misspelt(word, "the meetign ended")
    assert _is_name(word, score, "the meetign ended") == believed
