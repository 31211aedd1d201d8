"""``keyveil submit``: what is refused before anything is sent, and what a stand-in of Dataflow receives."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import requests

from pipelines.cli.main import main
from pipelines.config import load_record
from pipelines.runner.flex_template import LaunchSettings, launch, launch_body
from schemas.errors import FailedError, KeyveilError, RefusedError
from tests.support.http_server import Request, answering

_EXAMPLE = Path(__file__).parents[2] / "deploy" / "launch.yaml"


@pytest.fixture
def settings() -> LaunchSettings:
    return load_record(LaunchSettings, _EXAMPLE)


@dataclass
class Dataflow:
    url: str = ""
    status: int = 200
    received: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@pytest.fixture
def dataflow() -> Iterator[Dataflow]:
    """Take launches on 127.0.0.1; it runs nothing."""
    service = Dataflow()

    def answer(request: Request) -> tuple[int, Any]:
        service.received.append((request.path, request.json()))
        return service.status, {"job": {"id": "2026-11-24_1"}}

    with answering(answer) as service.url:
        yield service


def test_the_service_receives_the_body_once(settings: LaunchSettings, dataflow: Dataflow) -> None:
    with requests.Session() as session:
        assert launch(session, settings, dataflow.url) == "2026-11-24_1"
    path = "/v1b3/projects/acme-telemetry/locations/europe-west1/flexTemplates:launch"
    assert dataflow.received == [(path, launch_body(settings))]


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_launch_that_is_not_confirmed_is_not_repeated(
    status: int, settings: LaunchSettings, dataflow: Dataflow
) -> None:
    dataflow.status = status
    with requests.Session() as session, pytest.raises(FailedError, match=f"HTTP {status}.*keyveil-nightly runs"):
        launch(session, settings, dataflow.url)
    assert len(dataflow.received) == 1


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"image": "keyveil:latest"}, 3, "digest"),
        ({"kms_key": ""}, 3, "kms_key"),
        ({"region": "europe-west4"}, 3, "another location"),
        ({"subnetwork": "default"}, 3, "subnetwork"),
        ({"worker": "4711-compute@developer.gserviceaccount.com"}, 3, "default"),
        ({"staging": "gs://acme-keyveil/staging"}, 3, "three buckets"),
        ({"staging": "staging"}, 2, "staging"),
        ({"labels": {"data_class": "restricted"}}, 2, "dpia"),
        ({"job_name": "Nightly run"}, 2, "job_name"),
        ({"max_workers": 0}, 2, "max_workers"),
    ],
)
def test_what_would_be_unsafe_is_refused_before_anything_is_sent(
    change: dict[str, Any], code: int, says: str, settings: LaunchSettings
) -> None:
    with pytest.raises(KeyveilError, match=says) as caught:
        replace(settings, **change)
    assert caught.value.exit_code == code


@pytest.mark.parametrize("address", ["postgresql://reader:hunter2@db/people", "sqlite:///people.db#consent"])
def test_a_database_of_consents_is_no_parameter_of_a_job(address: str, settings: LaunchSettings) -> None:
    parameters = replace(settings.run, consent=address)
    with pytest.raises(RefusedError, match=r"run\.consent .*export the table") as caught:
        replace(settings, run=parameters)
    assert "hunter2" not in f"{caught.value}{parameters}"
    assert replace(settings, run=replace(parameters, consent="gs://people/consent.parquet")).run.consent


def test_a_dry_run_prints_the_body_and_needs_no_credentials(
    settings: LaunchSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["submit", "--config", str(_EXAMPLE), "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == launch_body(settings)


def test_an_unknown_setting_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "launch.yaml").write_text(_EXAMPLE.read_text().replace("  consent:", "  consents:"))
    assert main(["submit", "--config", str(tmp_path / "launch.yaml"), "--dry-run"]) == 2
    assert "run.consents" in capsys.readouterr().err
