"""A worker in a container is silent, and what it reads and writes carries the purpose of the run."""

import json
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions

from pipelines.runner.worker_plugin import read_audit_entries

_NOTED = {"purpose": "training", "dataset": "sessions"}


@pytest.fixture
def handed() -> str:
    """Write the options of a job as Beam hands them to a worker."""
    options = PipelineOptions()
    entries = {f"x-goog-custom-audit-{name}": value for name, value in _NOTED.items()}
    options.view_as(GoogleCloudOptions).gcs_custom_audit_entries = entries
    return json.dumps({f"beam:option:{name}:v1": value for name, value in options.get_all_options().items()})


def test_the_entries_of_the_job_come_from_the_environment_or_the_file(handed: str, tmp_path: Path) -> None:
    (tmp_path / "options.json").write_text(handed)
    assert read_audit_entries({"PIPELINE_OPTIONS": handed}) == _NOTED
    assert read_audit_entries({"PIPELINE_OPTIONS_FILE": str(tmp_path / "options.json")}) == _NOTED


def test_a_worker_that_was_handed_nothing_notes_nothing() -> None:
    assert read_audit_entries({}) == {}
    assert read_audit_entries({"PIPELINE_OPTIONS": "{}"}) == {}
