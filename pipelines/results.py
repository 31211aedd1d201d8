"""What a run hands back to the driver, through small objects in private state."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam

from pipelines.curate import Curated
from pipelines.quarantine import keep, quarantine_at
from schemas.aggregates import NoisyAggregate
from schemas.outcome import Tally
from schemas.rejects import Reason, Rejected, RejectLine
from schemas.safe import ShardEntry, TraceRows
from transforms.beamkit.discreet import DiscreetDoFn
from transforms.keys.provider import KeyReference, KeySet
from transforms.noise.population import aggregate_of
from transforms.objects.place import Place, Seen, put
from transforms.objects.places import joined, open_place
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
    def __init__(self, folder: str, name: str) -> None:
        self._folder, self._name = folder, name

    def process(self, element: list[object]) -> Iterator[str]:
        put(open_place(self._folder), self._name, json.dumps(element).encode())
        yield self._name


class _Quarantine(DiscreetDoFn):
    """Keeps the sealed copy of what was set aside and passes on what may be said of it."""

    def __init__(self, state: str, release_id: str) -> None:
        self._state, self._release_id = state, release_id

    def setup(self) -> None:
        self._place = quarantine_at(self._state)

    def process(self, element: Rejected) -> Iterator[list[object]]:
        if element.sealed:
            keep(self._place, self._release_id, element)
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


def results_at(state: str, release_id: str) -> str:
    """Return the address at which a run hands its results back, in private state at an address."""
    return joined(state, f"runs/{release_id}/results")


def collect(curated: Curated, state: str, release_id: str) -> None:
    """Add the steps that write the results of ``curated`` into private state at an address."""
    folder = results_at(state, release_id)
    for name, rows in (
        (_SHARDS, curated.shards | "ShardRows" >> beam.Map(_shard_row).with_output_types(list)),
        (
            _REJECTS,
            curated.rejected | "Quarantine" >> beam.ParDo(_Quarantine(state, release_id)).with_output_types(list),
        ),
        (
            _TALLY,
            curated.tally
            | "SumTallies" >> beam.CombinePerKey(sum).with_output_types(Tally)
            | "TallyRows" >> beam.Map(_as_list).with_output_types(list),
        ),
    ):
        _ = rows | f"Gather {name}" >> beam.combiners.ToList() | f"Write {name}" >> beam.ParDo(_WriteJson(folder, name))

    if curated.population is not None:
        _ = (
            curated.population
            | "PopulationValues" >> beam.Map(_values).with_output_types(list)
            | "WritePopulation" >> beam.ParDo(_WriteJson(folder, _POPULATION))
        )


def read_results(place: Place) -> RunResults:
    """Return what a finished run wrote; raise ``FailedError`` where a part is missing."""

    def rows(name: str) -> list[list[object]]:
        with place.opened(name) as file:
            return json.load(file)

    return RunResults(
        shards=tuple(sorted((ShardEntry(*row) for row in rows(_SHARDS)), key=_path)),  # type: ignore[arg-type]
        rejects=tuple(
            sorted(
                (RejectLine(s, n, Reason(str(r)), f, rule, e) for s, n, r, f, rule, e in rows(_REJECTS)),  # type: ignore[arg-type]
                key=_place,
            )
        ),
        counts=dict(sorted((str(name), int(str(count))) for name, count in rows(_TALLY))),
        population=_read_population(place.seen(_POPULATION)),
    )


def _read_population(seen: Seen | None) -> NoisyAggregate | None:
    return None if seen is None else aggregate_of(json.loads(seen.content))


def forget_results(place: Place) -> None:
    """Remove what an earlier attempt handed back."""
    for name in place.names():
        place.delete(name)


def _path(entry: ShardEntry) -> str:
    return entry.path


def _place(line: RejectLine) -> tuple[int, int, str]:
    return line.source, line.line, line.field_name
