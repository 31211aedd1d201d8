"""A bucket that can be erased from, under a key that nothing evades."""

from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

_RESTRICTED = ["FullyRestricted"]


def _block(conf: dict[str, Any], *path: str) -> Any:
    """Return the value at ``path`` in checkov's form, where every value is a list of one."""
    found: Any = conf
    for name in path:
        if isinstance(found, list):
            found = found[0] if found else {}
        found = found.get(name, {}) if isinstance(found, dict) else {}
    return found


class RestrictedBucket(BaseResourceCheck):  # type: ignore[misc]
    """Versioning off, soft deletion off, own key, no other kind of key."""

    def __init__(self) -> None:
        super().__init__(
            name="A bucket keeps nothing that was erased and takes no other key",
            id="CKV_KEYVEIL_1",
            categories=[CheckCategories.ENCRYPTION],
            supported_resources=["google_storage_bucket"],
        )

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Return whether the bucket is as agreed."""
        configs = ("google_managed_encryption_enforcement_config", "customer_supplied_encryption_enforcement_config")
        wanted = (
            _block(conf, "versioning", "enabled") == [False],
            _block(conf, "soft_delete_policy", "retention_duration_seconds") == [0],
            bool(_block(conf, "encryption", "default_kms_key_name")),
            *(_block(conf, "encryption", name, "restriction_mode") == _RESTRICTED for name in configs),
        )
        return CheckResult.PASSED if all(wanted) else CheckResult.FAILED


check = RestrictedBucket()
