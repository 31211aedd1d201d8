"""Fuzzing of the adapters and the editor model: damaged recordings are read or refused quickly, and never quoted.

``python -m benchmarks.fuzz_formats --seconds 60`` starts from the samples, changes bytes and values, and gives each to
its adapter. An input that is read in a new way is changed further on, short ones more often, as they cost less. One
that raises, takes more than a second and a further one a mebibyte, more than 64 MiB and fifty times its size, leaves an
event without an outcome, or is quoted in an error, is written to ``--found`` and ends the run; so does an interrupt,
which prints the counts so far. ``--seed`` repeats a run; without it another one is made each time. ``--keep FOLDER``
writes the shortest input of each way of reading there.
"""

import argparse
import contextlib
import faulthandler
import random
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.fuzzing.changes import change
from benchmarks.fuzzing.limits import find_excess
from benchmarks.fuzzing.targets import Signature, Target, list_targets

SEEDS = (Path("tests/ingest/formats/samples"), Path("tests/ingest/formats/corpus"), Path("examples/recordings"))
_MEMORY = Path("/dev/shm")  # noqa: S108 - scratch of made-up inputs, on no disk
_LARGEST = 1 << 14
_MOST_KEPT = 400
_EACH_S = 60
_SEED_CHANCE, _TRIALS = 0.1, 3
"""Chance to change a seed, else the shortest of so many inputs that were found."""


class Pool:
    """Inputs of a target: its seeds, and the shortest one of each way of reading."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.found: dict[Signature, bytes] = {}
        self._known: list[Signature] = []
        self.seeds = [seed for seed in target.seeds if len(seed) <= _LARGEST]

    def pick(self, chance: random.Random) -> bytes:
        """Pick an input to be changed: a seed, or the shortest of some that were found."""
        if self._known and (chance.random() >= _SEED_CHANCE or not self.seeds):
            return min((self.found[chance.choice(self._known)] for _ in range(_TRIALS)), key=len)
        return chance.choice(self.seeds or [b"{}"])

    def keep(self, signature: Signature, content: bytes) -> None:
        """Keep an input that was read in a new way, or is the shortest of its kind."""
        known = self.found.get(signature)
        if known is None and len(self.found) < _MOST_KEPT:
            self.found[signature] = content
            self._known.append(signature)
        elif known is not None and len(content) < len(known):
            self.found[signature] = content


def fuzz_once(pool: Pool, chance: random.Random, folder: Path) -> tuple[str | None, bytes]:
    """Give a target another input; return what is wrong with how it was read, ``None`` where nothing is."""
    content = change(pool.pick(chance), pool.pick(chance), chance)[: 4 * _LARGEST]
    signature: list[Signature] = []

    def work() -> str | None:
        try:
            flaw, way = pool.target.read(content, folder)
        except Exception as error:  # noqa: BLE001 - any of them is the finding
            return f"raised {type(error).__name__}"
        signature.append(way)
        return flaw

    flaw = find_excess(len(content), work)
    if flaw is None:
        pool.keep(signature[0], content)
    return flaw, content


def main() -> int:
    """Fuzz for some time or some inputs, and print how many inputs each target read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="how long")
    parser.add_argument("--inputs", type=int, default=sys.maxsize, help="how many a target, if that is sooner")
    parser.add_argument("--seed", type=int, help="repeat a run")
    parser.add_argument("--found", type=Path, default=Path("out/fuzz"), help="where a bad input is written")
    parser.add_argument("--only", nargs="+", default=[], help="these targets alone: names of formats, editor")
    parser.add_argument("--keep", type=Path, help="where the shortest input of each way of reading is written")
    asked = parser.parse_args()
    faulthandler.register(signal.SIGPROF, chain=True)  # tells where an input that takes too long is
    seed = secrets.randbits(32) if asked.seed is None else asked.seed
    chance, counts = random.Random(seed), Counter[str]()  # noqa: S311 - inputs, not secrets
    pools = [Pool(target) for name, target in list_targets(SEEDS).items() if not asked.only or name in asked.only]
    flaws = 0
    scratch = tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)
    with scratch as folder, contextlib.suppress(KeyboardInterrupt):
        for pool in _take_turns(pools, chance, counts, asked.seconds, asked.inputs):
            flaw, content = fuzz_once(pool, chance, Path(folder))
            counts[pool.target.name] += 1
            if flaw:
                flaws += 1
                asked.found.mkdir(parents=True, exist_ok=True)
                kept = asked.found / f"{pool.target.name}-{seed}-{counts.total()}"
                kept.write_bytes(content)
                sys.stderr.write(f"{flaw}: {kept} (seed {seed})\n")
                break
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        for pool in pools:
            for place, content in enumerate(pool.found.values()):
                (asked.keep / f"{pool.target.name}-{place:03}").write_bytes(content)
    sys.stdout.write("".join(f"{name} {number}\n" for name, number in sorted(counts.items())) + f"seed {seed}\n")
    return 1 if flaws else 0


def _take_turns(
    pools: Sequence[Pool], chance: random.Random, counts: Counter[str], seconds: float, inputs: int
) -> Iterator[Pool]:
    """Yield a target after the other in a drawn order until the time is over or each had its inputs; tell how far."""
    began = told = time.monotonic()
    while (now := time.monotonic()) < began + seconds and any(counts[pool.target.name] < inputs for pool in pools):
        if now > told + _EACH_S:
            told = now
            sys.stderr.write(f"{now - began:.0f} s: {counts.total()} inputs, {counts.total() // len(pools)} a target\n")
        yield from chance.sample(pools, len(pools))


if __name__ == "__main__":
    sys.exit(main())
