import pytest

from transforms.redact.text.word_lists import WordClass, common_words, is_listed, may_be_name, word_class


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
