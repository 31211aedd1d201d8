"""All names are made up."""

import pytest

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.surrogates.clipped_values import KnownValues
from transforms.redact.surrogates.fragments import add_fragments

PERSON, MAIL = EntityType.PERSON, EntityType.EMAIL_ADDRESS
KNOWN = KnownValues([
    (PERSON, "Valentina Fontaine"), (PERSON, "Walker"), (MAIL, "ana.lund@mail.example"),
    (EntityType.PHONE_NUMBER, "+49 30 1234567"),
    (EntityType.LOCATION, "Springfield"),
])  # fmt: skip


def clipped(content: str, *spans: Span) -> list[str]:
    return [content[span.start : span.end] for span in KNOWN.find_clipped(content, spans)]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("Valentina Fon...", ["Valentina Fon"]),
        ("Re: VALENTINA F\u2026 10:42", ["VALENTINA F"]),
        ("Valen..", ["Valen"]),
        ("to ana.lund@ma ...", ["ana.lund@ma"]),
        ("call +49 30 12.... now", ["49 30 12"]),
        ("Vale...", ["Vale"]),
        ("Val...", []),
        ("Valentina Fontaine...", []),
        ("Valentina Font.", []),
        ("Valentina Fox...", []),
        ("Walk...", []),
        ("walke...", ["walke"]),
        ("Springf...", []),
        ("Valentina\nFon...", []),
        ("", []),
    ],
)
def test_the_beginning_of_a_value_before_an_ellipsis_is_a_part_of_it(content: str, shown: list[str]) -> None:
    assert clipped(content) == shown


def test_no_more_than_eighty_characters_are_looked_back() -> None:
    known = KnownValues([(PERSON, "a" * 90)])
    for length, found in ((80, 1), (81, 0)):
        assert len(list(known.find_clipped("a" * length + "..", ()))) == found


def test_a_name_goes_on_to_the_word_that_is_cut_off() -> None:
    name = Span(0, 3, PERSON, 0.7)
    assert clipped("Ida Lindqv... paid", name) == ["Ida Lindqv"]
    assert clipped("Ida Lindqv paid", name) == []
    assert clipped("Ida paid...", name) == []
    assert clipped("Ida Lindqv...", name._replace(entity=EntityType.LOCATION)) == []


def test_values_of_all_texts_of_a_session_count_in_its_screens_and_titles() -> None:
    name = Text("From: Valentina Fontaine", TextKind.SCREEN)
    spans = {name: (Span(6, 24, PERSON, 0.9),)}
    others = [Text("Valentina Fon...", kind) for kind in (TextKind.SCREEN, TextKind.TITLE, TextKind.TYPED)]
    found = add_fragments(spans | dict.fromkeys(others, ()), [])
    assert [[tuple(span[:3]) for span in found[text]] for text in others] == [[(0, 13, PERSON)], [(0, 13, PERSON)], []]
    assert found[name] == spans[name]
