"""No test begins in the last minutes of a day."""

from datetime import UTC, datetime

import pytest

from tests.support.midnight import wait_for_midnight


@pytest.mark.parametrize(
    ("clock", "slept"),
    [
        ((2026, 11, 30, 23, 56, 0), []),
        ((2026, 11, 30, 23, 56, 1), [240.0]),
        ((2026, 12, 31, 23, 59, 59), [2.0]),
        ((2028, 2, 29, 0, 0, 0), []),
    ],
)
def test_the_last_four_minutes_of_a_day_are_slept_through(clock: tuple[int, ...], slept: list[float]) -> None:
    made: list[float] = []
    wait_for_midnight(datetime(*clock, tzinfo=UTC), made.append)  # type: ignore[arg-type, misc]
    assert made == slept
