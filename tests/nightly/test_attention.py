"""A night that needs a person's attention says so in the event log, at its bound and not before."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.nightly.attention import note_attention
from pipelines.nightly.night_summary import NO_LOG, NOTHING_KEPT, NightSummary
from pipelines.nightly.records import NightStaged, Record, WindowReleased
from pipelines.observe.event_log import keep_event_log
from pipelines.observe.summary import NightCounts
from schemas.rejects import Reason, RejectLine

_FIRST = date(2026, 11, 2)
_WEEK = "2026-11-02..2026-11-08"


def _staged(day: date, rejected: int = 0) -> NightStaged:
    return NightStaged(str(day), _WEEK, (), 0, 0, 10, (), (), (), {"outcome.rejected": rejected}, "how")


def _said(records: Sequence[Record], night: NightSummary, folder: Path) -> list[str]:
    with keep_event_log(str(folder / "log")):
        note_attention(records, night, window_days=7)
    return [json.loads(line)["message"] for line in (folder / "log").read_text().splitlines()]


def _night(day: date, weeks_left: int | None = None) -> NightSummary:
    return NightSummary(str(day), _WEEK, 1, 0, 0, 9, 0, 9, 0, (), (), NightCounts(), weeks_left)


@pytest.mark.parametrize(("weeks", "said"), [(51, ["budget low"]), (52, []), (0, ["budget low"]), (None, [])])
def test_a_budget_that_ends_within_a_year(weeks: int | None, said: list[str], tmp_path: Path) -> None:
    assert _said([_staged(_FIRST)], _night(_FIRST, weeks), tmp_path) == said


@pytest.mark.parametrize(
    ("days", "released", "said"),
    [
        (7, "", []),
        (8, "", ["release late"]),
        (14, "id", []),
        (15, "id", ["release late"]),
        (8, None, ["release late"]),
    ],
)
def test_a_release_that_is_late(days: int, released: str | None, said: list[str], tmp_path: Path) -> None:
    """The first night is day 0; a window without anybody in it is no release."""
    last = _FIRST + timedelta(days=days)
    records: list[Record] = [_staged(_FIRST), _staged(last)]
    if released is not None:
        records.insert(1, WindowReleased(_WEEK, released))
    assert _said(records, _night(last), tmp_path) == said


@pytest.mark.parametrize(
    ("before", "last", "said"),
    [(0, 100, []), (0, 101, ["rejects unusual"]), (50, 250, []), (50, 251, ["rejects unusual"])],
)
def test_far_more_rejects_than_the_night_before(before: int, last: int, said: list[str], tmp_path: Path) -> None:
    records = [_staged(_FIRST, before), _staged(_FIRST + timedelta(days=1), last)]
    assert _said(records, _night(_FIRST + timedelta(days=1)), tmp_path) == said


def test_a_night_without_new_files_says_nothing_of_rejects(tmp_path: Path) -> None:
    night = replace(_night(_FIRST), files=0)
    assert _said([_staged(_FIRST, 500)], night, tmp_path) == []


@pytest.mark.parametrize("alert", [NO_LOG, NOTHING_KEPT])
def test_a_night_that_brought_less_than_it_should_have_says_so_whatever_its_size(alert: str, tmp_path: Path) -> None:
    """A night ends with 1 then, which is no failure to a timer: the event log alone tells somebody."""
    assert _said([_staged(_FIRST)], replace(_night(_FIRST), alert=alert), tmp_path) == [alert]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason.TRUNCATED, ["damaged files"]),
        (Reason.UNREADABLE, ["damaged files"]),
        (Reason.BAD_JSON, []),
        (Reason.GUARD_HIT, []),
    ],
)
def test_a_damaged_file_is_one_too_many_and_a_bad_line_is_not(reason: Reason, said: list[str], tmp_path: Path) -> None:
    night = replace(_night(_FIRST), rejects=(RejectLine(0, 1, reason, "", "rule", 1),))
    assert _said([_staged(_FIRST)], night, tmp_path) == said
