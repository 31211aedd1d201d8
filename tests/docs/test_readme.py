"""The README is short, and its commands and those of the operating pages are ones that the command line has."""

import re
import shlex
from pathlib import Path

import pytest

from pipelines.cli.main import COMMANDS
from pipelines.cli.parser import parse

_ROOT = Path(__file__).parents[2]
_PAGES = ("README.md", "docs/operating.md", "docs/privacy-budget.md", "docs/utility.md")
_BLOCK = re.compile(r"^```\n(.*?)^```", re.DOTALL | re.MULTILINE)


def _commands() -> list[str]:
    blocks = [block for page in _PAGES for block in _BLOCK.findall((_ROOT / page).read_text(encoding="utf-8"))]
    return [line for block in blocks for line in block.splitlines() if line.startswith("keyveil ")]


def test_the_readme_has_500_to_700_words() -> None:
    words = (_ROOT / "README.md").read_text(encoding="utf-8").split()
    assert 500 <= len(words) <= 700


def test_the_pages_hold_commands() -> None:
    assert len(_commands()) >= 20


@pytest.mark.parametrize("line", _commands())
def test_a_command_of_the_pages_parses(line: str) -> None:
    words = shlex.split(line)[1:]
    if "--help" in words:
        with pytest.raises(SystemExit) as ended:
            parse(COMMANDS, words)
        assert ended.value.code == 0
    else:
        parse(COMMANDS, words)
