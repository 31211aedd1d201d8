"""Clocks of a screen are found, and times that are work are not."""

import pytest

from schemas.entities import EntityType, Text, TextKind
from transforms.redact.detect import patterns
from transforms.redact.detect.clocks import find_clocks
from transforms.redact.detect.recognizers.rule import Rule
from transforms.redact.settings import RedactSettings

FOUND = [
    ("System Clock, 18:56:34, \u200e05/\u200e11/\u200e2024", "18:56:34, \u200e05/\u200e11/\u200e2024"),
    ("button 'System Clock, 18:56:34, \u200e05/\u200e11/\u200e2024'", "18:56:34, \u200e05/\u200e11/\u200e2024"),
    ("Clock 6:56 PM 11/5/2024", "6:56 PM 11/5/2024"),
    ("Digital Clock: 18:56", "18:56"),
    ("Systemuhr, 18:56, 05.11.2024", "18:56, 05.11.2024"),
    ("系统时钟, 18:56, 2024/11/5", "18:56, 2024/11/5"),
    ("18:56:34", "18:56:34"),
    ("text '18:56:34'", "18:56:34"),
    ("Tue Nov 5 18:56", "Tue Nov 5 18:56"),
    ("Nov 5  18:56", "Nov 5  18:56"),
    ("18:56 05/11/2024", "18:56 05/11/2024"),
    ("Trash\n 6:56 PM Tuesday \nFiles", "6:56 PM Tuesday"),
    ("23:59:59", "23:59:59"),
]
LEFT = [
    "18:56",
    "08:14 platform 2",
    "Meeting at 18:56:34",
    "2024-11-05 18:56",
    "05/11/2024 18:56",
    "2024-11-05 12:36:11 INFO started",
    "00:12:30 / 01:00:00",
    "Clock in for the shift",
    "24:00:00",
    "12:60:00",
    "12:30:60",
    "1.18:56:34",
    "10:20:30:40",
    "version 18:56:34.1",
    "Clockwork 18:56",
]


@pytest.mark.parametrize(("text", "moment"), FOUND)
def test_a_clock_is_found_with_its_date(text: str, moment: str) -> None:
    assert {text[span.start : span.end] for span in find_clocks(text)} == {moment}


@pytest.mark.parametrize("text", LEFT)
def test_times_of_work_are_left(text: str) -> None:
    assert list(find_clocks(text)) == []


def test_the_value_of_a_clock_goes_whole_and_that_of_another_field_stays() -> None:
    assert [(span.start, span.end) for span in find_clocks("18:56", " Clock ")] == [(0, 5)]
    assert list(find_clocks("18:56", "Departure")) == []
    assert list(find_clocks(" ", "Clock")) == []


@pytest.mark.parametrize(
    ("kind", "label", "found"),
    [
        *((kind, "", True) for kind in (TextKind.SCREEN, TextKind.NAME, TextKind.TITLE)),
        *((kind, "", False) for kind in (TextKind.TYPED, TextKind.CLIPBOARD, TextKind.URL)),
        (TextKind.TYPED, "System clock", True),
        (TextKind.TYPED, "Start", False),
    ],
)
def test_screens_are_searched_and_what_somebody_types_or_copies_keeps_its_times(
    monkeypatch: pytest.MonkeyPatch, kind: TextKind, label: str, found: bool
) -> None:
    monkeypatch.setattr(patterns, "recognizers", lambda: (Rule("none", EntityType.SECRET, r"\d{9}", 0.9),))
    [spans] = patterns.PatternDetector(RedactSettings()).detect([Text("18:56:34", kind, label)])
    assert [(span.start, span.end, span.entity) for span in spans] == [(0, 8, EntityType.CLOCK_TIME)] * found
