"""CPU per event from small to large logs, and the speed-up by a second worker.

Run: python -m benchmarks.scaling [--sizes 100000,1000000,10000000] [--workers 1,2] [--workers-events 2000000]
         [--profile default] [--input LOG] [--scratch FOLDER]

Bars: CPU per event (user and system, start-up taken off) within 15 % between the smallest and the largest size; two
workers at least 1.6 times as fast as one, by the clock, which means something on a quiet machine only. Two workers are
processes of this machine; every size is one process with one thread. Exit code 1 if a bar is missed.

The largest size needs about 3 GB of disk for its log and as much again for spill and shards.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.log_growth import Session, sessions_of, write

_ROOT = Path(__file__).resolve().parents[1]
_LOG = _ROOT / "examples" / "recordings" / "synthetic-office.jsonl"
_WIDEST, _LEAST = 1.15, 1.6
_FILES = 8
_STARTS = 3


@dataclass(frozen=True)
class RunCost:
    """The cost and the output of one run."""

    cpu_s: float
    wall_s: float
    peak_mib: float
    shard_bytes: int
    events: int


def _run(inputs: Path, scratch: Path, profile: str, *flags: str) -> RunCost:
    for leftover in ("out", "state"):
        shutil.rmtree(scratch / leftover, ignore_errors=True)
    words = ["run", "--input", str(inputs / "*.jsonl"), "--consent", "all-for-evaluation", "--json"]
    words += ["--keys", str(scratch / "keys"), "--output", str(scratch / "out"), "--state", str(scratch / "state")]
    words += ["--set", f"redact.profile={profile}", *flags]
    return _measure(words)


def _measure(words: list[str]) -> RunCost:
    environment = os.environ | {"PYTHONPATH": str(_ROOT), "PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"}
    begun = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        command = [sys.executable, "-m", "pipelines.cli.main", *words]
        process = subprocess.Popen(command, stdout=out, stderr=errors, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - begun
        out.seek(0)
        lines = out.read().decode().splitlines()
        errors.seek(0)
        if process.returncode:
            why = (errors.read().decode().splitlines() or [""])[-1]
            raise SystemExit(f"keyveil {words[0]} ended with exit code {process.returncode}: {why}")
    result = json.loads(lines[-1]) if words[0] == "run" else {"bytes": 0, "counts": {}}
    cpu = usage.ru_utime + usage.ru_stime
    return RunCost(cpu, wall, usage.ru_maxrss / 1024, result["bytes"], result["counts"].get("events.read", 0))


def _growth(sessions: list[Session], sizes: list[int], scratch: Path, profile: str) -> list[str]:
    write(sessions[:1], 1, scratch / "tiny", 1)
    start = min(_run(scratch / "tiny", scratch, profile).cpu_s for _ in range(_STARTS))
    print(f"start-up: {start:.1f} CPU s, profile {profile}")
    print(f"{'events':>12} {'CPU s':>9} {'us an event':>12} {'peak MiB':>9} {'shard bytes an event':>21}")
    costs = []
    for size in sizes:
        events = write(sessions, size, scratch / str(size), _FILES)
        ran = _run(scratch / str(size), scratch, profile)
        shutil.rmtree(scratch / str(size))
        costs.append((ran.cpu_s - start) / events * 1e6)
        row = f"{events:>12,} {ran.cpu_s:>9.1f} {costs[-1]:>12.1f} {ran.peak_mib:>9,.0f}"
        print(f"{row} {ran.shard_bytes / events:>21.1f}", flush=True)
    spread = max(costs) / min(costs)
    print(f"largest / smallest CPU per event: {spread:.3f} (bar {_WIDEST})")
    return [f"CPU per event varies by {spread:.3f}"] if spread > _WIDEST else []


def _workers(sessions: list[Session], workers: list[int], events: int, scratch: Path, profile: str) -> list[str]:
    written = write(sessions, events, scratch / "shared", _FILES)
    print(f"{'workers':>12} {'wall s':>9} {'CPU s':>9}   ({written:,} events)")
    walls = {}
    for count in workers:
        flags = ("--", "--direct_running_mode=multi_processing", f"--direct_num_workers={count}")
        ran = _run(scratch / "shared", scratch, profile, *flags)
        walls[count] = ran.wall_s
        print(f"{count:>12} {ran.wall_s:>9.1f} {ran.cpu_s:>9.1f}", flush=True)
    gain = walls[workers[0]] / walls[workers[-1]]
    print(f"{workers[-1]} workers against {workers[0]}: {gain:.2f} times (bar for 2 against 1: {_LEAST})")
    return [f"two workers bring {gain:.2f}"] if workers == [1, 2] and gain < _LEAST else []


def main() -> None:
    """Measure and print; exit 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100000,1000000,10000000", help="events, smallest first; empty: none")
    parser.add_argument("--workers", default="1,2", help="numbers of worker processes; empty: none")
    parser.add_argument("--workers-events", type=int, default=2_000_000)
    parser.add_argument("--profile", default="default")
    parser.add_argument("--input", type=Path, default=_LOG, help="canonical log, session by session")
    parser.add_argument("--scratch", type=Path, help="where to write (default: the system's temporary folder)")
    asked = parser.parse_args()
    missed = []
    with tempfile.TemporaryDirectory(dir=asked.scratch) as folder:
        scratch = Path(folder)
        _measure(["keys", "init", str(scratch / "keys")])
        sessions = list(sessions_of(asked.input))
        if asked.sizes:
            missed += _growth(sessions, [int(size) for size in asked.sizes.split(",")], scratch, asked.profile)
        if asked.workers:
            counts = [int(count) for count in asked.workers.split(",")]
            missed += _workers(sessions, counts, asked.workers_events, scratch, asked.profile)
    if missed:
        raise SystemExit("below the bar: " + "; ".join(missed))


if __name__ == "__main__":
    main()
