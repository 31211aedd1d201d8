"""Facts about a bucket and its surroundings, as Google's interfaces return them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from transforms.preflight.verdict import BucketState

PERMISSIONS: Mapping[str, str] = {
    "bucket": "storage.buckets.get",
    "bucket_policy": "storage.buckets.getIamPolicy",
    "managed_folders": "storage.managedFolders.list and storage.managedFolders.getIamPolicy",
    "own_permissions": "none: every account may ask what it may do",
    "notifications": "storage.buckets.get",
    "hmac_keys": "storage.hmacKeys.list",
    "storage_agent": "resourcemanager.projects.get",
    "project": "resourcemanager.projects.get",
    "ancestors": (
        "resourcemanager.projects.getIamPolicy, resourcemanager.folders.get, resourcemanager.folders.getIamPolicy "
        "and resourcemanager.organizations.getIamPolicy"
    ),
    "roles": "iam.roles.get",
    "effective_access": (
        "cloudasset.assets.analyzeIamPolicy, cloudasset.assets.searchAllResources, "
        "cloudasset.assets.searchAllIamPolicies on the organisation, and to read groups"
    ),
    "key": "cloudkms.cryptoKeys.get",
    "key_policies": "cloudkms.cryptoKeys.getIamPolicy and cloudkms.keyRings.getIamPolicy",
    "effective_key_access": "as for effective_access",
    "sink": "logging.sinks.get",
    "log_bucket": "logging.buckets.get",
    "log_project_policy": "resourcemanager.projects.getIamPolicy on the project that holds the logs",
    "org_policies": "orgpolicy.policy.get",
    "service_accounts": "iam.serviceAccounts.getIamPolicy and iam.serviceAccountKeys.list",
    "account_ancestors": "as for ancestors, on the project of the accounts where that is another one",
    "secret_policies": "secretmanager.secrets.getIamPolicy",
    "perimeters": "accesscontextmanager.policies.list and accesscontextmanager.servicePerimeters.list",
    "deny_policies": "iam.denypolicies.list and iam.denypolicies.get",
    "canary": "roles/iam.serviceAccountTokenCreator on the canary, for the account that runs keyveil",
}
"""Each fact by name, with the permission that reads it."""

OWN_PERMISSIONS = (
    "storage.objects.create",
    "storage.objects.setIamPolicy",
    "storage.buckets.setIamPolicy",
    "storage.buckets.update",
    "storage.buckets.delete",
    "storage.managedFolders.setIamPolicy",
)
"""Permissions that the caller tests on itself; all but the first would let it widen access."""

CONSTRAINTS = (
    "storage.publicAccessPrevention",
    "storage.uniformBucketLevelAccess",
    "iam.disableServiceAccountKeyCreation",
    "iam.allowedPolicyMemberDomains",
    "gcp.restrictNonCmekServices",
    "gcp.resourceLocations",
    "storage.restrictAuthTypes",
)
"""The organisation policies that are read."""


class UnreadableFactError(Exception):
    """Error of a check that needs an unreadable fact; holds the fact's name."""


@dataclass(frozen=True, slots=True)
class CollectedFacts:
    """Facts for one verdict: parsed answers by the names of ``PERMISSIONS``, and reasons why the others are missing."""

    at: datetime
    read: Mapping[str, Any] = field(repr=False)
    unreadable: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """Return a fact; raise ``UnreadableFactError`` if it could not be read."""
        if name not in self.read:
            raise UnreadableFactError(name)
        return self.read[name]


@dataclass(frozen=True, slots=True)
class BucketFacts(CollectedFacts):
    """Facts about a bucket of Cloud Storage; ``roles`` is among the unreadable ones also if only some roles are."""

    # whether the caller is about to write, or only audits
    writing: bool = False
    # state of the bucket at the first verdict of the same run
    earlier: BucketState | None = None

    def permits(self, role: str) -> frozenset[str]:
        """Return the permissions of a role; raise ``UnreadableFactError`` if they could not be read."""
        found = self.get("roles")
        if role not in found:
            raise UnreadableFactError("roles")
        return frozenset(found[role])

    def state(self) -> BucketState | None:
        """Return the state of the bucket, ``None`` if it could not be read."""
        bucket, policy = self.read.get("bucket"), self.read.get("bucket_policy")
        if not isinstance(bucket, dict) or not isinstance(policy, dict):
            return None
        metageneration, etag = bucket.get("metageneration"), policy.get("etag")
        if not isinstance(metageneration, str) or not isinstance(etag, str) or not metageneration or not etag:
            return None
        return BucketState(metageneration, etag)
