"""Rows per CPU second of the bounded, admitted and noised counts, beside PipelineDP on Beam, on the same rows.

Both read the same Parquet files on the same runner, in processes of their own, one after the other: bound what each of
5,000 users adds (5 values, 20 a value), admit values by the users behind them, count with discrete Gaussian noise.

Run: python -m benchmarks.aggregates [--rows 1000000] [--pipeline-dp PYTHON]

PYTHON is an interpreter of an environment with pipeline-dp==0.3.1 and apache-beam; without it only our own figure is
shown and no comparison is claimed. Fails where the ratio is below the bar.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

USERS, VALUES, FILES, GROUP_ROWS = 5_000, 300, 8, 16_384
PARTITIONS, PER_PARTITION, EPSILON, DELTA = 5, 20, 1.0, 1e-6
BAR = 4.0

Rows = beam.PCollection[str]


def write_rows(folder: Path, rows: int) -> None:
    """Write rows of uniform users and Zipf values (exponent 1.5, capped at 300)."""
    draw = np.random.default_rng(0)
    users, values = draw.integers(0, USERS, rows), np.minimum(draw.zipf(1.5, rows), VALUES)
    table = pa.table({"user": pa.array(users).cast(pa.string()), "app": pa.array(values).cast(pa.string())})
    cuts = [number * rows // FILES for number in range(FILES + 1)]
    for number in range(FILES):
        part = table.slice(cuts[number], cuts[number + 1] - cuts[number])
        pq.write_table(part, folder / f"{number}.parquet", row_group_size=GROUP_ROWS)


def cpu_seconds() -> float:
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in usage)


class ReadRows(beam.DoFn):
    def process(self, element: str) -> Iterator[tuple[str, str, int]]:
        for batch in pq.ParquetFile(element).iter_batches(GROUP_ROWS):
            users, apps = batch["user"].to_pylist(), batch["app"].to_pylist()
            yield from ((user, app, 1) for user, app in zip(users, apps, strict=True))


def pipeline_dp_graph(_: Path) -> Callable[[Rows], beam.PCollection[object]]:
    import pipeline_dp  # noqa: PLC0415 - only the other interpreter has it

    def build(files: Rows) -> beam.PCollection[object]:
        budget = pipeline_dp.NaiveBudgetAccountant(EPSILON, DELTA)
        engine = pipeline_dp.DPEngine(budget, pipeline_dp.BeamBackend())
        parameters = pipeline_dp.AggregateParams(
            noise_kind=pipeline_dp.NoiseKind.GAUSSIAN,
            metrics=[pipeline_dp.Metrics.COUNT],
            max_partitions_contributed=PARTITIONS,
            max_contributions_per_partition=PER_PARTITION,
        )
        extractors = pipeline_dp.DataExtractors(
            privacy_id_extractor=lambda row: row[0],
            partition_extractor=lambda row: row[1],
            value_extractor=lambda row: row[2],
        )
        counts = engine.aggregate(files | beam.ParDo(ReadRows()), parameters, extractors)
        budget.compute_budgets()
        return counts

    return build


def own_graph(folder: Path) -> Callable[[Rows], beam.PCollection[object]]:
    from own_aggregates import graph  # noqa: PLC0415 - the other interpreter has none of our packages

    return graph(folder, partitions=PARTITIONS, per_partition=PER_PARTITION, epsilon=EPSILON, delta=DELTA)


GRAPHS = {"keyveil": own_graph, "PipelineDP": pipeline_dp_graph}


def measure(name: str, folder: Path) -> None:
    """Print rows per CPU second of one graph, imports and start of the process not counted."""
    build = GRAPHS[name](folder)
    files = sorted(str(path) for path in folder.glob("*.parquet"))
    rows = sum(pq.read_metadata(path).num_rows for path in files)
    begun = cpu_seconds()
    with beam.Pipeline("FnApiRunner") as pipeline:
        results = build(pipeline | beam.Create(files))
        _ = results | beam.combiners.Count.Globally() | beam.Map(str) | beam.io.WriteToText(str(folder / name))
    seconds = cpu_seconds() - begun
    cells = int(next(folder.glob(f"{name}-*")).read_text())
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"name": name, "rows": rows, "cpu_s": seconds, "released": cells, "peak_mib": peak_mib}))


def measure_apart(name: str, python: str, folder: Path) -> float:
    command = [python, __file__, "--measure", name, "--folder", str(folder)]
    here = Path(__file__).resolve().parent
    path = os.pathsep.join([str(here), str(here.parent)]) if python == sys.executable else ""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": path}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    found = json.loads(done.stdout.splitlines()[-1])
    rate = found["rows"] / found["cpu_s"]
    print(
        f"{name:>12}  {rate:>12,.0f} rows / CPU s  {found['cpu_s']:>7.1f} CPU s  {found['peak_mib']:>6,} MiB peak  "
        f"{found['released']:,} released"
    )
    return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--pipeline-dp", metavar="PYTHON", help="interpreter that has pipeline-dp==0.3.1")
    parser.add_argument("--measure", choices=GRAPHS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure, arguments.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_rows(folder, arguments.rows)
        ours = measure_apart("keyveil", sys.executable, folder)
        if arguments.pipeline_dp is None:
            print(
                "PipelineDP was not measured: name an interpreter that has it with --pipeline-dp; no ratio is claimed"
            )
            return
        theirs = measure_apart("PipelineDP", arguments.pipeline_dp, folder)
    print(f"{'ratio':>12}  {ours / theirs:>12.1f}")
    if ours / theirs < BAR:
        raise SystemExit(f"below the bar of {BAR:g} times the rows of PipelineDP a CPU second")


if __name__ == "__main__":
    main()
