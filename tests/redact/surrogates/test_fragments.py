import pytest

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.surrogates.fragments import BegunValues, add_fragments, find_half_typed


def shown(content: str, context: str, value: str) -> list[str]:
    spans = find_half_typed(content, (context, value, EntityType.PERSON))
    return [content[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("content", "context", "halves"),
    [
        ("[6] text 'ask Mar'", "ask ", ["Mar"]),
        ("please ask M\nOff", "please ask ", ["M"]),
        ("may ask M\nOff", "may ask ", ["M"]),
        ("we ask M\nOff", "we ask ", []),
        ("we ask Ma\nOff", "we ask ", ["Ma"]),
        ("to Ma\nOff", "to ", ["Ma"]),
        ("a Ma\nOff", "a ", []),
        ("Mar\nOff", "", ["Mar"]),
        ("Ma\nOff", "", []),
        ("Off\nMart", "", ["Mart"]),
        ("<p>Mart</p>", "", ["Mart"]),
        ("Go Mart\nOff", "", []),
        ("Mart Off\n", "", []),
        ("ask Marta", "ask ", []),
        ("ask Market", "ask ", []),
        ("ask Mar, ask Ma", "ask ", ["Mar", "Ma"]),
    ],
)
def test_a_screen_may_show_the_beginning_of_a_value(content: str, context: str, halves: list[str]) -> None:
    assert shown(content, context, "Marta") == halves


def test_an_ordinary_word_that_stands_alone_begins_no_value() -> None:
    assert shown("Walk\nOff", "", "Walker") == []
    assert shown("ask Walk\nOff", "ask ", "Walker") == ["Walk"]


def test_screens_of_a_session_lose_what_its_fields_hold_and_other_texts_stay() -> None:
    typed = Text("hello there\nplease ask Marta now", TextKind.TYPED)
    screen, other = Text("please ask Mar", TextKind.SCREEN), Text("please ask Mar", TextKind.LABEL)
    seen = Text("nothing of it", TextKind.SCREEN)
    spans = {typed: (Span(23, 28, EntityType.PERSON, 0.5),), screen: (), other: (), seen: ()}
    found = add_fragments(spans, [[typed]])
    assert found == {**spans, screen: (Span(11, 14, EntityType.PERSON, 0.9),)}
    assert add_fragments({typed: (), screen: ()}, [[typed]]) == {typed: (), screen: ()}


@pytest.mark.parametrize(("screen", "halves"), [("x was attacking Ma", 1), ("x\nwas attacking Ma", 0)])
def test_sixteen_characters_before_a_value_must_be_on_the_screen(screen: str, halves: int) -> None:
    typed = Text("what it x was attacking Marta", TextKind.TYPED)
    spans = {typed: (Span(24, 29, EntityType.PERSON, 0.5),), Text(screen, TextKind.SCREEN): ()}
    assert len(add_fragments(spans, [[typed]])[Text(screen, TextKind.SCREEN)]) == halves


@pytest.mark.parametrize(
    ("draft", "before", "cut"),
    [
        ("numberis 4", "my number is ", "4"),
        ("my number is 408", "my number is ", "408"),
        ("my number is 4081", "my number is ", None),
        ("my number is 409", "my number is ", None),
        ("408", "", "408"),
        ("x 408", "", None),
        ("number in 4", "my number is ", None),
        ("", "", None),
    ],
)
def test_a_draft_may_end_within_a_value(draft: str, before: str, cut: str | None) -> None:
    found = [
        draft[span.start : span.end] for span in BegunValues([(before, "4081", EntityType.CREDIT_CARD)]).find_cut(draft)
    ]
    assert found == ([cut] if cut else [])


def test_each_of_many_values_is_looked_for_behind_its_own_word() -> None:
    begun = BegunValues(
        [("is ", "4081", EntityType.CREDIT_CARD), ("to ", "4081", EntityType.PERSON), ("", "marta", EntityType.PERSON)]
    )
    for draft, found in (
        ("it is 40", [(6, 8, EntityType.CREDIT_CARD)]),
        ("go to 40", [(6, 8, EntityType.PERSON)]),
        ("go to 4081", []),
        ("mar", [(0, 3, EntityType.PERSON)]),
        ("a mar", []),
        ("", []),
    ):
        assert [span[:3] for span in begun.find_cut(draft)] == found
    assert list(BegunValues([]).find_cut("it is 40")) == []


def test_drafts_of_a_field_lose_the_beginnings_of_its_own_values_alone() -> None:
    final, draft = Text("number is 4081", TextKind.TYPED), Text("numberis 4", TextKind.TYPED)
    spans = {final: (Span(10, 14, EntityType.CREDIT_CARD, 1.0),), draft: ()}
    assert add_fragments(spans, [[final, draft]])[draft] == (Span(9, 10, EntityType.CREDIT_CARD, 0.9),)
    assert add_fragments(spans, [[final], [draft]])[draft] == ()


def test_a_copy_of_a_found_name_alone_is_one_and_other_copies_stay() -> None:
    typed = Text("with Muslija and Brown", TextKind.TYPED)
    copies = [Text(content, TextKind.CLIPBOARD) for content in ("brown ", "brown bread", "4081")]
    spans = {typed: (Span(17, 22, EntityType.PERSON, 0.7), Span(0, 4, EntityType.USERNAME, 0.7))}
    found = add_fragments(spans | dict.fromkeys(copies, ()), [])
    assert [found[text] for text in copies] == [(Span(0, 5, EntityType.PERSON, 0.9),), (), ()]
