"""No grant to a member that stands for an unknown number of people."""

from collections.abc import Iterator
from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.data.base_check import BaseDataCheck
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

_WIDE = ("allUsers", "allAuthenticatedUsers", "domain:", "projectOwner:", "projectEditor:", "projectViewer:")
_SETS = ("principalSet:", "deleted:")
_NAME = "No public, domain, convenience or set member is granted anything"


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _words(item)


def _judge(conf: dict[str, Any]) -> CheckResult:
    wide = any(word.startswith(_WIDE + _SETS) for word in _words(conf))
    return CheckResult.FAILED if wide else CheckResult.PASSED


class SingleMembersOfPolicies(BaseDataCheck):  # type: ignore[misc]
    """Policies as data: the stock checks do not look into them."""

    def __init__(self) -> None:
        super().__init__(
            name=_NAME, id="CKV_KEYVEIL_2", categories=[CheckCategories.IAM], supported_data=["google_iam_policy"]
        )

    def scan_data_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Return whether every member is one identity."""
        return _judge(conf)


class SingleMembersOfGrants(BaseResourceCheck):  # type: ignore[misc]
    """Grants as resources, on whatever they are."""

    def __init__(self) -> None:
        super().__init__(
            name=_NAME, id="CKV_KEYVEIL_3", categories=[CheckCategories.IAM], supported_resources=["google_*_iam_*"]
        )

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Return whether every member is one identity."""
        return _judge(conf)


policies = SingleMembersOfPolicies()
grants = SingleMembersOfGrants()
