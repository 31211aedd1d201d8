"""The page lists the checks that the code makes, and its example is a policy."""

import importlib.util
import json
import re
from pathlib import Path

from pipelines.config import load_record
from tests.preflight.s3_world import good_facts
from transforms.preflight.policy import BucketPolicy
from transforms.preflight.s3.checks import judge_s3
from transforms.preflight.s3.policy import S3Policy
from transforms.preflight.verdict import CheckOutcome

_DOCS = Path(__file__).parents[2] / "docs"


def test_the_tables_are_current() -> None:
    spec = importlib.util.spec_from_file_location("make_preflight", _DOCS / "make_preflight.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    text = script.PAGE.read_text(encoding="utf-8")
    assert text == script.current(text), "run: python docs/make_preflight.py"
    assert text.count("\n| ") >= 30 + 11


def test_the_example_is_a_policy(tmp_path: Path) -> None:
    page = (_DOCS / "preflight.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    (tmp_path / "policy.yaml").write_text(example[1])
    assert load_record(BucketPolicy, tmp_path / "policy.yaml").bucket == "acme-keyveil"
    of_s3 = page[page.index("## A bucket of S3") :]
    example = re.search(r"```yaml\n(.*?)```", of_s3, re.DOTALL)
    assert example is not None
    (tmp_path / "s3.yaml").write_text(example[1])
    agreed = load_record(S3Policy, tmp_path / "s3.yaml")
    statements = re.search(r"```json\n(.*?)```", of_s3, re.DOTALL)
    assert statements is not None
    whole = '"arn:aws:s3:::acme-keyveil", "arn:aws:s3:::acme-keyveil/*"'
    denials = "[" + re.sub(r"}\n{", "},{", statements[1].replace('"(both)"', whole)) + "]"
    facts = good_facts()
    facts.read["policy"]["Statement"] = [*facts.read["policy"]["Statement"][:2], *json.loads(denials)]
    assert judge_s3(facts, agreed).of(CheckOutcome.FAILED) == ()
