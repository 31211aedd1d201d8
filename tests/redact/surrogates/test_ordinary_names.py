"""Names of people of a session that are ordinary words."""

import pytest

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.surrogates.fragments import add_fragments
from transforms.redact.surrogates.ordinary_names import OrdinaryNames


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Wanda Black", "black here for the parcel", ["black"]),
        ("Wanda Black", "so. Black just called", ["Black"]),
        ("Wanda Black", "ask black, then call BLACK", ["black", "BLACK"]),
        ("Wanda Black", "ask blacky or ask black's", []),
        ("Wanda Black", "a black coat is here", []),
        ("Wanda Black", "then black is late", []),  # no begin of a sentence
        ("Wanda Black", "black coat", []),
        ("Wanda Black", " black, ", ["black"]),  # a whole text, as a name that was typed and removed
        ("Wanda Black", "...black...", ["black"]),
        ("Wanda Black", "....black", []),
        ("Wanda Black", "black....", []),
        ("Wanda Black", "black\ncoat", []),
        ("Wanda Black", "see it when Black phones", ["Black"]),
        ("Wanda Black", "see it when Black Friday comes", []),
        ("Wanda Black", "see the Black market, a Black box", []),
        ("Wanda Black", "see it when black ice comes", []),
        ("May Kowalska", "may wants to talk", ["may"]),
        ("May Kowalska", "you may say so", []),
        ("May Kowalska", "see it on May 5", []),
        ("Black", "black is late", []),  # one word tells nothing
        ("Wanda Ox", "ask ox", []),  # two letters
        ("Wanda Table", "ask table", []),  # no listed name
        ("Wanda Kowalska", "ask kowalska", []),  # no ordinary word: found as any value is
    ],
)
def test_they_count_where_only_a_name_can_stand(name: str, text: str, found: list[str]) -> None:
    assert [text[span.start : span.end] for span in OrdinaryNames([name]).find(text)] == found


def test_nobody_gives_nothing_and_it_shows_no_name() -> None:
    assert list(OrdinaryNames([]).find("ask black")) == []
    assert "black" not in repr(OrdinaryNames(["Wanda Black"])).lower()


def test_typed_texts_of_a_session_lose_what_its_screens_name() -> None:
    screen, typed = Text("Wanda Black", TextKind.SCREEN), Text("ask black", TextKind.TYPED)
    label = Text("ask black", TextKind.LABEL)
    spans = {screen: (Span(0, 11, EntityType.PERSON, 0.5),), typed: (), label: ()}
    found = add_fragments(spans, [[typed]])
    assert found[typed] == (Span(4, 9, EntityType.PERSON, 0.9),)
    assert found[label] == ()
