"""Full names of well-known people and characters, in any case: ``tiger woods`` is found where no word is a name.

A name before a word that tells of a thing called after somebody is left to the other rules: ``grace hopper award``.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from transforms.redact.detect.words import Line, Word
from transforms.redact.text.word_lists import single_well_known, well_known

_BLANKS = frozenset({" ", "\u00a0"})
_SHORTEST = 2
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_THINGS = frozenset(
    """academy airport arena avenue award awards bank boulevard bridge building campus center centre clinic college
    company corp court day drive field foundation gallery group hall high highway hospital hotel house inc institute
    lane law library ltd llc medal memorial museum park plaza prize road scholarship school square stadium station
    street studio studios syndrome test theater theatre tower trophy trust university way""".split()
)


def mark_well_known(line: Line, words: Sequence[Word], named: list[bool]) -> None:
    """Mark the words of each well-known full name, which stand one blank apart, and of each single one.

    A single one counts small as well where others have capitals, but neither in a document nor in a line of another
    language, where it may be a word: ``donne``.
    """
    for start, end in _find(line.text, words):
        if not _names_a_thing(line.text, words, end):
            named[start:end] = [True] * (end - start)
    if line.document or line.abroad:
        return
    for at, word in enumerate(words):
        named[at] = named[at] or _is_well_known(line.text, words, at, word)


def _is_well_known(text: str, words: Sequence[Word], at: int, word: Word) -> bool:
    """Return whether a word is a single name, or holds one or a full one: ``#AskGandalf``, ``#CalamityJane``."""
    plain = _CAMEL.sub(" ", _POSSESSIVE.sub("", word.text)).lower()
    if plain in single_well_known():
        return not _names_a_thing(text, words, at + 1)
    return plain in well_known() or any(part in single_well_known() for part in plain.split(" "))


def _find(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of the longest name that begins at each word."""
    names = well_known()
    for start, word in enumerate(words):
        for count in range(min(_most_words().get(word.text.lower(), 0), len(words) - start), _SHORTEST - 1, -1):
            run = words[start : start + count]
            if _adjoin(text, run) and _POSSESSIVE.sub("", " ".join(word.text for word in run).lower()) in names:
                yield start, start + count
                break


def _adjoin(text: str, run: Sequence[Word]) -> bool:
    return all(text[left.end : right.start] in _BLANKS for left, right in pairwise(run))


def _names_a_thing(text: str, words: Sequence[Word], end: int) -> bool:
    """Return whether the word behind a name tells of a thing called after it."""
    return (
        end < len(words)
        and text[words[end - 1].end : words[end].start] in _BLANKS
        and words[end].text.lower() in _THINGS
    )


@cache
def _most_words() -> dict[str, int]:
    """Return the number of words of the longest name that begins with each word."""
    most: dict[str, int] = {}
    for name in well_known():
        first, *others = name.split(" ")
        most[first] = max(most.get(first, 0), 1 + len(others))
    return most
