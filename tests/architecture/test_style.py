"""The code reads as the guide says: imperative docstrings, verbs for functions, small modules, narrow folders."""

import re
from collections import Counter

import pytest

from tests.architecture.source import PACKAGES, RIDDLE, ROOT, docstrings, functions, is_participle, modules

_MOST_RIDDLES, _MOST_PARTICIPLES = 0.01, 0.03
_MOST_MODULES, _MOST_LINES = 15, 300


def test_under_one_docstring_in_a_hundred_begins_as_a_question() -> None:
    lines = list(docstrings())
    asked = [f"{path}: {line}" for path, line in lines if RIDDLE.match(line)]
    assert len(lines) > 1_000
    assert len(asked) < _MOST_RIDDLES * len(lines), "\n".join(asked)


def test_under_three_functions_in_a_hundred_are_named_by_a_bare_participle() -> None:
    names = [f"{function.path}: {function.name}" for function in functions()]
    found = [name for name in names if is_participle(name.rpartition(" ")[2])]
    assert len(names) > 1_000
    assert len(found) < _MOST_PARTICIPLES * len(names), "\n".join(found)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("held", True), ("_kept", True), ("joined", True), ("read", False), ("_need", False), ("pair_key_ups", False)],
)
def test_a_participle_is_told_from_a_verb(name: str, is_one: bool) -> None:
    assert is_participle(name) is is_one


def test_no_folder_holds_more_than_fifteen_modules_and_no_module_more_than_300_lines() -> None:
    own = [path for path in modules() if path.name != "__init__.py"]
    wide = {folder: count for folder, count in Counter(path.parent for path in own).items() if count > _MOST_MODULES}
    long = [path for path in own if len(path.read_text(encoding="utf-8").splitlines()) > _MOST_LINES]
    assert not wide
    assert not long


def test_the_map_names_every_package_and_every_package_that_it_names_exists() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = page.partition("```\n")[2].partition("```")[0]
    named = set(re.findall(r"\b([a-z_]+)/", tree))
    packages = {path.parent.name for path in modules() if path.name == "__init__.py"}
    assert packages - {"data"} <= named
    assert named - packages <= {"distil", "benchmarks", "deploy", "docs", "examples", "tests"}
    assert set(PACKAGES) <= named


def test_every_package_says_what_goes_in_what_comes_out_and_where_to_start() -> None:
    for path in modules():
        if path.name == "__init__.py" and path.parent.name not in {"data", "recognizers"}:
            text = path.read_text(encoding="utf-8")
            assert all(word in text for word in ("In: ", "Out: ", "Start reading in ")), path
