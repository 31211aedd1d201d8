"""The README is short, and its commands and those of the operating pages are ones that the command line has."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.cli.main import COMMANDS
from pipelines.cli.parser import build_parser, parse
from schemas.errors import UsageError

_ROOT = Path(__file__).parents[2]
_PAGES = ("README.md", "docs/operating.md", "docs/privacy-budget.md", "docs/utility.md")
_SPAN = re.compile(r"`(keyveil [^`\n]+)`")
_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def _commands() -> list[str]:
    blocks = [block for page in _PAGES for block in _BLOCK.findall((_ROOT / page).read_text(encoding="utf-8"))]
    return [line for block in blocks for line in block.splitlines() if line.startswith("keyveil ")]


def _every_command() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=_ROOT, capture_output=True, text=True, check=True)
    for page in listed.stdout.split():
        text = (_ROOT / page).read_text(encoding="utf-8")
        lines = [line for block in _BLOCK.findall(text) for line in block.splitlines() if line.startswith("keyveil ")]
        yield from ((page, line) for line in [*_SPAN.findall(text), *lines])


def test_every_command_that_a_page_names_exists_with_its_options() -> None:
    """Pages name commands with parts left out, so that only the names are looked up."""
    found = list(_every_command())
    assert len(found) > 60
    for page, line in found:
        words = shlex.split(line, comments=True)[1:]
        try:
            parser, rest = build_parser(COMMANDS).find(words[: words.index("--")] if "--" in words else words)
            parser.check_options(rest)
        except UsageError as error:
            pytest.fail(f"{page}: {line}: {error}")


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
