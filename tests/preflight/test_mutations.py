"""One change of a good bucket at a time: each is caught by the check that it belongs to."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pipelines.preflight.collect_bucket import collect_bucket
from tests.preflight.stub import serving
from tests.preflight.world import (
    AGENT,
    BUCKET,
    COMPUTE_AGENT,
    CONDITION,
    ERASER,
    FOLDER,
    KEY,
    LOGS,
    NOW,
    NUMBER,
    ORG,
    PREFLIGHT,
    PROJECT,
    READERS,
    SECRET,
    SINK,
    STORAGE_B,
    WORKER,
    binding,
    good,
    policy,
)
from transforms.preflight.judge_bucket import BUCKET_CHECKS, judge_bucket
from transforms.preflight.verdict import CheckOutcome

World = dict[str, Any]
Change = Callable[[World], None]

_GONE = object()
_B, _IAM = STORAGE_B, f"{STORAGE_B}/iam"
_MANAGER = "resource_manager/v3"
_PROJECT = f"{_MANAGER}/projects/{NUMBER}:getIamPolicy"
_FOLDER = f"{_MANAGER}/folders/{FOLDER}:getIamPolicy"
_ORG = f"{_MANAGER}/organizations/{ORG}:getIamPolicy"
_LOG_PROJECT = f"{_MANAGER}/projects/acme-logs:getIamPolicy"
_ANALYSIS = f"asset/v1/organizations/{ORG}:analyzeIamPolicy"
_BUCKET_NAME, _KEY_NAME = f"//storage.googleapis.com/{BUCKET}", f"//cloudkms.googleapis.com/{KEY}"
_RING = KEY.split("/cryptoKeys/")[0]
_WORKER = f"iam/v1/projects/-/serviceAccounts/{WORKER.removeprefix('serviceAccount:')}"
_READER = f"iam/v1/projects/-/serviceAccounts/{READERS[0].removeprefix('serviceAccount:')}"
_POINT = f"policies/cloudresourcemanager.googleapis.com%2Fprojects%2F{NUMBER}/denypolicies"
_DENIAL = (f"iam/v2/{_POINT}/keyveil-readers", "rules", 0, "denyRule")
_PERIMETER = ("access_context/v1/accessPolicies/5/servicePerimeters", "servicePerimeters", 0)
_SECRET = f"secrets/v1/{SECRET}:getIamPolicy"
_BOB = "user:bob@example.com"
_VIEWER = "roles/storage.objectViewer"


def put(*path: Any) -> Change:
    """Set the value at ``path[:-1]`` to ``path[-1]``; ``_GONE`` removes it."""
    *place, last, value = path

    def change(world: World) -> None:
        at: Any = world
        for part in place:
            at = at.setdefault(part, {}) if isinstance(at, dict) else at[part]
        if value is _GONE:
            del at[last]
        else:
            at[last] = value

    return change


def bind(where: str, role: str, *members: str, until: bool = False) -> Change:
    return lambda world: world[where].setdefault("bindings", []).append(binding(role, *members, until=until))


def join(where: str, resource: str, name: str) -> Change:
    return lambda world: world[where][resource]["mainAnalysis"]["analysisResults"].append(
        {"identityList": {"identities": [{"name": name}]}}
    )


def rules(name: str, *found: dict[str, Any]) -> Change:
    return put(f"org_policy/v2/projects/{PROJECT}/policies/{name}:getEffectivePolicy", "spec", {"rules": list(found)})


def _folder(world: World) -> None:
    world[f"{_B}/managedFolders"]["items"] = [{"name": "open/", "kind": "storage#managedFolder"}]
    world[f"{_B}/managedFolders/open%2F/iam"] = {"version": 1, "bindings": [binding(_VIEWER, _BOB)]}


def ends(text: str) -> Change:
    return put(_IAM, "bindings", 0, "condition", {"title": "until", "expression": text})


def _role(name: str, *held: str) -> Change:
    return put(f"iam/v1/{name}", {"name": name, "includedPermissions": list(held)})


MUTATIONS: dict[str, tuple[str, Change]] = {
    "prevention inherited": (
        "public-access-prevention",
        put(_B, "iamConfiguration", "publicAccessPrevention", "inherited"),
    ),
    "prevention not set": ("public-access-prevention", put(_B, "iamConfiguration", "publicAccessPrevention", _GONE)),
    "uniform access off": (
        "uniform-access",
        put(_B, "iamConfiguration", "uniformBucketLevelAccess", {"enabled": False}),
    ),
    "uniform access not set": ("uniform-access", put(_B, "iamConfiguration", "uniformBucketLevelAccess", _GONE)),
    "access list": ("no-access-lists", put(_B, "acl", [{"entity": "user-bob@example.com", "role": "READER"}])),
    "default access list": (
        "no-access-lists",
        put(_B, "defaultObjectAcl", [{"entity": "project-viewers-4711", "role": "READER"}]),
    ),
    "allUsers": ("not-public", bind(_IAM, _VIEWER, "allUsers")),
    "allAuthenticatedUsers": ("not-public", bind(_IAM, _VIEWER, "allAuthenticatedUsers", until=True)),
    "project viewers": (
        "no-convenience-members",
        bind(_IAM, "roles/storage.legacyObjectReader", f"projectViewer:{PROJECT}"),
    ),
    "project owners": (
        "no-convenience-members",
        bind(_IAM, "roles/storage.legacyBucketOwner", f"projectOwner:{PROJECT}"),
    ),
    "project editors": (
        "no-convenience-members",
        bind(_IAM, "roles/storage.legacyBucketOwner", f"projectEditor:{PROJECT}"),
    ),
    "domain": ("no-wide-members", bind(_IAM, _VIEWER, "domain:example.com", until=True)),
    "principal set": (
        "no-wide-members",
        bind(_IAM, _VIEWER, "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*"),
    ),
    "deleted member": ("no-wide-members", bind(_IAM, _VIEWER, "deleted:user:eve@example.com?uid=1", until=True)),
    "unapproved group": ("no-wide-members", bind(_IAM, _VIEWER, "group:team@example.com", until=True)),
    "reader too many": ("exact-readers", bind(_IAM, _VIEWER, _BOB, until=True)),
    "reader too few": ("exact-readers", put(_IAM, "bindings", 0, "members", [READERS[0]])),
    "reader by an admin role": ("no-other-roles", bind(_IAM, "roles/storage.admin", _BOB)),
    "reader by a custom role": ("no-other-roles", bind(_IAM, f"projects/{PROJECT}/roles/copier", _BOB)),
    "reader with a second role": ("no-other-roles", bind(_IAM, "roles/storage.objectUser", READERS[1])),
    "preflight reads data": ("no-other-roles", bind(_IAM, f"projects/{PROJECT}/roles/copier", PREFLIGHT)),
    "preflight role widened": (
        "no-other-roles",
        _role(f"organizations/{ORG}/roles/keyveilPreflight", "storage.buckets.get", "storage.buckets.update"),
    ),
    "writer administers": ("no-other-roles", bind(_IAM, "roles/storage.admin", WORKER)),
    "grant without end": ("grants-expire", put(_IAM, "bindings", 0, "condition", _GONE)),
    "grant for years": ("grants-expire", ends('request.time < timestamp("2037-01-31T00:00:00Z")')),
    "grant has ended": ("grants-expire", ends('request.time < timestamp("2026-11-23T00:00:00Z")')),
    "grant true for ever": ("grants-expire", ends(CONDITION["expression"] + " || true")),
    "grant not ended but begun": ("grants-expire", ends('request.time > timestamp("2027-01-31T00:00:00Z")')),
    "managed folder": ("no-folder-grants", _folder),
    "inherited reader": ("effective-readers", join(_ANALYSIS, _BUCKET_NAME, "user:eve@example.com")),
    "agent of another service reads": ("effective-readers", join(_ANALYSIS, _BUCKET_NAME, COMPUTE_AGENT)),
    "agent of another service excepted": (
        "others-denied",
        lambda world: world[_DENIAL[0]]["rules"][0]["denyRule"]["exceptionPrincipals"].append(
            f"principal://iam.googleapis.com/projects/-/serviceAccounts/{COMPUTE_AGENT.removeprefix('serviceAccount:')}"
        ),
    ),
    "analysis incomplete": ("effective-readers", put(_ANALYSIS, _BUCKET_NAME, "fullyExplored", False)),
    "analysis incomplete inside": (
        "effective-readers",
        put(_ANALYSIS, _BUCKET_NAME, "mainAnalysis", "fullyExplored", False),
    ),
    "analysis with errors": (
        "effective-readers",
        put(_ANALYSIS, _BUCKET_NAME, "mainAnalysis", "nonCriticalErrors", [{"code": "PERMISSION_DENIED"}]),
    ),
    "analysis empty": ("effective-readers", put(_ANALYSIS, _BUCKET_NAME, "mainAnalysis", "analysisResults", [])),
    "project editor": ("nothing-inherited", bind(_PROJECT, "roles/editor", _BOB)),
    "folder storage role": ("nothing-inherited", bind(_FOLDER, _VIEWER, _BOB)),
    "organisation custom role": ("nothing-inherited", bind(_ORG, f"projects/{PROJECT}/roles/copier", _BOB)),
    "unnamed administrator": ("nothing-inherited", bind(_ORG, "roles/resourcemanager.organizationAdmin", _BOB)),
    "harmless role grows": (
        "nothing-inherited",
        _role("roles/browser", "resourcemanager.projects.get", "storage.objects.get"),
    ),
    "no key": ("own-key", put(_B, "encryption", _GONE)),
    "another key": ("own-key", put(_B, "encryption", "defaultKmsKeyName", KEY + "2")),
    "Google's keys allowed": (
        "own-key",
        put(_B, "encryption", "googleManagedEncryptionEnforcementConfig", "restrictionMode", "NotRestricted"),
    ),
    "brought keys allowed": ("own-key", put(_B, "encryption", "customerSuppliedEncryptionEnforcementConfig", _GONE)),
    "managed keys forbidden": (
        "own-key",
        put(_B, "encryption", "customerManagedEncryptionEnforcementConfig", {"restrictionMode": "FullyRestricted"}),
    ),
    "key never rotates": ("sound-key", put(f"kms/v1/{KEY}", "rotationPeriod", _GONE)),
    "key rotates rarely": ("sound-key", put(f"kms/v1/{KEY}", "rotationPeriod", "31536000s")),
    "key disabled": ("sound-key", put(f"kms/v1/{KEY}", "primary", "state", "DISABLED")),
    "key for signing": ("sound-key", put(f"kms/v1/{KEY}", "purpose", "ASYMMETRIC_SIGN")),
    "key used by a person": (
        "sound-key",
        bind(f"kms/v1/{KEY}:getIamPolicy", "roles/cloudkms.cryptoKeyDecrypter", _BOB),
    ),
    "key ring used by a person": (
        "sound-key",
        bind(f"kms/v1/{_RING}:getIamPolicy", "roles/cloudkms.cryptoKeyDecrypter", _BOB),
    ),
    "key agent administers": ("sound-key", bind(f"kms/v1/{KEY}:getIamPolicy", "roles/cloudkms.admin", AGENT)),
    "key used by inheritance": ("sound-key", join(_ANALYSIS, _KEY_NAME, _BOB)),
    "key analysis incomplete": ("sound-key", put(_ANALYSIS, _KEY_NAME, "fullyExplored", False)),
    "no audit logs": ("recorded", put(_PROJECT, "auditConfigs", _GONE)),
    "reads not recorded": ("recorded", lambda world: world[_PROJECT]["auditConfigs"][0]["auditLogConfigs"].pop(1)),
    "exempted reader": (
        "recorded",
        put(_PROJECT, "auditConfigs", 0, "auditLogConfigs", 1, "exemptedMembers", [READERS[1]]),
    ),
    "exempted by the organisation": (
        "recorded",
        put(
            _ORG,
            "auditConfigs",
            [{"service": "allServices", "auditLogConfigs": [{"logType": "DATA_READ", "exemptedMembers": [_BOB]}]}],
        ),
    ),
    "sink off": ("record-kept", put(f"logging/v2/{SINK}", "disabled", True)),
    "sink excludes": (
        "record-kept",
        put(f"logging/v2/{SINK}", "exclusions", [{"name": "x", "filter": "severity=INFO"}]),
    ),
    "sink filters": ("record-kept", put(f"logging/v2/{SINK}", "filter", "severity>=ERROR")),
    "sink elsewhere": ("record-kept", put(f"logging/v2/{SINK}", "destination", "storage.googleapis.com/logs")),
    "logs forgotten": ("record-kept", put(f"logging/v2/{LOGS}", "retentionDays", 30)),
    "logs not locked": ("record-kept", put(f"logging/v2/{LOGS}", "locked", False)),
    "log bucket deleted": ("record-kept", put(f"logging/v2/{LOGS}", "lifecycleState", "DELETE_REQUESTED")),
    "reader edits logs": ("record-kept", bind(_LOG_PROJECT, "roles/logging.configWriter", READERS[1])),
    "no lifecycle": ("ends", put(_B, "lifecycle", _GONE)),
    "lifecycle too late": ("ends", put(_B, "lifecycle", "rule", 0, "condition", "age", 91)),
    "lifecycle by prefix": ("ends", put(_B, "lifecycle", "rule", 0, "condition", "matchesPrefix", ["tmp/"])),
    "lifecycle moves only": (
        "ends",
        put(_B, "lifecycle", "rule", 0, "action", {"type": "SetStorageClass", "storageClass": "ARCHIVE"}),
    ),
    "retention": ("erasable", put(_B, "retentionPolicy", {"retentionPeriod": "2592000"})),
    "retention locked": ("erasable", put(_B, "retentionPolicy", {"retentionPeriod": "0", "isLocked": True})),
    "default hold": ("erasable", put(_B, "defaultEventBasedHold", True)),
    "object retention": ("erasable", put(_B, "objectRetention", {"mode": "Enabled"})),
    "soft delete by default": ("gone", put(_B, "softDeletePolicy", _GONE)),
    "soft delete": ("gone", put(_B, "softDeletePolicy", "retentionDurationSeconds", "604800")),
    "hard deletion paused": ("gone", put(_B, "softDeletePolicy", "hardDeletePause", {"enabled": True})),
    "versioning": ("one-version", put(_B, "versioning", {"enabled": True})),
    "location": ("agreed-place", put(_B, "location", "US")),
    "dual region": ("agreed-place", put(_B, "customPlacementConfig", {"dataLocations": ["EUROPE-WEST1", "US-EAST1"]})),
    "data class": ("labelled", put(_B, "labels", "data_class", "internal")),
    "owner missing": ("labelled", put(_B, "labels", "owner", _GONE)),
    "website": ("no-side-doors", put(_B, "website", {"mainPageSuffix": "index.html"})),
    "cors": ("no-side-doors", put(_B, "cors", [{"origin": ["*"]}])),
    "requester pays": ("no-side-doors", put(_B, "billing", {"requesterPays": True})),
    "usage logs": ("no-side-doors", put(_B, "logging", {"logBucket": "elsewhere", "logObjectPrefix": "x"})),
    "foreign topic": (
        "no-side-doors",
        put(f"{_B}/notificationConfigs", "items", [{"topic": "//pubsub.googleapis.com/projects/other/topics/t"}]),
    ),
    "hmac key": (
        "no-shared-secrets",
        put(
            f"storage/storage/v1/projects/{PROJECT}/hmacKeys",
            "items",
            [{"accessId": "GOOG1", "serviceAccountEmail": WORKER.removeprefix("serviceAccount:"), "state": "ACTIVE"}],
        ),
    ),
    "hmac accepted": ("no-shared-secrets", rules("storage.restrictAuthTypes")),
    "writer's key": (
        "nobody-signs",
        put(f"{_WORKER}/keys", "keys", [{"name": "projects/p/serviceAccounts/w/keys/1", "keyType": "USER_MANAGED"}]),
    ),
    "reader's key, disabled": (
        "nobody-signs",
        put(f"{_READER}/keys", "keys", [{"name": "projects/p/serviceAccounts/r/keys/1", "disabled": True}]),
    ),
    "token creator": ("nobody-signs", bind(f"{_READER}:getIamPolicy", "roles/iam.serviceAccountTokenCreator", _BOB)),
    "another launcher": ("nobody-signs", bind(f"{_WORKER}:getIamPolicy", "roles/iam.serviceAccountUser", _BOB)),
    "token creator above": ("nobody-signs", bind(_FOLDER, "roles/iam.serviceAccountTokenCreator", _BOB)),
    "prevention not enforced above": (
        "organisation-policies",
        rules("storage.publicAccessPrevention", {"enforce": False}),
    ),
    "uniform access not enforced above": ("organisation-policies", rules("storage.uniformBucketLevelAccess")),
    "keys of accounts allowed above": (
        "organisation-policies",
        rules("iam.disableServiceAccountKeyCreation", {"enforce": True, "condition": {"expression": "false"}}),
    ),
    "any domain above": ("organisation-policies", rules("iam.allowedPolicyMemberDomains", {"allowAll": True})),
    "any place above": ("organisation-policies", rules("gcp.resourceLocations")),
    "unkeyed storage above": (
        "organisation-policies",
        rules("gcp.restrictNonCmekServices", {"values": {"deniedValues": ["bigquery.googleapis.com"]}}),
    ),
    "outside the perimeter": ("walled", put(*_PERIMETER, "status", "resources", ["projects/1"])),
    "perimeter without dataflow": (
        "walled",
        lambda world: world[_PERIMETER[0]]["servicePerimeters"][0]["status"]["restrictedServices"].pop(),
    ),
    "perimeter rehearsed only": (
        "walled",
        lambda world: world[_PERIMETER[0]]["servicePerimeters"][0].update(
            spec=world[_PERIMETER[0]]["servicePerimeters"][0].pop("status")
        ),
    ),
    "perimeter bridge": ("walled", put(*_PERIMETER, "perimeterType", "PERIMETER_TYPE_BRIDGE")),
    "perimeter lets all in": (
        "walled",
        put(
            *_PERIMETER,
            "status",
            "ingressPolicies",
            [{"ingressFrom": {"identityType": "ANY_IDENTITY", "sources": [{"accessLevel": "*"}]}}],
        ),
    ),
    "perimeter lets all out": (
        "walled",
        put(
            *_PERIMETER,
            "status",
            "egressPolicies",
            [{"egressFrom": {"identityType": "ANY_IDENTITY"}, "egressTo": {"resources": ["*"]}}],
        ),
    ),
    "no denial": ("others-denied", put(f"iam/v2/{_POINT}", "policies", [])),
    "denial of less": ("others-denied", put(*_DENIAL, "deniedPermissions", ["storage.googleapis.com/objects.delete"])),
    "denial for few": (
        "others-denied",
        put(*_DENIAL, "deniedPrincipals", ["principal://goog/subject/bob@example.com"]),
    ),
    "denial with an exception": (
        "others-denied",
        lambda world: world[_DENIAL[0]]["rules"][0]["denyRule"]["exceptionPrincipals"].append(
            "principal://goog/subject/bob@example.com"
        ),
    ),
    "denial on a condition": ("others-denied", put(*_DENIAL, "denialCondition", {"expression": "false"})),
    "denial undone": ("others-denied", put(*_DENIAL, "exceptionPermissions", ["storage.googleapis.com/objects.get"])),
    "job sets grants": ("cannot-widen", lambda world: world["held"].append("storage.buckets.setIamPolicy")),
    "job sets settings": ("cannot-widen", lambda world: world["held"].append("storage.buckets.update")),
    "job cannot write": ("cannot-widen", lambda world: world["held"].remove("storage.objects.create")),
    "no etag": ("unchanged", put(_IAM, "etag", _GONE)),
    "no metageneration": ("unchanged", put(_B, "metageneration", _GONE)),
    "eraser's token": (
        "nobody-signs",
        bind(
            f"iam/v1/projects/-/serviceAccounts/{ERASER.removeprefix('serviceAccount:')}:getIamPolicy",
            "roles/iam.serviceAccountTokenCreator",
            _BOB,
        ),
    ),
    "another reader of the keys": ("secrets-closed", bind(_SECRET, "roles/secretmanager.secretAccessor", _BOB)),
    "reader of all secrets": ("secrets-closed", bind(_FOLDER, "roles/secretmanager.secretAccessor", _BOB)),
    "canary lists objects": ("canary-refused", put("canary", "objects", 200)),
    "canary reads settings": ("canary-refused", put("canary", "settings", 200)),
    "canary meets no bucket": ("canary-refused", put("canary", "objects", 404)),
    "malformed bucket": ("own-key", put(_B, "encryption", ["surprise"])),
    "no such bucket": ("public-access-prevention", put(_B, _GONE)),
}


@pytest.fixture(scope="module")
def failed() -> Mapping[str, frozenset[str]]:
    """Return the checks that fail for each change."""
    found = {}
    with serving({}) as stub:
        assert stub.connection is not None
        for name, (_, change) in MUTATIONS.items():
            stub.world = good()
            change(stub.world)
            facts = collect_bucket(stub.connection, policy(), NOW, writing=True)
            verdict = judge_bucket(facts, policy())
            assert verdict.is_refused is bool(verdict.of(CheckOutcome.FAILED))
            found[name] = frozenset(finding.check for finding in verdict.of(CheckOutcome.FAILED))
    return found


def test_there_are_enough_single_changes_and_every_check_has_one() -> None:
    assert len(MUTATIONS) >= 40
    assert {check for check, _ in MUTATIONS.values()} == {check.name for check in BUCKET_CHECKS}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_single_change_of_a_good_bucket_is_caught(name: str, failed: Mapping[str, frozenset[str]]) -> None:
    assert MUTATIONS[name][0] in failed[name]


def test_most_changes_are_caught_by_their_own_check_alone(failed: Mapping[str, frozenset[str]]) -> None:
    """A check that fails whenever anything is wrong would pass the test above and help nobody."""
    assert sum(len(checks) == 1 for checks in failed.values()) > len(failed) * 0.7
