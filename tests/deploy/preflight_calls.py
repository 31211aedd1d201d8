"""Answers the calls of the preflight from what Terraform made, each under the permission that Google asks for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import unquote

import requests

from pipelines.preflight.google_api import Connection, Endpoints
from tests.deploy.iam import DeniedError, Iam
from tests.deploy.terraform import Module, number
from tests.preflight.world import analysis

_PERMISSIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"storage/.*/iam/testPermissions", ()),
    (r"storage/.*/iam", ("storage.buckets.getIamPolicy",)),
    (r"storage/.*/managedFolders", ("storage.managedFolders.list",)),
    (r"storage/.*/o", ("storage.objects.list",)),
    (r"storage/.*/b/[^/]+(/notificationConfigs)?", ("storage.buckets.get",)),
    (r"storage/.*/hmacKeys", ("storage.hmacKeys.list",)),
    (r"storage/.*/serviceAccount", ("resourcemanager.projects.get",)),
    (r"resource_manager/v3/projects/[^:]+", ("resourcemanager.projects.get",)),
    (r"resource_manager/v3/projects/.*:getIamPolicy", ("resourcemanager.projects.getIamPolicy",)),
    (r"resource_manager/v3/organizations/.*", ("resourcemanager.organizations.getIamPolicy",)),
    (
        r"asset/.*",
        (
            "cloudasset.assets.analyzeIamPolicy",
            "cloudasset.assets.searchAllResources",
            "cloudasset.assets.searchAllIamPolicies",
        ),
    ),
    (r"kms/v1/[^:]+", ("cloudkms.cryptoKeys.get",)),
    (r"kms/v1/.*:getIamPolicy", ("cloudkms.keyRings.getIamPolicy",)),
    (r"kms/v1/.*cryptoKeys/.*:getIamPolicy", ("cloudkms.cryptoKeys.getIamPolicy",)),
    (r"org_policy/.*", ("orgpolicy.policy.get",)),
    (r"logging/.*/sinks/.*", ("logging.sinks.get",)),
    (r"logging/.*/buckets/.*", ("logging.buckets.get",)),
    (r"iam/v1/.*serviceAccounts/.*:getIamPolicy", ("iam.serviceAccounts.getIamPolicy",)),
    (r"iam/v1/.*/keys", ("iam.serviceAccountKeys.list",)),
    (r"iam/v1/.*roles/.*", ("iam.roles.get",)),
    (r"iam/v2/policies/.*/denypolicies", ("iam.denypolicies.list",)),
    (r"iam/v2/policies/.*/denypolicies/.*", ("iam.denypolicies.get",)),
    (r"access_context/v1/accessPolicies", ("accesscontextmanager.policies.list",)),
    (r"access_context/v1/.*/servicePerimeters", ("accesscontextmanager.servicePerimeters.list",)),
    (r"secrets/v1/.*:getIamPolicy", ("secretmanager.secrets.getIamPolicy",)),
)
"""Permissions by the path of a call (reference pages of the interfaces, 2026-11-24); the last that fits counts."""


@dataclass(frozen=True)
class Session:
    """Sends the calls of one account to the stand-in."""

    member: str
    iam: Iam
    answer: Callable[["Session", str, Mapping[str, Any]], Any]

    def request(self, _: str, url: str, **options: Any) -> requests.Response:
        """Answer one call, or refuse it with 403."""
        path = unquote(url.removeprefix("http://"))
        found = requests.Response()
        found.status_code = 200
        try:
            fitting = [names for pattern, names in _PERMISSIONS if re.fullmatch(pattern, path)]
            for permission in fitting[-1]:
                self.iam.require(self.member, permission, self._resource(path))
            found.json = lambda: self.answer(self, path, options.get("params") or {})  # type: ignore[method-assign]
        except DeniedError:
            found.status_code = 403
        return found

    def _resource(self, path: str) -> str:
        bucket = re.match(r"storage/storage/v1/b/([^/]+)", path)
        return f"buckets/{bucket[1]}" if bucket else f"organizations/{self.iam.foundation.given['organization']}"


def connect(iam: Iam, own: str, reading: str, canary: str) -> Connection:
    """Return a connection to the stand-in as three accounts."""
    answer = Surroundings(iam).answer
    endpoints = Endpoints(**{item.name: f"http://{item.name}" for item in fields(Endpoints)})
    sessions = (Session(member, iam, answer) for member in (reading, own, canary))
    return Connection(*sessions, endpoints, sleep=lambda _: None)


@dataclass(frozen=True)
class Surroundings:
    """Answers of the interfaces about the projects after Terraform was applied."""

    iam: Iam

    @property
    def made(self) -> Module:
        """Return the foundation."""
        return self.iam.foundation

    def answer(self, session: Session, path: str, query: Mapping[str, Any]) -> Any:
        """Answer one call."""
        interface, _, rest = path.partition("/")
        return getattr(self, f"_{interface}")(session, rest, query)

    def _storage(self, session: Session, path: str, query: Mapping[str, Any]) -> Any:
        if path.endswith(("/hmacKeys", "/managedFolders", "/notificationConfigs")):
            return {}
        if path.endswith("/serviceAccount"):
            home = number(self.made.given["project"])
            return {"email_address": f"service-{home}@gs-project-accounts.iam.gserviceaccount.com"}
        name = path.split("/")[3]
        if path.endswith("/iam/testPermissions"):
            return {
                "permissions": [
                    item for item in query["permissions"] if self._holds(session.member, item, f"buckets/{name}")
                ]
            }
        if path.endswith("/iam"):
            return self._policy(f"buckets/{name}")
        (made,) = (item for item in self.made.all("google_storage_bucket") if item["name"] == name)
        return bucket(made)

    def _holds(self, member: str, permission: str, resource: str) -> bool:
        try:
            self.iam.require(member, permission, resource)
        except DeniedError:
            return False
        return True

    def _policy(self, resource: str) -> dict[str, Any]:
        bindings = [
            {"role": item.role, "members": [item.member]}
            | ({"condition": {"title": "until", "expression": item.until}} if item.until else {})
            for item in self.iam.grants
            if item.resource == resource
        ]
        return {"version": 3, "etag": "CAE=", "bindings": bindings}

    def _resource_manager(self, _: Session, path: str, __: Mapping[str, Any]) -> Any:
        kind, name = path.removeprefix("v3/").removesuffix(":getIamPolicy").split("/")
        given = self.made.given
        known = {given[key] for key in ("project", "runs_project", "logs_project")}
        name = next((item for item in known if name == number(item)), name)
        if not path.endswith(":getIamPolicy"):
            return {
                "name": f"projects/{number(name)}",
                "projectId": name,
                "parent": f"organizations/{given['organization']}",
            }
        policy = self._policy(f"{kind}/{name}")
        audited = [item for item in self.made.all("google_project_iam_audit_config") if item["project"] == name]
        logs = [
            {
                "service": item["service"],
                "auditLogConfigs": [{"logType": kind["log_type"]} for kind in item["audit_log_config"]],
            }
            for item in audited
        ]
        return policy | {"auditConfigs": logs}

    def _asset(self, _: Session, __: str, query: Mapping[str, Any]) -> Any:
        resource = query["analysisQuery.resourceSelector.fullResourceName"]
        name = re.sub(r"^//storage.googleapis.com/", "buckets/", resource).removeprefix("//cloudkms.googleapis.com/")
        wanted = query["analysisQuery.accessSelector.permissions"]
        members = {item.member for item in self.iam.grants}
        return analysis(*sorted(who for who in members if any(self._granted(who, item, name) for item in wanted)))

    def _granted(self, member: str, permission: str, resource: str) -> bool:
        above = set(self.iam.above(resource))
        return any(
            item.member == member and item.resource in above and permission in self.iam.roles[item.role]
            for item in self.iam.grants
        )

    def _kms(self, _: Session, path: str, __: Mapping[str, Any]) -> Any:
        name = path.removeprefix("v1/")
        if name.endswith(":getIamPolicy"):
            return self._policy(name.removesuffix(":getIamPolicy"))
        (key,) = (item for item in self.made.all("google_kms_crypto_key") if item["id"] == name)
        return {
            "name": name,
            "purpose": key["purpose"],
            "rotationPeriod": key["rotation_period"],
            "primary": {"state": "ENABLED"},
        }

    def _org_policy(self, _: Session, path: str, __: Mapping[str, Any]) -> Any:
        name = path.removeprefix("v2/").removesuffix(":getEffectivePolicy")
        made = {item["name"]: item["spec"][0]["rules"][0] for item in self.made.all("google_org_policy_policy")}
        rule = made.get(name, {})
        if "values" in rule:
            forms = {"allowed_values": "allowedValues", "denied_values": "deniedValues"}
            rule = {"values": {forms[key]: value for key, value in rule["values"][0].items()}}
        return {"spec": {"rules": [{"enforce": rule["enforce"] == "TRUE"} if "enforce" in rule else rule]}}

    def _logging(self, _: Session, path: str, __: Mapping[str, Any]) -> Any:
        if "/buckets/" in path:
            (made,) = self.made.all("google_logging_project_bucket_config")
            return {"retentionDays": made["retention_days"], "locked": made["locked"], "lifecycleState": "ACTIVE"}
        sinks = {
            f"v2/projects/{item['project']}/sinks/{item['name']}": item
            for item in self.made.all("google_logging_project_sink")
        }
        return {"destination": sinks[path]["destination"], "filter": sinks[path]["filter"]}

    def _iam(self, _: Session, path: str, __: Mapping[str, Any]) -> Any:
        if path.startswith("v2/"):
            return self._denials(path)
        if path.endswith("/keys"):
            return {}
        if path.endswith(":getIamPolicy"):
            email = path.removesuffix(":getIamPolicy").rpartition("/")[2]
            return self._policy(f"projects/{self.made.given['runs_project']}/serviceAccounts/{email}")
        return {"includedPermissions": self.iam.roles[path.removeprefix("v1/")]}

    def _denials(self, path: str) -> Any:
        point, _, name = path.removeprefix("v2/").partition("/denypolicies")
        found = [
            item for item in self.made.all("google_iam_deny_policy") if point == f"policies/{unquote(item['parent'])}"
        ]
        if not name:
            return {"policies": [{"name": f"{point}/denypolicies/{item['name']}"} for item in found]}
        rule = found[0]["rules"][0]["deny_rule"][0]
        forms = {
            "denied_principals": "deniedPrincipals",
            "exception_principals": "exceptionPrincipals",
            "denied_permissions": "deniedPermissions",
        }
        return {"name": name, "rules": [{"denyRule": {forms[key]: value for key, value in rule.items()}}]}

    def _access_context(self, _: Session, path: str, __: Mapping[str, Any]) -> Any:
        name = self.made.given["perimeter"]
        if not path.endswith("/servicePerimeters"):
            return {"accessPolicies": [{"name": name.partition("/servicePerimeters")[0]}]}
        joined = [
            item["resource"] for item in self.made.all("google_access_context_manager_service_perimeter_resource")
        ]
        services = ["storage", "cloudkms", "dataflow", "secretmanager"]
        status = {"resources": joined, "restrictedServices": [f"{item}.googleapis.com" for item in services]}
        return {
            "servicePerimeters": [
                {"name": name, "title": "it", "perimeterType": "PERIMETER_TYPE_REGULAR", "status": status}
            ]
        }

    def _secrets(self, _: Session, path: str, __: Mapping[str, Any]) -> Any:
        return self._policy(path.removeprefix("v1/").removesuffix(":getIamPolicy"))


def bucket(made: Mapping[str, Any]) -> dict[str, Any]:
    """Return a bucket as the storage interface would describe it."""
    encryption = made["encryption"][0]
    enforced = {
        _camel(name): {"restrictionMode": value[0]["restriction_mode"]}
        for name, value in encryption.items()
        if name.endswith("_enforcement_config")
    }
    rules = [
        {"action": {"type": rule["action"][0]["type"]}, "condition": dict(rule["condition"][0])}
        for rule in made["lifecycle_rule"]
    ]
    uniform = {"enabled": made["uniform_bucket_level_access"], "lockedTime": "2027-02-20T00:00:00.000Z"}
    access = {"publicAccessPrevention": made["public_access_prevention"], "uniformBucketLevelAccess": uniform}
    return {
        "name": made["name"],
        "location": made["location"].upper(),
        "metageneration": "1",
        "labels": made["labels"],
        "iamConfiguration": access,
        "versioning": {"enabled": made["versioning"][0]["enabled"]},
        "softDeletePolicy": {
            "retentionDurationSeconds": str(made["soft_delete_policy"][0]["retention_duration_seconds"])
        },
        "lifecycle": {"rule": rules},
        "encryption": {"defaultKmsKeyName": encryption["default_kms_key_name"], **enforced},
        "billing": {"requesterPays": made["requester_pays"]},
        "defaultEventBasedHold": made["default_event_based_hold"],
    }


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.title() for part in others)
