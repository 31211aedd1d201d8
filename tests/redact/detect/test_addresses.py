import pytest

from schemas.entities import EntityType, Span
from transforms.redact.detect.addresses import _adjoin, addresses


def _span(text: str, value: str, entity: EntityType) -> Span:
    return Span(text.index(value), text.index(value) + len(value), entity, 0.9)


def test_the_parts_of_an_address_become_one() -> None:
    text = "send it to 12 Elm Road, Apt. 4, Springfield today"
    parts = [
        _span(text, "12 Elm Road", EntityType.ADDRESS),
        _span(text, "4", EntityType.ADDRESS),
        _span(text, "Springfield", EntityType.LOCATION),
    ]
    (address,) = addresses(text, parts)
    assert text[address.start : address.end] == "12 Elm Road, Apt. 4, Springfield"
    assert address.entity is EntityType.ADDRESS


def test_a_town_by_itself_stays_and_other_entities_pass() -> None:
    text = "Anna moved to Springfield"
    person = _span(text, "Anna", EntityType.PERSON)
    assert addresses(text, [_span(text, "Springfield", EntityType.LOCATION), person]) == [person]


@pytest.mark.parametrize(
    ("gap", "one"),
    [
        (" " * 12, True),
        (" " * 13, False),
        ("12345678", True),
        ("123456789", False),
        (",\n", True),
        ("\n\n", False),
        ("", True),
    ],
)
def test_pieces_of_an_address_are_one_across_a_gap_within_its_limits(gap: str, *, one: bool) -> None:
    assert _adjoin(gap) == one
