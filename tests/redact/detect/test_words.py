"""Writing of a line: its language, its capitals, the number of its words."""

import pytest

from transforms.redact.detect.words import Line, Word, read_line, split
from transforms.redact.text.word_lists import WordClass


def read(text: str) -> Line:
    return read_line(text, split(text))


@pytest.mark.parametrize(
    ("text", "abroad"),
    [
        ("Koleksiyon Nesne Zorblaxici", True),  # two words of another language, and an unknown one
        ("Koleksiyon Zorblaxici", False),  # may be a name
        ("Yeni Zorblax", False),
        ("Yeni Dosya", True),
        ("Yeni Özel", True),  # two listed names, of which programs show one often
        ("Yeni Kowalska", False),  # beside a name
        ("Al Özel", False),  # too short to tell
        ("Yeni Zorblax Quill", False),
        ("and Yeni Groot Quill", False),  # four words, of which programs show two often
    ],
)
def test_a_line_like_a_name_belongs_to_another_language_by_its_words(text: str, *, abroad: bool) -> None:
    assert read(text).abroad == abroad


def test_three_words_with_capitals_are_titled() -> None:
    assert read("Kanal Özel Menü").titled
    assert not read("Kanal Özel").titled
    assert not read("Kanal özel Menü").titled


def test_one_word_is_single_whatever_stands_around_it() -> None:
    assert read("_Yeni:").single
    assert not read("_Yeni:").lone
    assert not read("Yeni Dosya").single


@pytest.mark.parametrize(
    ("text", "latin"), [("a", True), ("a\u0431", True), ("\u0431a", False), ("\u036f", True), ("\u0370", False)]
)
def test_the_first_letter_of_a_word_tells_whether_it_is_latin(text: str, *, latin: bool) -> None:
    assert Word(0, len(text), text, WordClass.UNKNOWN).latin == latin


@pytest.mark.parametrize(
    ("text", "capital"),
    [("A", True), ("Anna", True), ("McDonald", True), ("ANNA", False), ("anna", False), ("aNNA", False)],
)
def test_a_capital_word_begins_with_one_and_is_not_all_of_them(text: str, *, capital: bool) -> None:
    assert Word(0, len(text), text, WordClass.UNKNOWN).capital == capital
