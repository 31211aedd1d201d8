"""Metadata, launch bodies and the workflow, held against Google's protos and discovery documents."""

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
from pipelines.runner.flex_template import LaunchSettings, launch_body

_DEPLOY = Path(__file__).parents[2] / "deploy"
_DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_SETTINGS = load_record(LaunchSettings, _DEPLOY / "launch.yaml")
_METADATA = json.loads((_DEPLOY / "flex" / "metadata.json").read_text())


def _parse(kind: Any, value: dict[str, Any]) -> Any:
    """Return the message; raise ``ParseError`` for any field or value that it does not have."""
    return kind.wrap(ParseDict(value, kind.pb(kind()), ignore_unknown_fields=False))


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


def test_a_launch_is_what_the_service_accepts_and_stays_private() -> None:
    launch = _parse(dataflow.LaunchFlexTemplateRequest, launch_body(_SETTINGS)).launch_parameter
    known = {parameter["name"]: parameter for parameter in _METADATA["parameters"]}
    needed = {name for name, parameter in known.items() if not parameter.get("isOptional")}
    assert needed <= set(launch.parameters) <= set(known)
    for name, value in launch.parameters.items():
        assert all(re.search(pattern, value) for pattern in known[name].get("regexes", [])), name
    environment = launch.environment
    assert environment.ip_configuration == dataflow.WorkerIPAddressConfiguration.WORKER_IP_PRIVATE
    assert environment.sdk_container_image == launch.container_spec.image
    for name in ("service_account_email", "subnetwork", "kms_key_name", "temp_location", "staging_location"):
        assert getattr(environment, name)
    assert environment.launcher_machine_type
    assert environment.additional_user_labels["data_class"] == "restricted"


@pytest.mark.parametrize("name", ["nights", "once"])
def test_a_workflow_calls_a_method_that_exists_with_arguments_that_it_takes(name: str) -> None:
    steps = yaml.safe_load((_DEPLOY / f"{name}.workflow.yaml").read_text(encoding="utf-8"))["main"]["steps"]
    calls = [step.get("try", step) for item in steps for step in item.values() if "call" in step.get("try", step)]
    assert {step["call"] for step in calls} == {"googleapis.run.v2.projects.locations.jobs.run"}
    found: Any = json.loads((_DOCUMENTS / "run.v2.json").read_text())
    method = found["resources"]["projects"]["resources"]["locations"]["resources"]["jobs"]["methods"]["run"]
    bodies = [step["args"]["body"]["overrides"] for step in calls if "body" in step["args"]]
    overrides = found["schemas"][found["schemas"][method["request"]["$ref"]]["properties"]["overrides"]["$ref"]]
    assert all(set(body) <= set(overrides["properties"]) for body in bodies)
    assert {next(iter(item)) for body in bodies for item in body["containerOverrides"]} <= {"args"}


def test_airflow_runs_the_jobs_that_the_nightly_workflow_runs() -> None:
    text = (_DEPLOY / "airflow" / "keyveil_nightly.py").read_text(encoding="utf-8")
    named = re.findall(r'job\("(\w+)"', text)
    steps = yaml.safe_load((_DEPLOY / "nights.workflow.yaml").read_text(encoding="utf-8"))["main"]["steps"]
    called = [
        str(step.get("try", step)["args"]["name"])
        for item in steps
        for step in item.values()
        if "args" in step.get("try", step)
    ]
    assert [f'${{sys.get_env("{name.upper()}_JOB")}}' for name in named] == called
    assert not re.search(r"TODO|BODY", text)


def test_the_template_passes_its_parameters_on_and_sets_the_flags_that_are_checked() -> None:
    spec = importlib.util.spec_from_file_location("flex_main", _DEPLOY / "flex" / "main.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    parameters = launch_body(_SETTINGS)["launchParameter"]["parameters"]
    words = [f"--{name}={value}" for name, value in parameters.items()]
    handed = ["--runner=DataflowRunner", "--project=acme-telemetry", "--region=europe-west1", "--subnetwork=default"]
    handed += ["--staging_location=gs://acme-keyveil-staging/staging", "--temp_location=gs://acme-keyveil-staging/temp"]
    arguments = parse(COMMANDS, script.command_line([*words, *handed]))
    assert (arguments.input, arguments.runner) == (list(_SETTINGS.run.input), "DataflowRunner")
    engine = select_engine(arguments.runner, arguments.beam_flags)
    assert engine.options.get_all_options()["subnetwork"] == _SETTINGS.subnetwork
    assert {parameter["name"] for parameter in _METADATA["parameters"]} == {*script._OWN, *script._FLAGS}


def _stages() -> dict[str, str]:
    text = (_DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    return {
        found[1]: found[0] for found in re.findall(r"(^FROM \S+ AS (\w+)\n(?:(?!^FROM ).*\n)*)", text, re.MULTILINE)
    }


def test_the_image_takes_nothing_from_the_network_when_it_starts() -> None:
    text = (_DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "--no-index --no-deps /wheels" in text
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert all(base.startswith("${") or base == "base" for base in bases), "bases are named by digest when it is built"


def test_workers_may_write_where_dataflow_writes_and_jobs_are_not_root() -> None:
    stages = _stages()
    assert re.search(r"^USER [1-9]\d*$", stages["job"], re.MULTILINE)
    assert "USER" not in stages["worker"] + stages["base"]
    assert "RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT=1" in stages["worker"]
    assert stages["worker"].rstrip().endswith('ENTRYPOINT ["/opt/apache/beam/boot"]')
    assert list(stages)[-1] == "worker", "docker build without --target makes the workers' image"
