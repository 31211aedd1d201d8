"""Rules about walls and records that Terraform makes: the network, the audit log, policies, the perimeter."""

from tests.deploy.cloud import Cloud
from tests.deploy.module_variables import GIVEN
from tests.deploy.terraform import number

_DATA, _RUNS, _LOGS = (GIVEN[name] for name in ("project", "runs_project", "logs_project"))
_RESTRICTED = "199.36.153.4/30"


def check_network(cloud: Cloud) -> None:
    """Machines in the network reach Google inside the perimeter and each other, and nothing else."""
    (network,) = cloud.foundation.all("google_compute_network")
    assert (network["auto_create_subnetworks"], network["delete_default_routes_on_create"]) == (False, True)
    (subnetwork,) = cloud.foundation.all("google_compute_subnetwork")
    assert (subnetwork["private_ip_google_access"], subnetwork["stack_type"]) == (True, "IPV4_ONLY")
    (route,) = cloud.foundation.all("google_compute_route")
    assert (route["dest_range"], route["next_hop_gateway"]) == (_RESTRICTED, "default-internet-gateway")
    rules = cloud.foundation.all("google_compute_firewall")
    assert {item["network"] for item in (*rules, subnetwork, route)} == {network["id"]}
    assert not any("target_service_accounts" in item for item in rules), "jobs of Cloud Run have none"
    denied = [item for item in rules if "deny" in item]
    assert [(item["destination_ranges"], item["deny"][0]["protocol"]) for item in denied] == [(["0.0.0.0/0"], "all")]
    opened = [item for item in rules if "allow" in item]
    assert sorted(
        (
            item["direction"],
            *(item.get("destination_ranges") or item["source_ranges"]),
            item["allow"][0]["protocol"],
            *item["allow"][0]["ports"],
        )
        for item in opened
    ) == [
        ("EGRESS", "10.64.0.0/20", "tcp", "12345-12346"),
        ("EGRESS", _RESTRICTED, "tcp", "443"),
        ("INGRESS", "10.64.0.0/20", "tcp", "12345-12346"),
    ]
    assert all(item["priority"] < denied[0]["priority"] for item in opened)
    assert {item["direction"] for item in denied} == {"EGRESS"}
    zones = cloud.foundation.all("google_dns_managed_zone")
    assert {item["dns_name"] for item in zones} == {"googleapis.com.", "pkg.dev."}
    assert all(item["private_visibility_config"][0]["networks"][0]["network_url"] == network["id"] for item in zones)
    assert {item["visibility"] for item in zones} == {"private"}
    names = {
        (item["managed_zone"], item["name"], item["type"], item["ttl"], *item["rrdatas"])
        for item in cloud.foundation.all("google_dns_record_set")
    }
    addresses = tuple(f"199.36.153.{last}" for last in (4, 5, 6, 7))
    assert names == {
        ("keyveil-googleapis", "restricted.googleapis.com.", "A", 300, *addresses),
        ("keyveil-googleapis", "*.googleapis.com.", "CNAME", 300, "restricted.googleapis.com."),
        ("keyveil-registry", "pkg.dev.", "A", 300, *addresses),
        ("keyveil-registry", "*.pkg.dev.", "CNAME", 300, "pkg.dev."),
    }  # fmt: skip


def check_records(cloud: Cloud) -> None:
    """Every access in both projects is recorded, those of secrets and of made tokens included, and kept elsewhere."""
    kinds = {"ADMIN_READ", "DATA_READ", "DATA_WRITE"}
    found = {
        item["project"]: (item["service"], {log["log_type"] for log in item["audit_log_config"]})
        for item in cloud.foundation.all("google_project_iam_audit_config")
    }
    assert found == {_DATA: ("allServices", kinds), _RUNS: ("allServices", kinds)}
    kept = f"logging.googleapis.com/projects/{_LOGS}/locations/{GIVEN['region']}/buckets/keyveil-audit"
    sinks = {item["project"]: item for item in cloud.foundation.all("google_logging_project_sink")}
    assert set(sinks) == {_DATA, _RUNS}
    for sink in sinks.values():
        assert (sink["destination"], sink["unique_writer_identity"]) == (kept, True)
        assert sink["filter"] == 'logName:"cloudaudit.googleapis.com"'
        cloud.iam.require(sink["writer_identity"], "logging.buckets.write", f"projects/{_LOGS}")
    (log_bucket,) = cloud.foundation.all("google_logging_project_bucket_config")
    assert (log_bucket["project"], log_bucket["location"], log_bucket["locked"]) == (_LOGS, GIVEN["region"], True)
    assert (log_bucket["bucket_id"], log_bucket["retention_days"]) == ("keyveil-audit", 500)


def check_walls(cloud: Cloud) -> None:
    """Both projects are in the perimeter and forbid keys of accounts; objects are denied to everybody else."""
    joined = cloud.foundation.all("google_access_context_manager_service_perimeter_resource")
    assert {item["resource"] for item in joined} == {f"projects/{number(name)}" for name in (_DATA, _RUNS)}
    assert {item["perimeter_name"] for item in joined} == {GIVEN["perimeter"]}
    made = {item["name"]: item for item in cloud.foundation.all("google_org_policy_policy")}
    for project in (_DATA, _RUNS):
        rule = made[f"projects/{project}/policies/iam.disableServiceAccountKeyCreation"]
        assert (rule["parent"], rule["spec"][0]["rules"]) == (f"projects/{project}", [{"enforce": "TRUE"}])
    assert {item["parent"] for item in made.values()} == {f"projects/{_DATA}", f"projects/{_RUNS}"}
    lists = {
        name.rpartition("/")[2]: item["spec"][0]["rules"][0]["values"][0]
        for name, item in made.items()
        if "values" in item["spec"][0]["rules"][0]
    }
    assert lists == {
        "iam.allowedPolicyMemberDomains": {"allowed_values": GIVEN["allowed_customers"]},
        "gcp.resourceLocations": {"allowed_values": [f"in:{GIVEN['region']}-locations"]},
        "gcp.restrictNonCmekServices": {"denied_values": ["storage.googleapis.com", "secretmanager.googleapis.com"]},
        "storage.restrictAuthTypes": {"denied_values": ["in:ALL_HMAC_SIGNED_REQUESTS"]},
    }
    inheriting = {name.rpartition("/")[2] for name, item in made.items() if item["spec"][0].get("inherit_from_parent")}
    assert inheriting == {"gcp.restrictNonCmekServices", "storage.restrictAuthTypes"}
    (denial,) = cloud.foundation.all("google_iam_deny_policy")
    rule = denial["rules"][0]["deny_rule"][0]
    actions = ("create", "delete", "get", "list", "update")
    assert rule["denied_permissions"] == [f"storage.googleapis.com/objects.{name}" for name in actions]
    assert rule["denied_principals"] == ["principalSet://goog/public:all"]
