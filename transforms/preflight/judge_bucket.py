"""Verdict on a bucket: every check on collected facts, without input or output."""

from collections.abc import Sequence

from schemas.errors import UsageError
from transforms.preflight.access import ACCESS, SELF, BucketCheck
from transforms.preflight.audit_log import EVIDENCE
from transforms.preflight.deletion import ERASURE
from transforms.preflight.encryption import ENCRYPTION
from transforms.preflight.facts import PERMISSIONS, BucketFacts, UnreadableFactError
from transforms.preflight.inherited_access import DENIAL, IMPERSONATION, INHERITED
from transforms.preflight.perimeter import BOUNDARY, WALLS
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import Finding, Outcome, Reading, Verdict

_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError)

BUCKET_CHECKS: Sequence[BucketCheck] = (
    *ACCESS,
    *INHERITED,
    *ENCRYPTION,
    *EVIDENCE,
    *ERASURE,
    *BOUNDARY,
    *IMPERSONATION,
    *WALLS,
    *DENIAL,
    *SELF,
)
"""All checks, in the order of reports, which number them."""


def judge_bucket(facts: BucketFacts, policy: BucketPolicy) -> Verdict:
    """Judge the facts under the policy.

    A fact that could not be read, or is not in the form that Google documents, fails every check that asks for it.
    Raises ``UsageError`` if the policy waives a check that may not be waived.
    """
    waivable = {check.name for check in BUCKET_CHECKS if check.waivable}
    for name in policy.waivers:
        if name not in waivable:
            raise UsageError(f"waivers.{name} is not allowed; only {', '.join(sorted(waivable))} can be waived")
    findings = tuple(_finding(check, facts, policy) for check in BUCKET_CHECKS)
    return Verdict(f"gs://{policy.bucket}", facts.at, findings, facts.state())


def _finding(check: BucketCheck, facts: BucketFacts, policy: BucketPolicy) -> Finding:
    names = policy.names()
    remedy = check.remedy.format_map(names)
    try:
        found = check.judge(facts, policy)
    except UnreadableFactError as error:
        fact = str(error)
        found = Reading(False, f"{fact} could not be read: {facts.unreadable.get(fact, 'it was not collected')}")
        remedy = f"grant the preflight account {PERMISSIONS[fact]}, and turn the interface on"
    except _MALFORMED:
        found = Reading(False, "the facts are not in the form that Google documents; nothing is concluded from them")
    outcome, waiver = (Outcome.PASSED, None) if found.passed else (Outcome.FAILED, None)
    accepted = policy.waivers.get(check.name)
    if not found.passed and accepted is not None and facts.at.date() <= accepted.until:
        outcome, waiver = Outcome.WAIVED, f"{accepted.reason} (until {accepted.until.isoformat()})"
    return Finding(
        check.name,
        check.title.format_map(names),
        outcome,
        found.read,
        check.expected.format_map(names),
        check.why,
        remedy,
        waiver,
    )
