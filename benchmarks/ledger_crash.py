"""``kill -9`` before every line of a run: no charge is lost, none is doubled, and the retry ends as one release.

Run: python benchmarks/ledger_crash.py [--before TEXT ...]

For each line of the steps of a release (or each that holds one of the texts) a child process makes a release and is
killed before that line. Whatever it left, the ledger must read and hold the charge at most once, and it must
hold it if anything was published. A second child runs the same command: exit code 0, one charge, one commit, one
release, no run key left. Storage is killed line by line in ``tests/pipelines/budget/test_account.py``.
"""

import argparse
import contextlib
import io
import os
import signal
import sys
import tempfile
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from pipelines.budget.account import LedgerAccount
from pipelines.cli.main import main as keyveil
from pipelines.release.attempt import ReleaseAttempt
from pipelines.release.run import make_release
from pipelines.state.private_state import PrivateState
from transforms.keys.key_set import KeyReference, create_key_set
from transforms.privacy.ledger_entries import Commit, Reservation

EXAMPLES = Path(__file__).parents[1] / "examples"
LOG = EXAMPLES / "recordings" / "agentnet" / "display-settings"
STEPS = (make_release, ReleaseAttempt.reserve, ReleaseAttempt.seal)
Line = tuple[CodeType, int]
"""A line of a step."""


def lines_of_steps(texts: list[str]) -> list[Line]:
    """List the executed lines of the steps that contain one of ``texts``."""
    places = []
    for code in (step.__code__ for step in STEPS):
        numbers = sorted({line for _, _, line in code.co_lines() if line is not None and line > code.co_firstlineno})
        places += [(code, line) for line in numbers]
    return [place for place in places if not texts or any(text in source(place) for text in texts)]


def source(place: Line) -> str:
    code, line = place
    return Path(code.co_filename).read_text(encoding="utf-8").splitlines()[line - 1].strip()


def words(home: Path) -> list[str]:
    named = {"--input": LOG, "--output": home / "out", "--consent": EXAMPLES / "consent.csv", "--keys": home / "keys"}
    return ["run", *(str(word) for pair in named.items() for word in pair), "--user", "demo-user", "--json"]


def run_in_child(home: Path, killed_before: Line | None) -> int | None:
    """Return the exit code of a run; None if it was killed."""
    child = os.fork()
    if child == 0:

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            if killed_before is None or frame.f_code is not killed_before[0]:
                return None
            if event == "line" and frame.f_lineno == killed_before[1]:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace

        if killed_before is not None:
            sys.settrace(trace)
        with contextlib.redirect_stdout(io.StringIO()):
            code = keyveil(words(home))
        os._exit(code)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)


def counts(home: Path) -> tuple[int, int]:
    """Count the reservations and commits in the ledger."""
    reference = KeyReference.parse(str(home / "keys"))
    entries = LedgerAccount.of(PrivateState.of(reference, None)).ledger().entries
    return sum(isinstance(e, Reservation) for e in entries), sum(isinstance(e, Commit) for e in entries)


def check(holds: bool, sentence: str) -> None:
    if not holds:
        sys.exit(f"FAILED: {sentence}")


def crash(place: Line, home: Path) -> str:
    create_key_set(home / "keys")
    code = run_in_child(home, place)
    reserved, committed = counts(home)
    published = len(list((home / "out").rglob("manifest.dsse.json")))
    check(reserved <= 1 and committed <= reserved and published <= reserved, "a charge is lost or doubled by the crash")
    check(run_in_child(home, None) == 0, "the retry did not succeed")
    check(counts(home) == (1, 1), "the retry lost or doubled a charge")
    check(len(list((home / "out").rglob("manifest.dsse.json"))) == 1, "not one release")
    check(not any((home / "keyveil-state" / "run-keys").iterdir()), "a run key was left")
    happened = "killed" if code is None else f"not reached (exit {code})"
    return f"{happened}; left {reserved} charge, {committed} commit, {published} manifest; retried: 1, 1, 1"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--before", nargs="*", default=[], metavar="TEXT")
    chosen = parser.parse_args()
    for place in lines_of_steps(chosen.before):
        at = f"{Path(place[0].co_filename).name}:{place[1]} {source(place)[:60]:60}"
        with tempfile.TemporaryDirectory() as folder:
            print(f"{at} {crash(place, Path(folder))}", flush=True)


if __name__ == "__main__":
    main()
