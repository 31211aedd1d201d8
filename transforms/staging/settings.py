"""How long work is staged before it is released, and when a session counts as over."""

from dataclasses import dataclass

from schemas.errors import UsageError

_DAYS = (1, 366)
_MINUTES = (0, 24 * 60)


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """Settings of scheduled runs (``keyveil run --day``); raises ``UsageError`` where one is out of range.

    One release is made for each window of ``window_days`` days; windows of a week begin on Mondays. A session whose
    last event lies in the last ``idle_minutes`` of a day waits for the next night, at most ``hold_days`` days from its
    beginning. What comes later of a session that was staged in the last ``remember_days`` days is told from events that
    came twice; older sessions are forgotten as windows are released.
    """

    window_days: int = 7
    idle_minutes: int = 60
    hold_days: int = 3
    remember_days: int = 35

    def __post_init__(self) -> None:
        for name in ("window_days", "hold_days", "remember_days"):
            _within(name, getattr(self, name), _DAYS)
        _within("idle_minutes", self.idle_minutes, _MINUTES)
        if self.remember_days < self.window_days:
            raise UsageError("schedule.remember_days must be at least schedule.window_days; raise it")


def _within(name: str, value: int, bounds: tuple[int, int]) -> None:
    low, high = bounds
    if not low <= value <= high:
        raise UsageError(f"schedule.{name} must be a whole number from {low} to {high}")


def list_loosened_schedule(settings: ScheduleSettings) -> tuple[str, ...]:
    """List ``name=value (policy: default)`` for settings that date a release more exactly than the policy."""
    policy = ScheduleSettings()
    if settings.window_days >= policy.window_days:
        return ()
    return (f"schedule.window_days={settings.window_days} (policy: {policy.window_days})",)
