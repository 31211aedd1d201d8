"""Days, windows and the inputs of a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.nightly.days import (
    Window,
    check_over,
    days_between,
    end_us,
    fill_in_day,
    find_window,
    next_window,
    parse_day,
    parse_days,
)
from schemas.errors import UsageError
from transforms.staging.settings import ScheduleSettings

DAYS = st.dates(date(1970, 1, 1), date(2200, 1, 1))


@given(DAYS, st.integers(1, 366))
def test_every_day_lies_in_one_window_and_windows_follow_each_other(day: date, length: int) -> None:
    window = find_window(day, length)
    assert window.first <= day <= window.last
    assert (window.last - window.first).days + 1 == length
    assert find_window(window.last, length) == window
    assert find_window(window.last + timedelta(days=1), length) == next_window(window)
    assert Window.parse(window.name) == window


def test_a_week_begins_on_a_monday() -> None:
    assert find_window(date(2026, 11, 22), 7) == Window(date(2026, 11, 16), date(2026, 11, 22))
    assert find_window(date(2026, 11, 23), 7).first.isoweekday() == 1


def test_days_are_named_one_by_one_or_as_a_range() -> None:
    assert parse_days("2026-10-30..2026-11-02") == days_between(date(2026, 10, 30), date(2026, 11, 2))
    assert len(parse_days("2026-10-24..2026-11-22")) == 30
    for text in ("2026-10-30", "2026-10-30..yesterday", "2026-11-02..2026-10-30"):
        with pytest.raises(UsageError):
            parse_days(text)
    with pytest.raises(UsageError, match="2026-11-22"):
        parse_day("22.11.2026")


def test_the_day_stands_in_every_pattern() -> None:
    day = date(2026, 11, 2)
    patterns = ("logs/{day}/*.jsonl", "gs://raw/{day:%Y/%m/%d}/**")
    assert fill_in_day(day, patterns) == ("logs/2026-11-02/*.jsonl", "gs://raw/2026/11/02/**")
    for pattern in (
        "logs/*.jsonl",
        "logs/{month}/*.jsonl",
        "logs/{0}",
        "logs/{day",
        "logs/{day.nothing}",
        "{day.year}",
    ):
        with pytest.raises(UsageError):
            fill_in_day(day, [pattern])


def test_a_day_that_is_not_over_is_not_run() -> None:
    now = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    check_over(date(2026, 11, 21), now)
    with pytest.raises(UsageError, match="not over"):
        check_over(date(2026, 11, 22), now)


@given(DAYS)
def test_a_day_ends_where_the_next_one_begins(day: date) -> None:
    last = datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=UTC)
    assert end_us(day) - 1 == round(last.timestamp()) * 1_000_000 - 1


def test_days_off_are_weekdays_by_name() -> None:
    weekend = ScheduleSettings(days_off=("saturday", "sunday"))
    assert [weekend.is_day_off(date(2026, 11, day)) for day in (6, 7, 8, 9)] == [False, True, True, False]
    assert not ScheduleSettings().is_day_off(date(2026, 11, 7))
    with pytest.raises(UsageError, match="days_off may list monday"):
        ScheduleSettings(days_off=("funday",))
