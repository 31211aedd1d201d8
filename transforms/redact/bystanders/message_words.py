"""Words by which a screen shows that people write to each other on it, in 13 languages (``message_words.txt``).

Labels of boxes and buttons, times, heads of mails; read by ``message_screens``.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from transforms.redact.text.word_lists import WordClass, word_class

_CLOCK = (
    r"(?<![\d.])(?:[01]?\d|2[0-3])[:h][0-5]\d(?!\d)(?:\s?[ap]\.?m\b\.?)?|(?<![\d.])\d{1,2}\s?[ap]m\b"
    r"|(?<![\d.])(?:[01]?\d|2[0-3])[.:][0-5]\d Uhr\b"
)
_DATE = (
    r"(?<![\w./])(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])(?:[./](?:\d{2,4})?)?(?![\d.])"
    r"|\b20\d\d-\d\d-\d\d\b|\d{1,2}月\d{1,2}日"
)
_PAST = r"\d{1,3}\s?(?:分|時間|日|分钟|小时|天)前"
_AGO = r"(?:\s(?:ago|fa|temu|geleden|sedan|önce|atrás|назад))?"
_TIME_REST = 2
"""Most words beside the time in a text that is one: ``Today at 10:42``, ``Anna 10:42`` has one."""
COLON = re.compile("[:\uff1a]")
"""Mark between the head of a mail and what it tells, in Latin and in Chinese and Japanese writing."""
_HEADS = ("sender", "receiver", "subject", "date")
_VIEWS = ("today", "week", "month", "agenda")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Signs of Chinese, Japanese and Korean, which stand without blanks between words."""
_MOST_LABEL = 6
"""Most words of the label of a box."""
_LEAST_WORDS, _LEAST_IDEOGRAPHS = 4, 7
_AUTHOR = re.compile(r"@?[^\W\d_][\w.'\u2019-]*(?: (?:[^\W\d_][\w.'\u2019-]*|\([^()]{1,20}\))){0,3}")
_LONGEST_AUTHOR = 40
_CASED = re.compile(r"[a-z\u00df-\u00ff\u0430-\u044f]")


@cache
def read_words(package: str, name: str) -> Mapping[str, tuple[str, ...]]:
    """Read the words of each kind from a list in a package: lines ``kind: word, word``."""
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            kind, _, words = line.partition(": ")
            found[kind] = (*found.get(kind, ()), *words.split(", "))
    return found


def join_words(words: Iterable[str]) -> str:
    """Return a pattern of all words, the longest first; ``schreib*`` is any word that begins so."""
    listed = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\*", r"\w*") for word in listed) + ")"


def _words() -> Mapping[str, tuple[str, ...]]:
    return read_words("transforms.redact.bystanders", "message_words.txt")


def _any(*kinds: str) -> str:
    """Return a pattern of all words of the kinds."""
    return join_words(word for kind in kinds for word in _words()[kind])


@cache
def _named_box() -> re.Pattern[str]:
    """Compile the labels that name whom one writes to, or what one answers: ``Message #general``, ``Reply...``."""
    return re.compile(
        rf"^\W*(?:{_any('message')}\s(?:(?:to|in|an|à|a|di|do|aan|till)\s)?[\w#@]|{_any('answer')}(?:\s\S+){{0,3}}\W*$"
        rf"|{_any('phrase')}|{_any('to')}\s\S|{_any('comment')}\s?(?:\.\.\.|…)$|\S+\s?(?:への|宛の){_any('message')})",
        re.IGNORECASE,
    )


@cache
def _box() -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:\w+\s)?{_any('message', 'comment')}\w{{0,8}}\W*$", re.IGNORECASE)


@cache
def _kind(kind: str) -> re.Pattern[str]:
    """Compile the words of a kind, with up to eight letters of an ending."""
    return re.compile(rf"(?<![a-z\u00c0-\u04ff]){_any(kind)}[^\W\d_]{{0,8}}(?![a-z\u00c0-\u04ff])", re.IGNORECASE)


@cache
def time_pattern() -> re.Pattern[str]:
    """Compile the times that stand beside messages: ``10:42``, ``3h``, ``4 Nov``, ``gestern``."""
    units = rf"\b\d{{1,3}}\s?{_any('unit')}\b\.?{_AGO}"
    months = rf"\b{_any('month name')}[a-z]*\.? \d{{1,2}}\b|\b\d{{1,2}}\.? {_any('month name')}\w*"
    days = rf"(?<!\w){_any('day', 'weekday')}(?!\w)\.?"
    return re.compile(f"{_CLOCK}|{units}|{months}|{days}|{_DATE}|{_PAST}", re.IGNORECASE)


def is_box(label: str) -> bool:
    """Return whether a box may be for a message to others or a comment: one of a form may be, too."""
    return is_sure_box(label) or (_box().search(label) is not None and not _kind("search").search(label))


def is_sure_box(label: str) -> bool:
    """Return whether a box is for a message to others and in no form.

    >>> [is_sure_box(label) for label in ("Message #general", "Antwort schreiben", "Message", "Search messages")]
    [True, True, False, False]
    """
    if _kind("search").search(label):
        return False
    short = len(_WORD.findall(label)) <= _MOST_LABEL
    if short and _kind("write").search(label) and (is_message_box(label) or _kind("comment").search(label)):
        return True
    return _named_box().search(label) is not None


def is_message_box(label: str) -> bool:
    """Return whether the label of a box speaks of messages or answers, and not of comments."""
    return _kind("message").search(label) is not None or _kind("answer").search(label) is not None


def is_talk(label: str) -> bool:
    """Return whether the whole label of a control is about talking to others: ``Reply``, but not ``Send feedback``."""
    return " ".join(label.casefold().split()).rstrip(".…") in _words()["talk"]


def is_answer(label: str) -> bool:
    """Return whether the whole of a label opens an answer.

    >>> [is_answer(label) for label in ("Reply", "Antworten...", "Send", "Reply to the customer by Friday")]
    [True, True, False, False]
    """
    return is_talk(label) and _kind("answer").search(label) is not None


def is_time(text: str) -> bool:
    """Return whether a text is a time and little else.

    >>> [is_time(text) for text in ("10:42", "Today at 10:42", "vor 3 Std.", "the 10:42 train is late again")]
    [True, True, True, False]
    """
    rest, count = time_pattern().subn(" ", text)
    return count > 0 and len(_WORD.findall(rest)) <= _TIME_REST and len(IDEOGRAPHS.findall(rest)) < _LEAST_IDEOGRAPHS


def is_sentence(text: str) -> bool:
    """Return whether a text says something: four words or more, and not of interfaces alone."""
    words = [word for word in _WORD.findall(text) if not word.isdigit()]
    if len(IDEOGRAPHS.findall(text)) >= _LEAST_IDEOGRAPHS:
        return True
    return len(words) >= _LEAST_WORDS and not all(word_class(word) is WordClass.INTERFACE for word in words)


def is_author(text: str) -> bool:
    """Return whether a text may be the name of who wrote: a few words with a capital, as ``Anna Bell`` or ``You``.

    >>> [is_author(text) for text in ("Anna Bell", "@anna", "Settings", "src/main.py", "see you then")]
    [True, True, False, False, False]
    """
    plain = text.strip()
    if len(plain) > _LONGEST_AUTHOR or not _AUTHOR.fullmatch(plain) or is_time(plain):
        return False
    words = _WORD.findall(plain)
    if plain[0] != "@" and _CASED.match(plain):
        return False
    return plain.casefold() in _words()["you"] or not all(word_class(word) is WordClass.INTERFACE for word in words)


def is_remarks(name: str) -> bool:
    """Return whether the name of a part of a window is short and speaks of remarks or talk.

    >>> [is_remarks(name) for name in ("Comments", "Kommentare (3)", "Comment thread on line 41", "Uncommon items")]
    [True, True, True, False]
    """
    return len(_WORD.findall(name)) <= _MOST_LABEL and _kind("remarks").search(name) is not None


def head_of(text: str) -> str | None:
    """Return the kind of the head of a mail that a text is or begins with: ``From: Anna`` is a sender.

    >>> [head_of(text) for text in ("From: Anna", "\u53d1\u4ef6\u4eba\uff1aAnna", "From Anna")]
    ['sender', 'sender', None]
    """
    word, *rest = COLON.split(text, maxsplit=1)
    plain = word.strip().casefold()
    return next((kind for kind in _HEADS if plain in _words()[kind]), None) if rest else None


def view_of(label: str) -> str | None:
    """Return the view of a calendar that a control opens, as ``week``."""
    plain = label.strip().casefold()
    return next((kind for kind in _VIEWS if plain in _words()[kind]), None)
