"""The last minutes of a day (UTC), in which no test begins: one that crossed midnight would compare two days."""

from collections.abc import Callable
from datetime import datetime, timedelta

_LONGEST = timedelta(minutes=4)
"""Longer than a test takes, also on a slow machine."""


def wait_for_midnight(now: datetime, sleep: Callable[[float], None]) -> None:
    """Wait until the next day has begun where less than four minutes are left of this one."""
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight - now < _LONGEST:
        sleep((midnight - now).total_seconds() + 1)
