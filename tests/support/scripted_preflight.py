"""A preflight that a test scripts."""

from datetime import UTC, datetime

from transforms.preflight.verdict import BucketState, CheckOutcome, Finding, Verdict


class Scripted:
    """A preflight that sees one state of the bucket after the other; after the last it refuses."""

    def __init__(self, *states: BucketState) -> None:
        self._states = list(states)
        self._last: BucketState | None = None

    def look(self, earlier: BucketState | None = None) -> Verdict:
        seen = self._states.pop(0) if self._states else None
        kept = seen is not None and earlier in (None, seen)
        outcome = CheckOutcome.PASSED if kept else CheckOutcome.FAILED
        finding = Finding("unchanged", "unchanged", outcome, "x", "y", "why", "fix")
        self._last = seen
        return Verdict("gs://b", datetime.now(UTC), (finding,), seen)

    def read_state(self) -> BucketState | None:
        return self._last
