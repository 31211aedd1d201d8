"""The organisation's own people: a CSV of names, addresses and numbers to remove wherever they occur.

It lies in a file or a bucket and is read once, before anything is redacted. A hashed one
(``bystanders.hashed_directory``) holds keyed digests in the place of values.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import ahocorasick

from schemas.entities import EntityType, Span, Text
from schemas.errors import FailedError, RefusedError, UsageError
from transforms.object_store.addresses import content_of, normal_uri
from transforms.redact.detect.detector import Detector
from transforms.redact.text.markup import read_text
from transforms.redact.text.spans import merge
from transforms.redact.text.word_lists import common_words

_NAMES = ("name", "given_name", "family_name")
_COLUMNS = dict.fromkeys(_NAMES, EntityType.PERSON) | {
    "email": EntityType.EMAIL_ADDRESS,
    "username": EntityType.USERNAME,
    "phone": EntityType.PHONE_NUMBER,
    "employee_id": EntityType.EMPLOYEE_ID,
    "address": EntityType.ADDRESS,
    "aliases": EntityType.PERSON,
}
ALIASES = "aliases"
"""Nicknames, initials and former names, with semicolons between; each counts whole."""
USER_ID = "user_id"
"""Column that says whose names a row holds, where the person is recorded; no value to be found."""
HASHED = ("entity", "words", "digest")
"""Columns of a hashed directory."""
_SHORTEST = 3
SCORE = 1.0
"""Score of a value of a directory."""


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
    def read(cls, place: str) -> "Directory":
        """Read the clear directory at a path or an address; a hashed one gives no value.

        Its columns may be name, given_name, family_name, email, username, phone, employee_id, address, aliases,
        and user_id, which says whose row it is.

        Raise ``RefusedError`` if it cannot be read and ``UsageError`` if a column is unknown.
        """
        raw = read_content(place)
        rows = read_rows(raw)
        values = {} if tuple(rows[0]) == HASHED else dict(read_values(rows))
        return cls(values, hashlib.sha256(raw).hexdigest())

    def digest(self) -> str:
        """Return a digest of the file; callers must key it before it leaves private state."""
        return self._digest

    def find(self, text: str) -> list[Span]:
        """Find all occurrences of directory values in ``text``, overlapping ones included."""
        if not len(self._automaton):
            return []
        plain = lower(text)
        spans = []
        for last, (length, entity) in self._automaton.iter(plain):
            start, end = last - length + 1, last + 1
            if not (plain[start - 1 : start].isalnum() or plain[end : end + 1].isalnum()):
                spans.append(Span(start, end, entity, SCORE))
        return spans


def read_content(place: str) -> bytes:
    """Read the file at a path, a ``file:`` address or in a bucket; raise ``RefusedError`` if it cannot be read."""
    try:
        return content_of(normal_uri(place) if place.startswith("file:") else place)
    except (OSError, FailedError, UsageError):
        raise RefusedError(
            "redact.directory cannot be read; give the path of a UTF-8 CSV file, or its file:, gs:// or s3:// address"
        ) from None


def read_rows(content: bytes) -> list[dict[str, str]]:
    """Parse a UTF-8 CSV with a header, clear or hashed; raise ``UsageError`` if it is of another form."""
    try:
        rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    except UnicodeDecodeError:
        raise RefusedError("redact.directory is not UTF-8; save it as UTF-8") from None
    if not rows or (tuple(rows[0]) != HASHED and not rows[0].keys() <= {*_COLUMNS, USER_ID}):
        raise UsageError(
            f"redact.directory needs a header and rows; its columns may be {', '.join([*_COLUMNS, USER_ID])}"
        )
    if any(None in row for row in rows):
        raise UsageError("redact.directory has a row with more values than columns; quote values that hold commas")
    return [{column: cell or "" for column, cell in row.items()} for row in rows]


def read_values(rows: Iterable[dict[str, str]]) -> Iterator[tuple[str, EntityType]]:
    """Yield the values of clear rows, in lower case; raise ``UsageError`` for a column of a hashed directory."""
    for row in rows:
        if not row.keys() <= {*_COLUMNS, USER_ID}:
            raise UsageError("redact.directory is hashed already; give the clear one")
        yield from _values(row)


def _values(row: dict[str, str]) -> Iterator[tuple[str, EntityType]]:
    """Yield the values of a row; names also by part and in ``Kowalski, Anna`` order."""
    common = common_words()
    for column, cell in row.items():
        if column == USER_ID:
            continue
        if column == ALIASES:
            aliases = (_plain(alias) for alias in cell.split(";"))
            yield from ((alias, EntityType.PERSON) for alias in aliases if _is_told_apart(alias, common))
            continue
        value = _plain(cell)
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


def _plain(cell: str) -> str:
    return lower(" ".join(cell.split()))


def _is_told_apart(alias: str, common: frozenset[str]) -> bool:
    """Return whether an alias is long enough and no ordinary word: ``will`` alone would match every "will"."""
    return len(alias) >= _SHORTEST and alias not in common


def lower(text: str) -> str:
    """Lower-case ``text`` without changing its length, so offsets stay valid."""
    plain = text.lower()
    if len(plain) == len(text):
        return plain
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)


class Words(Protocol):
    """Values that can be found in a text."""

    def find(self, text: str) -> Iterable[Span]:
        """Find all occurrences in ``text``."""
        ...


@dataclass(frozen=True, slots=True)
class WordDetector:
    """Detector that also finds the values of a directory, or phrases, whatever the other makes of them."""

    detector: Detector
    words: Words

    @property
    def common_words(self) -> frozenset[str]:
        """Return the common words of the detector below."""
        return self.detector.common_words

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        """Return the spans of each text, sorted and without overlaps."""
        found = zip(texts, self.detector.detect(texts), strict=True)
        return [merge([*spans, *self._find(text)], text.content) for text, spans in found]

    def _find(self, text: Text) -> Iterator[Span]:
        """Yield what stands in a text as it is written, and behind its escapes: ``blue%20heron``."""
        yield from self.words.find(text.content)
        reading = read_text(text)
        if reading.text != text.content:
            yield from map(reading.source, self.words.find(reading.text))

    def digest(self) -> str:
        """Return the digest of the detector below: the words are part of the consent of a run."""
        return self.detector.digest()
