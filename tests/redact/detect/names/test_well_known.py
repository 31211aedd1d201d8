"""Full names of well-known people and characters, whatever their words mean; names here are of books and history."""

import pytest

from transforms.redact.detect.names.well_known import mark_well_known
from transforms.redact.detect.words import read_line, split
from transforms.redact.text.word_lists import single_well_known, well_known


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("and calamity jane again", ["calamity", "jane"]),
        ("Calamity Jane", ["Calamity", "Jane"]),
        ("Calamity Jane's hat", ["Calamity", "Jane's"]),
        ("Calamity's Jane", []),
        ("CALAMITY\u00a0JANE hat", ["CALAMITY", "JANE"]),
        ("the calamity of jane", []),
        ("calamity  jane", []),
        ("calamity, jane", []),
        ("calamity", []),
        ("a rip van winkle beard", ["rip", "van", "winkle"]),  # three words
        ("rip van", []),
        ("calamity jane calamity jane", ["calamity", "jane", "calamity", "jane"]),
        ("calamity jane museum", []),  # a thing called after her
        ("calamity jane, museum", ["calamity", "jane"]),
        ("calamity jane museums", ["calamity", "jane"]),
        ("like Frodo and gandalf here", ["gandalf"]),  # small where others have capitals
        ("like Gandalf's hat", ["Gandalf's"]),
        ("the gandalf museum", []),
        ("see #CalamityJane, @calamityJane", ["CalamityJane", "calamityJane"]),
        ("see #CalamityJanes", []),
        ("see #calamityjane", []),
        ("see #AskGandalf, #GandalfRules", ["AskGandalf", "GandalfRules"]),
        ("see #AskGandalfs", []),
    ],
)
def test_a_full_name_is_marked(text: str, marked: list[str]) -> None:
    words = split(text)
    named = [False] * len(words)
    mark_well_known(read_line(text, words), words, named)
    assert [word.text for word, here in zip(words, named, strict=True) if here] == marked


def test_single_names_do_not_count_in_documents() -> None:
    words = split("like gandalf and calamity jane")
    named = [False] * len(words)
    mark_well_known(read_line("like gandalf and calamity jane", words, document=True), words, named)
    assert named == [False, False, False, True, True]


def test_a_thing_keeps_what_was_marked_before() -> None:
    words = split("calamity jane museum")
    named = [True, False, False]
    mark_well_known(read_line("calamity jane museum", words), words, named)
    assert named == [True, False, False]


def test_the_list_holds_names_and_no_things_called_after_people() -> None:
    names = well_known()
    assert {"calamity jane", "hercule poirot", "rip van winkle", "wernher von braun"} <= names
    assert not {"wells fargo", "ford focus", "victoria falls", "saint lucia", "art deco", "louis vuitton"} & names
    assert all(name == name.lower() and 2 <= len(name.split(" ")) <= 5 for name in names)
    assert 10_000 < len(names) < 20_000


@pytest.mark.parametrize("name", ["gandalf", "voldemort", "dostoevsky"])
def test_a_single_name_that_means_nobody_else_counts(name: str) -> None:
    words = split(f"so i like {name} a lot")
    named = [False] * len(words)
    mark_well_known(read_line(f"so i like {name} a lot", words), words, named)
    assert named == [False, False, False, True, False, False]


def test_a_single_name_may_be_a_word_of_another_language() -> None:
    words = split("il donne le fichier à son ami")
    line = read_line("il donne le fichier à son ami", words)
    named = [False] * len(words)
    mark_well_known(line, words, named)
    assert line.abroad
    assert "donne" in single_well_known()
    assert not any(named)


@pytest.mark.parametrize("word", ["scopes", "mercator", "gutenberg", "ohm", "wolverine", "joker"])
def test_a_word_that_means_something_else_is_none(word: str) -> None:
    assert word not in well_known() | single_well_known()
