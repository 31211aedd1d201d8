"""Nights on Dataflow are looked at through Google's interfaces, on a stand-in that answers as these do."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.doctor import cloud
from pipelines.doctor.cloud import CLOUD, JOB_PERMISSIONS, OBJECT_PERMISSIONS
from pipelines.doctor.examination import Examination
from pipelines.doctor.examine import examine
from pipelines.doctor.settings import NightsSettings, load_nights
from pipelines.preflight.google_api import NotReadError
from pipelines.runner.beam_options import select_engine
from schemas.errors import RefusedError
from tests.preflight.stub import Stub, serving
from tests.preflight.world import policy
from tests.support.scripted_preflight import Scripted
from transforms.preflight.verdict import BucketState, JudgedFact

_DEPLOY = Path(__file__).parents[3] / "deploy"
_REGION = "compute/compute/v1/projects/acme-runs/regions/europe-west1"
_IMAGE = (
    "artifact_registry/v1/projects/acme-runs/locations/europe-west1/repositories/keyveil/dockerImages/worker@sha256:"
)
_BUCKETS = ("acme-keyveil", "acme-keyveil-state", "acme-keyveil-staging")
_HELD = [*JOB_PERMISSIONS, *OBJECT_PERMISSIONS, "iam.serviceAccounts.actAs"]


@pytest.fixture(scope="module")
def settings() -> NightsSettings:
    return load_nights(_DEPLOY / "nights.yaml")


def test_the_example_has_the_flags_of_the_job(settings: NightsSettings) -> None:
    runs = _DEPLOY / "terraform" / "runs"
    words = (runs / "jobs.tf").read_text().partition("  flags = [")[2].partition("]\n")[0]
    job = re.findall(r'"--(\w+)[="]', words)
    (machine,) = re.findall(r'"machine_type" \{[^}]*default\s+= "([\w-]+)"', (runs / "variables.tf").read_text())
    named = re.findall(r"- --(\w+)", (_DEPLOY / "nights.yaml").read_text())
    assert (named, f"--machine_type={machine}" in settings.flags) == (job, True)


def _world() -> dict[str, Any]:
    quotas = {"CPUS": 100, "N2_CPUS": 90, "DISKS_TOTAL_GB": 4096}
    return {
        "held": list(_HELD),
        _REGION: {"quotas": [{"metric": name, "limit": limit, "usage": 10} for name, limit in quotas.items()]},
        _IMAGE + "0" * 64: {},
        "storage": {},
        **{f"storage/storage/v1/b/{bucket}": {"location": "EUROPE-WEST1"} for bucket in _BUCKETS},
    }


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving(_world()) as stub:
        yield stub


def _read(check: str, stub: Stub, settings: NightsSettings, **changes: Any) -> JudgedFact:
    now = changes.pop("now", datetime.now(UTC))
    look = Examination(replace(settings, **changes), now)
    agreed = policy(regions=("europe-west1",))
    look.__dict__.update(connection=stub.connection, reading=stub.connection, agreement=agreed)
    (found,) = [item for item in CLOUD if item.name == check]
    return found.judge(look, look.settings)


def test_the_example_has_flags_that_a_run_accepts(settings: NightsSettings) -> None:
    assert select_engine(settings.runner, settings.flags).where == "DataflowRunner"


@pytest.mark.parametrize("check", ["permissions", "places", "quota", "image", "clock"])
def test_a_project_that_is_ready_passes(check: str, stub: Stub, settings: NightsSettings) -> None:
    found = _read(check, stub, settings)
    assert found.passed, found.read


@pytest.mark.parametrize("missing", _HELD)
def test_a_permission_that_is_missing_is_named(missing: str, stub: Stub, settings: NightsSettings) -> None:
    stub.world["held"].remove(missing)
    found = _read("permissions", stub, settings)
    assert not found.passed
    assert f"this account has no {missing} on " in found.read


def test_places_in_other_regions_are_named(stub: Stub, settings: NightsSettings) -> None:
    stub.world["storage/storage/v1/b/acme-keyveil-state"]["location"] = "US"
    assert _read("places", stub, settings).read == "gs://acme-keyveil-state lies in us"
    stub.world["storage/storage/v1/b/acme-keyveil-state"]["location"] = "EUROPE-WEST1"
    for part, says in (("subnetwork=regions/europe-west1", "subnetwork lies elsewhere"),):
        flags = tuple(flag.replace(part, part.replace("west1", "west4")) for flag in settings.flags)
        assert says in _read("places", stub, settings, flags=flags).read


@pytest.mark.parametrize(("metric", "needed"), [("CPUS", 80), ("N2_CPUS", 80), ("DISKS_TOTAL_GB", 600)])
@pytest.mark.parametrize("short", [0, 1])
def test_quotas_are_compared_with_what_the_workers_take(
    metric: str, needed: int, short: int, stub: Stub, settings: NightsSettings
) -> None:
    (item,) = [quota for quota in stub.world[_REGION]["quotas"] if quota["metric"] == metric]
    item["limit"] = item["usage"] + needed - short
    found = _read("quota", stub, settings)
    assert found.passed is not bool(short)
    assert not short or found.read == f"{needed - 1} of {metric} are free, {needed} are needed"


def test_a_missing_image_or_one_in_another_region_is_reported(stub: Stub, settings: NightsSettings) -> None:
    del stub.world[_IMAGE + "0" * 64]
    with pytest.raises(NotReadError, match="404"):
        _read("image", stub, settings)


@pytest.mark.parametrize(("seconds", "passed"), [(60, True), (61, False), (-60, True), (-61, False)])
def test_a_clock_that_is_more_than_a_minute_off_fails(
    seconds: int, passed: bool, stub: Stub, settings: NightsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = datetime(2026, 11, 30, 23, 59, 30, tzinfo=UTC)
    date = format_datetime(told, usegmt=True)
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda *_: date)
    assert _read("clock", stub, settings, now=told + timedelta(seconds=seconds)).passed is passed


def test_the_buckets_beside_the_output_pass_its_preflight_too(
    stub: Stub, settings: NightsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def look_at(bucket: str, _: str, *, keeps: bool) -> Scripted:
        asked.append((bucket, keeps))
        return Scripted(*[BucketState("1", "e")] * (bucket != "gs://acme-keyveil-state"))

    monkeypatch.setattr(cloud, "open_bucket_preflight", look_at)
    found = _read("private-buckets", stub, settings)
    assert dict(asked) == {"gs://acme-keyveil-staging": False, "gs://acme-keyveil-state": True}
    assert found.read == "gs://acme-keyveil-state: unchanged: read x"


def test_terraform_grants_the_permissions_of_a_night() -> None:
    text = (_DEPLOY / "terraform" / "foundation" / "accounts.tf").read_text()
    role = text[text.index('"google_project_iam_custom_role" "jobs"') :].partition("]")[0]
    granted = set(re.findall(r'"(dataflow\.[\w.]+)"', role))
    roles = yaml.safe_load((_DEPLOY.parent / "tests" / "deploy" / "roles.yaml").read_text())
    assert granted == set(JOB_PERMISSIONS) - {"dataflow.jobs.get"}
    assert "dataflow.jobs.get" in str(roles)


def test_without_credentials_each_check_says_so_and_none_stops_the_others(
    settings: NightsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise RefusedError("there are no Google credentials")

    monkeypatch.setattr("pipelines.doctor.examination.connect", refuse)
    monkeypatch.setattr("transforms.object_store.gcs.client", refuse)
    monkeypatch.setattr("pipelines.preflight.watch.connect", refuse)
    monkeypatch.setattr("transforms.keys.secret_manager.access", lambda _: refuse())
    verdict = examine(settings, datetime.now(UTC))
    read = {finding.check: finding for finding in verdict.findings}
    assert {"permissions", "places", "quota", "image", "clock", "config", "consent", "output"} <= set(read)
    assert all("no Google credentials" in read[name].read for name in ("permissions", "quota", "image", "clock"))
    assert read["job"].outcome == "passed"
