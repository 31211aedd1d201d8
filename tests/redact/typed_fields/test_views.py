"""Which texts of a field are scanned, and how what was found in one bears on another."""

from schemas.entities import EntityType, Span
from tests.redact.typed_fields.test_corrected_typos import ERASE, HOME, field_of
from transforms.redact.typed_fields.views import spans_on_final

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
    views = item.views
    draft = next(view for view in views if view.text == "call 555 0100")
    spans = spans_on_final(item.field, [], [(draft, [Span(5, 13, PHONE, 1.0)])])
    assert [views[0].text[span.start : span.end] for span in spans] == ["555 "]
