"""A session waits over a night whose log is missing, for as long as any session waits."""

from datetime import date, timedelta

import pytest

from pipelines.nightly.days import end_us
from pipelines.nightly.stage_day import build_end_rule
from transforms.staging.settings import ScheduleSettings

DAY = date(2026, 11, 11)
SETTINGS = ScheduleSettings(idle_minutes=60, hold_days=3)
HOUR_US = 3_600_000_000
MIDNIGHT_BEFORE = end_us(DAY - timedelta(days=1))


@pytest.mark.parametrize(("lacks_log", "is_open"), [(True, True), (False, False)])
def test_a_session_of_the_evening_before_waits_only_where_the_log_is_missing(lacks_log: bool, is_open: bool) -> None:
    rule = build_end_rule(DAY, SETTINGS, lacks_log=lacks_log)
    assert rule.is_open(MIDNIGHT_BEFORE - HOUR_US, MIDNIGHT_BEFORE - 1) is is_open


@pytest.mark.parametrize("lacks_log", [True, False])
def test_the_last_hour_of_the_day_is_open_in_any_case(lacks_log: bool) -> None:
    rule, end = build_end_rule(DAY, SETTINGS, lacks_log=lacks_log), end_us(DAY)
    assert rule.is_open(end - 2 * HOUR_US, end - HOUR_US)
    assert rule.is_open(end - 2 * HOUR_US, end - HOUR_US - 1) is lacks_log


@pytest.mark.parametrize(("more", "is_open"), [(0, True), (-1, False)])
def test_no_session_waits_longer_than_the_days_of_the_setting(more: int, is_open: bool) -> None:
    begun = end_us(DAY - timedelta(days=3)) + more
    assert build_end_rule(DAY, SETTINGS, lacks_log=True).is_open(begun, begun + HOUR_US) is is_open
