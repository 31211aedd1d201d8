import pytest

from transforms.redact.text import word_lists
from transforms.redact.text.word_lists import (
    WordClass,
    _holds_acronym,
    _is_compound,
    common_name_words,
    common_words,
    is_listed,
    is_word_form,
    may_be_name,
    name_words,
    word_class,
)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("anna", WordClass.NAME),
        ("Kowalski", WordClass.NAME),
        ("peter", WordClass.NAME),
        ("maria's", WordClass.NAME),
        ("O'Brien", WordClass.NAME),
        ("the", WordClass.EVERYDAY),
        ("mark", WordClass.EVERYDAY),
        ("don't", WordClass.EVERYDAY),
        ("Settings", WordClass.INTERFACE),
        ("May", WordClass.INTERFACE),
        ("heron", WordClass.KNOWN),
        ("niemals", WordClass.VOCABULARY),
        ("kwargs", WordClass.TECHNICAL),
        ("zorblax", WordClass.UNKNOWN),
        ("und", WordClass.FOREIGN),
        ("zzyzxvar", WordClass.UNKNOWN),
    ],
)
def test_a_word_is_what_it_is_likeliest_to_be(word: str, kind: WordClass) -> None:
    assert word_class(word) is kind


def test_words_that_are_names_too_are_not_names_by_themselves() -> None:
    assert {"will", "mark", "may", "hope", "und"} <= common_words()


def test_names_that_are_words_too_still_propagate() -> None:
    assert not {"peter", "smith", "baker", "anna", "kowalski"} & common_words()


def test_a_listed_name_is_listed_whatever_else_it_means() -> None:
    assert is_listed("Mark")
    assert is_listed("mark's")
    assert not may_be_name("mark")
    assert may_be_name("Baker")


@pytest.mark.parametrize("word", ["bildrutor", "güncellemeleri", "Bildhelligkeit", "Anwendungsebene", "İçerikler"])
def test_a_form_of_a_word_of_another_language_is_one(word: str) -> None:
    assert word_class(word) in {WordClass.UNKNOWN, WordClass.VOCABULARY}
    assert is_word_form(word)


@pytest.mark.parametrize("word", ["kowalczik", "zzyzxvar", "Bartczakowa", "Steinmetzinger"])
def test_an_unknown_name_is_no_form_of_a_word(word: str) -> None:
    assert not is_word_form(word)


@pytest.mark.parametrize(
    ("word", "compound"),
    [("bildtaste", True), ("raumbild", False), ("raumsbild", True), ("tischuhr", False)],
)
def test_a_compound_has_nine_letters_and_parts_of_four(word: str, *, compound: bool) -> None:
    assert _is_compound(word) == compound


@pytest.mark.parametrize(("letters", "compound"), [(8, False), (9, True), (48, True), (49, False), (1_000, False)])
def test_a_longer_word_is_no_compound_whatever_its_parts_are(
    monkeypatch: pytest.MonkeyPatch, letters: int, *, compound: bool
) -> None:
    monkeypatch.setattr(word_lists, "_is_form", lambda _: True)
    assert _is_compound("z" * letters) == compound


def test_a_compound_of_listed_names_that_are_words_is_no_name() -> None:
    assert word_class("Browser-Fenster") is WordClass.VOCABULARY
    assert word_class("Meyer-Fenster") is WordClass.NAME


@pytest.mark.parametrize("word", ["SSL-Fehler", "X-ray", "Upload-URL", "pre-SSL-b", "é-a-SSL"])
def test_a_compound_with_an_acronym_is_technical(word: str) -> None:
    assert _holds_acronym(word.split("-"))


@pytest.mark.parametrize("word", ["ABCDE-b", "a-B", "a-ABCDE", "SSL-TLS", "A1-b", "é-SSL"])
def test_a_compound_without_one_is_not(word: str) -> None:
    assert not _holds_acronym(word.split("-"))


def test_names_that_programs_show_often_are_name_words_and_no_given_names_there() -> None:
    assert {"yeni", "geri", "campo"} <= common_name_words() < name_words()
    assert common_name_words().isdisjoint({"marco", "massimo", "rosa", "alan"})


@pytest.mark.parametrize("word", ["szymula", "ивановна", "ming-che"])
def test_family_names_patronymics_and_romanised_names_are_listed(word: str) -> None:
    assert is_listed(word)
