"""Values of a record as an event needs them: numbers, texts, times, and the length of a wheel's notch."""

from datetime import UTC, datetime

NOTCH_PX = 100.0
"""CSS pixels of one notch of a wheel (Chromium's default line scroll)."""


def number(record: dict[str, object], name: str) -> float:
    """Return a finite number of ``record``; raise ``TypeError`` where it is missing or something else."""
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 2**53:
        raise TypeError(name)
    return value


def optional_number(record: dict[str, object], name: str) -> float:
    """Return a finite number of ``record``, 0 where it is missing or something else."""
    try:
        return number(record, name)
    except TypeError:
        return 0.0


def text(record: dict[str, object], name: str) -> str:
    """Return a text of ``record``; raise ``TypeError`` where it is missing or something else."""
    value = record.get(name)
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def text_or_empty(record: dict[str, object], name: str) -> str:
    """Return a text of ``record``, '' where it is missing or something else."""
    value = record.get(name)
    return value if isinstance(value, str) else ""


def read_time(record: dict[str, object], name: str) -> float:
    """Return a time in microseconds since the epoch; raise ``TypeError`` where it is none. Without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(text(record, name))
    except ValueError:
        raise TypeError(name) from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return round(at.timestamp() * 1_000_000)
