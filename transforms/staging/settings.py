"""Time that work is staged before its release, and the pause after which a session is over."""

from dataclasses import dataclass
from datetime import date

from schemas.errors import UsageError
from schemas.ranges import check_whole

_DAYS = (1, 366)
_MINUTES = (0, 24 * 60)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """Settings of scheduled runs (``keyveil run --day``); raises ``UsageError`` if one is out of range."""

    window_days: int = 7
    """Days of a release window, 1 to 366; windows of a week begin on Mondays. Shorter windows release sooner, date a
    release more exactly and spend the lifetime budget faster."""

    idle_minutes: int = 60
    """Idle minutes that end a session, 0 to 1,440: one with an event in the last minutes of a day waits for the next
    night."""

    hold_days: int = 3
    """Most days from its beginning that a session waits to be closed, 1 to 366."""

    remember_days: int = 35
    """Days for which staged sessions are remembered to recognise events that come twice, ``window_days`` to 366. Longer
    takes more private state."""

    wait_days: int = 30
    """Days for which staged rows wait where the budget refuses their release, 1 to 366; then they are removed, and
    nothing of them is released. They hold ids and exact times: more days keep those longer."""

    days_off: tuple[str, ...] = ()
    """Weekdays (``saturday``, ``sunday``) on which no log is expected. On any other day a night without one ends with
    exit code 1."""

    def __post_init__(self) -> None:
        for name in ("window_days", "hold_days", "remember_days", "wait_days"):
            check_whole(f"schedule.{name}", getattr(self, name), _DAYS)
        check_whole("schedule.idle_minutes", self.idle_minutes, _MINUTES)
        if self.remember_days < self.window_days:
            raise UsageError("schedule.remember_days must be at least schedule.window_days; raise it")
        if not set(_WEEKDAYS).issuperset(self.days_off):
            raise UsageError(f"schedule.days_off may list {', '.join(_WEEKDAYS)} only")

    def is_day_off(self, day: date) -> bool:
        """Return whether no log is expected of a day."""
        return _WEEKDAYS[day.weekday()] in self.days_off


def list_loosened_schedule(settings: ScheduleSettings) -> tuple[str, ...]:
    """List ``name=value (policy: default)`` for settings that date a release more exactly than the policy."""
    policy = ScheduleSettings()
    if settings.window_days >= policy.window_days:
        return ()
    return (f"schedule.window_days={settings.window_days} (policy: {policy.window_days})",)
