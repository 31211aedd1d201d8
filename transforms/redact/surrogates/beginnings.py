"""First letters of known names: who looks for ``Vlastelic`` types ``vlast`` and takes what is offered.

Also, how many typos lie between a text and the beginnings of another.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from schemas.entities import EntityType
from transforms.redact.text.word_lists import WordClass, word_class

_NAMING = {
    EntityType.PERSON: EntityType.PERSON,
    EntityType.USERNAME: EntityType.USERNAME,
    EntityType.EMAIL_ADDRESS: EntityType.USERNAME,
}
"""Entities whose first letters are looked for, and the entity of those letters."""
_WORD = re.compile(r"[^\W\d_]+(?:[._'\u2019-][^\W\d_]+)*")
_PART = re.compile(r"[^\W\d_]+")
_LEAST_IN_A_LINE, _LEAST_IN_A_DOCUMENT = 3, 5
"""Fewest letters: much of what is typed into a field of one line is a search, little of a document is."""


def find_beginnings(
    values: Iterable[tuple[EntityType, str]], typed: Sequence[tuple[str, bool]]
) -> list[tuple[EntityType, str]]:
    """Find in ``typed``, texts with whether they are documents, the words that only begin one of the ``values``.

    ``vlast`` counts beside ``Teodora Vlastelic``; ``teo`` counts in a search box and not in a letter; ``may``, a word
    of its own, never begins ``Mayer``.
    """
    known = {form: _NAMING[entity] for entity, value in values if entity in _NAMING for form in _forms(value)}
    if not known:
        return []
    ordered = sorted(known)
    found: dict[tuple[EntityType, str], None] = {}
    for text, is_document in typed:
        least = _LEAST_IN_A_DOCUMENT if is_document else _LEAST_IN_A_LINE
        for word in {found[0].casefold() for found in _WORD.finditer(text)}:
            at = bisect_left(ordered, word)
            begins = at < len(ordered) and ordered[at].startswith(word) and word not in known
            if begins and len(word) >= least and word_class(word) is WordClass.UNKNOWN:
                found[known[ordered[at]], word] = None
    return list(found)


def _forms(value: str) -> Iterator[str]:
    """Yield a value and its words: ``annika.lund``, ``annika``, ``lund``."""
    plain = value.casefold().partition("@")[0]
    yield plain
    yield from _PART.findall(plain)


def count_slips(typed: str, meant: str) -> list[int]:
    """Count the letters to add, drop, change or swap that make ``typed`` each beginning of ``meant``.

    Optimal string alignment distance (Damerau, 1964), its last row: ``mkae`` to ``make`` is 1, a swap.

    >>> count_slips("mkae", "makers")
    [4, 3, 2, 2, 1, 2, 3]
    """
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for at, letter in enumerate(typed, start=1):
        older, before, row = before, row, [at]
        for to, other in enumerate(meant, start=1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != other))
            if at > 1 and to > 1 and letter == meant[to - 2] and typed[at - 2] == other:
                cost = min(cost, older[to - 2] + 1)
            row.append(cost)
    return row
