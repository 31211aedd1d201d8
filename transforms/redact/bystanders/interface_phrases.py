"""Phrases of interfaces: whole texts that many programs show as labels, ``Reply to All`` or ``Posteingang``."""

import gzip
import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

_LONGEST = 60
"""Most characters of a text that may be a phrase, with its count and its marks."""
_ELLIPSIS = re.compile(r"\.\.\.$")
_KEY = re.compile(r"\s*\([^\W_]\)(?=[\s:*]*$)")
"""The access key of a label in a script without it: ``\u30d5\u30a1\u30a4\u30eb(F)``."""
_SHORTCUT = re.compile(
    r"[\s(]+(?:(?:ctrl|control|strg|alt|altgr|shift|umschalt|maj|may\u00fas|maiusc|cmd|command|win|super|meta)\s?\+\s?"
    r"|[\u2303\u2318\u2325\u21e7])+(?:[^\s()]|f\d{1,2}|[^\W\d_]{2,9})\)?$"
)
_COUNT = re.compile(r"[\s,\u00b7]*(?:\(\s*\d{1,5}\+?\s*\)|\[\s*\d{1,5}\+?\s*\]|(?<!\S)\d{1,3}\+?(?!\S))[\s,\u00b7]*")
"""A number in brackets or, of three figures at most, on its own: ``Inbox (3)``, ``Inbox 3 unread``, ``3 replies``."""
_MARKS = " :*\u2022\u00b7()[]\u00ab\u00bb\u2013\u2014\u203a\u2039"
"""Marks around a label that are no part of it, besides icons; not those of a sentence or of a quote."""
_ICONS = frozenset({"So", "Sm", "Co", "Cf", "Mn"})
"""Categories of icons: symbols, signs of fonts, and what shapes a sign without being one."""


def fold_label(text: str) -> str:
    """Return a label without case, access key, shortcut, ellipsis, colon, brackets and icons around it.

    >>> [fold_label(text) for text in ("Reply to All...", "Subject:", "\u8fd4\u4fe1(R)", "Save (Ctrl+S)", "Delete?")]
    ['reply to all', 'subject', '\u8fd4\u4fe1', 'save', 'delete?']
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i").split())
    for pattern in (_SHORTCUT, _ELLIPSIS, _KEY, _ELLIPSIS):
        plain = pattern.sub("", plain)
    start, end = 0, len(plain)
    while start < end and _is_mark(plain[start]):
        start += 1
    while start < end and _is_mark(plain[end - 1]):
        end -= 1
    return plain[start:end]


def _is_mark(sign: str) -> bool:
    """Return whether a sign is an icon or a mark around a label: an arrow, a box, a bullet, a colon."""
    return sign in _MARKS or unicodedata.category(sign) in _ICONS


@lru_cache(maxsize=1 << 14)
def is_interface_phrase(text: str, *, is_control: bool = False) -> bool:
    """Return whether a text, as a whole and but for one count, is a phrase of interfaces, or two around the count.

    Phrases that people answer with, as ``Accept``, are some only as names of controls.

    >>> [is_interface_phrase(text) for text in ("Inbox (3)", "Inbox 3 unread", "Reply by Friday", "Accept", "Yes")]
    [True, True, False, False, False]
    """
    if len(text) > _LONGEST:
        return False
    known = _phrases(is_control=is_control)
    if fold_label(text) in known:
        return True
    parts = _COUNT.split(unicodedata.normalize("NFKC", text), maxsplit=1)
    told = [plain for part in parts if (plain := fold_label(part))]
    return bool(told) and all(plain in known for plain in told)


@cache
def _phrases(*, is_control: bool) -> frozenset[str]:
    """Return the phrases that a text may be, or the name of a control."""
    data = resources.files("transforms.redact.text.data").joinpath("interface_phrases.txt.gz")
    lines = gzip.decompress(data.read_bytes()).decode().split("\n")
    return frozenset(line.removeprefix("=") for line in lines if is_control or not line.startswith("="))
