"""Rules about what Terraform makes beyond what the nightly path asks for: grants, order, jobs, agreement, alerts."""

import re
from collections.abc import Callable

from schemas.safe import SENSITIVITIES
from tests.deploy.cloud import Cloud
from tests.deploy.module_variables import GIVEN, RUNS
from tests.deploy.walls import check_network, check_records, check_walls
from transforms.keys.reader_keys import FOOTER
from transforms.preflight.facts import PERMISSIONS
from transforms.preflight.iam import touches_data, widens

_DATA, _RUNS, _LOGS = (GIVEN[name] for name in ("project", "runs_project", "logs_project"))


def check_roles(cloud: Cloud) -> None:
    """The preflight's role reads every fact and does nothing else; nobody holds a basic role or more than a task's."""
    (role,) = cloud.foundation.all("google_organization_iam_custom_role")
    held = set(role["permissions"])
    named = {item.rstrip(",") for words in PERMISSIONS.values() for item in words.split() if item.count(".") >= 2}
    assert named <= held
    assert not touches_data(held)
    assert not widens(held)
    granted = {
        (item["project"], item["role"].rpartition("/")[2]) for item in cloud.foundation.all("google_project_iam_member")
    }
    assert granted == {
        (_RUNS, "dataflow.worker"), (_RUNS, "keyveilJobs"), (_RUNS, "keyveilWatcher"), (_RUNS, "workflows.invoker"),
        (_LOGS, "logging.bucketWriter"),
    }  # fmt: skip
    assert not any(item.member == cloud.account("canary") for item in cloud.iam.grants)


def check_grants(cloud: Cloud) -> None:
    """Grants on data, keys and secrets are authoritative: ``..._iam_member`` adds and never takes away."""
    made = {kind for module in (cloud.foundation, *cloud.foundation.children.values()) for kind, _ in module.apply()}
    for kind in ("google_kms_crypto_key", "google_secret_manager_secret", "google_service_account"):
        assert not {f"{kind}_iam_member", f"{kind}_iam_binding"} & made
    assert not made & {"google_storage_bucket_iam_binding", "google_service_account_key", "google_storage_hmac_key"}
    assert {item["bucket"] for item in cloud.foundation.all("google_storage_bucket_iam_member")} == {
        *GIVEN["input_buckets"]
    }
    for item in cloud.foundation.all("google_storage_bucket"):
        kinds = [rule["action"][0]["type"] for rule in item["lifecycle_rule"]]
        assert (item["project"], item["force_destroy"], kinds) == (
            _DATA,
            False,
            ["Delete", "AbortIncompleteMultipartUpload"],
        )
        assert item["lifecycle_rule"][1]["condition"] == [{"age": 1}]
    ages = {
        item["name"]: item["lifecycle_rule"][0]["condition"] for item in cloud.foundation.all("google_storage_bucket")
    }
    days = {"": 90, "-staging": 7, "-state": 3650, "-verified": 90, "-backup": 14}
    assert ages == {f"{GIVEN['bucket']}{name}": [{"age": age}] for name, age in days.items()}
    keys = {item["id"] for item in cloud.foundation.all("google_kms_crypto_key")}
    assert keys == {item["crypto_key_id"] for item in cloud.foundation.all("google_kms_crypto_key_iam_policy")}
    for item in cloud.foundation.all("google_secret_manager_secret"):
        (copy,) = item["replication"][0]["user_managed"][0]["replicas"]
        assert copy["location"] == GIVEN["region"]
        assert copy["customer_managed_encryption"][0]["kms_key_name"].endswith("/keys")


_SERVICES = {
    _DATA: "accesscontextmanager cloudasset cloudkms cloudresourcemanager iam logging orgpolicy secretmanager storage",
    _RUNS: "artifactregistry cloudresourcemanager cloudscheduler compute dataflow dns iam iamcredentials logging "
    "monitoring run secretmanager storage workflowexecutions workflows",
}


def check_beginning(cloud: Cloud) -> None:
    """A new project gets its interfaces and agents first, and no step needs what a later one makes."""
    on = {(item["project"], item["service"]) for item in cloud.foundation.all("google_project_service")}
    assert on == {(project, f"{name}.googleapis.com") for project, names in _SERVICES.items() for name in names.split()}
    assert not any(item["disable_on_destroy"] for item in cloud.foundation.all("google_project_service"))
    root, jobs = cloud.foundation, cloud.runs
    for name in (
        "google_project_service_identity.runs", "google_project_service_identity.secrets", "google_kms_key_ring.this",
        "google_service_account.this", "google_compute_network.this", "google_project_iam_custom_role.watcher",
        "google_project_iam_custom_role.jobs", "google_project_iam_custom_role.starter", "google_project.runs",
        "google_project.this", "google_storage_project_service_account.agent",
        "google_artifact_registry_repository.this",
        *(f"google_org_policy_policy.{item}" for item in ("switch", "no_keys", "members", "places", "keys", "secrets")),
    ):  # fmt: skip
        assert "google_project_service.this" in root.before(name), name
    for name in ("restricted", "staging", "state", "verified", "backup"):
        assert {"google_kms_crypto_key_iam_policy.this", "google_org_policy_policy.members"} <= root.before(
            f"module.{name}"
        )
    assert "google_kms_crypto_key_iam_policy.this" in root.before("google_secret_manager_secret.this")
    assert "google_logging_project_bucket_config.audit" in root.before("google_logging_project_sink.audit")
    assert "google_cloud_run_v2_job_iam_member.launcher" in jobs.before("google_workflows_workflow.this")
    assert "google_secret_manager_secret_version.nights" in jobs.before("google_cloud_run_v2_job.this")
    for module, projects in ((root, {_DATA, _RUNS, _LOGS}), (jobs, {_RUNS})):
        kinds = {kind for kind, _ in module.apply()} - {"google_iam_policy"}
        homes = {item["project"] for kind in kinds for item in module.all(kind) if "project" in item}
        assert homes == projects


def check_jobs(cloud: Cloud) -> None:
    """Jobs are labelled, protected and of the image of jobs; workers are of that of workers and no more than agreed."""
    for job in cloud.jobs.values():
        assert (job["labels"], job["deletion_protection"]) == (GIVEN["labels"], True)
        (container,) = job["template"][0]["template"][0]["containers"]
        assert (container["image"], container["resources"][0]["limits"]["cpu"]) == (RUNS["job_image"], "2")
        assert "--json" in container["args"]
    words = next(item for name, item in cloud.jobs.items() if name.endswith("nights"))["template"][0]["template"][0]
    flags = words["containers"][0]["args"]
    by_hand = next(item for name, item in cloud.jobs.items() if name.endswith("once"))["template"][0]["template"][0]
    assert by_hand["containers"][0]["args"][:3] == ["run", "--input", "INPUT"], "the workflow fills in the third word"
    assert {f"--sdk_container_image={RUNS['image']}", "--max_num_workers=20", "--machine_type=n2-highmem-4"} <= set(
        flags
    )
    assert {"--labels=data_class=restricted", "--labels=dpia=dpia-12"} <= set(flags)
    for made in cloud.runs.all("google_workflows_workflow"):
        assert (made["deletion_protection"], made["call_log_level"]) == (True, "LOG_ERRORS_ONLY")
    (schedule,) = cloud.runs.all("google_cloud_scheduler_job")
    assert (schedule["schedule"], schedule["time_zone"], schedule["attempt_deadline"]) == (
        "17 2 * * *",
        "Etc/UTC",
        "180s",
    )
    assert schedule["name"] == "keyveil-nights"
    assert schedule["http_target"][0]["headers"] == {"Content-Type": "application/json"}
    assert schedule["http_target"][0]["body"] == "eyJhcmd1bWVudCI6ICJ7fSJ9"
    (registry,) = cloud.foundation.all("google_artifact_registry_repository")
    assert (registry["format"], registry["docker_config"]) == ("DOCKER", [{"immutable_tags": True}])


def check_agreement(cloud: Cloud) -> None:
    """The agreement in the secret is what was given, and names the key set and all of Google's agents."""
    agreed, made = cloud.agreed, cloud.foundation.all("google_secret_manager_secret_version")
    assert [item["secret_data"] for item in made] == [cloud.foundation.output("preflight_policy")]
    assert (agreed.retention_days, agreed.backstop_days, agreed.erasure_days) == (60, 30, 0)
    assert (list(agreed.administrators), agreed.labels) == (GIVEN["administrators"], GIVEN["labels"])
    assert (agreed.audit.retention_days, agreed.inherited_grants) == (500, {})
    key_set = f"projects/{_DATA}/secrets/keyveil-keys"
    assert agreed.secrets == {key_set: (cloud.account("worker"), cloud.account("eraser"))}
    assert set(agreed.staging_grants) == {cloud.agent("dataflow-service-producer-prod")}


def check_places(cloud: Cloud) -> None:
    """Every resource says where it is: nothing is left to a default of the provider."""
    without = {
        "google_iam_policy",
        "google_org_policy_policy",
        "google_iam_deny_policy",
        "google_service_account_iam_policy",
    }
    without |= {"google_access_context_manager_service_perimeter_resource", "google_kms_crypto_key"}
    without |= {
        "google_kms_crypto_key_iam_policy",
        "google_storage_bucket_iam_policy",
        "google_storage_bucket_iam_member",
    }
    without |= {"google_secret_manager_secret_version", "google_project"}
    regional = {"google_compute_subnetwork", "google_workflows_workflow", "google_cloud_scheduler_job"}
    for module in (cloud.foundation, cloud.runs):
        for kind in {kind for kind, _ in module.apply()} - without:
            for item in module.all(kind):
                assert "project" in item or "org_id" in item, kind
                assert kind not in regional or item["region"] == GIVEN["region"]
    for kind in ("google_compute_route", "google_compute_firewall"):
        assert all(item["name"].startswith("keyveil-") for item in cloud.foundation.all(kind))
    (subnetwork,) = cloud.foundation.all("google_compute_subnetwork")
    assert subnetwork["ip_cidr_range"] == GIVEN.get("network_range", "10.64.0.0/20")
    assert set(subnetwork["log_config"][0]) == {"aggregation_interval", "flow_sampling", "metadata"}
    labelled = ("google_secret_manager_secret", "google_artifact_registry_repository", "google_storage_bucket")
    assert all(item["labels"] == GIVEN["labels"] for kind in labelled for item in cloud.foundation.all(kind))
    kept = (
        "google_artifact_registry_repository",
        "google_artifact_registry_repository_iam_policy",
        "google_kms_key_ring",
    )
    assert all(item["location"] == GIVEN["region"] for kind in kept for item in cloud.foundation.all(kind))


def check_keys(cloud: Cloud) -> None:
    """There is a key of KMS for each sensitivity class of shards; keys rotate and are not destroyed by mistake."""
    keys = cloud.foundation.all("google_kms_crypto_key")
    named = {item["name"] for item in keys}
    assert named == {"bucket", "dataflow", "keys", *(f"shards-{name}" for name in (FOOTER, *SENSITIVITIES))}
    assert {item["rotation_period"] for item in keys} == {"7776000s"}
    assert {item["purpose"] for item in keys} == {"ENCRYPT_DECRYPT"}
    assert all(item["lifecycle"] == [{"prevent_destroy": True}] for item in keys)
    assert cloud.foundation.output("foundation")["shards_key"].replace("{class}", "x").startswith("gcp-kms://projects/")


def check_alerts(cloud: Cloud) -> None:
    """Somebody is told of what fails, of what does not happen, and of what ends soon."""
    (people,) = cloud.runs.all("google_monitoring_notification_channel")
    assert (people["type"], people["labels"]) == ("email", {"email_address": RUNS["alerts_to"]})
    policies = cloud.runs.all("google_monitoring_alert_policy")
    assert {tuple(item["notification_channels"]) for item in policies} == {(people["id"],)}
    assert {item["combiner"] for item in policies} == {"OR"}
    filters = [
        item["conditions"][0]["condition_matched_log"][0]["filter"] for item in policies if "alert_strategy" in item
    ]
    said = (
        "no log",
        "nothing kept",
        "damaged files",
        "registry lost people",
        "registry row unused",
        "pauses of nobody",
    )
    told = ("run failed", "/Jobs.RunJob", "keyveil-nights", "release late", "rejects unusual", "budget low", *said)
    for wanted in told:
        assert sum(f'"{wanted}"' in text for text in filters) == 1, wanted
    periods = {
        item["alert_strategy"][0]["notification_rate_limit"][0]["period"]
        for item in policies
        if "alert_strategy" in item
    }
    assert periods == {"3600s"}
    asked = [
        item["conditions"][0]["condition_prometheus_query_language"][0]
        for item in policies
        if "alert_strategy" not in item
    ]
    assert {(item["duration"], item["evaluation_interval"]) for item in asked} == {("0s", "3600s")}
    ends = sorted(
        int(found[1]) for item in asked if (found := re.fullmatch(r"vector\(time\(\)\) > (\d+)", item["query"]))
    )
    assert ends == [1801353600 - 7 * 86400, 1801440000 - 7 * 86400]
    (metric,) = cloud.runs.all("google_logging_metric")
    assert any("user_keyveil_nights" in item["query"] for item in asked)
    assert (metric["name"], metric["metric_descriptor"]) == (
        "keyveil/nights",
        [{"metric_kind": "DELTA", "value_type": "INT64"}],
    )
    assert metric["filter"].endswith('jsonPayload.message="run ended"')


CHECKS: tuple[Callable[[Cloud], None], ...] = (
    check_roles, check_grants, check_network, check_records, check_walls, check_beginning, check_jobs, check_agreement,
    check_places, check_keys, check_alerts,
)  # fmt: skip


def check_all(cloud: Cloud) -> None:
    """Make every check."""
    for check in CHECKS:
        check(cloud)
