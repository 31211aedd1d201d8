"""Texts of a field that are scanned, and the bearing of a find in one on the others."""

import pytest

from schemas.entities import EntityType, Span
from tests.redact.typed_fields.test_corrected_typos import ERASE, HOME, field_of
from transforms.redact.typed_fields import views
from transforms.redact.typed_fields.views import cut_new_words, end_words, spans_on_final

PHONE = EntityType.PHONE_NUMBER


def texts_of(*presses: str) -> list[str]:
    return [view.text for view in field_of(*presses).views]


def test_the_final_text_comes_first_then_what_was_typed_then_the_drafts() -> None:
    assert texts_of("abc", ERASE, ERASE, "xy") == ["axy", "abcxy", "abc"]
    assert texts_of("smith", HOME, "jo ") == ["jo smith", "smithjo "]


def test_a_view_that_repeats_another_is_left_out() -> None:
    assert texts_of("abc") == ["abc"]
    assert texts_of("ab", ERASE, ERASE) == ["", "ab"]


def test_what_is_typed_after_all_was_removed_does_not_go_on_from_it() -> None:
    assert texts_of("ab", ERASE, ERASE, "cd") == ["cd", "ab"]


def test_what_is_left_of_a_number_is_redacted_with_it() -> None:
    item = field_of("call 555 0100", *[ERASE] * 4, "later")
    draft = next(view for view in item.views if view.text == "call 555 0100")
    spans = spans_on_final(item.field, [], [(draft, [Span(5, 13, PHONE, 1.0)])])
    assert [item.views[0].text[span.start : span.end] for span in spans] == ["555 "]


def kept_of(*presses: str, name: str) -> list[str]:
    """Return the parts kept of a name that was found in the characters as typed."""
    item = field_of(*presses)
    view = next(view for view in item.views if name in view.text)
    start = view.text.index(name)
    found = [(view, [Span(start, start + len(name), EntityType.PERSON, 1.0)])]
    ((_, spans),) = cut_new_words(item.field, found, {"them", "us"})
    return [view.text[span.start : span.end] for span in spans]


def test_a_deleted_name_takes_in_no_word_that_was_typed_in_its_place() -> None:
    assert kept_of("ask wanda", *[ERASE] * 5, "them now", name="wandathem") == ["wanda"]
    assert kept_of("wanda", *[ERASE] * 3, "ta", name="wandata") == ["wandata"]
    assert kept_of("ask wanda", *[ERASE] * 5, "Them", name="wandaThem") == ["wanda", "Them"]
    assert kept_of("them", HOME, "wanda ", name="themwanda") == ["them", "wanda"]
    assert kept_of("ask wanda", *[ERASE] * 5, "tomasz", name="wandatomasz") == ["wanda", "tomasz"]
    assert kept_of("ask wanda", *[ERASE] * 5, "olga", *[ERASE] * 4, "us", name="wandaolgaus") == ["wandaolga"]


def test_a_name_of_the_final_text_is_left_as_it_was_found() -> None:
    assert kept_of("ask wanda", name="wanda") == ["wanda"]


def test_places_in_the_final_text_are_found_once_for_all_views(monkeypatch: pytest.MonkeyPatch) -> None:
    item = field_of("ask wanda", *[ERASE] * 5, "olga", *[ERASE] * 4, "them now")
    found = [(view, [Span(0, 3, EntityType.PERSON, 1.0)]) for view in item.views]
    asked: list[object] = []
    places = views.final_places
    monkeypatch.setattr(views, "final_places", lambda field: asked.append(field) or places(field))
    assert len(list(cut_new_words(item.field, found, set()))) == len(found) > 2
    assert len(asked) == 1
    (whole, none) = cut_new_words(item.field, [(item.views[0], found[0][1]), (item.views[1], [])], set())
    assert (whole, none) == ((item.views[0], tuple(found[0][1])), (item.views[1], ()))
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("text", "end", "entity", "whole"),
    [
        ("ask marta now", 7, EntityType.PERSON, "marta"),
        ("ask zzyzxvar", 7, EntityType.PERSON, "zzyzxvar"),
        ("ask marta now", 9, EntityType.PERSON, "marta"),
        ("ask mart now", 8, EntityType.PERSON, "mart"),
        ("ask wanted", 7, EntityType.PERSON, "wan"),  # an ordinary word
        ("ask mar2a", 7, EntityType.PERSON, "mar"),
        ("ask marta", 7, PHONE, "mar"),
    ],
)
def test_a_name_found_half_typed_goes_on_to_the_end_of_its_word(
    text: str, end: int, entity: EntityType, whole: str
) -> None:
    (span,) = end_words(text, [Span(4, end, entity, 1.0)])
    assert text[span.start : span.end] == whole
