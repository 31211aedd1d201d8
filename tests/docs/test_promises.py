"""Every test that a page names as holding a promise is there, under that name."""

import re
from pathlib import Path

import pytest

from tests.attack.kinds import KINDS

_ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")
_PAGES = ("docs/security.md", "docs/threat-model.md", "docs/privacy-accounting.md")


@pytest.mark.parametrize("page", _PAGES)
def test_a_page_names_tests_that_exist(page: str) -> None:
    named = _NAMED.findall((_ROOT / page).read_text())
    assert named
    for file, name in named:
        assert f"def {name}(" in (_ROOT / file).read_text() if name else (_ROOT / file).exists(), (file, name)


def test_the_page_lists_every_kind_of_attack() -> None:
    assert set(KINDS) <= set(re.findall(r"`(\w+)`", (_ROOT / "docs/security.md").read_text()))


@pytest.mark.parametrize("page", ["docs/security.md", "docs/threat-model.md"])
def test_every_promise_in_a_table_has_a_test(page: str) -> None:
    text = (_ROOT / page).read_text()
    tables = [part.partition("\n\n")[0] for part in text.split("| promise | test |")[1:]]
    rows = [line for table in tables for line in table.splitlines() if line.startswith("| ")]
    assert len(rows) > 20
    assert [row.split(" | ")[0] for row in rows if not re.search(r"`tests/[\w/]+\.py::test_\w+`", row)] == []
