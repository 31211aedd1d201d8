"""Words beside the name of a sender, in 13 languages (``words.txt``), and marks of what is quoted."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from transforms.redact.bystanders.message_words import (
    IDEOGRAPHS,
    head_of,
    is_talk,
    join_words,
    read_words,
    time_pattern,
)
from transforms.redact.text.word_lists import WordClass, word_class

_WORD = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*")
_TICKS = re.compile("[\u2713\u2714\u221a]{1,2}")
_LETTERS = re.compile(r"[^\W\d_]+")
_MOST_LABEL, _MOST_NAME = 8, 5
"""Most words of a label, and of what may be the name of somebody."""
_END = re.compile(r"(?:(?<!\b[^\W\d_])\.|[!?\u2026\u3002\uff01\uff1f])\W*$")
"""Mark at the end of a sentence; an initial has one too: ``Ann L.``."""
_MOST_IDEOGRAPHS = 6
_RULE = re.compile(r"\s*(?:>|[-_\u2014=*]{5,})")
_CLOCK = re.compile(r"(?<!\d)[012]?\d[:h.][0-5]\d(?![\d.])|\d\s?[ap]\.?m\b", re.IGNORECASE)
_REMEMBERED = 4_096
"""Number of texts whose judgements are remembered, because screens repeat."""
_FILLER = re.compile(r"[\W\d_]*|\W*[^\W\d_]{1,2}")
"""A text without a word, or the initials on a picture of somebody."""


def _words() -> Mapping[str, tuple[str, ...]]:
    return read_words("transforms.redact.bystanders.senders", "words.txt")


@cache
def any_of(*kinds: str) -> str:
    """Return a pattern of all words of the kinds; ``forwarded*`` is any word that begins so."""
    return join_words(word for kind in kinds for word in _words()[kind])


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){any_of(kind)}(?![^\W_])", re.IGNORECASE)


@cache
def _labels() -> tuple[re.Pattern[str], ...]:
    """Compile a verb of saying alone, the beginning of a receiver, the end of a label."""
    end = rf"(?<![^\W_]){any_of('to', 'by')}\W*$"
    labels = rf"\W*{any_of('says')}\W*", rf"\W*{any_of('to')}\s", end
    return tuple(re.compile(label, re.IGNORECASE) for label in labels)


def says_you(name: str) -> bool:
    """Return whether programs name the recorder by a word: ``You``, ``Ich``."""
    return " ".join(name.casefold().split()) in _words()["you"]


def is_shared(name: str) -> bool:
    """Return whether several people may write under a name.

    >>> [is_shared(name) for name in ("Support Team", "Info", "Ida Supporti")]
    [True, True, False]
    """
    return _pattern("shared").search(name) is not None


@lru_cache(_REMEMBERED)
def is_status(text: str) -> bool:
    """Return whether a text tells the state of a message, the part of its sender in a group, or a time: no words.

    >>> [is_status(text) for text in ("Read", "10:42", "MS", "3", "Ok then")]
    [True, True, True, True, False]
    """
    if len(_WORD.findall(text)) > _MOST_LABEL:
        return False
    rest = _pattern("past").sub(" ", time_pattern().sub(" ", text))
    return _FILLER.fullmatch(_pattern("status").sub(" ", rest)) is not None


def is_delivery(text: str) -> bool:
    """Return whether a text tells that a message was sent, came or was read, perhaps with a time: ``Seen 10:42``.

    >>> [is_delivery(text) for text in ("Delivered", "Seen 10:42", "Unread", "10:42", "Read more")]
    [True, True, False, False, False]
    """
    if len(_WORD.findall(text)) > _MOST_LABEL:
        return False
    rest, count = _pattern("delivery").subn(" ", _TICKS.sub(" sent ", text))
    return count > 0 and _FILLER.fullmatch(_pattern("past").sub(" ", time_pattern().sub(" ", rest))) is not None


def is_unread(text: str) -> bool:
    """Return whether a text tells that a message came and was not read."""
    return len(_WORD.findall(text)) <= _MOST_LABEL and _pattern("unread").search(text) is not None


def is_bare_time(text: str) -> bool:
    """Return whether a text is a time and nothing else."""
    return is_status(text) and time_pattern().search(text) is not None


def tells_moment(text: str) -> bool:
    """Return whether a text holds a time of a clock or says how long ago: a day alone may be one that is agreed.

    >>> [tells_moment(text) for text in ("10:42", "3 hours ago", "12.11.", "Friday")]
    [True, True, False, False]
    """
    return tells_clock(text) or _pattern("past").search(text) is not None


def tells_clock(text: str) -> bool:
    """Return whether a text holds a time of a clock."""
    return _CLOCK.search(text) is not None


def is_verb(text: str) -> bool:
    """Return whether a text is a verb of saying and nothing else."""
    return _labels()[0].fullmatch(text) is not None


@lru_cache(_REMEMBERED)
def is_reaction(text: str) -> bool:
    """Return whether a text tells who reacted to a message, or how many did.

    >>> [is_reaction(text) for text in ("Ann Lee likes this", "2 reactions, react with it", "so he reacted late")]
    [True, True, False]
    """
    found = _pattern("reaction").search(text) if len(_WORD.findall(text)) <= _MOST_LABEL else None
    before = text[: found.start()] if found else ""
    return found is not None and (_FILLER.fullmatch(before) is not None or may_name(before))


def is_again(text: str) -> bool:
    """Return whether a text is the subject of a mail that was answered or passed on: ``Re: lunch``, ``WG: Termin``."""
    word, colon, rest = text.strip().replace("\uff1a", ":").partition(":")
    return bool(colon and rest) and word.strip().casefold() in _words()["again"]


def is_captions(text: str) -> bool:
    """Return whether a text is a label for what is said in a meeting: ``Live captions (English)``."""
    return " ".join(text.partition("(")[0].casefold().split()) in _words()["captions"]


def is_sent_folder(name: str) -> bool:
    """Return whether a folder holds what its owner wrote: ``Sent Items``, ``Drafts 2``."""
    return " ".join(name.casefold().split()).rstrip(" 0123456789") in _words()["folder"]


def is_edit(label: str) -> bool:
    """Return whether the label of a control edits a message: ``Edit``, ``Edit comment``.

    >>> [is_edit(label) for label in ("Edit", "Kommentar bearbeiten", "Edit view", "Credit")]
    [True, True, False, False]
    """
    rest, count = _pattern("edit").subn(" ", label)
    return count == 1 and _FILLER.fullmatch(_pattern("thing").sub(" ", rest)) is not None


def mentions_quote(text: str) -> bool:
    """Return whether a text has a word for what is quoted, wherever it stands."""
    return _pattern("quote").search(text) is not None


@lru_cache(_REMEMBERED)
def may_name(text: str) -> bool:
    """Return whether a text may be a name, a login or a title rather than words of a message.

    >>> [may_name(text) for text in ("Ann Lee", "alee2", "Dr. Ann Lee, Legal", "see you there", "Thanks, Ann!")]
    [True, True, True, False, False]
    >>> [may_name(text) for text in ("Ann L.", "Dear Ann,")]
    [True, False]
    """
    words = _WORD.findall(text)
    if len(IDEOGRAPHS.findall(text)) > _MOST_IDEOGRAPHS:
        return False
    if not words or len(words) > _MOST_NAME or _END.search(text) or (len(words) > 1 and text.rstrip().endswith(",")):
        return False
    return len(words) == 1 or text.lstrip()[:1] == "@" or not any(word[0].islower() for word in words[:1])


def is_receiver(text: str) -> bool:
    """Return whether a text tells to whom a message went: ``to Ann Lee``, ``an mich``."""
    return len(_WORD.findall(text)) <= _MOST_LABEL and _labels()[1].match(text) is not None


@lru_cache(_REMEMBERED)
def is_label(text: str) -> bool:
    """Return whether a text has no word but those of interfaces."""
    return is_talk(text) or all(word_class(word) is WordClass.INTERFACE for word in _LETTERS.findall(text))


def is_titled(name: str) -> bool:
    """Return whether all words of what may be a name are written large, or it is one word."""
    words = _LETTERS.findall(name)
    return len(name.split()) == 1 or not any(word[0].islower() for word in words)


def leads_to_name(text: str) -> bool:
    """Return whether a label wants a name behind it that is no sender: ``Assigned to``, ``Owner:``.

    >>> [leads_to_name(text) for text in ("Assigned to", "To:", "see you")]
    [True, True, False]
    """
    return text.rstrip().endswith((":", "\uff1a")) or _labels()[2].search(text) is not None


@lru_cache(_REMEMBERED)
def opens_quote(text: str) -> bool:
    """Return whether a text says that words of somebody else follow, or is marked as such.

    >>> [opens_quote(text) for text in ("> see you", "On Monday, Ann wrote:", "In reply to Ann", "I wrote: no")]
    [True, True, True, False]
    """
    plain = text.strip()
    if _RULE.match(text) or head_of(plain) is not None:
        return True
    if plain.endswith((":", "\uff1a")) and (_pattern("says").search(plain) or time_pattern().search(plain)):
        return True
    return len(_WORD.findall(plain)) <= _MOST_LABEL and _pattern("quote").search(plain) is not None
