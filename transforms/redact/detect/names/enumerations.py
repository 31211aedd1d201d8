"""Names beside names: in a row with commas, and joined with ``and``, whatever else the words mean.

``Anna, Zzyzx, Baker, Wanda`` are four people; ``Park and Moore wrote it`` are two.
"""

from collections.abc import Iterator, Sequence

from transforms.redact.detect.words import SHORTEST, Line, Word
from transforms.redact.text.word_lists import WordClass, is_listed

_COMMA, _AND = ", ", " and "
_LEAST_ITEMS, _LEAST_NAMED = 4, 2
"""Fewest words of a row, and of the names in it, which must be half of them."""
_PLAIN = frozenset({WordClass.EVERYDAY, WordClass.KNOWN})


def mark_enumerated(line: Line, words: Sequence[Word], named: list[bool]) -> None:
    """Mark the unknown and the listed words with capitals in a row of names, and those joined with a name."""
    if line.document or line.technical.whole:
        return
    for start, end in _find_rows(line.text, words):
        known = sum(named[start:end])
        if end - start >= _LEAST_ITEMS and known >= _LEAST_NAMED and 2 * known >= end - start:
            for at in range(start, end):
                named[at] = named[at] or (_may_be_name(words[at]) and not _goes_on(line.text, words, at))
    for at in range(len(words) - 2):
        left, right = words[at], words[at + 2]
        if named[at + 2] and right.capital and left.kind in _PLAIN and line.text[left.end : right.start] == _AND:
            named[at] = named[at] or (
                _may_be_name(left) and not (at and words[at - 1].capital and _goes_on(line.text, words, at - 1))
            )


def _find_rows(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of each row of single words with commas between."""
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or text[words[at - 1].end : words[at].start] != _COMMA:
            yield start, at
            start = at


def _may_be_name(word: Word) -> bool:
    return word.capital and len(word.text) >= SHORTEST and (word.kind is WordClass.UNKNOWN or is_listed(word.text))


def _goes_on(text: str, words: Sequence[Word], at: int) -> bool:
    """Return whether a word with a capital stands one blank behind the word at ``at``."""
    return at + 1 < len(words) and words[at + 1].capital and text[words[at].end : words[at + 1].start] == " "
