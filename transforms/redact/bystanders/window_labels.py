"""Labels of a window among the words of others: phrases of interfaces as a whole, and what an empty box is for."""

import re
from functools import cache

from transforms.redact.bystanders.interface_phrases import is_interface_phrase
from transforms.redact.bystanders.message_words import join_words, read_words
from transforms.redact.bystanders.own_text.own_words import LABELS
from transforms.redact.text.word_lists import is_listed, is_ordinary

_BRACKETED = re.compile(r"\s*[(\[].*[)\]]\s*")
_NAME = re.compile(r"[^\W\d_][\w.'\u2019-]*")
NAMED = LABELS | frozenset("alert group link listbox option outlineitem pane region status term treeitem".split())
"""Roles of parts of a window whose names are labels as a rule: a phrase of interfaces stays however it is written."""
_MOST_NAMES = 3
"""Most words of the name of the person whom a box addresses."""


def is_window_label(text: str, role: str = "") -> bool:
    """Return whether a text as a whole is a phrase of interfaces, but with a small letter only in a role for names.

    So the last word of a broken line is none, and ``(edited)`` in brackets is one.

    >>> [is_window_label(text) for text in ("Inbox (3)", "today", "(edited)", "Reply by Friday")]
    [True, False, True, False]
    """
    is_control = role in NAMED
    if not is_interface_phrase(text, is_control=is_control):
        return False
    first = next(filter(str.isalpha, text), "")
    return is_control or not first.islower() or _BRACKETED.fullmatch(text) is not None


# An empty box says whom one writes to: of ``Message Anna Bell`` the person is left to the redaction, of ``Reply to the
# report on wages`` the rest is somebody's words.
def split_addressed(label: str) -> tuple[str, str] | None:
    """Split the label of a box into what it is for and whom, if it names somebody: ``Reply to`` and ``the report``.

    >>> [split_addressed(label) for label in ("Message Anna Bell", "Reply to: the report", "Messages")]
    [('Message', 'Anna Bell'), ('Reply to:', 'the report'), None]
    """
    found = _address_pattern().match(label)
    return (label[: found.end()].rstrip(), label[found.end() :].rstrip(" .\u2026")) if found else None


def is_addressee(text: str) -> bool:
    """Return whether a text is one to three listed or unknown words with capitals, not all of them ordinary.

    >>> [is_addressee(text) for text in ("Anna Bell", "Wages", "anna", "The Report")]
    [True, False, False, False]
    """
    words = text.split()
    return 1 <= len(words) <= _MOST_NAMES and all(map(_may_be_name, words)) and not all(map(is_ordinary, words))


def _may_be_name(word: str) -> bool:
    return _NAME.fullmatch(word) is not None and word[0].isupper() and (is_listed(word) or not is_ordinary(word))


@cache
def _address_pattern() -> re.Pattern[str]:
    words = read_words("transforms.redact.bystanders", "message_words.txt")["addressed"]
    return re.compile(rf"\s*{join_words(words)}\s*:?\s+(?=\S)", re.IGNORECASE)
