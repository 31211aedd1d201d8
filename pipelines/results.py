"""What a run hands back to the driver, through small objects in private state."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from pipelines.curate import Curated
from pipelines.quarantine import keep, quarantine_at
from pipelines.report import StepCount
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

_Row = tuple[str, list[object]]
"""The object that a row goes into, and the row; an empty one only says that there is such an object."""


@dataclass(frozen=True, slots=True)
class RunResults:
    """Everything that a finished graph tells; ``population`` where it learned a model, ``steps`` what Beam counted."""

    shards: tuple[ShardEntry, ...]
    rejects: tuple[RejectLine, ...]
    counts: dict[str, int]
    population: NoisyAggregate | None = None
    steps: tuple[StepCount, ...] = ()


class _WriteJson(DiscreetDoFn):
    def __init__(self, folder: str) -> None:
        self._folder = folder

    def process(self, element: tuple[str, Iterable[list[object]]]) -> Iterator[str]:
        name, rows = element
        put(open_place(self._folder), name, json.dumps([row for row in rows if row]).encode())
        yield name


class _SumTallies(DiscreetDoFn):
    """Adds up what a bundle counted."""

    def start_bundle(self) -> None:
        self._counts: Counter[str] = Counter()

    def process(self, element: Tally) -> None:
        name, number = element
        self._counts[name] += number

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for name, number in self._counts.items():
            yield GlobalWindows.windowed_value((_TALLY, [name, number]))


class _Quarantine(DiscreetDoFn):
    """Keeps the sealed copy of what was set aside and passes on what may be said of it."""

    def __init__(self, state: str, release_id: str) -> None:
        self._state, self._release_id = state, release_id

    def setup(self) -> None:
        self._place = quarantine_at(self._state)

    def process(self, element: Rejected) -> Iterator[_Row]:
        if element.sealed:
            keep(self._place, self._release_id, element)
        told = [element.source, element.line, element.reason, element.field_name, element.rule, element.events]
        yield _REJECTS, told


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


def _shard_row(entry: ShardEntry) -> _Row:
    return _SHARDS, [entry.path, entry.rows, entry.bytes, entry.sha256, entry.staged]


def _values(aggregate: NoisyAggregate) -> _Row:
    return _POPULATION, aggregate.table["value"].to_pylist()


def results_at(state: str, release_id: str) -> str:
    """Return the address at which a run hands its results back, in private state at an address."""
    return joined(state, f"runs/{release_id}/results")


def collect(curated: Curated, state: str, release_id: str) -> None:
    """Add the steps that write the results of ``curated`` into private state at an address."""
    nothing: list[_Row] = [(name, []) for name in (_SHARDS, _REJECTS, _TALLY)]
    rows = [
        curated.shards.pipeline | "Objects" >> beam.Create(nothing).with_output_types(_Row),
        curated.shards | "ShardRows" >> beam.Map(_shard_row).with_output_types(_Row),
        curated.rejected | "Quarantine" >> beam.ParDo(_Quarantine(state, release_id)).with_output_types(_Row),
        curated.tally | "SumTallies" >> beam.ParDo(_SumTallies()).with_output_types(_Row),
    ]
    if curated.population is not None:
        rows.append(curated.population | "PopulationValues" >> beam.Map(_values).with_output_types(_Row))
    _ = (
        rows
        | "Results" >> beam.Flatten()
        # (object, row): one shuffle for all that is told, a few hundred rows
        | "GatherResults" >> beam.GroupByKey()
        | "WriteResults" >> beam.ParDo(_WriteJson(results_at(state, release_id)))
    )


def read_results(place: Place, steps: tuple[StepCount, ...] = ()) -> RunResults:
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
        counts=_added(rows(_TALLY)),
        population=_read_population(place.seen(_POPULATION)),
        steps=steps,
    )


def _added(rows: list[list[object]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for name, number in rows:
        counts[str(name)] += int(str(number))
    return dict(sorted(counts.items()))


def _read_population(seen: Seen | None) -> NoisyAggregate | None:
    return None if seen is None else aggregate_of(json.loads(seen.content)[0])


def forget_results(place: Place) -> None:
    """Remove what an earlier attempt handed back."""
    for name in place.names():
        place.delete(name)


def _path(entry: ShardEntry) -> str:
    return entry.path


def _place(line: RejectLine) -> tuple[int, int, str]:
    return line.source, line.line, line.field_name
