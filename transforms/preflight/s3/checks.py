"""All checks of a bucket of S3 and their verdict, without input or output."""

from collections.abc import Sequence

from transforms.preflight.judge_checks import Service, judge_checks
from transforms.preflight.s3.access import ACCESS, S3Check
from transforms.preflight.s3.facts import PERMISSIONS, S3Facts
from transforms.preflight.s3.keeping import KEEPING
from transforms.preflight.s3.policy import S3Policy
from transforms.preflight.s3.trails import TRAILS
from transforms.preflight.verdict import Check, JudgedFact, Verdict

_SERVICE = Service(
    "Amazon",
    PERMISSIONS,
    "grant {}",
    ", or waive the check in the policy with a reason if the server has no such thing",
)


def _read_trial(facts: S3Facts, _: S3Policy) -> JudgedFact:
    """Read what the trial of both conditions gave; it fails where the server ignored one, as ``get`` then raises."""
    return JudgedFact(True, str(facts.get("conditions")))


def _is_unchanged(facts: S3Facts, _: S3Policy) -> JudgedFact:
    if facts.earlier is None:
        return JudgedFact(True, "first look")
    return JudgedFact(facts.state == facts.earlier, "the same" if facts.state == facts.earlier else "changed since")


S3_CHECKS: Sequence[S3Check] = (
    *ACCESS,
    *KEEPING,
    *TRAILS,
    Check(
        "conditional-writes",
        "the server honours If-None-Match and If-Match",
        "both, tried before the first write",
        "without them two runs can overwrite each other",
        "use Amazon S3, or a server that has conditional writes",
        _read_trial,
    ),
    Check(
        "unchanged",
        "settings and policy are those of the first look",
        "the same",
        "a change during a run may have opened the bucket",
        "find the change in the record of accesses, undo it, and run again",
        _is_unchanged,
    ),
)
"""All checks, in the order of reports, which number them."""


def judge_s3(facts: S3Facts, policy: S3Policy) -> Verdict:
    """Judge the facts under the policy; raise ``UsageError`` if it waives a check that may not be waived."""
    return Verdict(f"s3://{policy.bucket}", facts.at, judge_checks(S3_CHECKS, facts, policy, _SERVICE), facts.state)
