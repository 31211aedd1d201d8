"""Build the list of well-known people and characters from the sources named in the README.

``python -m transforms.redact.text.data.build_well_known WORDNET TITLES`` with the folder ``dict`` of WordNet and a file
of titles of popular articles, one a line. ``well_known_picks.txt`` says of titles that no rule tells what they are. Run
it after ``build_lists``.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from transforms.redact.text.word_lists import WordClass, is_given_name, is_listed, word_class

_HERE = Path(__file__).parent
_PEOPLE = frozenset({"person", "imaginary_being"})
_TERMS = frozenset(
    """scientist mathematician engineer inventor physician philosopher explorer tribe deity mythical_being
    spiritual_being""".split()
)
"""People after whom things are called, ``gauss`` and ``hertz``, and beings who are none: full names alone count."""
_PARTS = ("noun", "verb", "adj", "adv")
_PERSON_FILE = 18
"""WordNet's number of its file of nouns that denote people."""
_MOST_WORDS, _SHORTEST = 4, 4
_WORD = re.compile(r"[^\W\d_]+(?:['.\u2019-][^\W\d_]+)*[.'\u2019]?")
_NO_NAME = re.compile(
    r"(?<!\w)(?:the|of|and|to|in|on|is|for|with|at|by|first|second|third|baron|earl|count|president|saint|st|pope|king|queen"
    r"|awards?|films?|series|university|college|school|list|theorem|method|disease|syndrome|famil(?:y|ies)|people"
    r"|languages?|empire|dynasty|wars?|cipher|distribution|numbers?|products?|tests?|islands?|airport|stadium|arena|river|county"
    r"|park|international|football|united|city|states|trilogy|performances|songs?|albums?|tour|live|show|republic|scandal"
    r"|affair|trial|murders?|killings?|assassination|deaths?|bombing|shooting|protests|cabinet|presidency|campaign"
    r"|foundation|principles?|laws?|effect|constant|equations?|paradox|sequence|functions?|transform|process|space|algebra"
    r"|matrix|model|geometry|mechanics|conjecture|hypothesis|problem|universe|chronicles|filmography|discography"
    r"|videography|bibliography|memorial|museum|controversy|administration|phenotype|case)(?!\w)"
)
"""Words of titles of works and things that are called after people, and of titles of nobles."""
_TOLD = frozenset({WordClass.KNOWN, WordClass.UNKNOWN})
_INFLECTIONS = ("s", "es", "ing", "ed")


class _Entry(NamedTuple):
    """A meaning of WordNet: its file, its words, and what it is a kind or an instance of."""

    file: int
    words: tuple[str, ...]
    kinds: tuple[str, ...]
    instance: bool


def _read_entries(folder: Path) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for line in (folder / "data.noun").read_text(encoding="latin-1").splitlines():
        if line.startswith(" "):
            continue
        fields = line.partition(" | ")[0].split(" ")
        last = 4 + 2 * int(fields[3], 16)
        pointers = [fields[at : at + 2] for at in range(last + 1, len(fields) - 3, 4)]
        kinds = tuple(target for mark, target in pointers if mark in {"@", "@i"})
        instance = any(mark == "@i" for mark, _ in pointers)
        entries[fields[0]] = _Entry(int(fields[1]), tuple(fields[4:last:2]), kinds, instance)
    return entries


def list_people(folder: Path) -> Iterator[str]:
    """Yield the full names of WordNet's people, and the single ones that mean nothing but people."""
    entries = _read_entries(folder)

    @cache
    def ancestors(number: str) -> frozenset[str]:
        entry = entries[number]
        return frozenset(entry.words).union(*(ancestors(kind) for kind in entry.kinds))

    meanings: dict[str, list[str]] = {}
    for number, entry in entries.items():
        for word in entry.words:
            meanings.setdefault(word.lower(), []).append(number)
    listed = {part: set(_list_words(folder / f"index.{part}")) for part in _PARTS}
    words = set().union(*(listed[part] for part in _PARTS[1:]))
    words |= {f"{word}{ending}" for part in _PARTS for word in listed[part] for ending in _INFLECTIONS}
    for word, numbers in meanings.items():
        people = [
            number
            for number in numbers
            if entries[number].file == _PERSON_FILE and entries[number].instance and ancestors(number) & _PEOPLE
        ]
        name = word.replace("_", " ")
        alone = people == numbers and word not in words and not any(ancestors(number) & _TERMS for number in people)
        if people and (_reads_like_a_name(name) if " " in name else alone):
            yield name


def _list_words(index: Path) -> Iterator[str]:
    for line in index.read_text(encoding="latin-1").splitlines():
        yield line.partition(" ")[0]


def _reads_like_a_name(name: str) -> bool:
    """Return whether a name of several words begins with a given name and holds no word of a title."""
    words = name.split()
    return (
        1 < len(words) <= _MOST_WORDS
        and is_given_name(words[0])
        and len(words[-1]) > 1
        and all(map(_WORD.fullmatch, words))
        and _NO_NAME.search(name) is None
    )


def read_picks(path: Path) -> tuple[set[str], set[str]]:
    """Read the titles that name somebody, and the beginnings of those that name nobody."""
    picks: dict[str, set[str]] = {"+": set(), "-": set()}
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, listed = line.partition(" ")
        if mark in picks:
            picks[mark].update(name.strip() for name in listed.split(";") if name.strip())
    return picks["+"], picks["-"]


def list_titled(titles: Path, nobody: set[str]) -> Iterator[str]:
    """Yield the titles that read like a name and do not begin like one of ``nobody``."""
    for title in titles.read_text(encoding="utf-8").splitlines():
        words = title.split()
        starts = {" ".join(words[:end]) for end in range(1, len(words) + 1)}
        if not starts & nobody and _reads_like_a_name(title):
            yield title


def _is_told(name: str) -> bool:
    """Return whether a single name needs this list, and is no ordinary word."""
    return len(name) >= _SHORTEST and name.isalpha() and not is_listed(name) and word_class(name) in _TOLD


def main(wordnet: Path, titles: Path) -> None:
    """Write ``well_known.txt``."""
    somebody, nobody = read_picks(_HERE / "well_known_picks.txt")
    (_HERE / "well_known.txt").write_text("", encoding="utf-8")
    found = {*list_people(wordnet), *list_titled(titles, nobody)}
    kept = {name for name in found if name not in nobody and (" " in name or _is_told(name))} | somebody
    (_HERE / "well_known.txt").write_text("".join(f"{name}\n" for name in sorted(kept)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
