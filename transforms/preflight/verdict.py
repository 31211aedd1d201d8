"""Checks, their findings, and the verdict of all findings."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from schemas.errors import RefusedError

Facts = TypeVar("Facts")
Policy = TypeVar("Policy")

MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""Errors of a check that reads a fact of another form than is documented."""


class CheckOutcome(StrEnum):
    """Outcome of a check: ``failed`` refuses; ``waived`` failed but is accepted; ``advised`` failed but only warns."""

    PASSED = "passed"
    ADVISED = "advised"
    WAIVED = "waived"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JudgedFact:
    """Value that a check read, in words, and whether it is as expected."""

    passed: bool
    read: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Finding of one check: the value read and expected, why it matters, and the command that fixes it."""

    check: str
    title: str
    outcome: CheckOutcome
    read: str
    expected: str
    why: str
    remedy: str
    waiver: str | None = None

    def as_json(self) -> Mapping[str, object]:
        """Serialize the finding as JSON values."""
        return {
            "check": self.check,
            "title": self.title,
            "outcome": self.outcome,
            "read": self.read,
            "expected": self.expected,
            "why": self.why,
            "fix": self.remedy,
            "waiver": self.waiver,
        }


@dataclass(frozen=True, slots=True)
class Check(Generic[Facts, Policy]):
    """Check of the facts. ``title``, ``expected`` and ``remedy`` are templates over the names of the policy."""

    name: str
    title: str
    expected: str
    why: str
    remedy: str
    judge: Callable[[Facts, Policy], JudgedFact]
    waivable: bool = False

    def describe(
        self, found: JudgedFact, failed: CheckOutcome, names: Mapping[str, str], remedy: str, waiver: str | None = None
    ) -> Finding:
        """Describe what was found, in the words of the check; ``failed`` is its outcome where it does not pass."""
        outcome = CheckOutcome.PASSED if found.passed else failed
        title, expected = self.title.format_map(names), self.expected.format_map(names)
        return Finding(self.name, title, outcome, found.read, expected, self.why, remedy, waiver)


@dataclass(frozen=True, slots=True)
class BucketState:
    """State of a bucket that was judged: one value changes with its settings, the other with its grants."""

    metageneration: str
    policy_etag: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on ``subject`` (a ``gs://`` address or a folder): its findings, in the order of the checks."""

    subject: str
    at: datetime
    findings: tuple[Finding, ...]
    seen: BucketState | None = None

    @property
    def is_refused(self) -> bool:
        """Return whether writing to the subject is refused."""
        return not self.findings or bool(self.of(CheckOutcome.FAILED))

    def of(self, outcome: CheckOutcome) -> tuple[Finding, ...]:
        """Select the findings with ``outcome``, in the order of the checks."""
        return tuple(finding for finding in self.findings if finding.outcome is outcome)

    def require(self) -> None:
        """Raise ``RefusedError``, naming the first failed check and its fix, if the verdict refuses."""
        failed = self.of(CheckOutcome.FAILED)
        if failed:
            first = failed[0]
            agreed = " --policy FILE" if "://" in self.subject else ""
            others = f" ({len(failed) - 1} more: keyveil preflight {self.subject}{agreed})" if len(failed) > 1 else ""
            raise RefusedError(
                f"{self.subject} is not restricted as agreed: {first.title}: read {first.read}; "
                f"expected {first.expected}; fix it with: {first.remedy}{others}"
            )
        if not self.findings:
            raise RefusedError(f"{self.subject} was not checked; run keyveil preflight {self.subject}")

    def as_json(self) -> Mapping[str, object]:
        """Serialize the result as JSON values."""
        return {
            "subject": self.subject,
            "at": self.at.astimezone(UTC).isoformat(timespec="seconds"),
            "refused": self.is_refused,
            "seen": asdict(self.seen) if self.seen else None,
            "counts": {outcome.value: len(self.of(outcome)) for outcome in CheckOutcome},
            "findings": [{"row": row, **finding.as_json()} for row, finding in enumerate(self.findings, 1)],
        }

    def canonical(self) -> bytes:
        """Serialize the result canonically, for a digest. It names people: use a keyed digest only."""
        return json.dumps(self.as_json(), sort_keys=True, separators=(",", ":")).encode()


def summarize(good: str, wrong: list[str]) -> JudgedFact:
    """Summarize a check: passed with ``good`` if nothing is ``wrong``, else failed with everything wrong."""
    return JudgedFact(not wrong, "; ".join(wrong) if wrong else good)
