"""The code reads as the guide says: imperative docstrings, verbs for functions, small modules, narrow folders."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.architecture import source
from tests.architecture.source import PACKAGES, RIDDLE, ROOT, TOOLS, functions, is_participle, list_riddles, modules

_MOST_MODULES, _MOST_LINES = 15, 300
_ACTS = re.compile(r"(Add up|Check|Compute|Describe|List|Return|Say) ")
_START = re.compile(r"Start reading in ((?:``[\w.]+``(?:,? (?:and|then) |, |(?=\W)))+)")
_OLD_WORDS = re.compile(r"(?<![a-z])(anew|mend(s|ed|ing)?|name it with)(?![a-z])")
"""Words of an older English, in names too; write again, fix, pass it with."""


def test_no_docstring_begins_as_a_question() -> None:
    assert list(list_riddles(*PACKAGES, *TOOLS, "tests")) == []


def test_a_docstring_that_asks_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "ROOT", tmp_path)
    (tmp_path / "code.py").write_text('LIMIT = 1\n"""How many there are."""\nTEXT = """What is this"""\n')
    assert list(list_riddles(".")) == ["code.py: How many there are."]


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("What a release holds.", True),
        ("Whoever reads it.", True),
        ("Return what was read.", True),
        ("Return how many were read.", False),
        ("Whole files.", False),
    ],
)
def test_a_question_is_told_from_a_statement(line: str, is_one: bool) -> None:
    assert bool(RIDDLE.match(line)) is is_one


def test_a_property_says_like_every_function_what_it_does() -> None:
    found = [item for item in functions(*PACKAGES) if item.is_property and item.docstring]
    assert len(found) > 100
    assert [f"{item.path}: {item.docstring}" for item in found if not _ACTS.match(item.docstring or "")] == []


def test_no_function_is_named_by_a_bare_participle() -> None:
    names = [f"{function.path}: {function.name}" for function in functions(*PACKAGES, *TOOLS)]
    assert len(names) > 1_000
    assert [name for name in names if is_participle(name.rpartition(" ")[2])] == []


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("held", True), ("_kept", True), ("joined", True), ("read", False), ("_need", False), ("pair_key_ups", False)],
)
def test_a_participle_is_told_from_a_verb(name: str, is_one: bool) -> None:
    assert is_participle(name) is is_one


def test_code_and_pages_are_written_in_plain_words() -> None:
    kinds = ("*.md", "*.html", "*.js", "*.yaml", "*.yml", "*.tf")
    pages = subprocess.run(
        ["git", "ls-files", *kinds],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    code = [path for path in modules(*PACKAGES, *TOOLS, "tests") if path != Path(__file__)]
    paths = [*code, *(ROOT / name for name in pages.stdout.splitlines())]
    found = {path: _OLD_WORDS.search(path.read_text(encoding="utf-8")) for path in paths if path.exists()}
    assert [f"{path.relative_to(ROOT)}: {hit[0]}" for path, hit in found.items() if hit] == []


def test_no_folder_holds_more_than_fifteen_modules_and_no_module_more_than_300_lines() -> None:
    own = [path for path in modules() if path.name != "__init__.py"]
    wide = {folder: count for folder, count in Counter(path.parent for path in own).items() if count > _MOST_MODULES}
    long = [
        path for path in (*own, *modules(*TOOLS)) if len(path.read_text(encoding="utf-8").splitlines()) > _MOST_LINES
    ]
    assert not wide
    assert not long


def test_the_map_names_every_package_and_every_package_that_it_names_exists() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = page.partition("```\n")[2].partition("```")[0]
    named = set(re.findall(r"\b([a-z0-9_]+)/", tree))
    packages = {path.parent.name for path in modules() if path.name == "__init__.py"}
    assert packages - {"data"} <= named
    assert named - packages <= {"distil", "benchmarks", "deploy", "docs", "examples", "tests"}
    assert set(PACKAGES) <= named


def test_every_package_says_what_goes_in_what_comes_out_and_where_to_start() -> None:
    for path in modules():
        if path.name == "__init__.py" and path.parent.name not in {"data", "recognizers"}:
            text = path.read_text(encoding="utf-8")
            assert all(word in text for word in ("In: ", "Out: ", "Start reading in ")), path


def find_missing_starts(package: Path) -> list[str]:
    """List what the docstring of a package says to start reading in and is neither a module nor defined in one."""
    named = _START.search((package / "__init__.py").read_text(encoding="utf-8"))
    return [name for name in re.findall(r"``([\w.]+)``", named[1] if named else "") if not _exists(package, name)]


def _exists(package: Path, name: str) -> bool:
    path, member = package / name.replace(".", "/"), name.rpartition(".")[2]
    if path.with_suffix(".py").exists() or (path / "__init__.py").exists():
        return True
    module = path.parent.with_suffix(".py")
    return (
        module.exists()
        and re.search(rf"^(def|class) {member}\b", module.read_text(encoding="utf-8"), re.MULTILINE) is not None
    )


def test_the_modules_to_start_reading_in_exist() -> None:
    packages = [path.parent for path in modules(*PACKAGES, *TOOLS) if path.name == "__init__.py"]
    assert sum(bool(_START.search((package / "__init__.py").read_text(encoding="utf-8"))) for package in packages) > 60
    assert {str(package.relative_to(ROOT)): find_missing_starts(package) for package in packages} == {
        str(package.relative_to(ROOT)): [] for package in packages
    }


@pytest.mark.parametrize(
    ("start", "missing"),
    [
        ("``steps``", ["steps"]),
        ("``code``", []),
        ("``code`` and ``steps``", ["steps"]),
        ("``code``, then ``steps.one``", ["steps.one"]),
        ("``code.admit``", []),
        ("``code.refuse``", ["code.refuse"]),
        ("``inner``, ``inner.code``.", ["inner.code"]),
    ],
)
def test_a_module_to_start_reading_in_that_does_not_exist_is_listed(
    tmp_path: Path, start: str, missing: list[str]
) -> None:
    (tmp_path / "__init__.py").write_text(f'"""Package.\n\nStart reading in {start}\n"""\n')
    (tmp_path / "code.py").write_text("def admit() -> None: ...\n")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "__init__.py").write_text("")
    assert find_missing_starts(tmp_path) == missing
