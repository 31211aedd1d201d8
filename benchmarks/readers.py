"""Measure the readers against the project's targets, on a made-up release in a temporary folder.

    python -m benchmarks.readers

Reading speed is a ratio of CPU and of wall time to a plain ``pyarrow.dataset`` scan of the same clear files, read in
turns in one run; memory is the peak of a process of its own at 1x and 16x the data; sharing and resumption are counts.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pyarrow as pa
import pyarrow.dataset as ds

from keyveil import Episodes, episodes
from tests.keyveil import conftest
from transforms.keys.key_set import KeyReference, KeySet, create_key_set, export_reader

SESSIONS_A_SHARD = 900
EVENTS = (100, 400)
ROUNDS = 9
SHARE = (2, 4)
KILLS = 50


def make_release(folder: Path, keys: KeySet, reader: Path, shards: int) -> conftest.Published:
    """Publish a clear release of ``shards`` shards of about 225,000 events each."""
    draw = random.Random(7)  # noqa: S311 - the same lengths on every run
    patterns = [conftest.session("pattern", "pattern", EVENTS[1], seed) for seed in range(40)]

    def session(name: str, user: str, events: int, seed: int) -> pa.Table:
        table = patterns[seed % len(patterns)].slice(0, events)
        for place, value in ((0, name), (1, user)):
            table = table.set_column(place, table.schema.field(place), pa.array([value] * events))
        return table

    lengths = [[draw.randint(*EVENTS) for _ in range(SESSIONS_A_SHARD)] for _ in range(shards)]
    folder.mkdir()
    return conftest.published(folder, keys, reader, lengths, "none", make=session)


def seconds(run: Callable[[], int]) -> tuple[int, float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    rows = run()
    return rows, time.perf_counter() - wall, time.process_time() - cpu


def speed(release: conftest.Published) -> dict[str, float]:
    """Measure the speed of ``episodes`` as a ratio to the plain scan's; above 1 is faster."""
    paths = [str(path) for path in sorted((release.folder / "events").iterdir())]
    uri = str(release.home)

    def plain() -> int:
        return sum(batch.num_rows for batch in ds.dataset(paths).to_batches())

    def stream() -> int:
        return sum(episode.events.num_rows for episode in episodes(uri, keys=release.reader))

    def shuffle() -> int:
        return sum(episode.events.num_rows for episode in episodes(uri, keys=release.reader, seed=1))

    times: dict[str, list[tuple[float, float]]] = {run.__name__: [] for run in (plain, stream, shuffle)}
    rows = set()
    for _ in range(ROUNDS):
        for run in (plain, stream, shuffle):
            count, wall, cpu = seconds(run)
            rows.add(count)
            times[run.__name__].append((wall, cpu))
    if len(rows) != 1:
        raise SystemExit("the three ways read different rows")
    shares = {"rows": float(rows.pop())}
    for name in ("stream", "shuffle"):
        for place, clock in enumerate(("wall", "cpu")):
            ratios = [a[place] / b[place] for a, b in zip(times["plain"], times[name], strict=True)]
            shares[f"{name}_{clock}"] = round(median(ratios), 3)
    return shares


def peak_mib(home: Path, reader: Path) -> float:
    """Measure the peak memory of a process that reads every session once, shuffled."""
    words = [sys.executable, "-m", "benchmarks.readers", "--read", str(home), str(reader)]
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def read(home: str, reader: str) -> None:
    for _ in episodes(home, keys=reader, seed=1):
        pass
    status = Path("/proc/self/status").read_text(encoding="ascii")  # ru_maxrss would begin with the parent's peak
    print(int(status.partition("VmHWM:")[2].split()[0]) / 1_024)


def shares(release: conftest.Published) -> dict[str, int]:
    """Count the sessions missed and repeated over all ranks and workers of an epoch."""
    ranks, workers = SHARE
    seen: Counter[str] = Counter()
    for rank in range(ranks):
        own = episodes(str(release.home), keys=release.reader, columns=["seq"], seed=3, rank=rank, ranks=ranks)
        for worker in range(workers):
            seen.update(episode.session for episode in own.share(worker, workers))
    every = set(release.sessions)
    return {"missed": len(every - set(seen)), "repeated": sum(count - 1 for count in seen.values())}


def count_resumed(release: conftest.Published) -> dict[str, int]:
    """Count the repeated and skipped sessions over ``KILLS`` stops at random places, each resumed from its state."""

    def stream() -> Episodes:
        return episodes(str(release.home), keys=release.reader, columns=["seq"], seed=3)

    straight = [episode.session for episode in stream()]
    wrong = {"repeated": 0, "skipped": 0, "out_of_order": 0}
    stops = random.Random(11).sample(range(1, len(straight)), KILLS)  # noqa: S311 - the same places on every run
    for stop in stops:
        seen, state = [], None
        for episode in stream():
            seen.append(episode.session)
            if len(seen) == stop:
                state = json.dumps(episode.cursor)
                break
        again = stream()
        again.load_state_dict(json.loads(state or "{}"))
        whole = Counter(seen + (rest := [episode.session for episode in again]))
        wrong["repeated"] += sum(count - 1 for count in whole.values())
        wrong["skipped"] += len(set(straight) - set(whole))
        wrong["out_of_order"] += seen + rest != straight
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--read", nargs=2, metavar=("HOME", "KEYS"), help="read a release and print the peak memory")
    arguments = parser.parse_args()
    if arguments.read:
        read(*arguments.read)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        create_key_set(folder / "keys")
        keys = KeySet.open(KeyReference.parse(str(folder / "keys")))
        export_reader(folder / "keys", folder / "reader.json")
        small, large = (make_release(folder / f"x{size}", keys, folder / "reader.json", size) for size in (1, 16))
        print(json.dumps({"speed of a plain scan": speed(large)}))
        memory = {f"{size}x": peak_mib(made_.home, made_.reader) for size, made_ in ((1, small), (16, large))}
        print(json.dumps({"peak MiB": memory}))
        print(json.dumps({"4 workers x 2 ranks": shares(large)}))
        print(json.dumps({f"{KILLS} stops": count_resumed(small)}))


if __name__ == "__main__":
    main()
