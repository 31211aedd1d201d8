"""Selection of the mutants to try and of their tests."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from hashlib import blake2b
from pathlib import Path

from benchmarks.mutants.operators import Mutant, find_mutants

LIST = Path(__file__).with_name("areas.toml")
EQUIVALENT = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the code in which a silent mistake harms people."""

    name: str
    functions: Sequence[str]
    """Patterns of qualified names."""
    without: Sequence[str]
    mutants: int
    """Number of mutants that a sample takes from this area."""
    tests: Sequence[str]
    """Tests that look at the area as a whole, tried after those of the module."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mutant with its file and area."""

    area: str
    path: str
    mutant: Mutant


def read_areas() -> list[Area]:
    """Read the list of areas."""
    listed = tomllib.loads(LIST.read_text())
    return [
        Area(name, item["functions"], item.get("without", ()), item["mutants"], item.get("tests", ()))
        for name, item in listed.items()
    ]


def read_equivalents() -> Mapping[str, str]:
    """Read the equivalent mutants: by name, why no test can notice them."""
    return {item["mutant"]: item["why"] for item in tomllib.loads(EQUIVALENT.read_text()).get("equivalent", ())}


def find_candidates(root: Path, area: Area) -> list[Candidate]:
    """Find every mutant of an area, in the order of modules and lines."""
    found: list[Candidate] = []
    begins = [pattern.split("*", 1)[0] for pattern in area.functions]
    for module, path in find_modules(root).items():
        if not any(module.startswith(begin) or begin.startswith(module) for begin in begins):
            continue
        found += [
            Candidate(area.name, path, mutant)
            for mutant in find_mutants(module, (root / path).read_bytes())
            if _fits(mutant.function, area.functions) and not _fits(mutant.function, area.without)
        ]
    return found


def draw_sample(found: Sequence[Candidate], count: int, seed: str) -> list[Candidate]:
    """Draw up to ``count`` mutants, one of each function before a second of any.

    Functions and mutants are ranked by a digest of their names, so changes elsewhere alter little of a sample.
    """

    def rank(name: str) -> bytes:
        return blake2b(f"{seed}:{name}".encode()).digest()

    by_function: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(found, key=lambda candidate: rank(candidate.mutant.name)):
        by_function[candidate.mutant.function].append(candidate)
    drawn = [(place, rank(name), item) for name, listed in by_function.items() for place, item in enumerate(listed)]
    return [item for _, _, item in sorted(drawn, key=lambda entry: entry[:2])][:count]


def find_modules(root: Path) -> dict[str, str]:
    """Find the file of each module that takes part in a release, by module name."""
    paths = sorted(
        path for package in ("schemas", "transforms", "pipelines") for path in (root / package).rglob("*.py")
    )
    return {
        ".".join(path.relative_to(root).with_suffix("").parts): path.relative_to(root).as_posix()
        for path in paths
        if path.name != "__init__.py"
    }


def select_tests(root: Path, path: str, area: Area) -> list[str]:
    """Select the test files of a module: its mirror, then its neighbours that import it, then others.

    The others are those of its area, neighbours that import its importers, and the rest of its mirrored folder; if no
    neighbour imports it, any importer counts. For ``transforms/noise/released_times.py`` the first is
    ``tests/noise/test_released_times.py``.
    """
    module = Path(path)
    name = ".".join(module.with_suffix("").parts)
    folder = "/".join(["tests", *module.parts[1:-1]])
    users = {other for other, source in find_modules(root).items() if name in _imports(root / source)}
    files = _test_files(root)
    importing = [test for test in files if name in _imports(root / test)]
    near = [test for test in importing if test.startswith(folder)] or importing
    beside = [test for test in files if test.startswith(folder) and users & _imports(root / test)]
    around = [test for test in files if test.rpartition("/")[0] == folder]
    known = [f"{folder}/test_{module.name}", *near, *area.tests, *beside, *around]
    return [test for test in dict.fromkeys(known) if (root / test).is_file() and not _fits(test, _SLOW)]


_SLOW = ("tests/distributed/*", "tests/packaging/*", "tests/deploy/*", "tests/nightly/*", "tests/benchmarks/*")
"""Tests that start many processes or build packages: too long for one mutant."""


@cache
def _test_files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in (root / "tests").rglob("test_*.py"))


@cache
def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import(names=aliases):
                names |= {alias.name for alias in aliases}
            case ast.ImportFrom(module=str() as module, names=aliases):
                names |= {module, *(f"{module}.{alias.name}" for alias in aliases)}
    return names


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
