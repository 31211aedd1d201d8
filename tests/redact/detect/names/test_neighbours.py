"""Words beside a name, and pairs of words, in lines of other languages: the least score of each."""

import pytest

from transforms.redact.detect.names.neighbours import believe_beside, mark_pairs
from transforms.redact.detect.words import mark_inflected, read_line, split
from transforms.redact.text.word_lists import WordClass


@pytest.mark.parametrize(
    ("text", "at", "score", "believed"),
    [
        ("bunu dün bana anna bugün söyledi", 4, 0.6, True),  # a common word there, beside a given name
        ("bunu dün bana anna bugün söyledi", 4, 0.59, False),
        ("wczoraj szymon ogórkami zatwierdził fakturę", 2, 0.2, True),  # a rarer one
        ("wczoraj szymon ogórkami zatwierdził fakturę", 2, 0.19, False),
        ("wczoraj kowalski ogórkami zatwierdził fakturę", 2, 0.9, False),  # no given name
        ("wczoraj Szymon ogórkami zatwierdził fakturę", 2, 0.9, False),  # written otherwise
    ],
)
def test_a_word_of_another_language_beside_a_given_name_needs_a_score(
    text: str, at: int, score: float, *, believed: bool
) -> None:
    words = split(text)
    line = read_line(text, words)
    assert line.abroad
    words = mark_inflected(words)
    named = [number == at - 1 for number in range(len(words))]
    believe_beside(line, words, named, [score if number == at else 0.0 for number in range(len(words))])
    assert named[at] == believed


def test_forms_of_words_are_marked() -> None:
    assert mark_inflected(split("güncellemeleri zzyzxvar"))[0].kind is WordClass.INFLECTED
    assert mark_inflected(split("güncellemeleri zzyzxvar"))[1].kind is WordClass.UNKNOWN


@pytest.mark.parametrize(
    ("text", "least", "found"),
    [
        ("bunu Serdar Sağlam biliyor", 0.6, True),
        ("bunu Serdar Sağlam biliyor", 0.59, False),
        ("Serdar Sağlam bunu biliyor", 0.9, False),  # begins the sentence
        ("Bunu Serdar Sağlam Biliyor", 0.9, False),  # every word has a capital
        ("bunu Serdar, Sağlam biliyor", 0.9, False),
        ("bunu Yeni Sağlam biliyor", 0.9, False),  # a word that programs show often
    ],
)
def test_two_likely_words_with_capitals_among_small_ones_are_a_name(text: str, least: float, *, found: bool) -> None:
    words = split(text)
    named = [False] * len(words)
    mark_pairs(read_line(text, words), words, named, [least] * len(words))
    assert any(named) == found


@pytest.mark.parametrize(
    ("text", "name", "at", "score", "believed"),
    [
        ("bunu dün anna brown söyledi", "anna", 3, 0.6, True),  # an English word that is a family name
        ("bunu dün anna brown söyledi", "anna", 3, 0.59, False),
        ("bunu dün anna table söyledi", "anna", 3, 0.9, False),  # no listed name
        ("bunu dün kowalski brown söyledi", "kowalski", 3, 0.9, False),  # beside no given name
        ("bunu ogórkami kowalski söyledi", "kowalski", 1, 0.6, True),  # a rare word before a family name
        ("bunu ogórkami kowalski söyledi", "kowalski", 1, 0.59, False),
        ("bunu Ogórkami kowalski söyledi", "kowalski", 1, 0.9, False),  # written otherwise
        ("bunu için kowalski söyledi", "kowalski", 1, 0.9, False),  # one of the commonest words
        ("bunu ogórkami anna söyledi", "anna", 1, 0.9, False),  # before a given name
    ],
)
def test_a_likely_word_beside_a_name_in_a_line_of_another_language(
    text: str, name: str, at: int, score: float, *, believed: bool
) -> None:
    words = split(text)
    line = read_line(text, words)
    assert line.abroad
    words = mark_inflected(words)
    named = [word.text == name for word in words]
    believe_beside(line, words, named, [score if number == at else 0.0 for number in range(len(words))])
    assert named[at] == believed


def test_a_word_of_another_language_before_a_given_name_is_none() -> None:
    words = split("Teşekkürler Anna tutanak geldi")
    line = read_line("Teşekkürler Anna tutanak geldi", words)
    assert line.abroad
    named = [False, True, False, False]
    believe_beside(line, mark_inflected(words), named, [0.9, 0.9, 0.0, 0.0])
    assert named == [False, True, False, False]


@pytest.mark.parametrize(("least", "found"), [(0.7, True), (0.69, False)])
def test_a_line_of_two_rare_words_with_capitals_is_a_name_at_seven_tenths(least: float, *, found: bool) -> None:
    words = mark_inflected(split("Oberto Napolitani"))
    assert [word.kind for word in words] == [WordClass.UNKNOWN, WordClass.INFLECTED]
    named = [False, False]
    mark_pairs(read_line("Oberto Napolitani", split("Oberto Napolitani")), words, named, [least, 0.9])
    assert named == [found, found]


def test_a_line_of_two_forms_that_are_spelt_like_words_is_no_name() -> None:
    words = mark_inflected(split("Girdileri Güncelle"))
    assert all(word.kind is WordClass.INFLECTED for word in words)
    named = [False, False]
    mark_pairs(read_line("Girdileri Güncelle", split("Girdileri Güncelle")), words, named, [0.99, 0.99])
    assert named == [False, False]
