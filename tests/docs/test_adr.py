"""Each decision has a number of its own, which its heading repeats, and pages name decisions that exist."""

import re
from collections import Counter
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_DECISIONS = sorted((_ROOT / "docs" / "adr").glob("*.md"))
_NAMED = re.compile(r"\bADR (\d+)\b")


def test_no_two_decisions_share_a_number() -> None:
    counts = Counter(path.name[:4] for path in _DECISIONS)
    assert [number for number, count in counts.items() if count > 1] == []


def test_the_heading_of_a_decision_has_the_number_of_its_file() -> None:
    for path in _DECISIONS:
        assert path.read_text(encoding="utf-8").startswith(f"# {int(path.name[:4])}. "), path.name


def test_pages_and_code_name_decisions_that_exist() -> None:
    numbers = {int(path.name[:4]) for path in _DECISIONS}
    folders = ("docs", "keyveil", "pipelines", "transforms", "schemas", "benchmarks")
    for folder in folders:
        for path in (*(_ROOT / folder).rglob("*.md"), *(_ROOT / folder).rglob("*.py")):
            named = {int(number) for number in _NAMED.findall(path.read_text(encoding="utf-8"))}
            assert named <= numbers, path
