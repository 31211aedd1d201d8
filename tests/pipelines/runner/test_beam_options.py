"""Runners and flags that are taken, and refusals of a Dataflow job before anything of it is sent."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import DebugOptions, DirectOptions, GoogleCloudOptions, PortableOptions
from apache_beam.runners.dataflow.dataflow_runner import DataflowRunner
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.cli.main import main
from pipelines.runner.beam_options import RunnerKind, select_engine
from pipelines.runner.dataflow import JobPlaces, list_private_buckets
from schemas.errors import KeyveilError, RefusedError, UsageError

_IMAGE = f"europe-west1-docker.pkg.dev/acme/keyveil/keyveil@sha256:{'0' * 64}"
_KEY = "projects/acme/locations/europe-west1/keyRings/keyveil/cryptoKeys/dataflow"
FLAGS = {
    "project": "acme-telemetry",
    "region": "europe-west1",
    "no_use_public_ips": None,
    "subnetwork": "regions/europe-west1/subnetworks/keyveil",
    "dataflow_kms_key": _KEY,
    "service_account_email": "keyveil-worker@acme.iam.gserviceaccount.com",
    "sdk_container_image": _IMAGE,
    "labels": "data_class=restricted",
    "label": "dpia=dpia-12",
    "staging_location": "gs://acme-staging/staging",
    "temp_location": "gs://acme-staging/temp",
}
PLACES = JobPlaces(
    output="gs://acme-keyveil",
    state="gs://acme-state/keyveil",
    keys="secret:projects/acme/secrets/keyveil-keys",
    inputs=("gs://acme-recordings/*.jsonl",),
    trace=None,
)


def flags(**changes: str | None) -> list[str]:
    """Return the flags of a job as it should be, but for the changes; '' leaves one out."""
    named = {name: value for name, value in {**FLAGS, **changes}.items() if value != ""}
    return [f"--{name}" if value is None else f"--{name}={value}" for name, value in named.items()]


def test_a_job_as_it_should_be_is_taken() -> None:
    found = select_engine("DataflowRunner", flags())
    assert (found.where, found.shares_disk) == (RunnerKind.DATAFLOW, False)
    assert isinstance(found.runner(), DataflowRunner)
    assert list_private_buckets(found.options, PLACES) == {"gs://acme-staging": False, "gs://acme-state": True}
    assert found.options.view_as(DebugOptions).number_of_worker_harness_threads == 1


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"project": ""}, 2, "--project"),
        ({"region": ""}, 2, "--region"),
        ({"no_use_public_ips": ""}, 3, "set --no_use_public_ips"),
        ({"no_use_public_ips": "", "use_public_ips": None}, 3, "set --no_use_public_ips"),
        ({"subnetwork": ""}, 3, "--subnetwork .* set regions/"),
        ({"subnetwork": "default"}, 3, "--subnetwork"),
        ({"dataflow_kms_key": ""}, 3, "--dataflow_kms_key .* set projects/"),
        ({"region": "europe-west4"}, 3, "--dataflow_kms_key lies in another location"),
        ({"dataflow_kms_key": "my-key"}, 3, "--dataflow_kms_key"),
        ({"service_account_email": ""}, 3, "--service_account_email"),
        ({"service_account_email": "1-compute@developer.gserviceaccount.com"}, 3, "--service_account_email"),
        ({"sdk_container_image": ""}, 3, "--sdk_container_image .*sha256"),
        ({"sdk_container_image": "acme/keyveil:latest"}, 3, "--sdk_container_image"),
        ({"labels": ""}, 2, "--labels lacks data_class"),
        ({"label": "dpia="}, 2, "--labels lacks dpia"),
        ({"staging_location": ""}, 2, "--staging_location"),
        ({"temp_location": "temp"}, 2, "--temp_location .* set gs://"),
        ({"requirements_file": "r.txt"}, 3, "--requirements_file"),
        ({"setup_file": "./setup.py"}, 3, "--setup_file"),
        ({"extra_package": __file__}, 3, "--extra_package"),
        ({"gbek": "type:gcpsecret;version_name:x"}, 3, "--gbek"),
        ({"dataflow_endpoint": "https://dataflow.example.com"}, 3, "--dataflow_endpoint"),
        ({"no_auth": None}, 3, "--no_auth"),
        ({"streaming": None}, 2, "--streaming"),
        ({"update": None}, 3, "--update"),
        ({"experiments": "enable_data_sampling"}, 3, "sampled"),
        ({"enable_hot_key_logging": None}, 3, "sampled"),
    ],
)
def test_each_flag_that_would_be_unsafe_is_named(change: dict[str, str | None], code: int, says: str) -> None:
    with pytest.raises(KeyveilError, match=says) as caught:
        select_engine("DataflowRunner", flags(**change))
    assert caught.value.exit_code == code


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"output": "out"}, 2, "--output"),
        ({"state": None}, 2, "--state"),
        ({"state": "gs://acme-keyveil/state"}, 3, "--state"),
        ({"state": "gs://acme-staging/state"}, 3, "--state"),
        ({"keys": "keys"}, 2, "--keys .* secret:"),
        ({"inputs": ("gs://a/b", "log.jsonl")}, 2, "--input"),
        ({"trace": "trace"}, 3, "--trace"),
        ({"output": "gs://acme-staging/out"}, 3, "--staging_location"),
    ],
)
def test_each_address_that_would_not_do_is_named(change: dict[str, object], code: int, says: str) -> None:
    with pytest.raises(KeyveilError, match=says) as caught:
        list_private_buckets(select_engine("DataflowRunner", flags()).options, replace(PLACES, **change))  # type: ignore[arg-type]
    assert caught.value.exit_code == code


def test_the_purpose_stands_beside_every_access_and_one_release_is_one_job() -> None:
    found = select_engine("DataflowRunner", [*flags(), '--gcs_custom_audit_entries={"purpose":"sales","team":"x"}'])
    cloud = found.job_options("abc", {"purpose": "training", "release": "abc"}).view_as(GoogleCloudOptions)
    assert cloud.job_name == "keyveil-abc"
    assert cloud.gcs_custom_audit_entries == {
        "x-goog-custom-audit-purpose": "training",
        "x-goog-custom-audit-team": "x",
        "x-goog-custom-audit-release": "abc",
    }


def test_each_job_has_options_of_its_own() -> None:
    found = select_engine("DataflowRunner", flags())
    first = found.job_options("first", {"night": "first"}).view_as(GoogleCloudOptions)
    first.staging_location = "gs://elsewhere"  # as the runner does
    second = found.job_options("second", {"release": "second"}).view_as(GoogleCloudOptions)
    assert (first.job_name, second.job_name) == ("keyveil-first", "keyveil-second")
    assert second.staging_location == FLAGS["staging_location"]
    assert second.gcs_custom_audit_entries == {"x-goog-custom-audit-release": "second"}
    named = select_engine("DataflowRunner", flags(job_name="mine"))
    assert named.job_options("first", {}).view_as(GoogleCloudOptions).job_name == "mine"


def test_a_template_is_for_dataflow_alone() -> None:
    with pytest.raises(UsageError, match="--template_location"):
        select_engine("DirectRunner", ["--template_location=gs://acme-staging/template"])
    assert select_engine("DataflowRunner", flags(template_location="gs://acme-staging/template")).hands_over


def test_a_flag_without_the_right_value_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="does not accept the flags"):
        select_engine("DirectRunner", ["--num_workers=many"])
    assert capsys.readouterr().err == ""


def test_labels_may_come_as_json_as_templates_give_them() -> None:
    labels = '{"data_class":"restricted","dpia":"dpia-12"}'
    assert select_engine("DataflowRunner", flags(labels=labels, label="")).where is RunnerKind.DATAFLOW
    with pytest.raises(UsageError, match="lacks data_class, dpia"):
        select_engine("DataflowRunner", flags(labels="{", label=""))


def test_dask_is_refused_with_the_reason() -> None:
    with pytest.raises(RefusedError, match="union of all of them, so what was rejected could be released"):
        select_engine("DaskRunner", ())


@pytest.mark.parametrize("runner", ["FlinkRunner", "SparkRunner", "PrismRunner", "NobodysRunner"])
def test_other_runners_are_not_taken_by_accident(runner: str) -> None:
    with pytest.raises(UsageError, match="PortableRunner"):
        select_engine(runner, ())


def test_a_job_service_has_to_be_named() -> None:
    with pytest.raises(UsageError, match="--job_endpoint"):
        select_engine("PortableRunner", ())
    assert not select_engine("PortableRunner", ["--job_endpoint=localhost:1"]).shares_disk


def test_a_local_run_never_meets_an_engine_that_was_not_looked_at(tmp_path: Path) -> None:
    for runner in ("", "DirectRunner", "FnApiRunner"):
        assert type(select_engine(runner, ()).runner()) is FnApiRunner
    with pytest.raises(UsageError, match="loses events"):
        select_engine("DirectRunner", ["--experiments=data_buffer_time_limit_ms=100"])
    with pytest.raises(UsageError, match="does not know"):
        select_engine("DirectRunner", [f"--stagging_location={tmp_path}"])


def test_views_of_the_flags_are_made_once_and_share_their_values() -> None:
    options = select_engine("DirectRunner", ["--direct_num_workers=2"]).options
    view = options.view_as(DirectOptions)
    assert options.view_as(DirectOptions) is view
    copied = copy.deepcopy(options)
    copied.view_as(DirectOptions).direct_num_workers = 3
    assert options.view_as(DirectOptions).direct_num_workers == view.direct_num_workers == 2
    assert copied.view_as(PortableOptions).view_as(DirectOptions).direct_num_workers == 3
    assert copied.get_all_options(drop_default=True)["direct_num_workers"] == 3


def test_a_run_by_days_is_not_handed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    words = ["run", "--input", f"{tmp_path}/{{day}}/*.jsonl", "--output", str(tmp_path / "out"), "--day", "2026-11-22"]
    words += ["--consent", "all-for-evaluation", "--keys", str(tmp_path / "keys"), "--finish"]
    assert main(words) == 2
    assert "leave out --finish" in capsys.readouterr().err
