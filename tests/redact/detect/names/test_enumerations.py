"""Names in rows and pairs; all names are made up, or common ones."""

import pytest

from transforms.redact.detect.names.enumerations import mark_enumerated
from transforms.redact.detect.words import read_line, split

_KNOWN = frozenset({"Anna", "Wanda", "Kowalski", "Moore"})


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("with Anna, Zzyzxa, Baker, Wanda", ["Zzyzxa", "Baker"]),  # an unknown word, a family name that is a word
        ("with Anna, Zzyzxa, Baker, Wanda here", ["Zzyzxa", "Baker"]),
        ("with Anna, Wanda, Baker, Zzyzxa. Then", ["Baker", "Zzyzxa"]),
        ("with Anna, Zzyzxa, Wanda", []),  # three
        ("with Anna, Zzyzxa, Baker, Moore, Zzyzxo, Zzyzxi", []),  # two of six
        ("with Anna, Zzyzxa, Baker, Moore, Wanda, Zzyzxi", ["Zzyzxa", "Baker", "Zzyzxi"]),  # three of six
        ("with Anna, Table, Wanda, Kowalski", []),  # a word that is no name
        ("with Anna, zzyzxa, baker, Wanda", []),  # small
        ("with Anna, Zy, Moore, Wanda", []),  # two letters
        ("with Anna, Zyz, Moore, Wanda", ["Zyz"]),
        ("with Anna, Wanda, Moore, Baker Street", []),  # goes on
        ("with Anna; Zzyzxa; Baker; Wanda", []),
        ("Park and Moore came", ["Park"]),
        ("Then Park and Moore came", []),
        ("Then, Park and Moore came", ["Park"]),
        ("Park and and Moore came", []),
        ("then Park and Moore came", ["Park"]),
        ("Central Park and Moore came", []),
        ("Table and Moore came", []),
        ("park and Moore came", []),
        ("Park or Moore came", []),
        ("Park and others came", []),
        ("Park and", []),
    ],
)
def test_words_beside_names_are_marked(text: str, added: list[str]) -> None:
    words = split(text)
    named = [word.text in _KNOWN for word in words]
    before = list(named)
    mark_enumerated(read_line(text, words), words, named)
    assert [word.text for word, was, now in zip(words, before, named, strict=True) if now != was] == added


def test_documents_are_left_alone() -> None:
    words = split("with Anna, Zzyzxa, Baker, Wanda")
    named = [word.text in _KNOWN for word in words]
    mark_enumerated(read_line("with Anna, Zzyzxa, Baker, Wanda", words, document=True), words, named)
    assert sum(named) == 2


def test_a_row_counts_in_a_line_of_another_language() -> None:
    words = split("bunu için Anna, Zzyzxa, Baker, Wanda")
    line = read_line("bunu için Anna, Zzyzxa, Baker, Wanda", words)
    named = [word.text in _KNOWN for word in words]
    mark_enumerated(line, words, named)
    assert line.abroad
    assert sum(named) == 4
