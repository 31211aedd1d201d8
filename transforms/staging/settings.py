"""How long work is staged before it is released, and when a session counts as over."""

from dataclasses import dataclass

from schemas.errors import UsageError
from schemas.ranges import check_whole

_DAYS = (1, 366)
_MINUTES = (0, 24 * 60)


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """Settings of scheduled runs (``keyveil run --day``); raises ``UsageError`` if one is out of range."""

    window_days: int = 7
    """Days of a release window, 1 to 366; windows of a week begin on Mondays. Shorter windows release sooner, date a
    release more exactly and spend the lifetime budget faster."""

    idle_minutes: int = 60
    """Minutes before the end of a day, 0 to 1,440: a session with an event in them waits for the next night."""

    hold_days: int = 3
    """Most days from its beginning that a session waits to be closed, 1 to 366."""

    remember_days: int = 35
    """Days for which staged sessions are remembered to recognise events that come twice, ``window_days`` to 366. Longer
    takes more private state."""

    def __post_init__(self) -> None:
        for name in ("window_days", "hold_days", "remember_days"):
            check_whole(f"schedule.{name}", getattr(self, name), _DAYS)
        check_whole("schedule.idle_minutes", self.idle_minutes, _MINUTES)
        if self.remember_days < self.window_days:
            raise UsageError("schedule.remember_days must be at least schedule.window_days; raise it")


def list_loosened_schedule(settings: ScheduleSettings) -> tuple[str, ...]:
    """List ``name=value (policy: default)`` for settings that date a release more exactly than the policy."""
    policy = ScheduleSettings()
    if settings.window_days >= policy.window_days:
        return ()
    return (f"schedule.window_days={settings.window_days} (policy: {policy.window_days})",)
