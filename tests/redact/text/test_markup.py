import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.text import markup as layout
from transforms.redact.text.markup import read_text, split_units, squeeze

WORDS = st.sampled_from(
    ["call", "phone number:", "passcode", "account no.", "born", "seven", "x1", "+49", "@", " ", "\t"]
)
LINES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@given(LINES)
def test_a_cue_is_found_at_the_end_of_a_line_however_long_the_line_and_its_margin(line: str) -> None:
    ranges = list(split_units(f"{line}\n12345"))
    carried = len(ranges) > 1 and ranges[1][0] <= len(line)
    assert carried == (not line.isspace() and layout._WRAPPED_CUE.search(line) is not None)


def test_a_value_that_was_wrapped_is_seen_with_its_cue() -> None:
    text = "please " * 20 + "call \t  \n555 0100"
    (first, second) = split_units(text)
    assert first == (0, text.index("\n"))
    assert text[slice(*second)].startswith("please ")
    assert text[slice(*second)].endswith("call \t  \n555 0100")


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("\uff41\uff20\uff42\uff0e\uff43\uff4f\uff4d", "a@b.com"),
        ("\U0001d41a\u24d1", "ab"),
        ("\u2026\u00bd\u00e9\u540d", "\u2026\u00bd\u00e9\u540d"),
    ],
)
def test_letters_in_another_shape_are_read_plainly_and_each_stays_one_character(shown: str, read: str) -> None:
    assert read_text(Text(shown, TextKind.SCREEN)).text == read


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("see https:/tgit.example/a", "see https://git.example/a"),
        ("http:/lgit.example", "http://git.example"),
        ("https:/t and xhttps:/tgit", "https:/t and xhttps:/tgit"),
    ],
)
def test_a_misread_slash_of_an_address_is_one_in_the_text_of_a_picture_alone(shown: str, read: str) -> None:
    assert read_text(Text(shown, TextKind.SCREEN, ocr=True)).text == read
    assert read_text(Text(shown, TextKind.SCREEN)).text == shown


def test_a_wide_margin_becomes_one_blank_and_every_span_keeps_its_place() -> None:
    text = Text("[6] text 'Elm &amp; 5'\n[12] document 'Moss'\n  a", TextKind.SCREEN)
    reading = read_text(text)
    narrow = squeeze(reading)
    assert "\n Moss" in narrow.text
    assert narrow.text.endswith("\n a")
    for value in ("Moss", "Elm", "a"):
        start = narrow.text.rindex(value)
        source = narrow.source(Span(start, start + len(value), EntityType.ADDRESS, 1.0))
        assert text.content[source.start : source.end] == value
        assert narrow.target(source) == (start, start + len(value), EntityType.ADDRESS, 1.0)


def test_a_text_without_margins_is_squeezed_to_itself() -> None:
    reading = read_text(Text("Elm 5\n Moss", TextKind.SCREEN))
    assert squeeze(reading) is reading
    span = Span(0, 3, EntityType.ADDRESS, 1.0)
    assert reading.target(span) == span
