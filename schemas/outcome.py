"""What became of every source event: the five outcomes that must add up to what was read."""

from collections.abc import Mapping
from enum import StrEnum


class Outcome(StrEnum):
    """Each source event is exactly one of these."""

    KEPT = "kept"
    REPLACED = "replaced"
    MERGED = "merged"
    SUPPRESSED = "suppressed"
    REJECTED = "rejected"


Tally = tuple[str, int]
"""A name such as ``outcome.kept``, ``entity.PERSON`` or ``suppressed.no_consent``, and how many."""

READ = "events.read"
"""Tally name: source events read."""

SESSIONS = "sessions.released"
"""Tally name: sessions that reached the sink."""

COUNTED = "sessions.counted"
"""Tally name: sessions of which tables alone tell, where no row is released."""

ROWS = "rows.released"
"""Tally name: rows handed to the sink."""


def outcomes(counts: Mapping[str, int]) -> int:
    """Return how many events have an outcome."""
    return sum(counts.get(f"outcome.{outcome}", 0) for outcome in Outcome)
