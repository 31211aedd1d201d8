"""Files of terms that an organisation writes: one word or phrase a line."""

import hashlib
from dataclasses import dataclass, field

from schemas.errors import FailedError, RefusedError, UsageError
from transforms.object_store.addresses import content_of, normal_uri

_LONGEST, _MOST_LINES = 100, 100_000


@dataclass(frozen=True, slots=True)
class TermList:
    """The terms of a file as they are written, and a digest that callers must key before it leaves private state."""

    terms: tuple[str, ...] = field(default=(), repr=False)
    digest: str = field(default="", repr=False)


def read_terms(place: str | None, setting: str) -> TermList:
    """Read a UTF-8 file with one word or phrase a line; empty lines and those that begin with ``#`` do not count.

    ``place`` is a path or an address in a bucket; None gives no terms. Raise ``RefusedError`` if it cannot be read and
    ``UsageError`` that names the line which breaks a rule.
    """
    if place is None:
        return TermList()
    try:
        raw = content_of(normal_uri(place) if place.startswith("file:") else place)
        lines = raw.decode("utf-8-sig").splitlines()
    except (OSError, FailedError, UsageError, UnicodeDecodeError):
        raise RefusedError(
            f"redact.{setting} cannot be read; give the path or the address of a UTF-8 text file"
        ) from None
    if len(lines) > _MOST_LINES:
        raise UsageError(f"redact.{setting} has more than {_MOST_LINES} lines; list words of the organisation only")
    terms = [term for number, line in enumerate(lines, 1) if (term := _read_term(line, f"{setting}, line {number}"))]
    return TermList(tuple(terms), hashlib.sha256(raw).hexdigest())


def _read_term(line: str, place: str) -> str:
    term = " ".join(line.split())
    if not term or term.startswith("#"):
        return ""
    if len(term) > _LONGEST:
        raise UsageError(f"redact.{place}: more than {_LONGEST} characters; give one phrase a line")
    if not any(map(str.isalpha, term)) or not term.isprintable():
        raise UsageError(f"redact.{place}: no word; give one word or phrase a line, or a # comment")
    return term
