"""Outcomes of source events, and the names of all that a run counts: one definition each.

A name is a group and what it counts: ``outcome.kept``, ``entity.PERSON``, ``suppressed.no_consent``. The five outcomes
must add up to the events read. Names of coverage are made in ``transforms/dataset/coverage.py``.
"""

from collections.abc import Mapping
from enum import StrEnum

Tally = tuple[str, int]
"""A name such as ``outcome.kept``, ``entity.PERSON`` or ``suppressed.no_consent``, and how many."""


class Outcome(StrEnum):
    """Outcome of a source event; each event has exactly one."""

    KEPT = "kept"
    REPLACED = "replaced"
    MERGED = "merged"
    SUPPRESSED = "suppressed"
    REJECTED = "rejected"


class TallyGroup(StrEnum):
    """First part of a name; an outcome, an entity, a reason or a flaw follows its dot."""

    OUTCOME = "outcome"
    MERGED = "merged"
    SUPPRESSED = "suppressed"
    REJECT = "reject"
    REPAIRED = "repaired"
    ENTITY = "entity"
    SESSIONS = "sessions"

    @property
    def prefix(self) -> str:
        """Return the beginning of all names of the group, with the dot."""
        return f"{self}."

    def of(self, what: str) -> str:
        """Name the tally of ``what`` in this group."""
        return f"{self}.{what}"


READ = "events.read"
"""Source events read."""

TAKEN_UP = "events.taken_up"
"""Events that an earlier run read and that this one goes on with."""

HELD_EVENTS = "events.held"
"""Events of sessions that were not over and wait, sealed, for the next night."""

MERGED_EVENTS = TallyGroup.OUTCOME.of(Outcome.MERGED)
SUPPRESSED_EVENTS = TallyGroup.OUTCOME.of(Outcome.SUPPRESSED)
REJECTED_EVENTS = TallyGroup.OUTCOME.of(Outcome.REJECTED)

DUPLICATES = TallyGroup.MERGED.of("duplicate")
"""Events that were read before; they are a part of those merged."""

WITHOUT_CONSENT = TallyGroup.SUPPRESSED.of("no_consent")
"""Events of people who had not agreed."""

OVER_DAY_CAP = TallyGroup.SUPPRESSED.of("over_day_cap")
"""Source events in chunks beyond the key events of a day."""

SCREENSHOTS = TallyGroup.SUPPRESSED.of("screenshot")
"""Pictures beside a recording, of a kind that can be read."""

BY_REDACTION = TallyGroup.SUPPRESSED.of("redaction")
"""Events that the redaction left out: shown in a summary, never counted."""

IMAGES = TallyGroup.REPAIRED.of("image")
"""Pictures in a log that were not read; the reason follows a dot."""

SESSIONS = TallyGroup.SESSIONS.of("released")
"""Sessions that reached the sink."""

COUNTED = TallyGroup.SESSIONS.of("counted")
"""Sessions of which tables alone tell, where no row is released."""

QUARANTINED = TallyGroup.SESSIONS.of("quarantined")
"""Sessions that the redaction withheld whole."""

LATE_SESSIONS = TallyGroup.SESSIONS.of("late")
"""Sessions of which a part was staged before; what came later is a session of its own."""

TIMES_DROPPED = "ingest.sessions_without_all_times"
"""Sessions that had a time on some events only and go on with none."""

SESSIONS_CUT = "ingest.sessions_cut"
"""Sessions that were too large and became several episodes."""

ROWS = "rows.released"
"""Rows handed to the sink."""

UNMEASURED = "texts.unmeasured"
"""Texts in scripts in which the recall of redaction was not measured."""

REDACTIONS = "nights.redactions"
"""Number of different redaction settings or models of a release, if more than one."""

NOT_KEPT = "quarantine.not_kept"
"""Events of bad records without a copy; ``refused`` or ``unknown`` follows a dot."""


def tally_suppressed(reason: str, events: int) -> tuple[Tally, Tally]:
    """Count events that are not for release, once by outcome and once by reason."""
    return (SUPPRESSED_EVENTS, events), (TallyGroup.SUPPRESSED.of(reason), events)


def tally_rejected(reason: str, events: int) -> tuple[Tally, Tally]:
    """Count events that were set aside, once by outcome and once by reason."""
    return (REJECTED_EVENTS, events), (TallyGroup.REJECT.of(reason), events)


def outcomes(counts: Mapping[str, int]) -> int:
    """Count the events that have an outcome."""
    return sum(counts.get(TallyGroup.OUTCOME.of(outcome), 0) for outcome in Outcome)
