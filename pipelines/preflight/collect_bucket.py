"""Collecting the facts about a bucket: every request reads, and what cannot be read is recorded as unreadable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from pipelines.preflight.google_api import Connection, NotReadError
from transforms.preflight.facts import CONSTRAINTS, OWN_PERMISSIONS, BucketFacts
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import BucketState

_DEEPEST = 12
"""Folders may nest ten levels below an organisation (cloud.google.com/resource-manager/docs/limits)."""


@dataclass(frozen=True, slots=True)
class _Collection:
    """Facts read so far; later facts need earlier ones."""

    to: Connection
    policy: BucketPolicy
    read: dict[str, Any] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    @property
    def bucket_url(self) -> str:
        return f"{self.to.endpoints.storage}/storage/v1/b/{self.policy.bucket}"

    def require(self, name: str) -> Any:
        if name not in self.read:
            raise NotReadError(f"{name} is needed for it and could not be read")
        return self.read[name]


def collect_bucket(
    to: Connection, policy: BucketPolicy, at: datetime, *, writing: bool, earlier: BucketState | None = None
) -> BucketFacts:
    """Return the facts about the policy's bucket; never raises for what cannot be read."""
    collection = _Collection(to, policy)
    for name, read in _COLLECTORS.items():
        try:
            collection.read[name] = read(collection)
        except NotReadError as error:
            collection.unreadable[name] = str(error)
        except (KeyError, TypeError, ValueError, AttributeError):
            collection.unreadable[name] = "the answer is not in the form that Google documents"
    return BucketFacts(at, collection.read, collection.unreadable, writing, earlier)


def collect_seen(to: Connection, policy: BucketPolicy) -> BucketState | None:
    """Read the current state of the bucket; ``None`` if it cannot be read."""
    of = _Collection(to, policy)
    try:
        read = {"bucket": _bucket(of), "bucket_policy": _bucket_policy(of)}
    except NotReadError:
        return None
    return BucketFacts(datetime.now(UTC), read).state()


def _bucket(of: _Collection) -> Any:
    return of.to.get(of.bucket_url, {"projection": "full"})


def _bucket_policy(of: _Collection) -> Any:
    return of.to.get(f"{of.bucket_url}/iam", {"optionsRequestedPolicyVersion": "3"})


def _managed_folders(of: _Collection) -> Any:
    url = f"{of.bucket_url}/managedFolders"
    return [
        {
            "name": item["name"],
            "policy": of.to.get(f"{url}/{quote(item['name'], safe='')}/iam", {"optionsRequestedPolicyVersion": "3"}),
        }
        for item in of.to.pages(url, "items")
    ]


def _own_permissions(of: _Collection) -> Any:
    asked = {"permissions": OWN_PERMISSIONS}
    return of.to.get_as_own(f"{of.bucket_url}/iam/testPermissions", asked).get("permissions", [])


def _notifications(of: _Collection) -> Any:
    return of.to.get(f"{of.bucket_url}/notificationConfigs").get("items", [])


def _hmac_keys(of: _Collection) -> Any:
    return of.to.pages(f"{of.to.endpoints.storage}/storage/v1/projects/{of.policy.project}/hmacKeys", "items")


def _storage_agent(of: _Collection) -> Any:
    return of.to.get(f"{of.to.endpoints.storage}/storage/v1/projects/{of.policy.project}/serviceAccount")


def _project(of: _Collection) -> Any:
    return of.to.get(f"{of.to.endpoints.resource_manager}/v3/projects/{of.policy.project}")


def _ancestors(of: _Collection) -> Any:
    return _policies_above(of, of.require("project"))


def _account_ancestors(of: _Collection) -> Any:
    """Return the policies above the accounts that are not above the bucket too."""
    home, known = f"{of.to.endpoints.resource_manager}/v3/projects", {item["name"] for item in of.require("ancestors")}
    found = [item for name in of.policy.account_projects() for item in _policies_above(of, of.to.get(f"{home}/{name}"))]
    return [item for item in found if item["name"] not in known]


def _secret_policies(of: _Collection) -> Any:
    version = {"options.requestedPolicyVersion": "3"}
    return {name: of.to.get(f"{of.to.endpoints.secrets}/v1/{name}:getIamPolicy", version) for name in of.policy.secrets}


def _policies_above(of: _Collection, project: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the policies of a project, its folders and the organisation, upwards, of the agreed organisation."""
    home = f"{of.to.endpoints.resource_manager}/v3"
    name, parent = project["name"], project["parent"]
    found = []
    for _ in range(_DEEPEST):
        found.append({"name": name, "policy": of.to.policy(f"{home}/{name}")})
        if name.startswith("organizations/"):
            if name != f"organizations/{of.policy.organization}":
                raise NotReadError("the project belongs to another organisation than the policy names")
            return found
        name = parent
        if name.startswith("folders/"):
            parent = of.to.get(f"{home}/{name}")["parent"]
    raise NotReadError("the project's organisation was not found")


def _roles(of: _Collection) -> Any:
    """Read the permissions of each role that the checks need; one that cannot be read is left out and noted."""
    policies = [item["policy"] for name in ("ancestors", "account_ancestors") for item in of.read.get(name, [])]
    policies += of.read.get("secret_policies", {}).values()
    policies += [of.read[name] for name in ("bucket_policy", "log_project_policy") if name in of.read]
    policies += [account["policy"] for account in of.read.get("service_accounts", {}).values()]
    # a name that stands for a hidden condition is no role; the checks refuse the policy that holds it
    names = {grant["role"] for policy in policies for grant in policy.get("bindings", [])}
    found = {}
    for name in sorted(name for name in names if "_withcond_" not in name):
        try:
            found[name] = of.to.get(f"{of.to.endpoints.iam}/v1/{name}").get("includedPermissions", [])
        except NotReadError as error:
            of.unreadable["roles"] = f"{name}: {error}"
    return found


def _analysis(of: _Collection, resource: str, permissions: tuple[str, ...]) -> Any:
    query = {
        "analysisQuery.resourceSelector.fullResourceName": resource,
        "analysisQuery.accessSelector.permissions": permissions,
        "analysisQuery.options.expandGroups": "true",
    }
    return of.to.get(f"{of.to.endpoints.asset}/v1/organizations/{of.policy.organization}:analyzeIamPolicy", query)


def _effective_access(of: _Collection) -> Any:
    wanted = ("storage.objects.get", "storage.objects.list")
    return _analysis(of, f"//storage.googleapis.com/{of.policy.bucket}", wanted)


def _effective_key_access(of: _Collection) -> Any:
    wanted = ("cloudkms.cryptoKeyVersions.useToDecrypt",)
    return _analysis(of, f"//cloudkms.googleapis.com/{of.policy.key}", wanted)


def _key(of: _Collection) -> Any:
    return of.to.get(f"{of.to.endpoints.kms}/v1/{of.policy.key}")


def _key_policies(of: _Collection) -> Any:
    version = {"options.requestedPolicyVersion": "3"}
    ring = of.policy.key.split("/cryptoKeys/")[0]
    return [
        {"kind": kind, "policy": of.to.get(f"{of.to.endpoints.kms}/v1/{name}:getIamPolicy", version)}
        for kind, name in (("key", of.policy.key), ("key ring", ring))
    ]


def _sink(of: _Collection) -> Any:
    return of.to.get(f"{of.to.endpoints.logging}/v2/{of.policy.audit.sink}")


def _log_bucket(of: _Collection) -> Any:
    return of.to.get(f"{of.to.endpoints.logging}/v2/{of.policy.audit.log_bucket}")


def _log_project_policy(of: _Collection) -> Any:
    project = "/".join(of.policy.audit.log_bucket.split("/")[:2])
    return of.to.policy(f"{of.to.endpoints.resource_manager}/v3/{project}")


def _org_policies(of: _Collection) -> Any:
    home = f"{of.to.endpoints.org_policy}/v2/projects/{of.policy.project}/policies"
    return {name: of.to.get(f"{home}/{name}:getEffectivePolicy") for name in CONSTRAINTS}


def _service_accounts(of: _Collection) -> Any:
    found = {}
    for account in of.policy.protected_accounts():
        email = account.removeprefix("serviceAccount:")
        url = f"{of.to.endpoints.iam}/v1/projects/-/serviceAccounts/{email}"
        keys = of.to.get(f"{url}/keys", {"keyTypes": "USER_MANAGED"}).get("keys", [])
        found[account] = {"policy": of.to.account_policy(url), "keys": keys}
    return found


def _perimeters(of: _Collection) -> Any:
    home = f"{of.to.endpoints.access_context}/v1"
    parent = {"parent": f"organizations/{of.policy.organization}"}
    return [
        perimeter
        for policy in of.to.pages(f"{home}/accessPolicies", "accessPolicies", parent)
        for perimeter in of.to.pages(f"{home}/{policy['name']}/servicePerimeters", "servicePerimeters")
    ]


def _deny_policies(of: _Collection) -> Any:
    """Return the deny policies of the project and everything above it; the listing leaves their rules out."""
    home = f"{of.to.endpoints.iam}/v2/policies"
    points = [quote(f"cloudresourcemanager.googleapis.com/{item['name']}", safe="") for item in of.require("ancestors")]
    listed = [item for point in points for item in of.to.pages(f"{home}/{point}/denypolicies", "policies")]
    return [of.to.get(f"{of.to.endpoints.iam}/v2/{item['name']}") for item in listed]


def _canary(of: _Collection) -> Any:
    return {
        "settings": of.to.refusal(of.bucket_url, {"fields": "name"}),
        "objects": of.to.refusal(f"{of.bucket_url}/o", {"maxResults": "1", "fields": "nextPageToken"}),
    }


# in this order: later ones need earlier ones
_COLLECTORS: Mapping[str, Callable[[_Collection], Any]] = {
    "bucket": _bucket,
    "bucket_policy": _bucket_policy,
    "managed_folders": _managed_folders,
    "own_permissions": _own_permissions,
    "notifications": _notifications,
    "hmac_keys": _hmac_keys,
    "storage_agent": _storage_agent,
    "project": _project,
    "ancestors": _ancestors,
    "effective_access": _effective_access,
    "key": _key,
    "key_policies": _key_policies,
    "effective_key_access": _effective_key_access,
    "sink": _sink,
    "log_bucket": _log_bucket,
    "log_project_policy": _log_project_policy,
    "org_policies": _org_policies,
    "service_accounts": _service_accounts,
    "account_ancestors": _account_ancestors,
    "secret_policies": _secret_policies,
    "roles": _roles,
    "perimeters": _perimeters,
    "deny_policies": _deny_policies,
    "canary": _canary,
}
