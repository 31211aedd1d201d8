"""Rejected events: place, rule and counts, without content."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from schemas.claims import NOBODY, Claim


class Stage(StrEnum):
    """Stage that rejected an event."""

    INGEST = "ingest"
    CONSENT = "consent"
    REDACT = "redact"
    NOISE = "noise"


class Reason(StrEnum):
    """Rule that was broken; the value is its code in tables and summaries."""

    UNREADABLE = "unreadable"
    TRUNCATED = "truncated"
    BAD_UTF8 = "bad_utf8"
    BAD_JSON = "bad_json"
    LINE_TOO_LONG = "line_too_long"
    DUPLICATE_FIELD = "duplicate_field"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_KIND = "unknown_kind"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    PIXELS_REFUSED = "pixels_refused"
    NO_USER = "no_user"
    SESSION_CONFLICT = "session_conflict"
    NO_CONSENT = "no_consent"
    ERASED = "erased"
    OTHER_PURPOSE = "other_purpose"
    OTHER_VERSION = "other_version"
    PAUSED = "paused"
    DETECTOR_FAILED = "detector_failed"
    GUARD_HIT = "guard_hit"


class RejectRecord(Exception):  # noqa: N818 - a domain outcome, not a defect
    """Rejection of one record or session by pure code; carries a code, never content."""

    def __init__(self, reason: Reason, field_name: str = "") -> None:
        super().__init__(f"{reason}" + (f" ({field_name})" if field_name else ""))
        self.reason = reason
        self.field_name = field_name


@dataclass(frozen=True, slots=True)
class RejectedEvents:
    """Events that were set aside.

    ``source`` is the ordinal of the input file in the run (-1: no single file), ``line`` its 1-based line or record
    number (0: the whole file or session), ``field_name`` a name from the contract or the place of an unknown field,
    ``rule`` a constant sentence, ``events`` how many source events this accounts for, ``locator`` a keyed digest that
    finds the quarantined copy, ``sealed`` that copy, encrypted to the quarantine key. ``owners`` are keyed digests of
    the people behind it, none where nobody knows them; the copy is then kept for ``days`` (0: as any other).
    """

    stage: Stage
    reason: Reason
    source: int
    line: int
    field_name: str
    rule: str
    events: int
    locator: str
    sealed: bytes = field(default=b"", repr=False)
    owners: tuple[str, ...] = ()
    days: int = 0


@dataclass(frozen=True, slots=True)
class RejectLine:
    """Printed line of a reject; fields as in ``RejectedEvents``."""

    source: int
    line: int
    reason: Reason
    field_name: str
    rule: str
    events: int


class Problem(NamedTuple):
    """The rule that a record broke; ``field_name`` is '' where the record as a whole broke it."""

    reason: Reason
    field_name: str
    rule: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Rejected records: the broken rule, their place, and a copy for the quarantine.

    ``source`` is the ordinal of the input, ``line`` is 1-based, 0 for a whole file; a session stands where its first
    event does. ``content`` is a Zstandard frame where the record was too long to be parsed, empty where it was too long
    even so or may not be kept. ``claim`` says who stands behind it; where nobody knows, it is kept for ``days``.
    """

    problem: Problem
    source: int
    line: int
    events: int = 1
    content: bytes = field(default=b"", repr=False)
    claim: Claim = NOBODY
    days: int = 0
