"""A value found once is found everywhere, and has one surrogate."""

import pytest

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates import propagate as module
from transforms.redact.surrogates.propagate import Lexicon
from transforms.redact.surrogates.reserved_values import is_surrogate
from transforms.redact.surrogates.surrogates import Surrogates
from transforms.redact.text.folding import FREE_CHARS

PERSON, EMAIL = EntityType.PERSON, EntityType.EMAIL_ADDRESS
COMMON = frozenset({"will", "test", "the"})


def lexicon(*found: tuple[EntityType, str], settings: RedactSettings | None = None) -> Lexicon:
    return Lexicon(found, Surrogates(b"k" * 32, settings or RedactSettings()), COMMON)


def surfaces(known: Lexicon, content: str, kind: TextKind = TextKind.SCREEN, *spans: Span) -> list[str]:
    (found,) = known.complete([Text(content, kind)], [spans])
    return [content[span.start : span.end] for span in found]


ANNA = lexicon(
    (PERSON, "Anna Kowalski"), (EMAIL, "anna.kowalski@corp.test"), (EntityType.CREDIT_CARD, "4539 1488 0343 6467")
)


@pytest.mark.parametrize(
    ("content", "kind", "surface"),
    [
        ("ask ANNA   KOWALSKI now", TextKind.SCREEN, "ANNA   KOWALSKI"),
        ("anna_kowalski_cv.pdf", TextKind.TITLE, "anna_kowalski"),
        ("C:\\Users\\annakowalski\\x", TextKind.SCREEN, "annakowalski"),
        ("kowalski, anna", TextKind.TYPED, "kowalski"),
        ("hi anna", TextKind.CLIPBOARD, "anna"),
        ("https://a.test/?q=anna%20kowalski", TextKind.URL, "anna%20kowalski"),
        ("https://a.test/?q=anna+kowalski&x", TextKind.URL, "anna+kowalski"),
        ("https://a.test/%61nna-kowalski", TextKind.URL, "%61nna-kowalski"),
        ("mailto:anna.kowalski%40corp.test", TextKind.URL, "anna.kowalski%40corp.test"),
        ("<b>Anna</b> <i>Kowalski</i>", TextKind.SCREEN, "Anna</b> <i>Kowalski"),
        ("Anna&nbsp;Kowalski", TextKind.SCREEN, "Anna&nbsp;Kowalski"),
        ("paid with 4539148803436467.", TextKind.SCREEN, "4539148803436467"),
        ("paid with 4539-1488-0343-6467", TextKind.SCREEN, "4539-1488-0343-6467"),
        ("folder AnnaReports", TextKind.SCREEN, "Anna"),
    ],
)
def test_a_value_is_found_in_any_case_spacing_and_escape(content: str, kind: TextKind, surface: str) -> None:
    assert surface in surfaces(ANNA, content, kind)


@pytest.mark.parametrize("content", ["hannah", "annals", "bananna", "the will", "45391488"])
def test_a_part_of_another_word_stays(content: str) -> None:
    assert surfaces(ANNA, content) == []


def test_a_word_that_is_made_of_what_was_found_goes_too() -> None:
    known = lexicon((PERSON, "Anna Kowalski"), (PERSON, "Berta Lind"))
    assert surfaces(known, "#annaberta") == ["anna", "berta"]
    assert surfaces(known, "#annabertas annabel xberta") == []
    assert surfaces(known, "#xxanna", TextKind.SCREEN, Span(1, 3, PERSON, 1.0)) == ["xx", "anna"]
    assert surfaces(known, "#annaxx", TextKind.SCREEN, Span(5, 7, PERSON, 1.0)) == ["anna", "xx"]


def test_accents_are_found_with_and_without() -> None:
    known = lexicon((PERSON, "Jürgen Müller"))
    for content in ("jurgen muller", "Juergen Mueller", "Ju\u0308rgen", "JÜRGEN"):
        assert surfaces(known, content) != []


def test_ordinary_words_and_short_values_are_not_looked_for() -> None:
    known = lexicon((PERSON, "Will Test"), (PERSON, "Al"), (EntityType.LOCATION, "Springfield"), (PERSON, "the"))
    assert surfaces(known, "will test the al springfield") == ["will test"]


LEAST = {
    EntityType.PERSON: 3,
    EntityType.USERNAME: 4,
    EntityType.PASSWORD: 4,
    EntityType.SECRET: 6,
    EntityType.ONE_TIME_CODE: 6,
    **{entity: 5 for entity in EntityType if entity not in {*module._MIN_CHARS, *module.LOCAL}},
}
"""Signs from which on a value of an entity is looked for elsewhere."""


@pytest.mark.parametrize(("entity", "least"), LEAST.items())
def test_a_value_is_looked_for_from_its_least_length_on(entity: EntityType, least: int) -> None:
    value = "xq7zkv"[:least] if entity is not PERSON else "lee"
    assert surfaces(lexicon((entity, value)), f"is {value} here") == [value]
    assert surfaces(lexicon((entity, value[:-1])), f"is {value[:-1]} here") == []


@pytest.mark.parametrize("entity", sorted(module.LOCAL))
def test_a_word_of_a_place_or_a_diagnosis_is_looked_for_nowhere_else(entity: EntityType) -> None:
    assert surfaces(lexicon((entity, "xq7zkv")), "is xq7zkv here") == []


@pytest.mark.parametrize("name", ["Ann Lee", "Kim Lee", "Lee Ann"])
def test_names_of_three_letters_are_found_elsewhere_and_known_to_the_guard(name: str) -> None:
    known = lexicon((PERSON, name))
    for part in name.lower().split():
        assert surfaces(known, f"ask {part} now") == [part]
        assert part in known.values
    assert surfaces(lexicon((PERSON, "Al Bo")), "ask al and bo now") == []


def test_a_value_of_ten_letters_is_found_inside_a_word_and_one_of_nine_is_not() -> None:
    free, bound = "kowalskian", "kowalskia"
    assert (len(free), len(bound)) == (FREE_CHARS, FREE_CHARS - 1)
    assert surfaces(lexicon((PERSON, free)), f"x{free}x") == [free]
    assert surfaces(lexicon((PERSON, bound)), f"x{bound}x") == []


def test_a_code_that_was_shown_is_removed_where_it_is_typed() -> None:
    known = lexicon((EntityType.ONE_TIME_CODE, "482 913"), (EntityType.ONE_TIME_CODE, "2024"))
    assert surfaces(known, "482913") == ["482913"]
    assert surfaces(known, "in 2024, 14829130") == []


def test_values_of_ours_are_not_learnt() -> None:
    known = lexicon((PERSON, "Kestano Brackensby"), (PERSON, "<PERSON>"))
    assert known.values == frozenset()


@pytest.mark.parametrize(
    "surface", ["Anna Kowalski", "ANNA KOWALSKI", "anna.kowalski", "Kowalski, Anna", "AnnaKowalski", "anna%20kowalski"]
)
def test_the_parts_of_a_name_keep_their_surrogates(surface: str) -> None:
    given, family = ANNA.replacement(PERSON, "Anna"), ANNA.replacement(PERSON, "Kowalski")
    shown = ANNA.replacement(PERSON, surface).lower()
    assert given.lower() in shown
    assert family.lower() in shown
    assert is_surrogate(ANNA.replacement(PERSON, surface).replace(", ", " "))


@pytest.mark.parametrize(
    "local", ["anna.kowalski", "Anna_Kowalski", "akowalski", "a.kowalski", "annak", "kowalskia", "kowalski.anna"]
)
def test_an_address_is_called_after_the_surrogate_of_its_person(local: str) -> None:
    given, family = ANNA.replacement(PERSON, "anna"), ANNA.replacement(PERSON, "kowalski")
    assert ANNA.replacement(EMAIL, f"{local}@corp.test") in {
        f"{given}.{family}@example.com",
        f"{family}.{given}@example.com",
    }


def test_other_addresses_have_names_of_their_own() -> None:
    made = {ANNA.replacement(EMAIL, f"{local}@corp.test") for local in ("info", "sales", "b.lind", "x1", "42", "q")}
    assert len(made) >= 5
    assert all(is_surrogate(address) for address in made)


def test_what_is_ours_stays_as_it_is() -> None:
    for surface in ("Kestano Brackensby", "kestano", "198.18.3.4", "<SECRET>", "kestano.brackensby@example.com"):
        assert ANNA.replacement(PERSON, surface) == surface


@pytest.mark.parametrize(("treatment", "shown"), [("placeholder", "<PERSON>"), ("drop", "")])
def test_the_policy_holds_for_names_as_well(treatment: str, shown: str) -> None:
    known = lexicon((PERSON, "Anna Kowalski"), settings=RedactSettings(treatments={"PERSON": treatment}))
    assert known.replacement(PERSON, "Anna") == shown


def test_the_order_of_what_was_found_makes_no_difference() -> None:
    found = [(PERSON, "Kowalski"), (PERSON, "Anna Kowalski"), (PERSON, "Anna"), (PERSON, "Lind Anna")]
    one, other = lexicon(*found), lexicon(*found[::-1])
    assert [one.replacement(PERSON, name) for _, name in found] == [
        other.replacement(PERSON, name) for _, name in found
    ]


@pytest.mark.parametrize("sign", ["@", "\uff20", ""])
def test_a_handle_keeps_its_sign_and_nothing_else_gets_one(sign: str) -> None:
    shown = ANNA.replacement(EntityType.USERNAME, f"{sign}zq7user")
    assert shown.startswith("@") == bool(sign)
    assert "zq7" not in shown
    assert not ANNA.replacement(EntityType.SECRET, "@zq7user").startswith("@")


@pytest.mark.parametrize(
    ("found", "whole"),
    [((0, 6), [(0, 6)]), ((0, 7), [(0, 7), (7, 15)]), ((0, 8), [(0, 15)]), ((0, 15), [(0, 15)])],
)
def test_a_value_inside_a_word_is_bounded_by_a_span_that_it_touches_or_reaches_into(
    found: tuple[int, int], whole: list[tuple[int, int]]
) -> None:
    known = lexicon((EntityType.PERSON, "Quimbert"))
    for content, at in (("zorvaldquimbert", found), ("quimbertzorvald", (15 - found[1], 15 - found[0]))):
        (spans,) = known.complete([Text(content, TextKind.SCREEN)], [[Span(*at, EntityType.SECRET, 1.0)]])
        mirrored = whole if content[0] == "z" else [(15 - end, 15 - start) for start, end in reversed(whole)]
        assert [(span.start, span.end) for span in spans] == mirrored
