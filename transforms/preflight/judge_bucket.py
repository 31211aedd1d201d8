"""Verdict on a bucket: every check on collected facts, without input or output."""

from collections.abc import Sequence

from transforms.preflight.access import ACCESS, SELF, BucketCheck
from transforms.preflight.audit_log import EVIDENCE
from transforms.preflight.deletion import ERASURE
from transforms.preflight.encryption import ENCRYPTION
from transforms.preflight.facts import PERMISSIONS, BucketFacts
from transforms.preflight.inherited_access import DENIAL, IMPERSONATION, INHERITED, SECRETS
from transforms.preflight.judge_checks import Service, judge_checks
from transforms.preflight.perimeter import BOUNDARY, WALLS
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import Verdict

_SERVICE = Service("Google", PERMISSIONS, "grant the preflight account {}, and turn the interface on")

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
    *SECRETS,
)
"""All checks, in the order of reports, which number them."""


def judge_bucket(facts: BucketFacts, policy: BucketPolicy) -> Verdict:
    """Judge the facts under the policy; raise ``UsageError`` if it waives a check that may not be waived."""
    return Verdict(
        f"gs://{policy.bucket}", facts.at, judge_checks(BUCKET_CHECKS, facts, policy, _SERVICE), facts.state()
    )
