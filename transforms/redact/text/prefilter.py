"""A prefilter: one pass over a text that finds the patterns which may match it."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import hyperscan

from transforms.redact.text.hyperscan_cache import compile_database

_NAMED_GROUP = re.compile(r"\(\?P<\w+>")
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})")
_REPEAT = re.compile(r"(?<!\\)\{(\d+)(,?)(\d*)\}")
_GROUP_REPEAT = re.compile(r"(?<!\\)\)\{(\d+),?\d*\}")
_EXACT_REPEATS = 16
_CHUNK = 32
"""Patterns per database: compile time grows faster than linearly, but each database is another scan."""

_FLAGS = (
    hyperscan.HS_FLAG_CASELESS
    | hyperscan.HS_FLAG_MULTILINE
    | hyperscan.HS_FLAG_SINGLEMATCH
    | hyperscan.HS_FLAG_ALLOWEMPTY
    | hyperscan.HS_FLAG_PREFILTER
)
_FOLDED = {"\u017f": "s", "\u212a": "k", "\u0130": "i", "\u0131": "i"}
"""Characters outside ASCII that equal an ASCII letter when case is ignored."""


_LOWER = frozenset({"Ll", "Mn", "Mc", "Me"})


class _Projection(dict[int, str]):
    """A map of each character to one byte of its class (letter, digit, space, other); ASCII stays.

    ``Zoë 5`` becomes ``Zoq 5``. Unicode classes would make automata a hundred times larger. A pattern that matches a
    text also matches its projection, if the pattern's own characters are projected too and no negated class names a
    capital letter outside ASCII. Letters without case count as capitals.
    """

    def __missing__(self, point: int) -> str:
        character = chr(point)
        category = unicodedata.category(character)
        if point < 128:  # noqa: PLR2004 - ASCII
            image = character
        elif character in _FOLDED:
            image = _FOLDED[character]
        elif category[0] in "LM" or character.isalnum():
            image = "0" if category == "Nd" else "q" if category in _LOWER else "Q"
        else:
            image = "_" if category == "Pc" else " " if character.isspace() else "\x80"
        self[point] = image
        return image


_PROJECTION: Final = _Projection()


class Prefilter:
    """A hyperscan database of patterns in prefilter mode: false positives, but no false negatives.

    Each group is a set of alternative patterns; a group with a pattern that hyperscan does not support is always a
    candidate. Not picklable and not thread-safe: build one per process.
    """

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        entries = [(_expression(pattern), number) for number, patterns in enumerate(groups) for pattern in patterns]
        self.always = frozenset[int]()
        self._databases = []
        for at in range(0, len(entries), _CHUNK):
            chunk = tuple(entries[at : at + _CHUNK])
            try:
                self._databases.append(_compile(chunk))
            except hyperscan.error:
                self.always |= {number for expression, number in chunk if not _is_accepted(expression)}
                self._databases.append(_compile(tuple(entry for entry in chunk if _is_accepted(entry[0]))))
        self._scratches = [hyperscan.Scratch(database) for database in self._databases]
        self._found: set[int] = set()

    def candidates(self, text: str) -> list[int]:
        """List the numbers of the groups that may match ``text``, in ascending order."""
        self._found = set(self.always)
        encoded = _project(text)
        for database, scratch in zip(self._databases, self._scratches, strict=True):
            database.scan(encoded, match_event_handler=self._note, scratch=scratch)
        return sorted(self._found)

    def _note(self, number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        self._found.add(number)


@cache
def _compile(entries: tuple[tuple[bytes, int], ...]) -> hyperscan.Database:
    """Compile the entries once per process: no setting of a detector changes them, and it takes seconds."""
    return compile_database([expression for expression, _ in entries], [number for _, number in entries], _FLAGS)


def _project(text: str) -> bytes:
    return text.encode("latin-1") if text.isascii() else text.translate(_PROJECTION).encode("latin-1")


def _expression(pattern: str) -> bytes:
    """Drop group names and loosen repeats of groups and long repeats: a superset with a small automaton.

    An automaton holds a copy of a group for each of its repetitions: ``(?: [a-z]+){0,3}`` becomes ``(?: [a-z]+){0,}``.
    """
    literal = _CODE_POINT.sub(lambda found: chr(int(found[1], 16)), pattern)
    loose = _GROUP_REPEAT.sub(lambda found: f"){{{min(int(found[1]), 1)},}}", _NAMED_GROUP.sub("(?:", literal))
    return _project(_REPEAT.sub(_loosen_repeat, loose))


def _loosen_repeat(found: re.Match[str]) -> str:
    least, comma, most = int(found[1]), found[2], found[3]
    if int(most or least) <= _EXACT_REPEATS and (most or not comma):
        return found[0]
    return f"{{{min(least, _EXACT_REPEATS)},}}"


def _is_accepted(expression: bytes) -> bool:
    try:
        _compile(((expression, 0),))
    except hyperscan.error:
        return False
    return True
