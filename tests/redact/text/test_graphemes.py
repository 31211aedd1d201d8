"""A value is never cut between a letter and its marks, nor within a word of a script that writes with marks."""

import itertools
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span
from transforms.redact.text.graphemes import drop_marks, has_joined_letters, is_mark, widen
from transforms.redact.text.spans import merge

LETTERS = "aé e\u0301 प्रिया শর্মা ਸਿੰਘ அருண் రవి נוֹעָה خَالِد สมชาย ใจดี \u200d"


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("प्रिया शर्मा जी", "शर", "शर्मा"),
        ("প্রিয়া শর্মা", "শ", "শর্মা"),
        ("அருண் குமார்", "கு", "குமார்"),
        ("రవి తేజ", "ర", "రవి"),
        ("אל נוֹעָה לוי", "נו", "נוֹעָה"),
        ("خَالِد المنصوري", "خ", "خَالِد"),
        ("Rene\u0301 Dupont", "Rene", "Rene\u0301"),
        ("คุณสมชาย", "ส", "ส"),
        ("คุณที่นี่", "คุณท", "คุณที่"),
        ("Anna Lund", "Ann", "Ann"),
        ("Света", "Св", "Св"),
    ],
)
def test_the_range_of_a_value_ends_with_a_letter(text: str, part: str, whole: str) -> None:
    start = text.index(part)
    first, last = widen(text, start, start + len(part))
    assert text[first:last] == whole


@given(st.text(LETTERS, min_size=1), st.data())
def test_no_range_begins_or_ends_before_a_mark(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = widen(text, start, end)
    assert first <= start < end <= last
    assert first == 0 or not is_mark(text[first])
    assert last == len(text) or not is_mark(text[last])
    assert widen(text, first, last) == (first, last)


@given(st.text(LETTERS, min_size=1), st.data())
def test_merged_spans_cut_no_letter(text: str, data: st.DataObject) -> None:
    places = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(places, places), max_size=4))
    spans = [Span(min(pair), max(pair), EntityType.PERSON, 0.5) for pair in pairs]
    merged = merge(spans, text)
    assert all(last.end <= following.start for last, following in itertools.pairwise(merged))
    assert all(span.end == len(text) or not is_mark(text[span.end]) for span in merged)


def test_marks_are_dropped_and_letters_stay() -> None:
    assert drop_marks("प्रिया") == "परय"
    assert drop_marks("Anna") == "Anna"
    assert unicodedata.normalize("NFC", drop_marks("Rene\u0301")) == "Rene"


def test_no_text_is_passed_over_in_which_a_value_would_be_widened() -> None:
    passed_over = [chr(point) for point in range(sys.maxunicode + 1) if not has_joined_letters(chr(point))]
    assert not any(is_mark(one) or widen(one + one, 0, 1) != (0, 1) for one in passed_over)
    assert {*"aZ0 é—“ЖΩ漢あア、한Ａ"} <= set(passed_over)
