"""What Terraform would make is a bucket that the preflight accepts, under the agreement that Terraform writes."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.config import load_record
from pipelines.preflight.collect_bucket import collect_bucket
from pipelines.preflight.guard import beside
from tests.deploy.terraform import FOLDER, Blocks, bucket, iam_policy, sources
from tests.preflight.stub import serving
from tests.preflight.world import (
    AGENT,
    BUCKET,
    CANARY,
    COMPUTE_AGENT,
    DATAFLOW_AGENT,
    ERASER,
    LAUNCHER,
    NOW,
    NUMBER,
    ORG,
    PREFLIGHT,
    PROJECT,
    READERS,
    WORKER,
    account,
    analysis,
    binding,
    good,
)
from transforms.preflight.facts import CONSTRAINTS, PERMISSIONS
from transforms.preflight.iam import touches_data, widens
from transforms.preflight.judge_bucket import judge_bucket
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import Outcome, Verdict

_KEY = f"projects/{PROJECT}/locations/europe-west1/keyRings/keyveil/cryptoKeys/bucket"
_RING = _KEY.split("/cryptoKeys/", maxsplit=1)[0]
_VERIFIER = account("verifier")
_ALL_READERS = [*READERS, _VERIFIER]
_LABELS = {"data_class": "restricted", "dpia": "dpia-12", "owner": "privacy"}
_MEMBERS = {
    "worker": WORKER,
    "launcher": LAUNCHER,
    "preflight": PREFLIGHT,
    "eraser": ERASER,
    "canary": CANARY,
    "verifier": _VERIFIER,
}


def _principal(member: str) -> str:
    kind, name = member.split(":", 1)
    service = "principal://iam.googleapis.com/projects/-/serviceAccounts/"
    return (service if kind == "serviceAccount" else "principal://goog/subject/") + name


_ROOT_NAMES: dict[str, Any] = {
    "var.project": PROJECT,
    "var.organization": ORG,
    "var.logs_project": "acme-logs",
    "var.region": "europe-west1",
    "var.bucket": BUCKET,
    "var.labels": _LABELS,
    "var.retention_days": 90,
    "var.log_retention_days": 400,
    "var.readers_until": "2027-01-31T00:00:00Z",
    "var.administrators": ["user:root@example.com"],
    "var.allowed_customers": ["C01abc"],
    "var.perimeter": "accessPolicies/5/servicePerimeters/telemetry",
    "data.google_project.this.number": NUMBER,
    "google_kms_crypto_key.bucket.id": _KEY,
    "google_kms_key_ring.this.id": _RING,
    "google_logging_project_sink.audit.name": "keyveil-audit",
    "google_project_iam_custom_role.launcher.id": f"projects/{PROJECT}/roles/keyveilLauncher",
    "google_organization_iam_custom_role.preflight.id": f"organizations/{ORG}/roles/keyveilPreflight",
    "local.readers": _ALL_READERS,
    "local.storage_agent": AGENT,
    "local.dataflow_agent": DATAFLOW_AGENT,
    "local.compute_agent": COMPUTE_AGENT,
    "values(local.principal)": [_principal(name) for name in (*_ALL_READERS, WORKER, ERASER, DATAFLOW_AGENT)],
    **{f"local.member.{name}": member for name, member in _MEMBERS.items()},
}
_UNRESOLVED = {"depends_on", "lifecycle", "parent", "perimeter_name"}


@pytest.fixture(scope="module")
def root() -> Blocks:
    return Blocks(sources(FOLDER), _ROOT_NAMES)


def _restricted(root: Blocks, change: tuple[str, str] = ("", ""), name: str = "restricted") -> Blocks:
    """Return the module as the root calls it for one bucket, with one change of its text."""
    call = next(block[name] for document in root.parsed for block in document.get("module", []) if name in block)
    names = {f"var.{key}": root.resolve(value) for key, value in call.items() if key not in _UNRESOLVED}
    names = {"var.readers": []} | names
    files = sources(FOLDER / "restricted_bucket")
    assert change[0] in files["main.tf"]
    return Blocks({"main.tf": files["main.tf"].replace(*change, 1) if change[0] else files["main.tf"]}, names)


def _members(root: Blocks, kind: str, place: str) -> list[dict[str, Any]]:
    found = [
        {key: item for key, item in block.items() if key in {"role", "member", place}}
        for block in root.all("resource", kind).values()
    ]
    return [root.resolve(block) for block in found if root.resolve(block[place]) in {PROJECT, ORG}]


def _applied(root: Blocks, module: Blocks) -> Mapping[str, Any]:
    """Return a world in which everything that Terraform decides is as Terraform makes it."""
    world = good()
    world = {
        path.replace("acme-keys/", f"{PROJECT}/").replace("/restricted", "/bucket"): v for path, v in world.items()
    }
    storage, manager, iam = f"storage/storage/v1/b/{BUCKET}", "resource_manager/v3", "iam/v1"
    world[storage] = bucket(module)
    world[f"{storage}/iam"] = iam_policy(module, "access")
    key = root.one("resource", "google_kms_crypto_key", "bucket")
    world[f"kms/v1/{_KEY}"] = {
        "name": f"{key['key_ring']}/cryptoKeys/{key['name']}",
        "purpose": key["purpose"],
        "rotationPeriod": key["rotation_period"],
        "primary": {"state": "ENABLED"},
    }
    world[f"kms/v1/{_KEY}:getIamPolicy"] = iam_policy(root, "bucket_key")
    audit = root.one("resource", "google_project_iam_audit_config", "storage")
    project = world[f"{manager}/projects/{NUMBER}:getIamPolicy"]
    project["bindings"] = [
        binding(item["role"], item["member"]) for item in _members(root, "google_project_iam_member", "project")
    ]
    project["bindings"] += [
        binding("roles/dataflow.serviceAgent", DATAFLOW_AGENT),
        binding("roles/compute.serviceAgent", COMPUTE_AGENT),
    ]
    kinds = [{"logType": item["log_type"]} for item in audit["audit_log_config"]]
    project["auditConfigs"] = [{"service": audit["service"], "auditLogConfigs": kinds}]
    log_bucket = root.one("resource", "google_logging_project_bucket_config", "audit")
    world["logging/v2/projects/acme-logs/locations/europe-west1/buckets/keyveil-audit"] = {
        "retentionDays": log_bucket["retention_days"],
        "locked": log_bucket["locked"],
        "lifecycleState": "ACTIVE",
    }
    sink = root.one("resource", "google_logging_project_sink", "audit")
    world[f"logging/v2/projects/{PROJECT}/sinks/{sink['name']}"] = {
        "destination": sink["destination"],
        "filter": sink["filter"],
    }
    role = root.one("resource", "google_organization_iam_custom_role", "preflight")
    world[f"{iam}/organizations/{ORG}/roles/{role['role_id']}"] = {"includedPermissions": role["permissions"]}
    launcher = root.one("resource", "google_project_iam_custom_role", "launcher")
    world[f"{iam}/projects/{PROJECT}/roles/keyveilLauncher"] = {"includedPermissions": launcher["permissions"]}
    world[f"{iam}/roles/workflows.invoker"] = {"includedPermissions": ["workflows.executions.create"]}
    email = WORKER.removeprefix("serviceAccount:")
    world[f"{iam}/projects/-/serviceAccounts/{email}:getIamPolicy"] = iam_policy(root, "act_as_worker")
    for name in (_VERIFIER, ERASER):
        other = name.removeprefix("serviceAccount:")
        world[f"{iam}/projects/-/serviceAccounts/{other}:getIamPolicy"] = {"version": 1}
        world[f"{iam}/projects/-/serviceAccounts/{other}/keys"] = {}
    world |= _org_policies(root)
    denial = root.one("resource", "google_iam_deny_policy", "others")["rules"][0]["deny_rule"][0]
    point = f"iam/v2/policies/cloudresourcemanager.googleapis.com%2Fprojects%2F{NUMBER}/denypolicies/keyveil-readers"
    names = {"denied_principals": "deniedPrincipals", "exception_principals": "exceptionPrincipals"}
    names["denied_permissions"] = "deniedPermissions"
    world[point]["rules"] = [{"denyRule": {names[key]: value for key, value in denial.items()}}]
    world[f"asset/v1/organizations/{ORG}:analyzeIamPolicy"] = {
        f"//storage.googleapis.com/{BUCKET}": analysis(*_ALL_READERS, WORKER, ERASER, DATAFLOW_AGENT),
        f"//cloudkms.googleapis.com/{_KEY}": analysis(AGENT),
    }
    return world


def _org_policies(root: Blocks) -> dict[str, Any]:
    made = {}
    for name, block in root.all("resource", "google_org_policy_policy").items():
        each = CONSTRAINTS[:3] if name == "switch" else (None,)
        for value in each:
            found = root.resolve({key: block[key] for key in ("name", "spec")}, {"each.value": value})
            rule = found["spec"][0]["rules"][0]
            if "values" in rule:
                lists = rule["values"][0].items()
                rule = {
                    "values": {
                        "allowedValues" if key == "allowed_values" else "deniedValues": item for key, item in lists
                    }
                }
            else:
                rule = {"enforce": rule["enforce"] == "TRUE"}
            made[f"org_policy/v2/{found['name']}:getEffectivePolicy"] = {"spec": {"rules": [rule]}}
    return made


def _agreement(root: Blocks, tmp_path: Path) -> BucketPolicy:
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(root.local("agreement")))
    return load_record(BucketPolicy, tmp_path / "policy.yaml")


def _verdict(world: Mapping[str, Any], agreed: BucketPolicy) -> Verdict:
    with serving(dict(world)) as stub:
        assert stub.connection is not None
        facts = collect_bucket(stub.connection, agreed, NOW, writing=True)
    assert facts.unreadable == {}
    return judge_bucket(facts, agreed)


def test_what_terraform_makes_passes_the_preflight_that_terraform_writes(root: Blocks, tmp_path: Path) -> None:
    agreed = _agreement(root, tmp_path)
    verdict = _verdict(_applied(root, _restricted(root)), agreed)
    assert [(item.check, item.read) for item in verdict.findings if item.outcome is not Outcome.PASSED] == []


@pytest.mark.parametrize(("name", "keeps"), [("staging", False), ("state", True)])
def test_the_buckets_beside_it_pass_under_the_same_agreement(
    name: str, keeps: bool, root: Blocks, tmp_path: Path
) -> None:
    agreed = beside(_agreement(root, tmp_path), f"{BUCKET}-{name}", keeps=keeps)
    made = _moved(_applied(root, _restricted(root, name=name)), agreed.bucket)
    reading = made[f"asset/v1/organizations/{ORG}:analyzeIamPolicy"]
    reading[f"//storage.googleapis.com/{agreed.bucket}"] = analysis(WORKER, ERASER, DATAFLOW_AGENT)
    assert [(item.check, item.read) for item in _verdict(made, agreed).of(Outcome.FAILED)] == []
    reading[f"//storage.googleapis.com/{agreed.bucket}"] = analysis(READERS[0], WORKER, ERASER, DATAFLOW_AGENT)
    assert [item.check for item in _verdict(made, agreed).of(Outcome.FAILED)] == ["effective-readers"]


def _moved(world: Mapping[str, Any], bucket_name: str) -> dict[str, Any]:
    """Return the world with the bucket under another name."""
    moved = re.sub(rf"\b{BUCKET}\b(?!-)", bucket_name, json.dumps(world))
    return json.loads(moved)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (
            ('public_access_prevention    = "enforced"', 'public_access_prevention    = "inherited"'),
            "public-access-prevention",
        ),
        (("uniform_bucket_level_access = true", "uniform_bucket_level_access = false"), "uniform-access"),
        (("enabled = false", "enabled = true"), "one-version"),
        (("retention_duration_seconds = 0", "retention_duration_seconds = 604800"), "gone"),
        (("age = var.retention_days", "age = 3650"), "ends"),
        (('restriction_mode = "FullyRestricted"', 'restriction_mode = "NotRestricted"'), "own-key"),
        (("default_kms_key_name = var.kms_key", 'default_kms_key_name = "other"'), "own-key"),
        (("requester_pays              = false", "requester_pays              = true"), "no-side-doors"),
        (("default_event_based_hold    = false", "default_event_based_hold    = true"), "erasable"),
        (('role    = "roles/storage.objectUser"', 'role    = "roles/storage.admin"'), "no-other-roles"),
        (("request.time < timestamp", "request.time > timestamp"), "grants-expire"),
    ],
)
def test_a_careless_change_of_the_module_is_refused(
    change: tuple[str, str], check: str, root: Blocks, tmp_path: Path
) -> None:
    verdict = _verdict(_applied(root, _restricted(root, change)), _agreement(root, tmp_path))
    assert check in {item.check for item in verdict.of(Outcome.FAILED)}


def test_the_preflight_role_reads_every_fact_and_does_nothing_else(root: Blocks) -> None:
    role = root.one("resource", "google_organization_iam_custom_role", "preflight")
    held = set(role["permissions"])
    named = {word.rstrip(",") for words in PERMISSIONS.values() for word in words.split() if word.count(".") >= 2}
    assert named <= held
    assert not touches_data(held)
    assert not widens(held)


def test_every_grant_on_data_and_keys_is_authoritative(root: Blocks) -> None:
    """``..._iam_member`` adds and never takes away: the members of a new bucket would stay."""
    module = _restricted(root)
    assert set(module.all("resource", "google_storage_bucket_iam_policy")) == {"this"}
    for blocks in (root, module):
        assert not blocks.all("resource", "google_kms_crypto_key_iam_member")
        assert not blocks.all("resource", "google_storage_bucket_iam_binding")
        assert set(blocks.all("resource", "google_storage_bucket_iam_member")) <= {"input"}
    keys = set(root.all("resource", "google_kms_crypto_key"))
    assert keys == set(root.all("resource", "google_kms_crypto_key_iam_policy"))


def test_no_account_gets_a_basic_or_administrative_role_and_none_gets_a_key(root: Blocks) -> None:
    roles = {item["role"] for item in _members(root, "google_project_iam_member", "project")}
    assert roles == {"roles/dataflow.worker", f"projects/{PROJECT}/roles/keyveilLauncher", "roles/workflows.invoker"}
    assert not root.all("resource", "google_service_account_key")
    assert not root.all("resource", "google_storage_hmac_key")
    text = "".join(sources(FOLDER).values())
    assert "local.member.canary" in text
    assert text.count("local.member.canary") == 1, "the canary stands in the agreement and is granted nothing"


def test_workers_reach_google_and_each_other_and_nothing_else(root: Blocks) -> None:
    rules = root.all("resource", "google_compute_firewall")
    assert {rule["direction"] for rule in rules.values()} == {"EGRESS"}
    assert {str(rule["target_service_accounts"]) for rule in rules.values()} == {
        "['${google_service_account.this[\"worker\"].email}']"
    }
    denial = rules.pop("nowhere")
    assert (denial["destination_ranges"], denial["deny"][0]["protocol"]) == (["0.0.0.0/0"], "all")
    assert {(name, *rule["destination_ranges"], *rule["allow"][0]["ports"]) for name, rule in rules.items()} == {
        ("google", "199.36.153.4/30", "443"),
        ("workers", "${data.google_compute_subnetwork.workers.ip_cidr_range}", "12345-12346"),
    }
    assert all(int(rule["priority"]) < int(denial["priority"]) for rule in rules.values())
