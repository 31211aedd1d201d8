import random

import pytest

from distil.slots import LOCALES, Slots, Words
from distil.texts import make_texts

WORDS = Words(("anna", "peter"), ("kowalski", "brown"), ("table", "report", "window"))
LABELS = {
    "NAME", "EMAIL", "PHONE", "BANK_ACCOUNT", "ROUTING_NUMBER", "GOVERNMENT_ID", "PASSPORT", "DRIVERS_LICENSE",
    "BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE",
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> list[tuple[str, list[tuple[int, int, str]] | None]]:
    chance = random.Random(5)
    prose = ["he walked home slowly in the rain", "a box with a lid"]
    return list(make_texts(3_000, Slots(chance, WORDS), prose, ["return a + b"], chance))


def test_every_kind_is_taught_and_plain_texts_too(made: list[tuple[str, list[tuple[int, int, str]] | None]]) -> None:
    seen = {label for _, gold in made for *_, label in gold or ()}
    assert seen == LABELS
    assert sum(gold == [] for _, gold in made) > len(made) // 20
    assert sum(gold is None for _, gold in made) > len(made) // 20


def test_no_template_is_left_unfilled(made: list[tuple[str, list[tuple[int, int, str]] | None]]) -> None:
    assert not [text for text, _ in made if "{" in text and "}" in text and " = {" not in text]
    assert not [text for text, _ in made if text.startswith("~") or not text.strip()]


def test_a_label_stands_on_what_it_names(made: list[tuple[str, list[tuple[int, int, str]] | None]]) -> None:
    for text, gold in made:
        for start, end, label in gold or ():
            part = text[start:end]
            assert 0 <= start < end <= len(text)
            if label in {"NAME", "STREET_NAME", "EMAIL"}:
                assert any(map(str.isalpha, part)), (text, part)
            if label == "PHONE" and len(part) > 6:
                assert sum(map(str.isdigit, part)) > 2, (text, part)
            if label == "EMAIL" and end < len(text):
                assert "@" in part


def test_names_come_from_many_countries_in_any_case() -> None:
    chance = random.Random(6)
    slots = Slots(chance, WORDS)
    names = set()
    for _ in range(400):
        slots.move()
        names.add(slots.fill("name").text)
    assert len(names) > 250
    assert len(set(LOCALES)) > 40
    with pytest.raises(KeyError):
        slots.fill("nothing")
