"""Boxes of one value are known by their lengths, and a form of numbers is none."""

import pytest

from schemas.entities import EntityType, Span
from tests.redact.typed_fields.test_joined_fields import fields_of
from transforms.redact.typed_fields.split_boxes import Boxes, find_boxes

CODE = EntityType.ONE_TIME_CODE


def boxes_of(*texts: str, names: str = "abcdefghijkl", labels: bool = False) -> list[Boxes]:
    return find_boxes(fields_of(*zip(names, texts, strict=False), known=True, labels=labels))


@pytest.mark.parametrize(
    ("texts", "joined", "entity"),
    [
        (("4111", "1111", "1111", "1111"), "4111111111111111", EntityType.CREDIT_CARD),
        (("3782", "822463", "10005"), "378282246310005", EntityType.CREDIT_CARD),
        (("536", "22", "8726"), "536-22-8726", EntityType.US_SSN),
        (("415", "201", "7733"), "415-201-7733", EntityType.PHONE_NUMBER),
    ],
)
def test_the_lengths_of_boxes_tell_the_value(texts: tuple[str, ...], joined: str, entity: EntityType) -> None:
    for before, behind in (((), ()), (("hello",), ("x",)), (("12",), ("2027",))):
        (found,) = boxes_of(*before, *texts, *behind)
        assert (found.text.content, found.entity, len(found.fields)) == (joined, entity, len(texts))
    whole = Span(0, len(joined), entity, 0.5)
    assert found.confirm([whole]) == whole
    assert found.confirm([]) is None
    assert found.confirm([whole._replace(start=1)]) is None
    assert found.confirm([whole._replace(entity=EntityType.PERSON)]) is None


@pytest.mark.parametrize("texts", [("411", "1111", "1111", "1111"), ("536", "22"), ("536", "ab", "8726"), ("5", "5")])
def test_other_lengths_and_words_are_no_value(texts: tuple[str, ...]) -> None:
    assert boxes_of(*texts) == []


@pytest.mark.parametrize(("digits", "is_code"), [(3, False), (4, True), (6, True), (8, True), (9, False)])
def test_four_to_eight_boxes_of_one_digit_are_a_code(digits: int, is_code: bool) -> None:
    found = boxes_of(*"123456789"[:digits])
    assert [item.text.content for item in found] == (["123456789"[:digits]] if is_code else [])
    assert all(item.confirm([]) == Span(0, digits, CODE, 0.9) for item in found)
    assert [len(item.fields) for item in boxes_of("12", *"1234", "12")] == [4]


def test_boxes_of_one_value_have_one_label() -> None:
    assert boxes_of(*"123456", labels=True) == []
    assert boxes_of("536", "22", "8726", labels=True) == []
    numbered = fields_of(*((f"Digit {at} of 6", "7") for at in range(1, 7)), known=True, labels=True)
    assert [item.entity for item in find_boxes(numbered)] == [CODE]


def test_a_secret_box_is_left_to_its_own_plan() -> None:
    assert find_boxes(fields_of(("a", "536"), ("b", "22"), ("c", "8726"), secret="b")) == []


def test_boxes_are_read_in_the_order_in_which_they_were_typed() -> None:
    fields = fields_of(("a", "536"), ("b", "22"), ("c", "8726"))
    assert [item.text.content for item in find_boxes(fields[::-1])] == ["536-22-8726"]


@pytest.mark.parametrize(
    ("boxes", "joined"),
    [
        ((("Phone: country", "+49"), ("Area", "461"), ("Number", "884213")), ["+49461884213"]),
        ((("Telefon", "0461"), ("Nummer", "884")), ["0461884"]),
        ((("Telefon", "0461"), ("Nummer", "88")), []),  # six digits
        ((("Tel", "0461884213"),), []),
        ((("Phone", "0461"), ("Year", "884213")), []),
        ((("Headphone number", "0461"), ("Number", "884213")), []),
    ],
)
def test_labels_tell_the_boxes_of_a_telephone_number(boxes: tuple[tuple[str, str], ...], joined: list[str]) -> None:
    found = find_boxes(fields_of(*boxes, known=True, labels=True))
    assert [item.text.content for item in found] == joined
    assert all(item.confirm([]) and item.entity is EntityType.PHONE_NUMBER for item in found)
