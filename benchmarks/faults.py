"""``kill -9``, a full disk and two runs at once: a plain re-run of the same command leaves one sound release.

Run: python -m benchmarks.faults [--points 200] [--erasures 200] [--seed 0]

A child is killed just before one of its own changes to the disk (opening a file to write, linking, renaming,
removing), picked at random among all of them, or has its files limited in size, which is how a full disk looks to it.
Then the same command is run again. After that there must be: exit code 0, every session of the log once, one catalog,
no file that no manifest names, no unfinished file, and no text of the log in any file that was left, even before the
re-run. An erasure must moreover leave nothing of the person. Prints one line a kind and exits 1 on the first violation.
"""

import argparse
import contextlib
import io
import json
import random
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from pipelines.cli.main import main as keyveil
from pipelines.config import load_config
from pipelines.operations.sealed_releases import find_releases
from tests.support.kill_points import KILLED, changes, in_child, kill_before
from transforms.dataset.codec import decode
from transforms.dataset.verify.byte_scanner import Scanner
from transforms.dataset.verify.canaries import patterns
from transforms.dataset.verify.dataset import DatasetVerifier
from transforms.keys.key_set import KeyReference, KeyRole, KeySet
from transforms.keys.pseudonym import pseudonym
from transforms.object_store.addresses import open_store
from transforms.redact.detect.build import shared_detector

EXAMPLES = Path(__file__).parents[1] / "examples"
EVENTS = 160
SMALLEST_LIMIT, LARGEST_LIMIT = 64, 30_000
LONG = 12


class Home:
    """A key set, a small log and an output in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "log.jsonl"
        self.output, self.keys = folder / "data", folder / "keys"

    def make(self) -> None:
        lines = (EXAMPLES / "recordings" / "synthetic-office.jsonl").read_text().splitlines()
        by_user: dict[str, list[str]] = {}
        for line in lines:
            by_user.setdefault(json.loads(line)["user_id"], []).append(line)
        self.log.write_text("".join(line + "\n" for some in by_user.values() for line in some[:EVENTS]))
        require(quietly(["keys", "init", str(self.keys)]) == 0)

    def run_words(self) -> list[str]:
        words = ["run", "--input", str(self.log), "--consent", str(EXAMPLES / "consent.csv"), "--keys", str(self.keys)]
        return [*words, "--output", str(self.output)]

    def erase_words(self, user: str) -> list[str]:
        return ["erase", "--user", user, str(self.output), "--keys", str(self.keys)]

    def key_set(self) -> KeySet:
        return KeySet.open(KeyReference.parse(str(self.keys)))

    def copy(self, folder: Path) -> "Home":
        shutil.copytree(self.folder, folder)
        return Home(folder)


def require(holds: bool, seen: object = "") -> None:
    if not holds:
        traceback.print_stack(limit=3)
        raise SystemExit(f"violated {seen}")


def quietly(words: list[str]) -> int:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return keyveil(words)


def run_disturbed(disturb: Callable[[], None], words: list[str]) -> int:
    disturb()
    return quietly(words)


def limit_file_size(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def sessions(home: Home) -> dict[str, int]:
    """Count the released rows by session; fail if the release is not sound."""
    keys, found = home.key_set(), {}
    store = open_store(str(home.output / "sessions"))
    examined = DatasetVerifier(store, keys.verifying(), keys.reader()).verify()
    require(not examined.findings, examined.findings)
    require(not [name for name in store.names() if name.endswith(".part")])
    for manifest in examined.manifests:
        for shard in manifest.shards:
            if shard.path.startswith("events/"):
                path = home.output / "sessions" / "releases" / manifest.release_id / shard.path
                for name in decode(path, keys.reader())["session"].to_pylist():
                    found[name] = found.get(name, 0) + 1
    return found


def no_clear_text(home: Home, scanner: Scanner) -> None:
    for path in home.folder.rglob("*"):
        if path.is_file() and path != home.log:
            with path.open("rb") as file:
                hits = scanner.scan_file(file)
            require(not hits, path)


def texts_of(log: Path) -> list[str]:
    """Collect distinctive texts of the log: long ones that no digest or random bytes spell by chance."""
    found = {str(value) for line in log.read_text(encoding="utf-8").splitlines() for value in json.loads(line).values()}
    return sorted(text for text in found if len(text) > LONG and " " in text)[:60]


def check_run(home: Home, names: int, scanner: Scanner, disturb: Callable[[], None]) -> int:
    code = in_child(lambda: run_disturbed(disturb, home.run_words()))
    no_clear_text(home, scanner)
    require(in_child(lambda: quietly(home.run_words())) == 0)
    require(len(sessions(home)) == names)
    require(not list((home.folder / "keyveil-state" / "runs").glob("*")))
    no_clear_text(home, scanner)
    return code


def holds(home: Home, user: str) -> bool:
    """Return whether any column of any shard names ``user``."""
    keys = home.key_set()
    for layout, _ in find_releases([open_store(str(home.output))]):
        name = pseudonym(keys.derive(KeyRole.PSEUDONYM, layout.release_id), "user", user)
        for path in Path(layout.folder).rglob("*.parquet"):
            columns = decode(path, keys.reader()).columns
            if any(name in column.to_pylist() for column in columns if pa.types.is_string(column.type)):
                return True
    return False


def check_erasure(home: Home, user: str, others: dict[str, int], disturb: Callable[[], None]) -> int:
    code = in_child(lambda: run_disturbed(disturb, home.erase_words(user)))
    again = ["erase", "--pending", "--keys", str(home.keys)]
    require(in_child(lambda: quietly(home.erase_words(user))) == 0)
    require(in_child(lambda: quietly(again)) == 0)
    require(sessions(home) == others)
    require(not holds(home, user))
    return code


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--erasures", type=int, default=200)
    parser.add_argument("--full-disks", type=int, default=20)
    parser.add_argument("--races", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)  # noqa: S311 - which points are tried is no secret
    shared_detector(load_config(None, [], None).redact)
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        first = Home(base / "first")
        first.folder.mkdir()
        first.make()
        fresh = first.copy(base / "fresh")
        scanner = Scanner(patterns(texts_of(first.log)))
        run_changes = changes(first.folder, lambda: quietly(first.run_words()), base / "count")
        whole = sessions(first)
        killed = 0
        for number in range(asked.points):
            home = fresh.copy(base / f"run{number}")
            at = draw.randint(1, run_changes)
            killed += check_run(home, len(whole), scanner, lambda h=home, a=at: kill_before(h.folder, a)) == KILLED
            shutil.rmtree(home.folder)
        print(
            f"kill -9 of a run: {asked.points} points of {run_changes} changes, {killed} killed; all re-runs sound",
            flush=True,
        )
        refused = 0
        for number in range(asked.full_disks):
            home = fresh.copy(base / f"full{number}")
            size = draw.randint(SMALLEST_LIMIT, LARGEST_LIMIT)
            refused += check_run(home, len(whole), scanner, lambda s=size: limit_file_size(s)) != 0
            shutil.rmtree(home.folder)
        print(f"full disk: {asked.full_disks} sizes, {refused} runs failed; all re-runs sound", flush=True)
        for number in range(asked.races):
            home = fresh.copy(base / f"race{number}")
            race(home)
            require(len(sessions(home)) == len(whole))
            shutil.rmtree(home.folder)
        print(f"two runs of one release at once: {asked.races} races, both ended with 0; one release", flush=True)
        moved = Home(base / "kept")  # the ledger names the first place, and an erasure reaches every place it names
        first.folder.rename(moved.folder)
        erasures(moved, base, asked.erasures, draw)
    return 0


def race(home: Home) -> None:
    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(lambda _: in_child(lambda: quietly(home.run_words())), range(2)))
    require(codes == [0, 0], codes)


def erasures(made: Home, base: Path, points: int, draw: random.Random) -> None:
    user = json.loads(made.log.read_text().splitlines()[0])["user_id"]
    require(holds(made, user))
    reference = made.copy(base / "erased")
    erase_changes = changes(reference.folder, lambda: quietly(reference.erase_words(user)), base / "count")
    others, killed = sessions(reference), 0
    for number in range(points):
        home = made.copy(base / f"erase{number}")
        at = draw.randint(1, erase_changes)
        code = check_erasure(home, user, others, lambda h=home, a=at: kill_before(h.folder, a))
        killed += code == KILLED
        shutil.rmtree(home.folder)
    print(
        f"kill -9 of an erasure: {points} points of {erase_changes} changes, {killed} killed; all re-runs sound",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
