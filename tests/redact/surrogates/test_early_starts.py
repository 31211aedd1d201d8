"""Beginnings of values that were typed too early, removed and typed again in their place."""

import pytest

from schemas.entities import EntityType, Span
from tests.redact.typed_fields.test_corrected_typos import ERASE, HOME, field_of
from transforms.redact.surrogates.early_starts import find_early_starts
from transforms.redact.typed_fields.views import early_starts


def starts_of(*presses: str, value: str) -> list[str]:
    """Return the removed stretches that began ``value``, which stands in the final text."""
    item = field_of(*presses)
    text = item.views[0].text
    spans = [Span(text.index(value), text.index(value) + len(value), EntityType.PERSON, 1.0)] if value else []
    found = find_early_starts(item.field, [(text, item.views[0].cells, spans)])
    assert set(found.values()) <= {EntityType.PERSON}
    return [item.field.cells[first:end] for first, end in found]


@pytest.mark.parametrize(
    ("presses", "value", "starts"),
    [
        (("pinge ang", *[ERASE] * 4, "d angela"), "angela", [" ang"]),
        (("need", "d g", *[ERASE] * 3, " giovanna"), "giovanna", ["d g"]),
        (("rt@ ", ERASE, ERASE, " @wanda"), "@wanda", ["@ "]),
        (("to BG", ERASE, ERASE, "GB52 HMLF"), "GB52 HMLF", ["BG"]),
        (("to GB", ERASE, ERASE, "see GB52"), "GB52", []),  # too far from what stands there now
        (("pinge xyz", *[ERASE] * 4, "d angela"), "angela", []),  # no letter of the value
        (("teh", ERASE, ERASE, "he angela"), "angela", []),  # a typo that does not reach it
        (("ANG", *[ERASE] * 3, "angela"), "angela", ["ANG"]),  # written otherwise
        (("ang", *[ERASE] * 3, "ann", *[ERASE] * 3, "angela"), "angela", ["ang", "ann"]),  # two tries
        (("angela", HOME, "a", ERASE, "to "), "angela", []),  # before another text
        (("pinge ang", *[ERASE] * 4, "d angela"), "", []),
        (("ping angela",), "angela", []),
    ],
)
def test_a_removed_stretch_that_reads_like_a_value_in_its_place_begins_it(
    presses: tuple[str, ...], value: str, starts: list[str]
) -> None:
    assert starts_of(*presses, value=value) == starts


@pytest.mark.parametrize(("letters", "count"), [(16, 1), (17, 0)])
def test_sixteen_characters_are_compared(letters: int, count: int) -> None:
    name = "abcdefghijklmnopqrstuvwxyz"
    assert len(starts_of(name[:letters], *[ERASE] * letters, name, value=name)) == count


@pytest.mark.parametrize(("typed", "count"), [("abxyef", 1), ("abxyzf", 0), ("xyc", 0), ("xbc", 1)])
def test_one_typo_is_allowed_for_every_three_characters(typed: str, count: int) -> None:
    assert len(starts_of(typed, *[ERASE] * len(typed), "abcdefghi", value="abcdefghi")) == count


@pytest.mark.parametrize(("before", "count"), [("ab ", 1), ("abcd ", 0)])
def test_a_value_begins_at_most_two_characters_later(before: str, count: int) -> None:
    assert len(starts_of("a w", *[ERASE] * 3, f"{before}wanda", value="wanda")) == count


@pytest.mark.parametrize(("between", "count"), [(61, 1), (62, 0)])
def test_a_value_is_typed_soon_after_its_early_start(between: int, count: int) -> None:
    tries = ["x" * between, *[ERASE] * between]
    assert len(starts_of("ang", *[ERASE] * 3, *tries, "angela", value="angela")) == count


def test_a_value_that_was_removed_as_well_tells_its_early_start() -> None:
    item = field_of("is 41", *[ERASE] * 3, "s 410.555", *[ERASE] * 7, "on")
    draft = next(view for view in item.views if "410.555" in view.text and "41s" not in view.text.replace(" ", ""))
    at = draft.text.index("410.555")
    span = Span(at, at + 7, EntityType.PHONE_NUMBER, 1.0)
    ((view, spans),) = early_starts(item.field, [(draft, [span])])
    assert view.text == " 41"
    assert spans == (Span(0, 3, EntityType.PHONE_NUMBER, 1.0),)
    assert early_starts(item.field, [(draft, [])]) == []


@pytest.mark.parametrize("length", [6, 8, 12, 13, 14, 40, 90])
def test_how_long_a_value_is_decides_nothing(length: int) -> None:
    value, other = ((letters * 5)[:length] for letters in ("bcdefghijklmnopqrstuvz", "BCDEFGHIJKLMNOPQRSTUVZ"))
    again = field_of(
        f"a. {value}", *[ERASE] * (3 + length), f"x , w{value}"
    )  # a removed value is no beginning of the next
    between = field_of("ang", *[ERASE] * 3, other, *[ERASE] * length, "angela")  # and is not counted as text between
    for item, values, starts in ((again, [value], []), (between, [other, "angela"], ["ang"])):
        found = [
            (
                view.text,
                view.cells,
                [Span(view.text.index(name), view.text.index(name) + len(name), EntityType.PERSON, 1.0)],
            )
            for view in item.views
            for name in values
            if name in view.text
        ]
        assert len(found) >= 2
        assert [item.field.cells[first:end] for first, end in find_early_starts(item.field, found)] == starts
