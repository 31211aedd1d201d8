"""Cost of sealing: CPU of writing and reading a sealed shard against a clear one, in one run, as ratios.

Run: python benchmarks/sealing.py [--rows 400000] [--rounds 15]

Pairs of a clear and a sealed write (then read) follow each other in changing order on one thread; a ratio is taken of
each pair, and the median of the ratios is printed with its quartiles. Exits 1 if a median is above 1.20.
"""

import argparse
import io
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from schemas.safe import EVENTS_SCHEMA
from transforms.dataset.codec import FileHeader, decode, encode
from transforms.dataset.settings import StoreSettings
from transforms.dataset.shards import in_total_order
from transforms.keys.key_set import KeyReference, KeySet, create_key_set

MOST = 1.20
SYNTHETIC = 0.1
WORDS = "invoice review roadmap build deploy standup ticket draft report Anna Berlin quarter budget offer note".split()
KINDS = ("key", "key", "key", "key", "pointer", "focus", "screen", "text_input")


def events(rows: int) -> pa.Table:
    """Make rows with the mix of a recording: mostly keys, some pointer rows, few long texts."""
    draw = np.random.default_rng(0)
    length = 2_000
    session = np.repeat([f"{n:026d}" for n in range(-(-rows // length))], length)[:rows]
    kinds = draw.choice(KINDS, rows)
    texts = [" ".join(draw.choice(WORDS, 40)) for _ in range(400)]

    def some(values: object, kind: str, share: float = 1.0) -> pa.Array:
        return pa.array(values, mask=(kinds != kind) | (draw.random(rows) > share))

    columns: dict[str, object] = {
        "session": session,
        "user": [name[-3:] for name in session],
        "seq": np.arange(rows) % length,
        "t_ms": np.cumsum(draw.integers(1, 400, rows)),
        "kind": kinds,
        "action": some(draw.choice(["down", "up"], rows), "key"),
        "key": some(draw.choice(list("etaoinshrdlu "), rows), "key"),
        "code": some(draw.choice(["KeyA", "KeyE", "Space"], rows), "key"),
        "synthetic": draw.random(rows) < SYNTHETIC,
        **{name: some(draw.integers(-900, 900, rows), "pointer") for name in ("x", "y", "dx", "dy")},
        "title": some(draw.choice(texts, rows), "focus"),
        "text": some(draw.choice(texts, rows), "screen"),
    }
    plain = [f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in EVENTS_SCHEMA]
    arrays = [
        pa.array(columns[field.name]).cast(field.type) if field.name in columns else pa.nulls(rows, field.type)
        for field in plain
    ]
    return in_total_order([pa.table(arrays, schema=pa.schema(plain)).cast(EVENTS_SCHEMA)])


def cpu(act: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF)
    act()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def ratios(clear: Callable[[], object], sealed: Callable[[], object], rounds: int) -> list[float]:
    found = []
    for number in range(rounds + 1):
        order = (clear, sealed) if number % 2 else (sealed, clear)
        seconds = {act: cpu(act) for act in order}
        if number:  # the first pair warms up
            found.append(seconds[sealed] / seconds[clear])
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    pa.set_cpu_count(1)
    table, header = events(asked.rows), FileHeader("r" * 26, "noised")
    with tempfile.TemporaryDirectory() as scratch:
        create_key_set(Path(scratch) / "keys")
        keys = KeySet.open(KeyReference.parse(f"{scratch}/keys")).reader()
        clear, sealed = StoreSettings(encryption="none"), StoreSettings()
        files = {s: bytes(encode(table, header, s, keys)) for s in (clear, sealed)}
        worst = 0.0
        for name, of in (
            ("write", lambda s: encode(table, header, s, keys)),
            ("read", lambda s: decode(io.BytesIO(files[s]).getvalue(), keys)),
        ):
            found = ratios(lambda of=of: of(clear), lambda of=of: of(sealed), asked.rounds)
            low, median, high = statistics.quantiles(found, n=4)
            worst = max(worst, median)
            print(f"{name}: sealed / clear CPU {median:.3f} (quartiles {low:.3f} to {high:.3f}, {len(found)} pairs)")
        print(f"size: {len(files[sealed]) / len(files[clear]):.4f} of {len(files[clear]):,} bytes, {asked.rows:,} rows")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
