"""A good bucket and its surroundings, as Google's interfaces would answer; the tests spoil copies of it."""

import copy
from datetime import UTC, date, datetime
from typing import Any

from transforms.preflight.policy import Accounts, AuditLog, BucketPolicy, Waiver

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
BUCKET, PROJECT, NUMBER, ORG, FOLDER = "acme-keyveil", "acme-telemetry", "4711", "123456789012", "99"
KEY = "projects/acme-keys/locations/europe-west1/keyRings/keyveil/cryptoKeys/restricted"
LOGS = "projects/acme-logs/locations/europe-west1/buckets/keyveil-audit"
SINK = f"projects/{PROJECT}/sinks/keyveil-audit"
SECRET = f"projects/{PROJECT}/secrets/keyveil-keys"
AGENT = f"serviceAccount:service-{NUMBER}@gs-project-accounts.iam.gserviceaccount.com"
DATAFLOW_AGENT = f"serviceAccount:service-{NUMBER}@dataflow-service-producer-prod.iam.gserviceaccount.com"
COMPUTE_AGENT = f"serviceAccount:service-{NUMBER}@compute-system.iam.gserviceaccount.com"
READERS = ("serviceAccount:train@acme-ml.iam.gserviceaccount.com", "user:ana@example.com")
STORAGE_B = f"storage/storage/v1/b/{BUCKET}"


def account(name: str) -> str:
    return f"serviceAccount:keyveil-{name}@{PROJECT}.iam.gserviceaccount.com"


WORKER, LAUNCHER, PREFLIGHT, ERASER, CANARY = map(account, ("worker", "launcher", "preflight", "eraser", "canary"))
PREFLIGHT_ROLE = f"organizations/{ORG}/roles/keyveilPreflight"
CONDITION = {"title": "until", "expression": 'request.time < timestamp("2027-01-31T00:00:00Z")'}

ROLES = {
    "roles/storage.objectViewer": ["storage.objects.get", "storage.objects.list", "storage.managedFolders.list"],
    "roles/storage.objectUser": ["storage.objects.create", "storage.objects.get", "storage.objects.delete"],
    "roles/storage.admin": ["storage.buckets.setIamPolicy", "storage.buckets.update", "storage.objects.get"],
    "roles/dataflow.worker": ["dataflow.jobs.get", "storage.objects.get", "storage.objects.create"],
    "roles/dataflow.serviceAgent": ["storage.objects.get", "iam.serviceAccounts.actAs"],
    "roles/compute.serviceAgent": ["compute.disks.create", "iam.serviceAccounts.actAs"],
    "roles/dataflow.developer": ["dataflow.jobs.create"],
    "roles/resourcemanager.organizationAdmin": ["resourcemanager.organizations.setIamPolicy"],
    "roles/iam.serviceAccountTokenCreator": ["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.signBlob"],
    "roles/iam.serviceAccountUser": ["iam.serviceAccounts.actAs", "iam.serviceAccounts.get"],
    "roles/secretmanager.secretAccessor": ["secretmanager.versions.access"],
    "roles/browser": ["resourcemanager.projects.get"],
    "roles/editor": ["storage.buckets.list", "iam.serviceAccounts.actAs"],
    "roles/logging.viewer": ["logging.logEntries.list"],
    "roles/logging.configWriter": ["logging.sinks.update", "logging.buckets.update"],
    PREFLIGHT_ROLE: ["storage.buckets.get", "storage.buckets.getIamPolicy", "storage.managedFolders.list"],
    f"projects/{PROJECT}/roles/copier": ["storage.objects.get", "storage.objects.list"],
}


def policy(**changes: Any) -> BucketPolicy:
    agreed: dict[str, Any] = {
        "bucket": BUCKET,
        "project": PROJECT,
        "organization": ORG,
        "regions": ("europe-west1",),
        "key": KEY,
        "readers": READERS,
        "accounts": Accounts(WORKER, LAUNCHER, PREFLIGHT, ERASER, CANARY),
        "audit": AuditLog(SINK, LOGS),
        "inherited_grants": {
            WORKER: ("roles/dataflow.worker",),
            DATAFLOW_AGENT: ("roles/dataflow.serviceAgent",),
            COMPUTE_AGENT: ("roles/compute.serviceAgent",),
        },
        "administrators": ("user:root@example.com",),
        "impersonators": {WORKER: (LAUNCHER,)},
        "secrets": {SECRET: (WORKER, ERASER)},
        "erasure_days": 0,
    }
    return BucketPolicy(**(agreed | changes))


def waiver(day: date = date(2027, 1, 1)) -> Waiver:
    return Waiver("decided by the privacy board on 2026-10-01", day)


def binding(role: str, *members: str, until: bool = False) -> dict[str, Any]:
    return {"role": role, "members": list(members)} | ({"condition": dict(CONDITION)} if until else {})


def analysis(*names: str) -> dict[str, Any]:
    result = {"fullyExplored": True, "identityList": {"identities": [{"name": name} for name in names]}}
    return {"fullyExplored": True, "mainAnalysis": {"fullyExplored": True, "analysisResults": [result]}}


def enforced(name: str, **rule: Any) -> dict[str, Any]:
    return {"name": f"projects/{NUMBER}/policies/{name}", "spec": {"rules": [rule or {"enforce": True}]}}


def good() -> dict[str, Any]:
    """Return answers by ``INTERFACE/PATH``; ``held`` is what the caller's own account may do,
    ``canary`` the status that the account without grants gets."""
    org_policies = f"org_policy/v2/projects/{PROJECT}/policies"
    manager, iam = "resource_manager/v3", "iam/v1"
    point = "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F" + NUMBER + "/denypolicies"
    excepted = [
        "principal://goog/subject/ana@example.com",
        "principal://iam.googleapis.com/projects/-/serviceAccounts/train@acme-ml.iam.gserviceaccount.com",
        f"principal://iam.googleapis.com/projects/-/serviceAccounts/{WORKER.removeprefix('serviceAccount:')}",
    ]
    denial = {
        "deniedPrincipals": ["principalSet://goog/public:all"],
        "exceptionPrincipals": excepted,
        "deniedPermissions": ["storage.googleapis.com/objects.get", "storage.googleapis.com/objects.list"],
    }
    world: dict[str, Any] = {
        "canary": {"settings": 403, "objects": 403},
        "held": ["storage.objects.create", "storage.objects.get", "storage.objects.delete"],
        STORAGE_B: {
            "kind": "storage#bucket",
            "name": BUCKET,
            "location": "EUROPE-WEST1",
            "locationType": "region",
            "metageneration": "7",
            "iamConfiguration": {
                "publicAccessPrevention": "enforced",
                "uniformBucketLevelAccess": {"enabled": True, "lockedTime": "2026-06-01T00:00:00.000Z"},
            },
            "labels": {"data_class": "restricted", "dpia": "dpia-12", "owner": "privacy"},
            "encryption": {
                "defaultKmsKeyName": KEY,
                "googleManagedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"},
                "customerSuppliedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"},
            },
            "softDeletePolicy": {"retentionDurationSeconds": "0"},
            "lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 90}}]},
        },
        f"{STORAGE_B}/iam": {
            "kind": "storage#policy",
            "version": 3,
            "etag": "CAc=",
            "bindings": [
                binding("roles/storage.objectViewer", *READERS, until=True),
                binding("roles/storage.objectUser", WORKER, ERASER),
                binding(PREFLIGHT_ROLE, PREFLIGHT),
            ],
        },
        f"{STORAGE_B}/managedFolders": {"kind": "storage#managedFolders"},
        f"{STORAGE_B}/notificationConfigs": {"kind": "storage#notifications"},
        f"storage/storage/v1/projects/{PROJECT}/hmacKeys": {"kind": "storage#hmacKeysMetadata"},
        f"storage/storage/v1/projects/{PROJECT}/serviceAccount": {
            "kind": "storage#serviceAccount",
            "email_address": AGENT.removeprefix("serviceAccount:"),
        },
        f"{manager}/projects/{PROJECT}": {
            "name": f"projects/{NUMBER}",
            "projectId": PROJECT,
            "parent": f"folders/{FOLDER}",
            "state": "ACTIVE",
        },
        f"{manager}/folders/{FOLDER}": {"name": f"folders/{FOLDER}", "parent": f"organizations/{ORG}"},
        f"{manager}/projects/{NUMBER}:getIamPolicy": {
            "version": 3,
            "bindings": [
                binding("roles/dataflow.worker", WORKER),
                binding("roles/dataflow.serviceAgent", DATAFLOW_AGENT),
                binding("roles/compute.serviceAgent", COMPUTE_AGENT),
                binding("roles/dataflow.developer", LAUNCHER),
            ],
            "auditConfigs": [
                {
                    "service": "storage.googleapis.com",
                    "auditLogConfigs": [{"logType": kind} for kind in ("ADMIN_READ", "DATA_READ", "DATA_WRITE")],
                }
            ],
        },
        f"{manager}/folders/{FOLDER}:getIamPolicy": {"version": 1},
        f"{manager}/organizations/{ORG}:getIamPolicy": {
            "version": 1,
            "bindings": [
                binding("roles/resourcemanager.organizationAdmin", "user:root@example.com"),
                binding("roles/browser", "group:everybody@example.com"),
                binding(PREFLIGHT_ROLE, PREFLIGHT),
            ],
        },
        f"{manager}/projects/acme-logs:getIamPolicy": {
            "version": 1,
            "bindings": [
                binding("roles/logging.viewer", "group:audit@example.com"),
                binding("roles/logging.configWriter", "user:root@example.com"),
            ],
        },
        f"asset/v1/organizations/{ORG}:analyzeIamPolicy": {
            f"//storage.googleapis.com/{BUCKET}": analysis(*READERS, WORKER, ERASER, DATAFLOW_AGENT),
            f"//cloudkms.googleapis.com/{KEY}": analysis(AGENT),
        },
        f"kms/v1/{KEY}": {
            "name": KEY,
            "purpose": "ENCRYPT_DECRYPT",
            "rotationPeriod": "7776000s",
            "primary": {"name": f"{KEY}/cryptoKeyVersions/3", "state": "ENABLED"},
        },
        f"kms/v1/{KEY}:getIamPolicy": {
            "version": 1,
            "bindings": [binding("roles/cloudkms.cryptoKeyEncrypterDecrypter", AGENT)],
        },
        f"kms/v1/{KEY.split('/cryptoKeys/', maxsplit=1)[0]}:getIamPolicy": {"version": 1},
        f"logging/v2/{SINK}": {
            "name": "keyveil-audit",
            "destination": f"logging.googleapis.com/{LOGS}",
            "filter": 'logName:"cloudaudit.googleapis.com"',
        },
        f"logging/v2/{LOGS}": {"name": LOGS, "retentionDays": 400, "locked": True, "lifecycleState": "ACTIVE"},
        f"access_context/v1/accessPolicies?organizations/{ORG}": {"accessPolicies": [{"name": "accessPolicies/5"}]},
        "access_context/v1/accessPolicies/5/servicePerimeters": {
            "servicePerimeters": [
                {
                    "name": "accessPolicies/5/servicePerimeters/telemetry",
                    "title": "telemetry",
                    "perimeterType": "PERIMETER_TYPE_REGULAR",
                    "status": {
                        "resources": [f"projects/{NUMBER}"],
                        "restrictedServices": [
                            "storage.googleapis.com",
                            "cloudkms.googleapis.com",
                            "dataflow.googleapis.com",
                            "secretmanager.googleapis.com",
                        ],
                    },
                }
            ]
        },
        f"iam/v2/{point}": {"policies": [{"name": f"{point}/keyveil-readers", "kind": "DenyPolicy"}]},
        f"iam/v2/{point}/keyveil-readers": {
            "name": f"{point}/keyveil-readers",
            "kind": "DenyPolicy",
            "rules": [{"denyRule": denial}],
        },
        f"{org_policies}/storage.publicAccessPrevention:getEffectivePolicy": enforced("storage.publicAccessPrevention"),
        f"{org_policies}/storage.uniformBucketLevelAccess:getEffectivePolicy": enforced(
            "storage.uniformBucketLevelAccess"
        ),
        f"{org_policies}/iam.disableServiceAccountKeyCreation:getEffectivePolicy": enforced(
            "iam.disableServiceAccountKeyCreation"
        ),
        f"{org_policies}/iam.allowedPolicyMemberDomains:getEffectivePolicy": enforced(
            "iam.allowedPolicyMemberDomains", values={"allowedValues": ["C01abc"]}
        ),
        f"{org_policies}/gcp.restrictNonCmekServices:getEffectivePolicy": enforced(
            "gcp.restrictNonCmekServices", values={"deniedValues": ["storage.googleapis.com"]}
        ),
        f"{org_policies}/gcp.resourceLocations:getEffectivePolicy": enforced(
            "gcp.resourceLocations", values={"allowedValues": ["in:eu-locations"]}
        ),
        f"{org_policies}/storage.restrictAuthTypes:getEffectivePolicy": enforced(
            "storage.restrictAuthTypes", values={"deniedValues": ["in:ALL_HMAC_SIGNED_REQUESTS"]}
        ),
    }
    world[f"secrets/v1/{SECRET}:getIamPolicy"] = {
        "version": 1,
        "bindings": [binding("roles/secretmanager.secretAccessor", WORKER, ERASER)],
    }
    for above in (f"folders%2F{FOLDER}", f"organizations%2F{ORG}"):
        world[f"iam/v2/policies/cloudresourcemanager.googleapis.com%2F{above}/denypolicies"] = {}
    world |= {f"{iam}/{name}": {"name": name, "includedPermissions": held} for name, held in ROLES.items()}
    for name in (READERS[0], WORKER, ERASER):
        email = name.removeprefix("serviceAccount:")
        world[f"{iam}/projects/-/serviceAccounts/{email}:getIamPolicy"] = {"version": 1}
        world[f"{iam}/projects/-/serviceAccounts/{email}/keys"] = {}
    acting = binding("roles/iam.serviceAccountUser", LAUNCHER)
    world[f"{iam}/projects/-/serviceAccounts/{WORKER.removeprefix('serviceAccount:')}:getIamPolicy"] = {
        "version": 1,
        "bindings": [acting],
    }
    return copy.deepcopy(world)
