"""The organisation's own people: a CSV of names, addresses and numbers to remove wherever they occur."""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import ahocorasick

from schemas.entities import EntityType, Span
from schemas.errors import RefusedError, UsageError
from transforms.redact.text.word_lists import common_words

_NAMES = ("name", "given_name", "family_name")
_COLUMNS = dict.fromkeys(_NAMES, EntityType.PERSON) | {
    "email": EntityType.EMAIL_ADDRESS,
    "username": EntityType.USERNAME,
    "phone": EntityType.PHONE_NUMBER,
    "employee_id": EntityType.EMPLOYEE_ID,
    "address": EntityType.ADDRESS,
}
_SHORTEST = 3
_SCORE = 1.0


class Directory:
    """Values matched as whole words in any case; names also match by each part that is not an ordinary word."""

    def __init__(self, values: dict[str, EntityType], digest: str = "") -> None:
        self._digest = digest
        self._automaton = ahocorasick.Automaton()
        for value, entity in values.items():
            self._automaton.add_word(value, (len(value), entity))
        if values:
            self._automaton.make_automaton()

    def __repr__(self) -> str:
        """Show the number of values and no value."""
        return f"Directory({len(self._automaton)} values)"

    @classmethod
    def read(cls, path: Path) -> "Directory":
        """Read a UTF-8 CSV with a header.

        Its columns may be name, given_name, family_name, email, username, phone, employee_id and address.

        Raise ``RefusedError`` if the file cannot be read and ``UsageError`` if a column is unknown.
        """
        try:
            raw = path.read_bytes()
            rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
        except (OSError, UnicodeDecodeError):
            raise RefusedError("redact.directory cannot be read; give the path of a UTF-8 CSV file") from None
        if not rows or not all(column in _COLUMNS for row in rows[:1] for column in row):
            raise UsageError(f"redact.directory needs a header and rows; its columns may be {', '.join(_COLUMNS)}")
        if any(None in row for row in rows):
            raise UsageError("redact.directory has a row with more values than columns; quote values that hold commas")
        values = {value: entity for row in rows for value, entity in _values(row)}
        return cls(values, hashlib.sha256(raw).hexdigest())

    def digest(self) -> str:
        """Return a digest of the file; callers must key it before it leaves private state."""
        return self._digest

    def find(self, text: str) -> list[Span]:
        """Find all occurrences of directory values in ``text``, overlapping ones included."""
        if not len(self._automaton):
            return []
        plain = _lower(text)
        spans = []
        for last, (length, entity) in self._automaton.iter(plain):
            start, end = last - length + 1, last + 1
            if not (plain[start - 1 : start].isalnum() or plain[end : end + 1].isalnum()):
                spans.append(Span(start, end, entity, _SCORE))
        return spans


def _values(row: dict[str, str | None]) -> Iterator[tuple[str, EntityType]]:
    """Yield the values of a row; names also by part and in ``Kowalski, Anna`` order."""
    common = common_words()
    for column, cell in row.items():
        value = _lower(" ".join((cell or "").split()))
        if len(value) < _SHORTEST:
            continue
        if column not in _NAMES:
            yield value, _COLUMNS[column]
            continue
        parts = value.replace(",", " ").split()
        for form in (value, " ".join(parts), f"{parts[-1]} {parts[0]}", f"{parts[-1]}, {parts[0]}"):
            if form not in common:
                yield form, EntityType.PERSON
        for part in parts:
            if len(part) >= _SHORTEST and part not in common:
                yield part, EntityType.PERSON


def _lower(text: str) -> str:
    """Lower-case ``text`` without changing its length, so offsets stay valid."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)
