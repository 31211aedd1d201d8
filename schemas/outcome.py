"""Outcomes of source events: five counts that must add up to the events read."""

from collections.abc import Mapping
from enum import StrEnum


class Outcome(StrEnum):
    """Outcome of a source event; each event has exactly one."""

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

UNMEASURED = "texts.unmeasured"
"""Tally name: texts in scripts in which the recall of redaction was not measured."""


def outcomes(counts: Mapping[str, int]) -> int:
    """Count the events that have an outcome."""
    return sum(counts.get(f"outcome.{outcome}", 0) for outcome in Outcome)
