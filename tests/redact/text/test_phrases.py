"""A phrase is found however it is written, and not in words that only hold its letters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType
from transforms.redact.text.phrases import Phrases


def found(text: str, *phrases: str) -> list[str]:
    return [text[span.start : span.end] for span in Phrases(phrases, EntityType.SECRET).find(text)]


@pytest.mark.parametrize(
    "written",
    [
        "blue heron", "BLUE HERON", "blue  heron", "blue\nheron", "blue\u00a0heron", "blue-heron", "blue_heron",
        "blueheron", "blue\u200bheron", "blue\u00ad\u2011heron", "blu\u00e9 heron", "blue\u0301 heron",
        "\uff42lue.heron",
    ],
)  # fmt: skip
def test_a_phrase_is_found_across_whatever_separates_its_words(written: str) -> None:
    assert found(f"the {written}, today", "Blue Heron") == [written]
    assert found(written, "blue-heron") == [written]


@pytest.mark.parametrize("text", ["blue herons", "ablue heron", "blue heron\u0301s", "blu\u0301e", "blue, her", ""])
def test_letters_that_go_on_are_another_word(text: str) -> None:
    assert found(text, "blue heron") == []


@pytest.mark.parametrize(
    ("phrase", "text", "wanted"),
    [
        ("Zo\u00eb B", "ask Zoe\u0308_B.", "Zoe\u0308_B"),
        ("Zoe\u0308 B", "ask Zo\u00eb-B.", "Zo\u00eb-B"),
        ("M\u00fcller", "von mueller", "mueller"),
        ("Andre\u0301", "Andr\u00e9", "Andr\u00e9"),
        ("\u304c\u3093\u3070", "x\u304b\u3099\u3093\u306f\u3099x", "\u304b\u3099\u3093\u306f\u3099"),
        ("\uae40\ubbfc", unicodedata.normalize("NFD", "\uae40\ubbfc"), unicodedata.normalize("NFD", "\uae40\ubbfc")),
        ("\u7530\u4e2d", "\u306e\u7530\u4e2d\u3055\u3093", "\u7530\u4e2d"),
        ("kingfisher", "thekingfishers", "kingfisher"),
    ],
)
def test_marks_apart_other_spellings_and_scripts_without_blanks_are_found(phrase: str, text: str, wanted: str) -> None:
    assert wanted in found(text, phrase)


def test_a_phrase_of_nine_letters_does_not_count_inside_a_word_and_one_of_ten_does() -> None:
    assert found("xkingfishex", "kingfishe") == []
    assert found("xkingfisherx", "kingfisher") == ["kingfisher"]


@pytest.mark.parametrize(
    ("phrase", "text", "wanted"),
    [
        ("AI", "the a.I case", []),
        ("AI", "the ai case, the A\u00adI", ["ai", "A\u00adI"]),
        ("A I", "the a-i case, the ai", ["a-i"]),
        ("hero", "the her o", []),
        ("heron", "the her on", ["her on"]),
        ("C++", "c, C++", []),
    ],
)
def test_a_short_phrase_has_its_pieces(phrase: str, text: str, wanted: list[str]) -> None:
    assert found(text, phrase) == wanted


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_any_span_lies_in_the_text(text: str, phrases: list[str]) -> None:
    spans = list(Phrases(phrases, EntityType.SECRET).find(text))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


def test_it_shows_no_phrase() -> None:
    assert repr(Phrases(["zebrafish", "ab"], EntityType.SECRET)) == "Phrases(2 forms)"
