"""One mutant against its tests, in a forked process whose libraries are loaded already.

The child sees only the copy of the code: its path, its working folder and the environment of what it starts point
there, byte code counts only for the very source it was made of, and its answer only if our packages came from the copy.
"""

import gc
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PLUGINS = ("_hypothesis_pytestplugin", "pytest_timeout")
"""Plugins of pytest that the tests need; searching for others costs more than most tests."""
LIBRARIES = (
    *PLUGINS,
    "apache_beam",
    "cryptography.hazmat.primitives.ciphers.aead",
    "hypothesis.strategies",
    "numpy",
    "opacus.accountants.analysis.prv",
    "phonenumbers",
    "presidio_analyzer",
    "pyarrow.parquet",
    "regex",
    "spacy",
    "tokenizers",
)
PACKAGES = ("schemas", "transforms", "pipelines", "keyveil", "tests", "benchmarks")
WALL_LIMIT_S = 900
"""The last resort against a test that sleeps; a test that computes for ever ends by its share of the processor."""
_SCRIPTS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of the tests: ``caught`` is the name of the first failed test, or empty."""

    passed: bool
    caught: str
    cpu_s: float
    by_file: Mapping[str, float] = field(default_factory=dict)
    """Processor time of the tests of each file that passed as a whole."""


class Watch:
    """A pytest plug-in that records the failures and the time of each test file."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.cpu_s: Counter[str] = Counter()
        self._last_s = time.process_time()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        now_s = time.process_time()
        self.cpu_s[report.nodeid.partition("::")[0]] += now_s - self._last_s
        self._last_s = now_s
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid}::(does not import)")

    def by_file(self) -> dict[str, float]:
        bad = {name.partition("::")[0] for name in self.failed}
        return {name: cpu_s for name, cpu_s in self.cpu_s.items() if name not in bad}


def load_libraries() -> None:
    """Import the third-party libraries that all tests need."""
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # pytest collects garbage twice: in each process what is loaded here would be walked again


def start(copy: Path, tests: Sequence[str], cpu_limit_s: float, *, all_tests: bool = False) -> tuple[int, int]:
    """Start the tests in a forked process, until the first failure or all of them.

    Return its id and the file descriptor of its answer.
    """
    answer, mine = os.pipe()
    child = os.fork()
    if child:
        os.close(mine)
        return child, answer
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(answer)
        limit = int(cpu_limit_s) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        _enter(copy)
        os.write(mine, json.dumps(_run(copy, tests, all_tests=all_tests)).encode())
    except BaseException:  # noqa: BLE001 - a fork must never return into the parent's code
        os.write(mine, json.dumps({"error": traceback.format_exc()}).encode())
    os._exit(0)


def finish(child: int, answer: int, began: float) -> Outcome | None:
    """Return the outcome of a process, or None while it runs."""
    late = time.monotonic() - began > WALL_LIMIT_S
    if late:
        os.killpg(child, signal.SIGKILL)
    ended, status, usage = os.wait4(child, 0 if late else os.WNOHANG)
    if not ended:
        return None
    with open(answer, "rb") as stream:
        content = stream.read()
    cpu_s = usage.ru_utime + usage.ru_stime
    if content:
        said = json.loads(content)
        if "error" in said:
            raise RuntimeError(said["error"])
        if not said["ours"]:
            raise RuntimeError("the tests saw other code than the copy")
        return Outcome(said["passed"], said["caught"], cpu_s, said["by_file"])
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)):
        return Outcome(passed=False, caught="out of time", cpu_s=cpu_s)
    return Outcome(passed=False, caught=f"the process ended with status {status}", cpu_s=cpu_s)


def _enter(copy: Path) -> None:
    """Make ``copy`` the only source of our code."""
    for name in [name for name in sys.modules if name.split(".")[0] in PACKAGES]:
        del sys.modules[name]
    here = Path(__file__).resolve().parents[2]
    sys.path[:] = [str(copy), *(path for path in sys.path if Path(path or ".").resolve() != here)]
    os.chdir(copy)
    home = copy.parent / "home"
    home.mkdir(exist_ok=True)
    os.environ |= {
        "HOME": str(home),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(home / "hypothesis"),
        "PATH": f"{_SCRIPTS}:{os.environ['PATH']}",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": str(copy),
        "PYTHONSAFEPATH": "1",
        "TMPDIR": str(home),
    }
    tempfile.tempdir = None
    nowhere = os.open(os.devnull, os.O_RDWR)
    log = os.open(copy.parent / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for descriptor, target in ((nowhere, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, target)


def _run(copy: Path, tests: Sequence[str], *, all_tests: bool) -> dict[str, object]:
    watch = Watch()
    options = ["-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--tb=short"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # a library was imported before pytest
    options += [word for name in PLUGINS for word in ("-p", name)]
    options += [] if all_tests else ["-x"]
    code = pytest.main([*options, *tests], plugins=[watch])
    ours = all(
        Path(module.__file__).resolve().is_relative_to(copy)
        for name, module in list(sys.modules.items())
        if name.split(".")[0] in ("schemas", "transforms", "pipelines") and getattr(module, "__file__", None)
    )
    caught = "" if code == pytest.ExitCode.OK else next(iter(watch.failed), f"pytest ended with {code}")
    return {"passed": code == pytest.ExitCode.OK, "caught": caught, "ours": ours, "by_file": watch.by_file()}
