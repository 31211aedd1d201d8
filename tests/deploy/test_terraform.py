"""Resources of Terraform beyond those of the nightly path: walls, records, order, alerts."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.deploy.cloud import Cloud, workflows
from tests.deploy.hcl import UnknownNameError
from tests.deploy.module_variables import GIVEN, RUNS
from tests.deploy.rules import CHECKS
from tests.deploy.terraform import FOLDER, Files, Module, parsed


@pytest.fixture(scope="module")
def files() -> Files:
    return parsed()


@pytest.fixture(scope="module")
def cloud(files: Files) -> Cloud:
    return Cloud(files, workflows())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
def test_what_terraform_makes(check: Callable[[Cloud], None], cloud: Cloud) -> None:
    check(cloud)


@pytest.mark.parametrize(
    "change",
    [
        {"readers": ["domain:example.com"]},
        {"labels": {"data_class": "restricted"}},
        {"erasers": ["group:all@example.com"]},
        {"runs_project": GIVEN["project"]},
    ],
)
def test_a_foundation_that_would_be_unsafe_is_refused(files: Files, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        Module(files, "foundation", {**GIVEN, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"image": "keyveil:latest"},
        {"job_image": "keyveil:latest"},
        {"inputs": "gs://acme-recordings/*.jsonl"},
        {"first_day": "yesterday"},
    ],
)
def test_runs_that_could_not_begin_are_refused(cloud: Cloud, files: Files, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        Module(files, "runs", {"foundation": cloud.foundation.output("foundation"), **RUNS, **change})


@pytest.mark.parametrize("module", ["foundation", "runs"])
def test_the_example_sets_every_variable_that_has_no_default(module: str) -> None:
    blocks = re.findall(
        r'^variable "(\w+)" {\n(.*?)^}', (FOLDER / module / "variables.tf").read_text(), re.MULTILINE | re.DOTALL
    )
    needed = {name for name, body in blocks if "\n  default " not in f"\n{body}"} - {"foundation"}
    example = (FOLDER / module / "example.tfvars").read_text()
    assert {*re.findall(r"^(\w+) += ", example, re.MULTILINE)} == needed
    given = GIVEN if module == "foundation" else RUNS
    assert needed <= given.keys()


def test_a_variable_that_is_not_set_is_named(files: Files) -> None:
    given = {name: value for name, value in GIVEN.items() if name != "region"}
    with pytest.raises(UnknownNameError, match="region"):
        Module(files, "foundation", given).apply()
