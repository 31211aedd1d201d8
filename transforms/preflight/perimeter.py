"""Checks of the perimeter: the bucket's location, labels and side doors, and the walls around its project."""

from typing import Any

from transforms.preflight.access import BucketCheck
from transforms.preflight.facts import CONSTRAINTS, BucketFacts
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.verdict import Check, JudgedFact, summarize

_BEHIND_THE_WALL = frozenset(f"{name}.googleapis.com" for name in ("storage", "cloudkms", "dataflow", "secretmanager"))
_SWITCHES = CONSTRAINTS[:3]
_MEMBERS, _CMEK, _PLACES, _AUTH = CONSTRAINTS[3:]


def _place(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    bucket = facts.get("bucket")
    agreed = {region.upper() for region in policy.regions}
    found = [bucket["location"], *bucket.get("customPlacementConfig", {}).get("dataLocations", [])]
    return summarize(", ".join(found), [f"{place} is not agreed" for place in found if place.upper() not in agreed])


def _has_labels(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    found = facts.get("bucket").get("labels", {})
    wrong = [
        f"{name} is {found.get(name, 'missing')}"
        for name, value in policy.labels.items()
        if not found.get(name) or value not in ("*", found[name])
    ]
    return summarize(", ".join(f"{name}={found.get(name)}" for name in policy.labels), wrong)


def _no_side_doors(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    bucket = facts.get("bucket")
    wrong = [f"{name} is set" for name in ("website", "cors") if bucket.get(name)]
    if bucket.get("billing", {}).get("requesterPays"):
        wrong.append("the requester pays")
    if bucket.get("logging", {}).get("logBucket"):
        wrong.append("usage logs go to another bucket")
    wrong += [
        f"events go to {item['topic']}"
        for item in facts.get("notifications")
        if not item["topic"].startswith(f"//pubsub.googleapis.com/projects/{policy.project}/topics/")
    ]
    return summarize("none", wrong)


def _rules(facts: BucketFacts, constraint: str) -> list[dict[str, Any]]:
    """List the unconditional rules of a constraint."""
    spec = facts.get("org_policies")[constraint].get("spec", {})
    return [rule for rule in spec.get("rules", []) if not rule.get("condition")]


def _no_shared_secrets(facts: BucketFacts, _: BucketPolicy) -> JudgedFact:
    wrong = [
        f"an active HMAC key of {item['serviceAccountEmail']}"
        for item in facts.get("hmac_keys")
        if item["state"] not in ("INACTIVE", "DELETED")
    ]
    denied = {value for rule in _rules(facts, _AUTH) for value in rule.get("values", {}).get("deniedValues", [])}
    if "in:ALL_HMAC_SIGNED_REQUESTS" not in denied:
        wrong.append(f"{_AUTH} does not deny HMAC-signed requests")
    return summarize("no active HMAC key, and none is accepted", wrong)


def _organisation(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    wrong = [
        f"{name} is not enforced"
        for name in _SWITCHES
        if not any(rule.get("enforce") is True for rule in _rules(facts, name))
    ]
    for name in (_MEMBERS, _PLACES):
        rules = _rules(facts, name)
        allowed = [value for rule in rules for value in rule.get("values", {}).get("allowedValues", [])]
        if not allowed or any(rule.get("allowAll") for rule in rules):
            wrong.append(f"{name} allows everything")
    denied = {value for rule in _rules(facts, _CMEK) for value in rule.get("values", {}).get("deniedValues", [])}
    if "storage.googleapis.com" not in denied and "is:storage.googleapis.com" not in denied:
        wrong.append(f"{_CMEK} does not bind storage")
    return summarize(f"all six in force for {policy.project}", wrong)


def _has_wall(facts: BucketFacts, policy: BucketPolicy) -> JudgedFact:
    if policy.network == "ip-filter":
        return _has_ip_filter(facts.get("bucket").get("ipFilter", {}), policy)
    project = facts.get("project")["name"]
    for perimeter in facts.get("perimeters"):
        status = perimeter.get("status", {})
        if perimeter.get("perimeterType") == "PERIMETER_TYPE_BRIDGE" or project not in status.get("resources", []):
            continue
        missing = sorted(_BEHIND_THE_WALL - set(status.get("restrictedServices", [])))
        wrong = [f"{name} is not restricted" for name in missing] + _gates(status)
        return summarize(perimeter.get("title", "a perimeter"), wrong)
    return JudgedFact(False, "no service perimeter in force holds the project")


def _gates(status: dict[str, Any]) -> list[str]:
    """List the rules of a perimeter that let anybody through."""
    wrong = []
    for rule in status.get("ingressPolicies", []):
        came = rule.get("ingressFrom", {})
        anywhere = any(source.get("accessLevel") == "*" for source in came.get("sources", []))
        if anywhere and came.get("identityType") == "ANY_IDENTITY":
            wrong.append("an ingress rule lets everybody in from anywhere")
    for rule in status.get("egressPolicies", []):
        anyone = rule.get("egressFrom", {}).get("identityType") == "ANY_IDENTITY"
        if anyone and "*" in rule.get("egressTo", {}).get("resources", []):
            wrong.append("an egress rule lets everybody carry data anywhere")
    return wrong


def _has_ip_filter(found: dict[str, Any], policy: BucketPolicy) -> JudgedFact:
    wrong = []
    if found.get("mode") != "Enabled":
        wrong.append("the IP filter is not enabled")
    if found.get("allowCrossOrgVpcs"):
        wrong.append("networks of other organisations are let through")
    sources = [found.get("publicNetworkSource", {}), *found.get("vpcNetworkSources", [])]
    ranges = {item for source in sources for item in source.get("allowedIpCidrRanges", [])}
    wrong += [f"{item} is not agreed" for item in sorted(ranges - set(policy.ip_ranges))]
    if not ranges:
        wrong.append("no range is named")
    return summarize(f"enabled for {len(ranges)} agreed ranges", wrong)


BOUNDARY: tuple[BucketCheck, ...] = (
    Check(
        "agreed-place",
        "the data lies where it was agreed",
        "{regions}",
        "the place of a bucket cannot be changed afterwards",
        "gcloud storage buckets create gs://NEW_BUCKET --location={region} and start again there",
        _place,
    ),
    Check(
        "labelled",
        "the bucket says what it holds, on which assessment, and who owns it",
        "{labels}",
        "an unlabelled bucket is treated like any other by the next clean-up or copy",
        "gcloud storage buckets update gs://{bucket} --update-labels=NAME=VALUE",
        _has_labels,
    ),
    Check(
        "no-side-doors",
        "no website, CORS, requester pays, usage logs elsewhere, or events to another project",
        "none",
        "each shows names or content of objects to somebody who was granted nothing",
        "gcloud storage buckets update gs://{bucket} --clear-cors --clear-web-main-page-suffix "
        "--clear-web-error-page --no-requester-pays --clear-log-bucket; "
        "gcloud storage buckets notifications delete gs://{bucket}",
        _no_side_doors,
    ),
    Check(
        "no-shared-secrets",
        "no HMAC key is active, and none would be accepted",
        "no active HMAC key; storage.restrictAuthTypes denies in:ALL_HMAC_SIGNED_REQUESTS",
        "an HMAC key is a password that never ends and names no person",
        "gcloud storage hmac update ACCESS_ID --deactivate --project={project}; gcloud org-policies set-policy FILE",
        _no_shared_secrets,
    ),
)

WALLS: tuple[BucketCheck, ...] = (
    Check(
        "organisation-policies",
        "the organisation forbids what would undo these settings",
        "unconditionally: " + ", ".join(CONSTRAINTS[:6]),
        "what the organisation forbids, no owner of the project can allow",
        "gcloud org-policies set-policy FILE for each that is named",
        _organisation,
        waivable=True,
    ),
    Check(
        "walled",
        "the project lies behind a wall that stolen credentials do not pass",
        "{network}: storage, cloudkms, dataflow and secretmanager restricted by a service perimeter in force, "
        "or agreed ranges only",
        "a leaked token works from anywhere else",
        "gcloud access-context-manager perimeters update PERIMETER --add-resources=projects/NUMBER "
        "--add-restricted-services=storage.googleapis.com,cloudkms.googleapis.com,dataflow.googleapis.com,"
        "secretmanager.googleapis.com",
        _has_wall,
        waivable=True,
    ),
)
