"""Buckets that keep the agreement are not refused, however they keep it; what cannot be read is never good."""

import copy
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.preflight.collect_bucket import collect_bucket
from pipelines.preflight.watch import derive_policy
from schemas.errors import RefusedError, UsageError
from tests.preflight.stub import Stub, serving
from tests.preflight.world import (
    AGENT,
    NOW,
    NUMBER,
    ORG,
    PROJECT,
    READERS,
    STORAGE_B,
    WORKER,
    account,
    analysis,
    binding,
    good,
    policy,
    waiver,
)
from transforms.preflight.facts import PERMISSIONS, BucketFacts
from transforms.preflight.judge_bucket import BUCKET_CHECKS, judge_bucket
from transforms.preflight.policy import Accounts, BucketPolicy
from transforms.preflight.verdict import BucketState, CheckOutcome

_ANALYSIS = f"asset/v1/organizations/{ORG}:analyzeIamPolicy"
_MANAGER = "resource_manager/v3"


def _facts(
    stub: Stub, agreed: BucketPolicy, *, writing: bool = True, earlier: BucketState | None = None
) -> BucketFacts:
    assert stub.connection is not None
    return collect_bucket(stub.connection, agreed, NOW, writing=writing, earlier=earlier)


def _as_recorded(_: dict[str, Any]) -> BucketPolicy:
    return policy()


def _young(world: dict[str, Any]) -> BucketPolicy:
    """A bucket of the last 90 days, whose uniform access could still be turned off."""
    access = world[STORAGE_B]["iamConfiguration"]["uniformBucketLevelAccess"]
    access["lockedTime"] = "2027-02-01T00:00:00.000Z"
    return policy()


def _without_folder(world: dict[str, Any]) -> BucketPolicy:
    world[f"{_MANAGER}/projects/{PROJECT}"]["parent"] = f"organizations/{ORG}"
    return policy()


def _audited_above(world: dict[str, Any]) -> BucketPolicy:
    configs = world[f"{_MANAGER}/projects/{NUMBER}:getIamPolicy"].pop("auditConfigs")
    world[f"{_MANAGER}/organizations/{ORG}:getIamPolicy"]["auditConfigs"] = [configs[0] | {"service": "allServices"}]
    return policy()


def _filtered(world: dict[str, Any]) -> BucketPolicy:
    world[STORAGE_B]["ipFilter"] = {
        "mode": "Enabled",
        "vpcNetworkSources": [
            {"network": f"projects/{PROJECT}/global/networks/n", "allowedIpCidrRanges": ["10.1.0.0/16"]}
        ],
    }
    world["access_context/v1/accessPolicies/5/servicePerimeters"] = {}
    return policy(network="ip-filter", ip_ranges=("10.1.0.0/16",))


def _soft_deleted_within_the_agreement(world: dict[str, Any]) -> BucketPolicy:
    world[STORAGE_B].pop("softDeletePolicy")
    return policy(erasure_days=30)


def _group_reads(world: dict[str, Any]) -> BucketPolicy:
    group, members = "group:ml@example.com", ("user:ana@example.com", "user:ben@example.com")
    world[f"{STORAGE_B}/iam"]["bindings"][0]["members"] = [group]
    found = world[_ANALYSIS]
    found[next(iter(found))] = analysis(group, *members, WORKER)
    rule = world[
        f"iam/v2/policies/cloudresourcemanager.googleapis.com%2Fprojects%2F{NUMBER}/denypolicies/keyveil-readers"
    ]["rules"][0]["denyRule"]
    rule["exceptionPrincipals"] = ["principalSet://goog/group/ml@example.com"]
    return policy(readers=(group,), groups={group: members})


def _writer_by_two_roles(world: dict[str, Any]) -> BucketPolicy:
    world[f"{STORAGE_B}/iam"]["bindings"][1] = binding("roles/storage.objectCreator", WORKER)
    world[f"{STORAGE_B}/iam"]["bindings"].append(binding("roles/storage.objectViewer", WORKER))
    world["iam/v1/roles/storage.objectCreator"] = {"includedPermissions": ["storage.objects.create"]}
    return policy()


def _narrowed_grant(world: dict[str, Any]) -> BucketPolicy:
    condition = world[f"{STORAGE_B}/iam"]["bindings"][0]["condition"]
    condition["expression"] += ' && resource.name.startsWith("projects/_/buckets/acme-keyveil/objects/sessions/")'
    return policy()


def _break_glass(world: dict[str, Any]) -> BucketPolicy:
    name = "user:oncall@example.com"
    world[f"{STORAGE_B}/iam"]["bindings"].append(binding("roles/storage.objectViewer", name))
    return policy(bucket_grants={name: ("roles/storage.objectViewer",)})


def _shorter_lives(world: dict[str, Any]) -> BucketPolicy:
    world[STORAGE_B]["lifecycle"]["rule"].insert(
        0, {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 1}}
    )
    world[STORAGE_B]["lifecycle"]["rule"][1]["condition"]["age"] = 14
    return policy()


def _multi_region(world: dict[str, Any]) -> BucketPolicy:
    key = "projects/acme-keys/locations/europe/keyRings/keyveil/cryptoKeys/restricted"
    world[STORAGE_B]["location"] = "EU"
    world[STORAGE_B]["encryption"]["defaultKmsKeyName"] = key
    old = policy().key
    for name in [item for item in world if item.startswith("kms/")]:
        world[name.replace("europe-west1", "europe")] = world.pop(name)
    world[f"kms/v1/{key}"]["name"] = key
    world[_ANALYSIS] = {name.replace(old, key): answer for name, answer in world[_ANALYSIS].items()}
    return policy(regions=("EU",), key=key)


@pytest.mark.parametrize(
    "variant",
    [
        _as_recorded,
        _young,
        _without_folder,
        _audited_above,
        _filtered,
        _soft_deleted_within_the_agreement,
        _group_reads,
        _writer_by_two_roles,
        _narrowed_grant,
        _break_glass,
        _shorter_lives,
        _multi_region,
    ],
)
def test_a_good_bucket_is_not_refused(variant: Callable[[dict[str, Any]], BucketPolicy]) -> None:
    world = good()
    agreed = variant(world)
    with serving(world) as stub:
        facts = _facts(stub, agreed)
    verdict = judge_bucket(facts, agreed)
    assert facts.unreadable == {}
    assert [(item.check, item.read) for item in verdict.findings if item.outcome is not CheckOutcome.PASSED] == []
    verdict.require()


def test_the_checks_are_complete_and_each_says_what_to_do() -> None:
    assert len({check.name for check in BUCKET_CHECKS}) == len(BUCKET_CHECKS)
    names = policy().names()
    for check in BUCKET_CHECKS:
        assert all(text.format_map(names).strip() for text in (check.title, check.expected, check.why, check.remedy))


@pytest.fixture(scope="module")
def complete() -> BucketFacts:
    with serving(good()) as stub:
        return _facts(stub, policy())


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_fact_that_cannot_be_read_refuses_and_names_the_permission(name: str, complete: BucketFacts) -> None:
    read = {key: value for key, value in complete.read.items() if key != name}
    verdict = judge_bucket(replace(complete, read=read, unreadable={name: "HTTP 403"}), policy())
    failed = verdict.of(CheckOutcome.FAILED)
    assert failed
    assert any(name in item.read and "HTTP 403" in item.read and PERMISSIONS[name] in item.remedy for item in failed)


NONSENSE: tuple[object, ...] = (None, 7, "text", [], {}, [[]], {"bindings": 3})
MAY_BE_EMPTY = {
    "account_ancestors",
    "managed_folders",
    "notifications",
    "hmac_keys",
    "key_policies",
    "ancestors",
    "log_project_policy",
}
"""Facts of which there need be none: an empty answer says that nobody was let in there."""


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [(name, item) for name in PERMISSIONS for item in NONSENSE if item or name not in MAY_BE_EMPTY],
)
def test_nonsense_is_never_good_news(name: str, nonsense: object, complete: BucketFacts) -> None:
    assert complete.read[name] != nonsense
    assert judge_bucket(replace(complete, read={**complete.read, name: nonsense}), policy()).is_refused


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "x", "allUsers", "7s"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "role", "age"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(data=st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoilt_answer_never_stops_the_verdict(data: st.DataObject, complete: BucketFacts) -> None:
    """Every check gives a finding and none an error, for any answer of a service at one place."""
    read = copy.deepcopy(dict(complete.read))
    at: Any = read
    key: Any = data.draw(st.sampled_from(sorted(read)))
    while isinstance(at[key], dict | list) and at[key] and data.draw(st.booleans()):
        at = at[key]
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
    at[key] = data.draw(_JSON)
    verdict = judge_bucket(replace(complete, read=read), policy())
    assert len(verdict.findings) == len(BUCKET_CHECKS)


def test_a_refused_request_is_recorded_and_a_passing_failure_is_tried_again() -> None:
    with serving(good()) as stub:
        notifications = f"{STORAGE_B}/notificationConfigs"
        stub.broken = {notifications: 403, f"{STORAGE_B}/iam": 503}
        facts = _facts(stub, policy())
        asked = [path for _, path, _ in stub.log]
    assert facts.unreadable["notifications"] == "HTTP 403"
    assert facts.unreadable["bucket_policy"] == "HTTP 503"
    assert (asked.count(notifications), asked.count(f"{STORAGE_B}/iam")) == (1, 3)
    assert judge_bucket(facts, policy()).is_refused


def test_a_role_that_cannot_be_read_fails_the_checks_that_need_it_alone() -> None:
    with serving(good()) as stub:
        stub.broken = {"iam/v1/roles/browser": 403}
        facts = _facts(stub, policy())
    failed = judge_bucket(facts, policy()).of(CheckOutcome.FAILED)
    assert [item.check for item in failed] == ["nothing-inherited", "nobody-signs", "secrets-closed"]
    assert all("roles/browser: HTTP 403" in item.read for item in failed)


def test_a_dead_service_refuses() -> None:
    with serving(good()) as stub:
        pass
    facts = _facts(stub, policy())
    assert set(facts.unreadable) == set(PERMISSIONS) - {"roles"}
    assert facts.read == {"roles": {}}
    assert len(judge_bucket(facts, policy()).of(CheckOutcome.FAILED)) == len(BUCKET_CHECKS)


def test_every_page_of_a_listing_is_read() -> None:
    pages = [{"items": [{"name": "a/"}], "nextPageToken": "2"}, {"items": [{"name": "b/"}]}]
    with serving(good()) as stub:
        for name in ("a", "b"):
            stub.world[f"{STORAGE_B}/managedFolders/{name}%2F/iam"] = {"version": 1}
        answer = stub.answer
        stub.answer = lambda method, path, query: (  # type: ignore[method-assign]
            (200, pages["pageToken" in query]) if path.endswith("/managedFolders") else answer(method, path, query)
        )
        facts = _facts(stub, policy())
    assert [item["name"] for item in facts.read["managed_folders"]] == ["a/", "b/"]


def test_a_change_between_the_two_looks_is_found() -> None:
    with serving(good()) as stub:
        first = judge_bucket(_facts(stub, policy()), policy())
        assert first.seen == BucketState("7", "CAc=")
        again = judge_bucket(_facts(stub, policy(), earlier=first.seen), policy())
        assert not again.is_refused
        stub.world[STORAGE_B]["metageneration"] = "8"
        changed = judge_bucket(_facts(stub, policy(), earlier=first.seen), policy())
    assert [item.check for item in changed.of(CheckOutcome.FAILED)] == ["unchanged"]


def test_an_audit_needs_no_permission_to_write() -> None:
    world = good() | {"held": []}
    with serving(world) as stub:
        assert not judge_bucket(_facts(stub, policy(), writing=False), policy()).is_refused
        assert judge_bucket(_facts(stub, policy(), writing=True), policy()).is_refused


def test_a_waiver_holds_until_its_day_and_only_where_it_is_allowed() -> None:
    world = good()
    world["access_context/v1/accessPolicies/5/servicePerimeters"] = {}
    with serving(world) as stub:
        facts = _facts(stub, policy())
    waived = judge_bucket(facts, policy(waivers={"walled": waiver()}))
    assert not waived.is_refused
    assert "privacy board" in str(waived.of(CheckOutcome.WAIVED)[0].waiver)
    assert judge_bucket(facts, policy(waivers={"walled": waiver(date(2026, 11, 23))})).is_refused
    with pytest.raises(UsageError, match=r"waivers\.not-public"):
        judge_bucket(facts, policy(waivers={"not-public": waiver()}))


def test_the_refusal_is_one_sentence_with_the_command(complete: BucketFacts) -> None:
    world = dict(complete.read)
    world["bucket"] = world["bucket"] | {"versioning": {"enabled": True}}
    with pytest.raises(RefusedError, match="gcloud storage buckets update gs://acme-keyveil --no-versioning"):
        judge_bucket(replace(complete, read=world), policy()).require()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"readers": ("domain:example.com",)}, "readers"),
        ({"readers": (*READERS, WORKER)}, "own accounts"),
        ({"readers": ("group:a@example.com",)}, "groups"),
        ({"key": "restricted"}, "key"),
        ({"organization": "acme"}, "organization"),
        ({"regions": ()}, "regions"),
        ({"retention_days": 0}, "retention_days"),
        ({"erasure_days": -1}, "erasure_days"),
        ({"key_users": (), "max_grant_days": 10**6}, "max_grant_days"),
    ],
)
def test_a_policy_out_of_form_is_refused_by_name(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        policy(**changes)


def test_the_storage_agent_alone_may_use_the_key_unless_the_policy_says_more(complete: BucketFacts) -> None:
    name = "serviceAccount:archive@acme.iam.gserviceaccount.com"
    read = {**complete.read, "effective_key_access": analysis(AGENT, name)}
    assert judge_bucket(replace(complete, read=read), policy()).is_refused
    assert not judge_bucket(replace(complete, read=read), policy(key_users=(name,))).is_refused


def _with_accounts_elsewhere(*granted: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a world whose accounts live in the project acme-runs, under the same organisation, with these grants."""
    moved = json.loads(json.dumps(good()).replace(f"@{PROJECT}.iam", "@acme-runs.iam"))
    manager = "resource_manager/v3/projects"
    moved[f"{manager}/acme-runs"] = {"name": "projects/4712", "parent": f"organizations/{ORG}"}
    moved[f"{manager}/4712:getIamPolicy"] = {"version": 1, "bindings": list(granted)}
    accounts = {name: account(name).replace(PROJECT, "acme-runs") for name in _TASKS}
    return moved, accounts


_TASKS = ("worker", "launcher", "preflight", "eraser", "canary")
_TOKENS = "roles/iam.serviceAccountTokenCreator"


@pytest.mark.parametrize(
    ("granted", "agreed", "failed"),
    [
        ([], {}, []),
        ([binding(_TOKENS, "user:bob@example.com")], {}, ["nobody-signs"]),
        ([binding(_TOKENS, "user:bob@example.com")], {"user:bob@example.com": (_TOKENS,)}, []),
        ([binding("roles/browser", "user:bob@example.com")], {}, []),
    ],
)
def test_who_may_act_as_an_account_by_its_own_project_is_found(
    granted: list[dict[str, Any]], agreed: dict[str, tuple[str, ...]], failed: list[str]
) -> None:
    moved, accounts = _with_accounts_elsewhere(*granted)
    renamed = json.loads(json.dumps(asdict(policy())).replace(f"@{PROJECT}.iam", "@acme-runs.iam"))
    changes = {name: renamed[name] for name in ("inherited_grants", "impersonators", "secrets")}
    judged = policy(accounts=Accounts(**accounts), account_grants=agreed, **changes)
    with serving(moved) as stub:
        verdict = judge_bucket(_facts(stub, judged), judged)
    assert [item.check for item in verdict.of(CheckOutcome.FAILED)] == failed


def test_temporary_files_alone_may_be_reached_by_the_runner_of_jobs() -> None:
    agreed = policy(
        staging_grants={"serviceAccount:agent@example.com": ("roles/storage.objectUser",)}, backstop_days=30
    )
    assert derive_policy(agreed, "staging", keeps=False).bucket_grants == agreed.staging_grants
    assert derive_policy(agreed, "state", keeps=True).bucket_grants == {}


@pytest.mark.parametrize(("age", "failed"), [(120, []), (121, ["ends"])])
def test_the_bucket_deletes_within_the_backstop(age: int, failed: list[str]) -> None:
    changed, agreed = good(), policy(backstop_days=30)
    changed[STORAGE_B]["lifecycle"]["rule"][0]["condition"]["age"] = age
    with serving(changed) as stub:
        verdict = judge_bucket(_facts(stub, agreed), agreed)
    assert [item.check for item in verdict.of(CheckOutcome.FAILED)] == failed


@pytest.mark.parametrize("change", [{"backstop_days": -1}, {"backstop_days": 3651}, {"secrets": {"keys": ()}}])
def test_a_policy_that_is_out_of_form_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(change))):
        policy(**change)
