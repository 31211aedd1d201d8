"""Bounds of the ingest."""

from dataclasses import dataclass

from schemas.errors import UsageError


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Settings of ``ReadSessions``.

    A line above ``max_line_bytes`` is skipped without being held. A session above ``max_session_events`` is cut at its
    longest pause. An element holds whole sessions of about ``element_events`` events.
    """

    max_line_bytes: int = 4 * 2**20
    max_session_events: int = 50_000
    element_events: int = 4_000

    def __post_init__(self) -> None:
        for name in ("max_line_bytes", "max_session_events", "element_events"):
            if getattr(self, name) < 1:
                raise UsageError(f"ingest.{name} must be at least 1")
