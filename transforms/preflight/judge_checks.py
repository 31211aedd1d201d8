"""Judge the facts about a bucket of any service under its agreement: one finding a check."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from schemas.errors import UsageError
from transforms.preflight.facts import CollectedFacts, UnreadableFactError
from transforms.preflight.policy import Waiver
from transforms.preflight.verdict import MALFORMED, Check, CheckOutcome, Finding, JudgedFact


class Agreement(Protocol):
    """Written agreement about a bucket."""

    @property
    def waivers(self) -> Mapping[str, Waiver]:
        """Return the accepted failures by the name of a check."""
        ...

    def names(self) -> Mapping[str, str]:
        """Return the values for the templates of the checks."""
        ...


class Service(NamedTuple):
    """A storage service: its owner, the permission that reads each fact, and what to do where it is lacking.

    ``grant`` has a place for the permission; ``waive`` follows it where the check may be waived.
    """

    owner: str
    permissions: Mapping[str, str]
    grant: str
    waive: str = ""


_Facts = TypeVar("_Facts", bound=CollectedFacts)
_Policy = TypeVar("_Policy", bound=Agreement)


def judge_checks(
    checks: Sequence[Check[_Facts, _Policy]], facts: _Facts, policy: _Policy, service: Service
) -> tuple[Finding, ...]:
    """Judge the facts under the policy, check by check.

    A fact that could not be read, or is not in the form that the service's owner documents, fails every check that asks
    for it. Raises ``UsageError`` if the policy waives a check that may not be waived.
    """
    waivable = {check.name for check in checks if check.waivable}
    for name in policy.waivers:
        if name not in waivable:
            raise UsageError(f"waivers.{name} is not allowed; only {', '.join(sorted(waivable))} can be waived")
    return tuple(_judge(check, facts, policy, service) for check in checks)


def _judge(check: Check[_Facts, _Policy], facts: _Facts, policy: _Policy, service: Service) -> Finding:
    remedy = check.remedy.format_map(policy.names())
    try:
        found = check.judge(facts, policy)
    except UnreadableFactError as error:
        fact = str(error)
        found = JudgedFact(False, f"{fact} could not be read: {facts.unreadable.get(fact, 'it was not collected')}")
        remedy = service.grant.format(service.permissions[fact]) + service.waive * check.waivable
    except MALFORMED:
        form = f"the answer has a form that {service.owner} does not document; nothing is concluded from it"
        found = JudgedFact(False, form)
    accepted = policy.waivers.get(check.name)
    if found.passed or accepted is None or facts.at.date() > accepted.until:
        return check.describe(found, CheckOutcome.FAILED, policy.names(), remedy)
    waiver = f"{accepted.reason} (until {accepted.until.isoformat()})"
    return check.describe(found, CheckOutcome.WAIVED, policy.names(), remedy, waiver)
