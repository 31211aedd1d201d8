"""Parts of a message that a text shows: who wrote, when, and what. Each text of a session is read once."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.redact.bystanders.message_words import is_author, is_sentence, is_time
from transforms.redact.bystanders.own_text.own_words import OwnWords

_PART = re.compile(r"\n|[,:\u00b7\u2022|]\s|\s[-\u2013\u2014]\s|[\u2026.!?]\s(?=\d)")
_FIRST_PARTS, _LONGEST_READ = 2, 400
"""Parts of a text that may tell who wrote, and characters at its ends in which sender and time are looked for."""


class Shown(NamedTuple):
    """Parts of a message: words, a sender, a time, own words, an answer; and how many texts there are."""

    says: bool = False
    author: bool = False
    time: bool = False
    own: bool = False
    answers: bool = False
    texts: int = 0

    def join(self, other: "Shown") -> "Shown":
        """Join the parts that another shows."""
        return Shown(
            self.says or other.says,
            self.author or other.author,
            self.time or other.time,
            self.own or other.own,
            self.answers or other.answers,
            self.texts + other.texts,
        )


NOTHING_SHOWN = Shown()


@dataclass(frozen=True, slots=True)
class TextReader:
    """Reader of the texts of one session."""

    own: OwnWords = field(repr=False)
    _known: dict[str, Shown] = field(default_factory=dict, repr=False)

    def read(self, text: str) -> Shown:
        """Read a text."""
        shown = self._known.get(text)
        if shown is None:
            shown = Shown(is_sentence(text), _names_author(text), tells_time(text), self.own.owns(text), texts=1)
            self._known[text] = shown
        return shown


def _names_author(text: str) -> bool:
    """Return whether a text is a name, or begins with one: ``Unread, Anna Bell, the budget``."""
    return any(map(is_author, _PART.split(text[:_LONGEST_READ], _FIRST_PARTS)[:_FIRST_PARTS]))


def tells_time(text: str) -> bool:
    """Return whether a text is a time, begins with one in figures, or ends with one.

    >>> [tells_time(text) for text in ("Anna: lunch, yesterday", "10:42, lunch", "Yesterday, we met")]
    [True, True, False]
    """
    first = _PART.split(text[:_LONGEST_READ], _FIRST_PARTS)[:_FIRST_PARTS]
    last = _PART.split(text[-_LONGEST_READ:])[-1]
    return is_time(last) or any(is_time(part) and any(map(str.isdigit, part)) for part in first)


def is_entry(text: str) -> bool:
    """Return whether a text tells a time beside other words, as an entry of a calendar does: ``Dentist, 10:00``."""
    return tells_time(text) and not all(map(is_time, _PART.split(text[:_LONGEST_READ])))
