"""Writing of a line: its language, its capitals, the number of its words."""

import pytest

from schemas.entities import EntityType, Span
from transforms.redact.detect.words import Line, Word, leaves_a_question, read_line, split
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


def test_a_line_leaves_a_question_where_a_word_may_be_a_name() -> None:
    def leaves(text: str, *, guessed: str = "", found: str = "") -> bool:
        spans = [
            [Span(text.index(part), text.index(part) + len(part), EntityType.PERSON, 0.5)] if part else []
            for part in (guessed, found)
        ]
        return leaves_a_question(split(text), *spans)

    assert not leaves("ask for the list")
    assert leaves("ask zzyzxvar")
    assert not leaves("ask zzyzxvar", found="zzyzxvar")
    assert not leaves("ask miles")  # an everyday word
    assert leaves("ask miles", guessed="miles")  # in the place of a name
    assert not leaves("ask paper", guessed="paper")  # no given name
    assert not leaves("ask miles", guessed="miles", found="ask miles")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ann_uler le renommage", ["Annuler", "le", "renommage"]),
        ("G&iriş Yap", ["Giriş", "Yap"]),
        ("see S&earch and Re_place", ["see", "Search", "and", "Replace"]),
        ("anna_kowalska", ["anna", "kowalska"]),  # no ordinary word
        ("rose_mary", ["rose", "mary"]),  # a listed name
        ("a_p_ple", ["a", "p", "ple"]),  # a chain
        ("S_earch(", ["S", "earch"]),  # a call
        ("S_earch.now", ["S", "earch", "now"]),
        ("_Search", ["Search"]),
        ("search", ["search"]),
    ],
)
def test_the_mark_of_an_access_key_parts_no_word(text: str, words: list[str]) -> None:
    assert [word.text for word in split(text)] == words


def test_a_word_with_an_access_key_keeps_its_place_and_is_one_of_interfaces() -> None:
    (word,) = split("S&earch")
    assert (word.start, word.end, word.kind, word.has_access_key) == (0, 7, WordClass.INTERFACE, True)
    assert not split("Search")[0].has_access_key
    assert split("G&iriş")[0].kind is WordClass.VOCABULARY


@pytest.mark.parametrize(
    ("text", "abroad"),
    [
        ("Nepal Dili", True),  # as many words of each
        ("Nepal and Dili", False),  # an everyday word
        ("Loop-Gerät ist leer", True),
        ("Nepal meatloaf Dili", False),
        ("Nepal", False),
    ],
)
def test_a_tie_without_everyday_words_is_a_line_of_another_language(text: str, *, abroad: bool) -> None:
    assert read_line(text, split(text)).abroad == abroad
