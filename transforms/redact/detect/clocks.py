"""Clocks that a screen shows: they tell when a recording was made, to the second.

A release tells of no time finer than its window, and a task bar would. Found are times (with their date) behind the
name of a clock, and lines that are nothing but a moment: a time with seconds, or a time with a day. ``08:14`` alone is
left, as timetables and calendars are work; so are ``2024-11-05 18:56`` in a list of files, and a moment within a
sentence or a line of a log.
"""

import re
from collections.abc import Iterator

from schemas.entities import EntityType, Span
from transforms.redact.detect.recognizers.personal_facts import MONTH

_SCORE = 0.8
_MARK = "\u200e\u200f"
"""Signs without width that Windows puts into its dates."""

_SEP = rf"[\s,{_MARK}]{{1,6}}"
_TIME = r"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?P<seconds{0}>:[0-5]\d)?(?![\d:])(?:\s?[ap]\.?m\b\.?)?"
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo"
    r"|mo|di|mi|do|fr|sa|so|(?:\u661f\u671f|\u5468)[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u65e5])\.?"
)
_WORDED = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s(?:de\s)?{MONTH}(?:,?\s\d{{4}})?"
    rf"|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?)"
)
_FIGURES = (
    rf"(?:[{_MARK}]?\d{{1,4}}[./-][{_MARK}]?\d{{1,2}}[./-][{_MARK}]?\d{{1,4}}"
    r"|\d{4}\u5e74\d{1,2}\u6708\d{1,2}\u65e5)"
)
_DATE = rf"(?:{_FIGURES}|{_WORDED})"
_DAY = rf"(?:{_WEEKDAY}(?:{_SEP}{_DATE})?|{_DATE}(?:{_SEP}{_WEEKDAY})?)"
_NAMED_DAY = rf"(?:{_WEEKDAY}(?:{_SEP}{_WORDED})?|{_WORDED}(?:{_SEP}{_WEEKDAY})?)"
"""Day as bars of GNOME and macOS write it; lists of files put a date in figures before the time."""

_CLOCK = (
    r"(?:(?:system|digital|taskbar|menu bar) )?clock|systemuhr|digitaluhr|horloge(?: syst[eè]me)?"
    r"|reloj(?: del sistema)?|orologio(?: di sistema)?|rel[oó]gio(?: do sistema)?|systeemklok|klok|systemklokke?"
    r"|zegar(?: systemowy)?|\u0447\u0430\u0441\u044b|\u7cfb\u7edf\u65f6\u949f|\u65f6\u949f|\u6642\u8a08|\uc2dc\uacc4"
)
"""Names that systems give their clock, also in Russian, Chinese, Japanese and Korean."""

_NAMED = re.compile(
    rf"(?<!\w)(?:{_CLOCK})(?!\w)[^\w\n]{{0,8}}"
    rf"(?P<v>(?:{_DAY}{_SEP})?{_TIME.format(1)}(?:{_SEP}{_DAY})?)(?![\w])",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"^[^\S\n]*(?:\w+ ')?(?P<v>(?P<before>{_NAMED_DAY}{_SEP})?{_TIME.format(1)}(?P<behind>{_SEP}{_DAY})?)'?[^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL = re.compile(rf"\s*(?:{_CLOCK})\s*", re.IGNORECASE)


def find_clocks(text: str, label: str = "") -> Iterator[Span]:
    """Yield the moments that clocks show in the text of a screen, or in a value under the ``label`` of a clock.

    >>> [list(find_clocks(text)) for text in ("at 18:56:34", "18:56")]
    [[], []]
    >>> next(find_clocks("System Clock, 18:56:34"))[:2]
    (14, 22)
    """
    found = [*_NAMED.finditer(text), *_ALONE.finditer(text)]
    for match in found:
        if match.re is _NAMED or match["seconds1"] or match["before"] or match["behind"]:
            yield Span(*match.span("v"), EntityType.CLOCK_TIME, _SCORE)
    if text.strip() and is_clock(label):
        yield Span(0, len(text), EntityType.CLOCK_TIME, _SCORE)


def is_clock(label: str) -> bool:
    """Check whether a label is the name of a clock."""
    return _LABEL.fullmatch(label) is not None
