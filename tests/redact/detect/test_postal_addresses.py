import pytest

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect.postal_addresses import _adjoin, addresses, complete_addresses


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


def _complete(content: str, *values: tuple[str, EntityType]) -> list[str]:
    spans = [_span(content, value, entity) for value, entity in values]
    found = complete_addresses(Text(content, TextKind.SCREEN), spans)
    return [content[span.start : span.end] for span in found if span.entity is EntityType.ADDRESS]


@pytest.mark.parametrize(
    ("content", "found", "whole"),
    [
        ("to 12 Elmby 3\nMoss\n, nan\n 51971 for", "12 Elmby 3", "12 Elmby 3\nMoss\n, nan\n 51971"),
        (
            "at via Falcone, 6, 98067, Raccuja (me)",
            "via Falcone, 6, 98067, Raccuja",
            "via Falcone, 6, 98067, Raccuja (me)",
        ),
        ("enter on Hoge Wei 32 St. today", "Hoge Wei", "Hoge Wei 32"),
        ("at 12 Elmby 3, Moss (Viken) 51971 now", "12 Elmby 3, Moss", "12 Elmby 3, Moss (Viken) 51971"),
        ("at 12 Elmby 3, Moss (Viken) now", "12 Elmby 3, Moss", "12 Elmby 3, Moss (Viken)"),
        ("at 12 Elmby 3, Moss (Vi)", "12 Elmby 3, Moss", "12 Elmby 3, Moss (Vi)"),
        ("at 12 Elmby 3, Moss (see below)", "12 Elmby 3, Moss", "12 Elmby 3, Moss"),
        ("at 12 Elmby 3, Moss (soon)", "12 Elmby 3, Moss", "12 Elmby 3, Moss"),
        ("at 12 Elmby 3 Moss nan now", "12 Elmby 3 Moss", "12 Elmby 3 Moss nan"),
        ("at 12 Elmby 3 Moss nano", "12 Elmby 3 Moss", "12 Elmby 3 Moss"),
        (
            "at 5 Elmby 3\n ()\n, SV\n Cyprus (Greek) 72423 now",
            "5 Elmby 3",
            "5 Elmby 3\n ()\n, SV\n Cyprus (Greek) 72423",
        ),
        ("at 5 Elmby 3\n (1)\n, SV\n Cyprus", "5 Elmby 3", "5 Elmby 3"),
        ("at 5 Elmby 3\n\n, SV\n Cyprus 72423 now", "5 Elmby 3", "5 Elmby 3\n\n, SV\n Cyprus 72423"),  # no town
        ("at 5 Elmby 3\n ( )\n, SV\n Cyprus 72423 now", "5 Elmby 3", "5 Elmby 3\n ( )\n, SV\n Cyprus 72423"),
        ("at 5 Elmby 3\n ∆omet ∆io\n Cyprus 72423 now", "5 Elmby 3", "5 Elmby 3\n ∆omet ∆io\n Cyprus 72423"),
        ("at 5 Elmby 3\n\nCyprus is far", "5 Elmby 3", "5 Elmby 3"),
        ("at 5 Elmby 3\n\n\n, SV\n Cyprus", "5 Elmby 3", "5 Elmby 3"),
        ("Zamkowa and Hoge Wei 32", "Hoge Wei 32", "Zamkowa and Hoge Wei 32"),
        ("it is at Zamkowa and 5 Elmby", "5 Elmby", "Zamkowa and 5 Elmby"),
        ("the corner of Zamkowa and 12 Hoge Wei 32", "Hoge Wei 32", "Zamkowa and 12 Hoge Wei 32"),
        ("so\nZamkowa and Hoge Wei 32", "Hoge Wei 32", "Zamkowa and Hoge Wei 32"),
        ("Đorka and Hoge Wei 32", "Hoge Wei 32", "Đorka and Hoge Wei 32"),
        ("Zam and Hoge Wei 32", "Hoge Wei 32", "Zam and Hoge Wei 32"),
        ("Zy and Hoge Wei 32", "Hoge Wei 32", "Hoge Wei 32"),
        ("to Zamkowa and Hoge Wei 32", "Hoge Wei 32", "Hoge Wei 32"),
        ("zamkowa and Hoge Wei 32", "Hoge Wei 32", "Hoge Wei 32"),
        ("Office and Hoge Wei 32", "Hoge Wei 32", "Hoge Wei 32"),
        ("from Hoge Wei 32.5 km", "Hoge Wei", "Hoge Wei"),
        ("at 5 Elm Suite 7, Cyprus (Greek) 72423.", "5 Elm Suite 7", "5 Elm Suite 7, Cyprus (Greek) 72423"),
    ],
)
def test_the_rest_of_an_address_belongs_to_it(content: str, found: str, whole: str) -> None:
    assert _complete(content, (found, EntityType.ADDRESS)) == [whole]


def test_an_address_goes_on_in_the_nodes_below() -> None:
    content = (
        "[6] text '12 Elmby 3 Apt. 9'\n[162] document 'Moss'\n[30] text ', SV'\n[329] text ' 06079'\n[4] button 'Off'"
    )
    (whole,) = _complete(content, ("12 Elmby 3 Apt. 9", EntityType.ADDRESS))
    assert whole.startswith("12 Elmby")
    assert whole.endswith("06079")


@pytest.mark.parametrize(
    ("gap", "one"),
    [
        (" Beerze , ov  ", True),
        (" Beerze , Overijssel near ", False),
        (" Ab Cd Ef ", True),
        (" Ab Cd Ef Gh ", False),
        (f" {'b' * 30} ", True),
        (f" {'b' * 31} ", False),
        (" (12) ", False),
        (" or ", False),
    ],
)
def test_addresses_are_one_across_a_town_and_a_state(gap: str, *, one: bool) -> None:
    content = f"5 Zamkowa{gap}Utrecht Lane"
    found = _complete(content, ("5 Zamkowa", EntityType.ADDRESS), ("Utrecht Lane", EntityType.ADDRESS))
    assert (found == [content]) == one


def test_a_name_and_a_street_are_a_corner() -> None:
    person, street = ("Hanne", EntityType.PERSON), ("Elmvej 28", EntityType.ADDRESS)
    assert _complete("at Hanne and Elmvej 28 now", person, street) == ["Hanne and Elmvej 28"]
    assert _complete("ask Hanne or Elmvej 28 now", person, street) == ["Elmvej 28"]


def test_other_values_alone_stay_as_they_are() -> None:
    text = Text("Hanne, 12345", TextKind.SCREEN)
    spans = (_span(text.content, "Hanne", EntityType.PERSON),)
    assert complete_addresses(text, spans) == spans


def test_a_text_that_takes_too_long_is_removed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def stall(*_: object) -> int:
        raise TimeoutError

    monkeypatch.setattr("transforms.redact.detect.postal_addresses.find_end", stall)
    text = Text("at 12 Elm Road", TextKind.SCREEN)
    (span,) = complete_addresses(text, [_span(text.content, "12 Elm Road", EntityType.ADDRESS)])
    assert span == (0, len(text.content), EntityType.UNSCANNED, 1.0)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("Die neue Anschrift lautet Lindenweg 12", "Lindenweg 12"),
        ("Den nya adressen \u00e4r Storgatan 4", "Storgatan 4"),
        ("direcci\u00f3n: Calle Mayor 5", "Calle Mayor 5"),
        ("\u65b0\u5730\u5740\u662f\u5efa\u56fd\u8def88\u53f7", "\u5efa\u56fd\u8def88\u53f7"),
        ("Zorblax adres Lipowa 5", "Zorblax adres Lipowa 5"),  # a word before it may be a name
        ("this is our new address is Elm 5", "this is our new address is Elm 5"),  # more than three words
        ("Adressen", "Adressen"),
        ("adres ...", "adres"),  # nothing is left
        ("Adresseweg 5", "Adresseweg 5"),
    ],
)
def test_a_label_and_ordinary_words_before_it_are_no_part_of_an_address(content: str, value: str) -> None:
    span = Span(0, len(content), EntityType.ADDRESS, 0.8)
    (found,) = complete_addresses(Text(content, TextKind.SCREEN), [span])
    assert content[found.start : found.end] == value


def test_other_values_keep_what_reads_like_a_label() -> None:
    span = Span(0, 12, EntityType.PERSON, 0.8)
    spans = [span, Span(13, 25, EntityType.ADDRESS, 0.8)]
    assert span in complete_addresses(Text("adres Zorbla, Lindenweg 12", TextKind.SCREEN), spans)
