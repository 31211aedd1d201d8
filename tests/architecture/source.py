"""Read the names, docstrings and sizes of the project's own modules, for the tests of style."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("keyveil", "pipelines", "transforms", "schemas")

RIDDLE = re.compile(r"(What|Who|Whose|Where|Which|Return (what|who|whose|where|which))\b")
"""First words of a docstring that ask a question instead of naming an act or a thing."""

_IRREGULAR = frozenset(
    """begun born bought broken brought built caught chosen come done drawn driven eaten fallen felt fought found
    given gone grown hidden held kept known laid led left lent lost made meant met paid put read said seen
    sent set shown shut sold spent spoken split stood struck swept taken taught told thought thrown understood
    won wound written""".split()
)
_VERBS_TOO = frozenset("read put set split shut embed need feed seed speed exceed proceed succeed".split())
"""Participles, or words that end like one, that are also the base form of a verb: good names of functions."""


class Function(NamedTuple):
    """A function or method by its module, with the first line of its docstring."""

    path: Path
    name: str
    docstring: str | None


def modules() -> list[Path]:
    """List the modules of all packages."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def functions() -> Iterator[Function]:
    """Yield every function and method."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(path.relative_to(ROOT), node.name, _first_line(node))


def docstrings() -> Iterator[tuple[Path, str]]:
    """Yield the first line of every docstring of a module, class or function."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kinds) and (line := _first_line(node)) is not None:
                yield path.relative_to(ROOT), line


def is_participle(name: str) -> bool:
    """Return whether a function's whole name is one past participle, such as ``held`` or ``_joined``."""
    word = name.strip("_")
    if "_" in word or word in _VERBS_TOO:
        return False
    return word in _IRREGULAR or (word.endswith("ed") and len(word) > len("need"))


def _first_line(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    text = ast.get_docstring(node)
    return text.splitlines()[0] if text else None
