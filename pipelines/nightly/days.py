"""Days of a scheduled run (UTC), the windows in which they are released, and the inputs of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from pathlib import Path

from schemas.errors import RefusedError, UsageError
from transforms.object_store.addresses import is_bucket

_ONE = timedelta(days=1)
_RANGE = ".."
_VARIES = frozenset("{*?[")


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The days of one release, both inclusive."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """Return the name of the window in private state: its first and last day."""
        return f"{self.first.isoformat()}{_RANGE}{self.last.isoformat()}"

    @classmethod
    def parse(cls, name: str) -> "Window":
        """Parse the name of a window."""
        first, _, last = name.partition(_RANGE)
        return cls(date.fromisoformat(first), date.fromisoformat(last))


def find_window(day: date, window_days: int) -> Window:
    """Find the window of ``day``; windows are counted from Monday, 1 January of the year 1.

    >>> find_window(date(2026, 11, 22), 7).name
    '2026-11-16..2026-11-22'
    """
    number = (day.toordinal() - 1) // window_days
    first = date.fromordinal(number * window_days + 1)
    return Window(first, first + timedelta(days=window_days - 1))


def next_window(window: Window) -> Window:
    """Return the window after ``window``, of the same length."""
    return Window(window.last + _ONE, window.last + (window.last - window.first) + _ONE)


def parse_days(text: str) -> tuple[date, ...]:
    """Parse ``FIRST..LAST`` as days in order; raise ``UsageError`` if that is no range of days."""
    first, dots, last = text.partition(_RANGE)
    if not dots:
        raise UsageError("--days takes FIRST..LAST, for example 2026-10-24..2026-11-22")
    return days_between(parse_day(first), parse_day(last))


@dataclass(frozen=True, slots=True)
class SinceLast:
    """All days since the last one that was run, up to yesterday; ``first``: where to begin if none was run yet."""

    first: date | None = None


def parse_day(text: str) -> date:
    """Parse a day in the form 2026-11-22; raise ``UsageError`` for another form."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("a day is written as 2026-11-22; correct --day, --days or --first") from None


def days_between(first: date, last: date) -> tuple[date, ...]:
    """List the days from ``first`` to ``last``, both inclusive; raise ``UsageError`` if there is none."""
    if last < first:
        raise UsageError("the range of days ends before it begins; name the earlier day first")
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def check_over(day: date, now: datetime) -> None:
    """Raise ``UsageError`` unless ``day`` is over at ``now``."""
    if day >= now.astimezone(UTC).date():
        raise UsageError(f"{day.isoformat()} is not over (UTC); run it after midnight, when its logs are complete")


def end_us(day: date) -> int:
    """Return the end of ``day`` in microseconds since the epoch."""
    return (day + _ONE - date(1970, 1, 1)) // timedelta(microseconds=1)


def fill_in_day(day: date, patterns: Sequence[str]) -> tuple[str, ...]:
    """Fill the day into ``patterns`` at ``{day}``, or at ``{day:%Y/%m/%d}``.

    Raises ``UsageError`` where a pattern names no day: a scheduled run could not know which logs are of which day.

    >>> fill_in_day(date(2026, 11, 22), ["logs/{day:%Y/%m}/{day}-*.jsonl.gz"])
    ('logs/2026/11/2026-11-22-*.jsonl.gz',)
    """
    filled = []
    for pattern in patterns:
        try:
            filled.append(pattern.format(day=day))
        except (AttributeError, LookupError, TypeError, ValueError):
            raise UsageError(
                f"--input {pattern}: in a run by days braces stand for the day alone, as {{day}} or {{day:%Y/%m/%d}}"
            ) from None
        if filled[-1] == pattern.format(day=day + _ONE):
            raise UsageError(f"--input {pattern}: a run by days needs the day in it, as {{day}} or {{day:%Y/%m/%d}}")
    return tuple(filled)


def check_roots(patterns: Sequence[str]) -> None:
    """Raise ``RefusedError`` if the local folder that holds the logs of all days is missing."""
    for pattern in patterns:
        fixed = list(takewhile(_VARIES.isdisjoint, Path(pattern).parts))
        if not is_bucket(pattern) and not Path(*fixed).is_dir():
            raise RefusedError(
                f"--input {pattern}: there is no folder {Path(*fixed)}, so that no day has a log; mount it, or correct "
                "the path"
            )
