"""Metadata, launch bodies and the workflow, held against Google's protos and discovery documents."""

import ast
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import googleapiclient
import pytest
import yaml
from google.cloud import dataflow_v1beta3 as dataflow
from google.protobuf.json_format import ParseDict, ParseError

from pipelines.cli.main import COMMANDS
from pipelines.cli.parser import parse
from pipelines.config import load_record
from pipelines.runner.beam_options import select_engine
from pipelines.runner.dataflow import JobPlaces, list_private_buckets
from pipelines.runner.flex_template import LaunchSettings, launch_body

_DEPLOY = Path(__file__).parents[2] / "deploy"
_DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_METADATA = json.loads((_DEPLOY / "flex" / "metadata.json").read_text())


def _parse(kind: Any, value: dict[str, Any]) -> Any:
    """Return the message; raise ``ParseError`` for any field or value that it does not have."""
    return kind.wrap(ParseDict(value, kind.pb(kind()), ignore_unknown_fields=False))


def _steps(steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: step for item in steps for name, step in item.items()}


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    text = (_DEPLOY / "workflow.yaml").read_text(encoding="utf-8")
    return _steps(yaml.safe_load(text)["main"]["steps"])


def _bodies() -> list[dict[str, Any]]:
    steps = _steps(yaml.safe_load((_DEPLOY / "workflow.yaml").read_text())["main"]["steps"])
    tree = ast.parse((_DEPLOY / "airflow" / "keyveil_nightly.py").read_text())
    body = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "BODY"
    )
    submitted = launch_body(load_record(LaunchSettings, _DEPLOY / "launch.yaml"))
    return [steps["launch"]["args"]["body"], ast.literal_eval(body), submitted]


def test_the_metadata_is_what_the_service_accepts() -> None:
    metadata = _parse(dataflow.TemplateMetadata, _METADATA)
    assert metadata.name == "keyveil"
    for parameter in _METADATA["parameters"]:
        for pattern in parameter.get("regexes", []):
            re.compile(pattern)


@pytest.mark.parametrize("change", [{"paramters": []}, {"parameters": [{"name": "x", "paramType": "GCS_FOLDER"}]}])
def test_what_the_service_does_not_know_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ParseError):
        _parse(dataflow.TemplateMetadata, _METADATA | change)


@pytest.mark.parametrize("body", _bodies(), ids=["workflow", "airflow", "submit"])
def test_a_launch_is_what_the_service_accepts_and_stays_private(body: dict[str, Any]) -> None:
    launch = _parse(dataflow.LaunchFlexTemplateRequest, body).launch_parameter
    known = {parameter["name"]: parameter for parameter in _METADATA["parameters"]}
    needed = {name for name, parameter in known.items() if not parameter.get("isOptional")}
    assert needed <= set(launch.parameters) <= set(known)
    environment = launch.environment
    assert environment.ip_configuration == dataflow.WorkerIPAddressConfiguration.WORKER_IP_PRIVATE
    assert environment.sdk_container_image == launch.container_spec.image
    for name in ("service_account_email", "subnetwork", "kms_key_name", "temp_location", "staging_location"):
        assert getattr(environment, name)
    assert environment.additional_user_labels["data_class"] == "restricted"


def test_both_schedulers_launch_what_keyveil_submit_launches() -> None:
    shapes = [sorted(_paths(body)) for body in _bodies()]
    assert shapes[0] == shapes[1] == shapes[2]


def _paths(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in _paths(item, f"{path}.{key}")]
    return [path]


def test_the_workflow_calls_methods_that_exist(workflow: dict[str, Any]) -> None:
    tried = [step.get("try", step) for step in workflow.values()]
    called = {step["call"] for step in tried if step.get("call", "").startswith("googleapis.")}
    assert len(called) == 3
    for name in called:
        interface, version, *path = name.removeprefix("googleapis.").split(".")
        found: Any = json.loads((_DOCUMENTS / f"{interface}.{version}.json").read_text())
        for part in path[:-1]:
            found = found["resources"][part]
        assert path[-1] in found["methods"], name


def test_the_workflow_goes_through_preflight_and_publishes_what_is_done(workflow: dict[str, Any]) -> None:
    order = [name for name in workflow if name in {"preflight", "launch", "wait", "publish", "verify"}]
    assert order == ["preflight", "launch", "wait", "publish", "verify"]
    targets = [item["next"] for item in workflow["decide"]["switch"]]
    assert targets == ["publish", "failed"]
    assert workflow["decide"]["next"] == "wait"
    assert all(target in workflow for target in targets)


@pytest.mark.parametrize(("name", "releasing"), [("workflow", "publish"), ("nights", "run")])
def test_what_is_released_beside_bad_input_is_verified_and_the_failure_is_told(name: str, releasing: str) -> None:
    steps = _steps(yaml.safe_load((_DEPLOY / f"{name}.yaml").read_text(encoding="utf-8"))["main"]["steps"])
    order = list(steps)
    assert order.index(releasing) < order.index("verify") < order.index("tell")
    assert steps[releasing]["except"] == {
        "as": "error",
        "steps": [{"keep": {"assign": [{"failure": "${error}"}]}}],
    }
    assert steps["tell"] == {"switch": [{"condition": "${failure != null}", "raise": "${failure}"}]}
    assigned = [item for step in steps.values() for item in step.get("assign", ())]
    assert {"failure": None} in assigned, "a failure is known before it is asked for"


def test_no_second_run_hides_that_input_was_set_aside() -> None:
    text = (_DEPLOY / "terraform" / "runs.tf").read_text(encoding="utf-8")
    assert re.findall(r"max_retries\s+= (\d)", text) == ["0"]


@pytest.mark.parametrize(("steps", "terraform"), [("workflow", "schedule"), ("nights", "nights")])
def test_every_variable_of_a_workflow_is_set_by_terraform(steps: str, terraform: str) -> None:
    used = set(re.findall(r'sys\.get_env\("(\w+)"\)', (_DEPLOY / f"{steps}.yaml").read_text(encoding="utf-8")))
    schedule = (_DEPLOY / "terraform" / f"{terraform}.tf").read_text(encoding="utf-8")
    block = re.search(r"user_env_vars = \{(.*?)\n  \}", schedule, re.DOTALL)
    assert block is not None
    assert used == set(re.findall(r"^\s+(\w+)\s+=", block[1], re.MULTILINE))


def test_the_nightly_process_would_be_taken() -> None:
    """Its words are a command of ours, and its flags pass the checks of a job on Dataflow."""
    text = (_DEPLOY / "terraform" / "runs.tf").read_text(encoding="utf-8")
    found = re.search(r'nights = \{.*?what += "(.*?)"\n +engine = \[\n(.*?)\n +\]', text, re.DOTALL)
    shared = re.search(r"args = concat\(\[\n(.*?)\n +\], each.value.engine\)", text, re.DOTALL)
    assert found is not None
    assert shared is not None
    names = {
        "module.restricted.name": "acme-keyveil", "module.staging.name": "acme-keyveil-staging",
        "google_secret_manager_secret.agreement.id": "projects/acme/secrets/policy", "var.project": "acme",
        "var.region": "europe-west1", "var.subnetwork": "regions/europe-west1/subnetworks/keyveil",
        "google_kms_crypto_key.dataflow.id": "projects/acme/locations/l/keyRings/r/cryptoKeys/dataflow",
        'google_service_account.this["worker"].email': "keyveil-worker@acme.iam.gserviceaccount.com",
        "var.image": f"acme/keyveil@sha256:{'0' * 64}", 'var.labels["dpia"]': "dpia-12", "var.dataset": "sessions",
        "var.inputs": "gs://acme-recordings/{day}/*.jsonl.zst", "var.consent": "gs://acme-consent/registry.csv",
        "local.key_set": "secret:projects/acme/secrets/keyveil-keys", "local.state": "gs://acme-keyveil-state/keyveil",
        "each.value.what": found[1],
    }  # fmt: skip
    parts = re.findall(r'"((?:[^"$]|\$\{[^}]*\})*)"|((?:var|local|each\.value)\.\w+)', shared[1] + found[2])
    words = [names[bare] if bare else re.sub(r"\$\{([^}]*)\}", lambda m: names[m[1]], text) for text, bare in parts]
    arguments = parse(COMMANDS, words)
    assert (arguments.since_last, arguments.runner) == (True, "DataflowRunner")
    engine = select_engine(arguments.runner, arguments.beam_flags)
    places = JobPlaces(arguments.output, arguments.state, arguments.keys, tuple(arguments.input), arguments.trace)
    assert list_private_buckets(engine.options, places) == {
        "gs://acme-keyveil-staging": False,
        "gs://acme-keyveil-state": True,
    }


def test_the_template_passes_its_parameters_on() -> None:
    spec = importlib.util.spec_from_file_location("flex_main", _DEPLOY / "flex" / "main.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    words = [
        "--input=gs://a/*.jsonl,gs://b/*",
        "--output=gs://c",
        "--runner=DataflowRunner",
        "--project=p",
        "--no_use_public_ips",
    ]
    assert script.command_line(words) == [
        *("run", "--input", "gs://a/*.jsonl", "gs://b/*", "--output", "gs://c", "--runner", "DataflowRunner"),
        *("--", "--project=p", "--no_use_public_ips"),
    ]
    assert {parameter["name"] for parameter in _METADATA["parameters"]} == set(script._OWN)


def test_the_image_takes_nothing_from_the_network_when_it_starts() -> None:
    lines = (_DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "--no-index --no-deps /wheels" in lines
    assert lines.rstrip().endswith('ENTRYPOINT ["/opt/apache/beam/boot"]')
    assert re.search(r"^USER [1-9]\d*$", lines, re.MULTILINE)
    bases = re.findall(r"^FROM (\S+)", lines, re.MULTILINE)
    assert all(base.startswith("${") for base in bases), "bases are named by digest when the image is built"
