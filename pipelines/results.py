"""What a run hands back to the driver, through files in its private folder."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam

from pipelines.curate import Curated
from pipelines.quarantine import keep
from schemas.aggregates import NoisyAggregate
from schemas.outcome import Tally
from schemas.rejects import Reason, Rejected, RejectLine
from schemas.safe import ShardEntry, TraceRows
from transforms.beamkit.discreet import DiscreetDoFn
from transforms.keys.provider import KeyReference, KeySet
from transforms.noise.population import aggregate_of
from transforms.objects.durable import make_folders, replacing
from transforms.store.trace import TraceTarget, write_trace

_SHARDS, _REJECTS, _TALLY = "shards.json", "rejects.json", "tally.json"
_POPULATION = "population.json"


@dataclass(frozen=True, slots=True)
class RunResults:
    """Everything that a finished graph tells; ``population`` where it learned a model."""

    shards: tuple[ShardEntry, ...]
    rejects: tuple[RejectLine, ...]
    counts: dict[str, int]
    population: NoisyAggregate | None = None


class _WriteJson(DiscreetDoFn):
    def __init__(self, path: str) -> None:
        self._path = path

    def process(self, element: list[object]) -> Iterator[str]:
        path = Path(self._path)
        make_folders(path.parent)
        with replacing(path) as file:
            file.write(json.dumps(element).encode())
        yield path.name


class _Quarantine(DiscreetDoFn):
    """Keeps the sealed copy of what was set aside and passes on what may be said of it."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def process(self, element: Rejected) -> Iterator[list[object]]:
        if element.sealed:
            keep(Path(self._folder), element)
        yield [element.source, element.line, element.reason, element.field_name, element.rule, element.events]


class _Trace(DiscreetDoFn):
    def __init__(self, target: TraceTarget, keys: KeyReference) -> None:
        self._target, self._reference = target, keys

    def setup(self) -> None:
        self._keys = KeySet.open(self._reference)

    def process(self, element: TraceRows) -> Iterator[str]:
        yield from write_trace(element, self._target, self._keys)


@dataclass(eq=False)
class WriteTrace(beam.PTransform[beam.PCollection[TraceRows], beam.PCollection[str]]):
    """Write pointers from released rows to source events into private state."""

    target: TraceTarget
    keys: KeyReference

    def expand(self, pcoll: beam.PCollection[TraceRows]) -> beam.PCollection[str]:
        """Return the names of the files."""
        return pcoll | "WriteTraceFile" >> beam.ParDo(_Trace(self.target, self.keys)).with_output_types(str)


def _shard_row(entry: ShardEntry) -> list[object]:
    return [entry.path, entry.rows, entry.bytes, entry.sha256, entry.staged]


def _as_list(item: Tally) -> list[object]:
    return list(item)


def _values(aggregate: NoisyAggregate) -> list[int]:
    return aggregate.table["value"].to_pylist()


def collect(curated: Curated, run_folder: Path, quarantine: Path) -> None:
    """Add the steps that write the results of ``curated`` into ``run_folder``."""
    for name, rows in (
        (_SHARDS, curated.shards | "ShardRows" >> beam.Map(_shard_row).with_output_types(list)),
        (_REJECTS, curated.rejected | "Quarantine" >> beam.ParDo(_Quarantine(str(quarantine))).with_output_types(list)),
        (
            _TALLY,
            curated.tally
            | "SumTallies" >> beam.CombinePerKey(sum).with_output_types(Tally)
            | "TallyRows" >> beam.Map(_as_list).with_output_types(list),
        ),
    ):
        _ = (
            rows
            | f"Gather {name}" >> beam.combiners.ToList()
            | f"Write {name}" >> beam.ParDo(_WriteJson(str(run_folder / name)))
        )

    if curated.population is not None:
        _ = (
            curated.population
            | "PopulationValues" >> beam.Map(_values).with_output_types(list)
            | "WritePopulation" >> beam.ParDo(_WriteJson(str(run_folder / _POPULATION)))
        )


def read_results(run_folder: Path) -> RunResults:
    """Return what a finished run wrote."""

    def rows(name: str) -> list[list[object]]:
        return json.loads((run_folder / name).read_bytes())

    return RunResults(
        shards=tuple(sorted((ShardEntry(*row) for row in rows(_SHARDS)), key=_path)),  # type: ignore[arg-type]
        rejects=tuple(
            sorted(
                (RejectLine(s, n, Reason(str(r)), f, rule, e) for s, n, r, f, rule, e in rows(_REJECTS)),  # type: ignore[arg-type]
                key=_place,
            )
        ),
        counts=dict(sorted((str(name), int(str(count))) for name, count in rows(_TALLY))),
        population=_read_population(run_folder / _POPULATION),
    )


def _read_population(path: Path) -> NoisyAggregate | None:
    return aggregate_of(json.loads(path.read_bytes())) if path.exists() else None


def _path(entry: ShardEntry) -> str:
    return entry.path


def _place(line: RejectLine) -> tuple[int, int, str]:
    return line.source, line.line, line.field_name
