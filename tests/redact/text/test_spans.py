"""Ranks of entities, brackets around a value, and texts that could not be scanned."""

import pytest

from schemas.entities import EntityType, Span
from transforms.redact.text.spans import PRIORITY, mark_password, mark_unscanned, merge, trim


def test_every_entity_has_exactly_one_rank() -> None:
    assert sorted(PRIORITY) == sorted(EntityType)


@pytest.mark.parametrize(
    ("content", "value"),
    [("(555-0100", "555-0100"), ("555-0100)", "555-0100"), ("(212) 555-0100", "(212) 555-0100")],
)
def test_an_unpaired_bracket_is_cut_and_a_paired_one_stays(content: str, value: str) -> None:
    trimmed = trim(Span(0, len(content), EntityType.PHONE_NUMBER, 0.8), content)
    assert trimmed is not None
    assert content[trimmed.start : trimmed.end] == value


@pytest.mark.parametrize("first", EntityType)
def test_equally_long_and_sure_spans_are_named_by_rank(first: EntityType) -> None:
    content = "x1y2"
    for second in EntityType:
        (merged,) = merge([Span(0, 4, first, 0.8), Span(0, 4, second, 0.8)], content)
        assert merged.entity is min(first, second, key=PRIORITY.index)


def test_an_unscanned_text_is_one_span_over_all_of_it() -> None:
    assert mark_unscanned(" a ") == (Span(0, 3, EntityType.UNSCANNED, 1.0),)
    assert merge([*mark_unscanned(" a "), Span(1, 2, EntityType.PERSON, 1.0)], " a ") == mark_unscanned(" a ")


@pytest.mark.parametrize("entity", [EntityType.PERSON, EntityType.LOCATION])
@pytest.mark.parametrize("ending", ["'s", "\u2019s", "'S", "\u2019S"])
def test_a_name_loses_its_possessive_ending(entity: EntityType, ending: str) -> None:
    content = f"in Anna{ending} report"
    assert merge([Span(3, 9, entity, 0.9)], content) == (Span(3, 7, entity, 0.9),)


def test_only_an_ending_of_a_name_is_cut() -> None:
    assert merge([Span(0, 6, EntityType.PERSON, 0.9)], "Anna'sa") == (Span(0, 6, EntityType.PERSON, 0.9),)
    assert merge([Span(0, 6, EntityType.SECRET, 0.9)], "Anna's") == (Span(0, 6, EntityType.SECRET, 0.9),)
    assert merge([Span(0, 6, EntityType.USERNAME, 0.9)], "Anna's") == (Span(0, 6, EntityType.USERNAME, 0.9),)
    assert merge([Span(0, 2, EntityType.PERSON, 0.9)], "'s") == ()
    assert merge([Span(0, 7, EntityType.PERSON, 0.9)], "Annas's") == (Span(0, 5, EntityType.PERSON, 0.9),)


@pytest.mark.parametrize("content", ["a", "two words", "\u6f22\u5b57\n"])
def test_a_secret_text_is_one_password_from_its_first_sign_to_its_last(content: str) -> None:
    (span,) = mark_password(content)
    assert (content[span.start : span.end], span.entity) == (content, EntityType.PASSWORD)
