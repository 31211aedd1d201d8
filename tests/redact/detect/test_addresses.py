from schemas.entities import EntityType, Span
from transforms.redact.detect.addresses import addresses


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
