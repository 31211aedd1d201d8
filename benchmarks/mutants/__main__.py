"""Try small faults on a copy of the code and report those that no test notices.

Run: python -m benchmarks.mutants [--seed 1] [--area noise] [--only NAME] [--processes 1] [--results FILE] [--list]

Every mutant is tried in a copy of the working tree, never in the tree itself, first by the tests that mirror its
module, then by those that import it, then by those of its area. Exits with 1 if a mutant survives that is not listed as
equivalent. An interrupted run continues from its results file and retries the survivors.
"""

import argparse
import compileall
import json
import os
import py_compile
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.mutants.selection import (
    Area,
    Candidate,
    draw_sample,
    find_candidates,
    read_areas,
    read_equivalents,
    select_tests,
)
from benchmarks.mutants.trial import PACKAGES, Outcome, finish, load_libraries, start

ROOT = Path(__file__).resolve().parents[2]
LEAST_LIMIT_S = 60.0
SLACK = 4.0
"""Times what the tests need without a mutant: more counts as a hang."""
BUDGET_S = 60.0
"""Processor time of the tests of one mutant: the dearest test files are left out beyond it."""
POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant and the tests to run against it."""

    tests: tuple[str, ...]
    limit_s: float
    candidate: Candidate | None = None

    @property
    def name(self) -> str:
        return self.candidate.mutant.name if self.candidate else ""


class Results:
    """Outcomes by mutant name, and ``needed``, the CPU time of each test file that passes on unchanged code.

    Both are saved if a file is given.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        lines = path.read_text().splitlines() if path is not None and path.exists() else []
        self.outcomes = {line.pop("name"): Outcome(**line) for line in map(json.loads, lines)}
        self.needed = {test: cpu_s for outcome in self.outcomes.values() for test, cpu_s in outcome.by_file.items()}

    def add(self, name: str, outcome: Outcome) -> None:
        self.outcomes[name] = outcome
        self.needed |= outcome.by_file
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a") as stream:
                stream.write(json.dumps({"name": name, **asdict(outcome)}) + "\n")

    def is_caught(self, name: str) -> bool:
        """Return whether a mutant was caught earlier; survivors are tried again."""
        return name in self.outcomes and not self.outcomes[name].passed


def main(arguments: Sequence[str] | None = None) -> int:
    """Try a sample of mutants, print the table and return the exit status."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    known, done = read_equivalents(), Results(options.results)
    chosen = [
        (area, _choose(area, options)) for area in read_areas() if options.area is None or area.name in options.area
    ]
    if options.list:
        print(*(found.mutant.name for _, listed in chosen for found in listed), sep="\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as work:
        load_libraries()
        copies = [_copy(Path(work) / str(index)) for index in range(options.processes)]
        for area, listed in chosen:
            todo = [
                found for found in listed if not done.is_caught(found.mutant.name) and found.mutant.name not in known
            ]
            tests = {path: select_tests(ROOT, path, area) for path in {found.path for found in todo}}
            _measure(copies, area, {test for several in tests.values() for test in several}, done)
            for trial, outcome in _run(copies, [_trial(found, tests[found.path], done) for found in todo]):
                done.add(trial.name, outcome)
                print(f"{outcome.caught or 'SURVIVED'}\n    {trial.name}", flush=True)
    return _table([found for _, listed in chosen for found in listed], done, known)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="1", help="another seed chooses other mutants")
    parser.add_argument("--area", action="append", help="an area alone, or several")
    parser.add_argument("--only", help="the mutants whose name holds this text, instead of a sample")
    parser.add_argument("--count", type=int, help="how many of each area, instead of what the list says")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--results", type=Path, help="a file of results that a second start continues")
    parser.add_argument("--list", action="store_true", help="print the sample and try nothing")
    return parser.parse_args(arguments)


def _choose(area: Area, options: argparse.Namespace) -> list[Candidate]:
    found = find_candidates(ROOT, area)
    if options.only:
        return [candidate for candidate in found if options.only in candidate.mutant.name]
    return draw_sample(found, area.mutants if options.count is None else options.count, f"{options.seed}:{area.name}")


def _copy(place: Path) -> Path:
    """Copy every file that git tracks or would add into a new folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git is found on the path
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (place / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / "tree" / name)
    tree = place / "tree"
    for package in PACKAGES:
        # byte code that is checked by the digest of its source: a mutant is never run as the code that it replaced
        compileall.compile_dir(tree / package, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    return tree


def _measure(copies: Sequence[Path], area: Area, tests: set[str], done: Results) -> None:
    """Measure each test file on unchanged code; report and exclude those that fail."""
    missing = tuple(sorted(tests - done.needed.keys()))
    if missing:
        for _, outcome in _run(copies[:1], [Trial(missing, 3600)]):
            done.add(f"{area.name} unchanged", outcome)
    for test in sorted(tests - done.needed.keys()):
        print(f"fails without a mutant and is not used: {test}", file=sys.stderr)
    print(f"{area.name}: {len(tests)} files, {sum(done.needed.get(test, 0) for test in tests):.0f} CPU s", flush=True)


def _trial(found: Candidate, tests: Sequence[str], done: Results) -> Trial:
    """Choose the tests of a mutant: the mirrored file first, the others by cost, up to a budget."""
    first, *others = [test for test in tests if test in done.needed]
    usable, spent = [first], done.needed[first]
    for test in sorted(others, key=lambda test: done.needed[test]):
        spent += done.needed[test]
        if spent <= BUDGET_S:
            usable.append(test)
    return Trial(tuple(usable), max(LEAST_LIMIT_S, SLACK * spent), found)


def _run(copies: Sequence[Path], trials: Sequence[Trial]) -> Iterator[tuple[Trial, Outcome]]:
    """Run the trials, one per copy at a time, and yield their outcomes; stop every process at the end."""
    waiting = list(reversed(trials))
    running: dict[Path, _Running] = {}
    try:
        while waiting or running:
            for copy in copies:
                if copy not in running and waiting:
                    trial = waiting.pop()
                    restore = _change(copy, trial.candidate)
                    child, answer = start(copy, trial.tests, trial.limit_s, all_tests=trial.candidate is None)
                    running[copy] = _Running(trial, child, answer, time.monotonic(), restore)
            for copy, process in list(running.items()):
                outcome = finish(process.child, process.answer, process.began_s)
                if outcome is not None:
                    process.restore()
                    del running[copy]
                    yield process.trial, outcome
            time.sleep(POLL_S)
    finally:
        for process in running.values():
            os.killpg(process.child, signal.SIGKILL)


class _Running(NamedTuple):
    """A trial in its process, and the function that removes its mutant."""

    trial: Trial
    child: int
    answer: int
    began_s: float
    restore: Callable[[], object]


def _change(copy: Path, found: Candidate | None) -> Callable[[], object]:
    """Write a mutant into a copy and return a function that removes it."""
    if found is None:
        return lambda: None
    path = copy / found.path
    source = path.read_bytes()
    changed = found.mutant.apply(source)
    compile(changed, found.path, "exec")
    path.write_bytes(changed)
    return lambda: path.write_bytes(source)


def _table(chosen: Sequence[Candidate], done: Results, known: Mapping[str, str]) -> int:
    counts: Counter[tuple[str, str]] = Counter()
    survivors = []
    for found in chosen:
        name = found.mutant.name
        kind = "equivalent" if name in known else "caught" if done.is_caught(name) else "survived"
        kind = "out of time" if kind == "caught" and done.outcomes[name].caught == "out of time" else kind
        counts[found.area, kind] += 1
        counts["all", kind] += 1
        survivors += [name] if kind == "survived" else []
    print("| area | caught | out of time | survived | equivalent |\n|---|---|---|---|---|")
    for area in dict.fromkeys([*(found.area for found in chosen), "all"]):
        print(f"| {area} | " + " | ".join(str(counts[area, kind]) for kind in _KINDS) + " |")
    print(*(f"survived: {name}" for name in survivors), sep="\n")
    return 1 if survivors else 0


_KINDS = ("caught", "out of time", "survived", "equivalent")


if __name__ == "__main__":
    sys.exit(main())
