"""Stand-in for Google's IAM after Terraform was applied: it refuses what the cloud refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.terraform import Module, number

ROLES: Mapping[str, list[str]] = yaml.safe_load((Path(__file__).parent / "roles.yaml").read_text(encoding="utf-8"))
_AGENT_ROLES = {
    "run.googleapis.com": "roles/run.serviceAgent",
    "workflows.googleapis.com": "roles/workflows.serviceAgent",
    "cloudscheduler.googleapis.com": "roles/cloudscheduler.serviceAgent",
    "dataflow.googleapis.com": "roles/dataflow.serviceAgent",
}
"""Roles that an agent gets on its project when its interface is turned on."""


class DeniedError(Exception):
    """A call that the cloud would refuse."""


@dataclass(frozen=True)
class Granted:
    """A role of a member on a resource; ``until`` ends it."""

    resource: str
    role: str
    member: str
    until: str = ""


@dataclass
class Iam:
    """Grants, roles and denials of both modules; ``asked`` collects what was asked for and allowed."""

    foundation: Module
    runs: Module
    asked: set[tuple[str, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.grants = list(_grants(self.foundation)) + list(_grants(self.runs))
        kinds = ("google_project_iam_custom_role", "google_organization_iam_custom_role")
        own = [role for kind in kinds for role in self.foundation.all(kind)]
        self.roles = {**ROLES, **{role["id"]: role["permissions"] for role in own}}
        self.homes = dict(_homes(self.foundation, self.runs))
        self.denials = [
            (policy["parent"], policy["rules"][0]["deny_rule"][0])
            for policy in self.foundation.all("google_iam_deny_policy")
        ]

    def require(self, member: str, permission: str, resource: str) -> None:
        """Raise ``DeniedError`` unless the member holds the permission on the resource or above it."""
        above = list(self.above(resource))
        held = any(
            grant.resource in above and grant.member == member and permission in self.roles[grant.role]
            for grant in self.grants
        )
        if not held or self._is_denied(member, permission, above):
            raise DeniedError(f"{member} lacks {permission} on {resource}")
        self.asked.add((member, permission, resource))

    def above(self, resource: str) -> Iterator[str]:
        while resource:
            yield resource
            resource = self.homes.get(resource, "")

    def _is_denied(self, member: str, permission: str, above: list[str]) -> bool:
        service, _, action = permission.partition(".")
        named = f"{service}.googleapis.com/{action}"
        denied = [rule for parent, rule in self.denials if any(parent.endswith(_number(name)) for name in above)]
        return any(
            named in rule["denied_permissions"] and _principal(member) not in rule["exception_principals"]
            for rule in denied
        )


def _number(resource: str) -> str:
    return f"projects%2F{number(resource.removeprefix('projects/'))}" if resource.startswith("projects/") else "\0"


def _principal(member: str) -> str:
    kind, _, name = member.partition(":")
    service = "principal://iam.googleapis.com/projects/-/serviceAccounts/"
    return (service if kind == "serviceAccount" else "principal://goog/subject/") + name


def _homes(*modules: Module) -> Iterator[tuple[str, str]]:
    """Yield what lies directly above each resource that is granted on."""
    data, runs = (f"projects/{modules[0].given[name]}" for name in ("project", "runs_project"))
    organization = f"organizations/{modules[0].given['organization']}"
    yield from ((data, organization), (runs, organization))
    for kind in ("google_kms_crypto_key", "google_secret_manager_secret"):
        yield from ((item["id"], data) for item in modules[0].all(kind))
    yield from ((f"buckets/{item['name']}", data) for item in modules[0].all("google_storage_bucket"))
    yield from ((item["name"], runs) for item in modules[0].all("google_service_account"))
    yield "repositories/keyveil", runs
    for module in modules:
        yield from ((item["id"], runs) for item in module.all("google_cloud_run_v2_job"))


def _grants(module: Module) -> Iterator[Granted]:
    for item in module.all("google_project_iam_member"):
        yield Granted(f"projects/{item['project']}", item["role"], item["member"])
    for item in module.all("google_organization_iam_member"):
        yield Granted(f"organizations/{item['org_id']}", item["role"], item["member"])
    for item in module.all("google_storage_bucket_iam_member"):
        yield Granted(f"buckets/{item['bucket']}", item["role"], item["member"])
    for item in module.all("google_cloud_run_v2_job_iam_member"):
        place = f"projects/{item['project']}/locations/{item['location']}/jobs/{item['name']}"
        yield Granted(place, item["role"], item["member"])
    for item in module.all("google_project_service_identity"):
        if role := _AGENT_ROLES.get(item["service"]):
            yield Granted(f"projects/{item['project']}", role, f"serviceAccount:{item['email']}")
    for item in module.all("google_project_service"):
        if item["service"] == "compute.googleapis.com":
            agent = f"serviceAccount:service-{number(item['project'])}@compute-system.iam.gserviceaccount.com"
            yield Granted(f"projects/{item['project']}", "roles/compute.serviceAgent", agent)
    yield from _authoritative(module)


def _authoritative(module: Module) -> Iterator[Granted]:
    places = {
        "google_storage_bucket_iam_policy": lambda item: f"buckets/{item['bucket']}",
        "google_kms_crypto_key_iam_policy": lambda item: item["crypto_key_id"],
        "google_secret_manager_secret_iam_policy": lambda item: (
            f"projects/{item['project']}/secrets/{item['secret_id']}"
        ),
        "google_service_account_iam_policy": lambda item: item["service_account_id"],
        "google_artifact_registry_repository_iam_policy": lambda item: f"repositories/{item['repository']}",
    }
    for kind, place in places.items():
        for item in module.all(kind):
            yield from _bindings(place(item), item["policy_data"])


def _bindings(place: str, policy: Mapping[str, Any]) -> Iterator[Granted]:
    for binding in policy["bindings"]:
        until = binding["condition"][0]["expression"] if "condition" in binding else ""
        for member in binding["members"]:
            yield Granted(place, binding["role"], member, until)
