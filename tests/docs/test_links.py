"""Every link between pages of the repository leads to a file, and every anchor to a heading."""

import re
import subprocess
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_FENCED = re.compile(r"```.*?```", re.DOTALL)


def _pages() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=_ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.split()


def _anchors(page: Path) -> set[str]:
    headings = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", _pages())
def test_links_of_a_page_lead_somewhere(name: str) -> None:
    page = _ROOT / name
    for link in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), link
        if anchor:
            assert anchor in _anchors(file), link


def test_the_pages_that_people_expect_exist() -> None:
    root = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
    assert root | {"docs/architecture.md", "docs/glossary.md"} <= set(_pages())
    assert (_ROOT / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("Apache License")
