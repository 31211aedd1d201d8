"""The page for auditors computes epsilon with another library, and a release states the same."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from pipelines.cli.main import main
from tests.support.release_parts import ALL_PARTS_OPTIONS

_ROOT = Path(__file__).parents[2]
_CODE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_epsilon_follows_from_the_manifest_by_the_code_of_the_page(tmp_path: Path) -> None:
    [code] = _CODE.findall((_ROOT / "docs" / "auditing.md").read_text())
    examples = _ROOT / "examples"
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    words = [
        "run",
        "--input",
        str(examples / "recordings" / "synthetic-office.jsonl"),
        "--keys",
        str(tmp_path / "keys"),
    ]
    words += ["--consent", str(examples / "consent.csv"), "--output", str(tmp_path / "data")]
    assert main([*words, *ALL_PARTS_OPTIONS, "--dataset", "dear"]) == 0
    assert main([*words, "--set", "aggregates.people=4", "--dataset", "free"]) == 0
    out = io.StringIO()
    with contextlib.chdir(tmp_path), contextlib.redirect_stdout(out):
        exec(code, {})  # noqa: S102 - the page is ours
    told = sorted(
        (float(stated), float(costs)) for _, _, stated, _, costs in map(str.split, out.getvalue().splitlines())
    )
    assert told[0] == (0.0, 0.0)
    assert told[1][0] > 0
    assert told[1][0] == pytest.approx(told[1][1], rel=0.01)
