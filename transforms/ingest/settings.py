"""How much ingest holds at a time, and how large a session may be."""

from dataclasses import dataclass

from schemas.errors import UsageError

_MIB = 1 << 20
_MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Sizes of ingest; raises ``UsageError`` where they do not fit each other.

    ``block_bytes`` of whole lines are parsed at once and a line above ``max_line_bytes`` is refused. A session above
    ``max_session_events`` is cut into episodes. An element holds whole sessions of about ``element_events`` events, or
    ``element_bytes`` where that is less: what a stage does once an element should not tell, and all of it is in memory.
    ``max_recording_bytes`` bounds recordings that have to be parsed as one document. Above ``max_rejects`` bad lines
    in a block, those that broke the same rule are reported together.

    ``fold_user_case``: user ids that differ in case alone are one person. ``keep_unnamed_days``: for how long the
    quarantine keeps a record of which nobody knows whose it is; 0 keeps none.
    """

    block_bytes: int = 8 * _MIB
    max_line_bytes: int = 4 * _MIB
    max_recording_bytes: int = 512 * _MIB
    max_session_events: int = 50_000
    element_events: int = 32_000
    element_bytes: int = 16 * _MIB
    max_rejects: int = 1_000
    fold_user_case: bool = True
    keep_unnamed_days: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.max_line_bytes <= self.block_bytes <= 512 * _MIB:
            raise UsageError("ingest.max_line_bytes must be at least 1 and at most ingest.block_bytes (up to 512 MiB)")
        for name in ("max_recording_bytes", "max_session_events", "element_events", "element_bytes", "max_rejects"):
            if getattr(self, name) < 1:
                raise UsageError(f"ingest.{name} must be at least 1")
        if not 0 <= self.keep_unnamed_days <= _MOST_DAYS:
            raise UsageError(f"ingest.keep_unnamed_days must be from 0 (keep none) to {_MOST_DAYS}")
