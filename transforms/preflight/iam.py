"""IAM grants one by one, and roles classified by their permissions, not by their names."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

BASIC_ROLES = frozenset({"roles/owner", "roles/editor", "roles/viewer", "roles/admin", "roles/writer", "roles/reader"})
PUBLIC = frozenset({"allUsers", "allAuthenticatedUsers"})
CONVENIENCE = ("projectOwner:", "projectEditor:", "projectViewer:")
SINGLE = ("user:", "serviceAccount:")
"""Prefixes of members that are one identity; every other kind is a set of unknown size."""

READER_ROLE = "roles/storage.objectViewer"
WRITER_ROLES = frozenset({"roles/storage.objectUser", "roles/storage.objectCreator", READER_ROLE})

_DATA = re.compile(r"storage\.(objects|multipartUploads|folders|objectContexts)\..+")
_WIDEN = frozenset(
    "storage.buckets.setIamPolicy storage.buckets.update storage.buckets.delete storage.buckets.setIpFilter "
    "storage.buckets.bypassIpFilter storage.managedFolders.setIamPolicy storage.hmacKeys.create "
    "resourcemanager.projects.setIamPolicy resourcemanager.projects.move resourcemanager.folders.setIamPolicy "
    "resourcemanager.folders.move resourcemanager.organizations.setIamPolicy iam.roles.update iam.roles.undelete "
    "iam.serviceAccounts.setIamPolicy iam.denypolicies.update iam.denypolicies.delete orgpolicy.policy.set "
    "orgpolicy.policies.update orgpolicy.policies.delete cloudkms.cryptoKeys.setIamPolicy "
    "cloudkms.keyRings.setIamPolicy accesscontextmanager.servicePerimeters.update "
    "accesscontextmanager.servicePerimeters.delete logging.sinks.update logging.sinks.delete".split()
)
_BECOME = frozenset(
    "iam.serviceAccounts.getAccessToken iam.serviceAccounts.signBlob iam.serviceAccounts.signJwt "
    "iam.serviceAccounts.implicitDelegation iam.serviceAccounts.actAs iam.serviceAccountKeys.create "
    "iam.serviceAccountKeys.upload iam.serviceAccounts.setIamPolicy".split()
)


@dataclass(frozen=True, slots=True)
class Grant:
    """Role of one member; ``condition`` is the expression that limits it."""

    role: str
    member: str
    condition: str | None

    def __str__(self) -> str:
        return f"{self.role} to {self.member}"


def grants(policy: Mapping[str, Any]) -> tuple[Grant, ...]:
    """List the bindings of a policy as single grants.

    Raises ``ValueError`` if a role's name shows that the policy was read without its conditions (policy versions
    below 3 return a conditional role as ``ROLE_withcond_HASH``).
    """
    found = []
    for binding in policy.get("bindings", []):
        if "_withcond_" in binding["role"]:
            raise ValueError(binding["role"])
        condition = binding.get("condition")
        expression = condition["expression"] if condition else None
        found += [Grant(binding["role"], member, expression) for member in binding["members"]]
    return tuple(found)


def touches_data(permissions: Iterable[str]) -> bool:
    """Return whether one of the permissions reads, lists, writes or deletes objects."""
    return any(_DATA.fullmatch(permission) for permission in permissions)


def widens(permissions: Iterable[str]) -> bool:
    """Return whether one of the permissions lets its holder grant access, also to itself, or hide a grant."""
    return not _WIDEN.isdisjoint(permissions)


def becomes(permissions: Iterable[str]) -> bool:
    """Return whether one of the permissions lets its holder act as a service account or sign for it."""
    return not _BECOME.isdisjoint(permissions)


def identities(analysis: Mapping[str, Any]) -> Iterator[str]:
    """Yield the identities in an access analysis: groups and, besides, their members."""
    for result in analysis["mainAnalysis"].get("analysisResults", []):
        for identity in result["identityList"].get("identities", []):
            yield identity["name"]


def list_unexplored(analysis: Mapping[str, Any]) -> list[str]:
    """List the gaps of an access analysis; empty if it is complete."""
    main = analysis["mainAnalysis"]
    wrong = []
    if analysis.get("fullyExplored") is not True or main.get("fullyExplored") is not True:
        wrong.append("the analysis is not fully explored")
    if main.get("nonCriticalErrors"):
        wrong.append(f"the analysis reports {len(main['nonCriticalErrors'])} errors")
    if any(result.get("fullyExplored") is False for result in main.get("analysisResults", [])):
        wrong.append("a result of the analysis is not fully explored")
    return wrong
