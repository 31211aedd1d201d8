"""What one check is, what it found, and what the findings amount to."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from schemas.errors import RefusedError

Facts = TypeVar("Facts")
Policy = TypeVar("Policy")


class Outcome(StrEnum):
    """``failed`` refuses; ``waived`` failed, but the policy accepts it until a date; ``advised`` does not refuse."""

    PASSED = "passed"
    ADVISED = "advised"
    WAIVED = "waived"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a check read, in words, and whether that is what was expected."""

    passed: bool
    read: str


@dataclass(frozen=True, slots=True)
class Check(Generic[Facts, Policy]):
    """One question to the facts. ``expected`` and ``mend`` are templates over the names of the policy."""

    row: int
    name: str
    title: str
    expected: str
    why: str
    mend: str
    judge: Callable[[Facts, Policy], Reading]
    waivable: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's answer: what was read, what was expected, why it matters, and the command that mends it."""

    row: int
    check: str
    title: str
    outcome: Outcome
    read: str
    expected: str
    why: str
    mend: str
    waiver: str | None = None


@dataclass(frozen=True, slots=True)
class BucketState:
    """Which state of a bucket was judged: both values change whenever its settings or its grants change."""

    metageneration: str
    policy_etag: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings about ``subject`` (a ``gs://`` address or a folder), in the order of the checks."""

    subject: str
    at: datetime
    findings: tuple[Finding, ...]
    seen: BucketState | None = None

    @property
    def is_refused(self) -> bool:
        """Return whether nothing may be written there."""
        return not self.findings or bool(self.of(Outcome.FAILED))

    def of(self, outcome: Outcome) -> tuple[Finding, ...]:
        """Return the findings with ``outcome``, in the order of the checks."""
        return tuple(finding for finding in self.findings if finding.outcome is outcome)

    def require(self) -> None:
        """Raise ``RefusedError``, which names the first failed check and how to mend it, where the verdict refuses."""
        failed = self.of(Outcome.FAILED)
        if failed:
            first = failed[0]
            others = f" ({len(failed) - 1} more: keyveil preflight {self.subject})" if len(failed) > 1 else ""
            raise RefusedError(
                f"{self.subject} is not restricted as agreed: {first.title}: read {first.read}; "
                f"expected {first.expected}; mend it with: {first.mend}{others}"
            )
        if not self.findings:
            raise RefusedError(f"{self.subject} was not checked; run keyveil preflight {self.subject}")

    def as_json(self) -> Mapping[str, object]:
        """Return the machine-readable result."""
        return {
            "subject": self.subject,
            "at": self.at.astimezone(UTC).isoformat(timespec="seconds"),
            "refused": self.is_refused,
            "seen": asdict(self.seen) if self.seen else None,
            "counts": {outcome.value: len(self.of(outcome)) for outcome in Outcome},
            "findings": [asdict(finding) for finding in self.findings],
        }

    def canonical(self) -> bytes:
        """Return bytes that are equal exactly when the results are. They name people: digest them with a key only."""
        return json.dumps(self.as_json(), sort_keys=True, separators=(",", ":")).encode()


def summarize(good: str, wrong: list[str]) -> Reading:
    """Return a passed reading that says ``good``, or a failed one that lists everything that is ``wrong``."""
    return Reading(not wrong, "; ".join(wrong) if wrong else good)
