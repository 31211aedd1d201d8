"""Selection of the places whose names hold a listed name of people."""

import pytest

from transforms.redact.text.data.build_places import select_names
from transforms.redact.text.word_lists import place_names


@pytest.mark.parametrize(
    ("place", "people"),
    [
        ("Madrid", 250_000),  # a family name
        ("Jordan", 600_000),  # a given name too
        ("New York", 4_000_000),  # two words of which each is a name
        ("Addis Ababa", 250_000),  # a word of it is none
        ("Le\u00f3n de los Aldama", 4_000_000),  # begins with a given name
    ],
)
def test_a_place_is_listed_from_so_many_inhabitants_on_as_it_reads_less_like_a_person(place: str, people: int) -> None:
    assert place.lower() in select_names([(place, people)])
    assert select_names([(place, people - 1)]) == set()


def test_what_is_too_short_or_no_word_or_holds_several_and_no_name_is_left_out() -> None:
    assert select_names([("Zorblaxia", 250_000), ("Lao", 9_000_000), ("Paris 2", 9_000_000)]) == {"zorblaxia"}
    assert select_names([("Upper Zorblaxia", 9_000_000)]) == set()


def test_accents_may_be_missing_but_not_from_a_given_name() -> None:
    assert select_names([("C\u00f3rdoba", 300_000)]) == {"c\u00f3rdoba", "cordoba"}
    assert select_names([("Andr\u00e9", 700_000)]) == {"andr\u00e9"}


def test_the_list_holds_countries_languages_and_states_but_no_small_city_that_is_a_given_name() -> None:
    assert {"france", "english", "espa\u00f1ol", "virginia", "new york"} <= place_names()
    assert not {"florence", "madison", "kowalski"} & place_names()


def test_days_and_places_of_the_dictionary_are_listed_and_frequent_families_are_not() -> None:
    assert {"christmas", "hollywood", "padua"} <= place_names()
    assert "siemens" in place_names()
    assert not {"dupont", "suzuki", "roche"} & place_names()  # products, and families of other countries
    assert not {"valdez", "juarez", "chen", "newton", "jenkins"} & place_names()
