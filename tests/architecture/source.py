"""Read the names, docstrings and sizes of the project's own modules, for the tests of style."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("keyveil", "pipelines", "transforms", "schemas")
TOOLS = ("benchmarks", "deploy", "distil", "docs", "examples")
"""Folders of programs that no wheel holds."""

RIDDLE = re.compile(r"((What|Who)(ever)?|Whose|Where|Which|When|Whether|How|Return (what|who|whose|where|which))\b")
"""First words of a docstring that ask a question instead of naming an act or a thing."""
_MAYBE_RIDDLE = re.compile(r'r?"""\s*' + RIDDLE.pattern)
"""Spares parsing the modules without such words."""

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
    is_property: bool


def modules(*folders: str) -> list[Path]:
    """List the modules of ``folders``, of all packages without any."""
    return sorted(path for folder in folders or PACKAGES for path in (ROOT / folder).rglob("*.py"))


def functions(*folders: str) -> Iterator[Function]:
    """Yield every function and method of ``modules``."""
    for path in modules(*folders):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                is_property = any("property" in ast.unparse(each) for each in node.decorator_list)
                yield Function(path.relative_to(ROOT), node.name, _first_line(node), is_property)


def list_riddles(*folders: str) -> Iterator[str]:
    """Yield module and first line of every docstring that asks: of modules, classes, functions, constants, fields."""
    for path in modules(*folders):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if _MAYBE_RIDDLE.search(text) else ():
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
                and RIDDLE.match(node.value.value)
            ):
                yield f"{path.relative_to(ROOT)}: {node.value.value.splitlines()[0]}"


def is_participle(name: str) -> bool:
    """Return whether a function's whole name is one past participle, such as ``held`` or ``_joined``."""
    word = name.strip("_")
    if "_" in word or word in _VERBS_TOO:
        return False
    return word in _IRREGULAR or (word.endswith("ed") and len(word) > len("need"))


def _first_line(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    text = ast.get_docstring(node)
    return text.splitlines()[0] if text else None
