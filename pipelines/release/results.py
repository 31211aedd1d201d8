"""Results that workers hand back to the driver, through small objects in private state."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from pipelines.observe.summary import StepCount
from pipelines.origin import code_digest
from pipelines.release.graph import ReleaseCollections
from pipelines.state.quarantine import keep, open_quarantine
from schemas.aggregates import NoisyAggregate
from schemas.errors import FailedError
from schemas.rejects import Reason, RejectedEvents, RejectLine
from schemas.safe import ShardEntry, TraceRows
from schemas.tally import Tally
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.beamkit.zones import CreateConstants, SafeOutput
from transforms.dataset.trace import TraceTarget, write_trace
from transforms.keys.key_set import KeyReference, KeySet
from transforms.noise.population.learn import aggregate_of
from transforms.object_store.addresses import open_store
from transforms.object_store.interface import ObjectStore, VersionedObject, put

_SHARDS, REJECTS, _TALLY = "shards.json", "rejects.json", "tally.json"
_POPULATION = "population.json"

Row = tuple[str, list[object]]
"""The object that a row goes into, and the row; an empty one only says that there is such an object."""


@dataclass(frozen=True, slots=True)
class RunResults:
    """Results of a finished graph; ``population``: its learned model, if any, ``steps``: Beam's counters."""

    shards: tuple[ShardEntry, ...]
    rejects: tuple[RejectLine, ...]
    counts: dict[str, int]
    population: NoisyAggregate | None = None
    steps: tuple[StepCount, ...] = ()


class _WriteJson(SafeErrorDoFn):
    """Write results as JSON, on a worker that runs the code which the manifest names."""

    def __init__(self, folder: str, code: str) -> None:
        self._folder, self._code = folder, code

    def setup(self) -> None:
        if code_digest() != self._code:
            raise FailedError(
                "workers run other code than the launcher: start the run from the image that the workers get"
            )

    def process(self, element: tuple[str, Iterable[list[object]]]) -> Iterator[str]:
        name, rows = element
        put(open_store(self._folder), name, json.dumps([row for row in rows if row]).encode())
        yield name


class _SumTallies(SafeErrorDoFn):
    """Add up the counts of a bundle."""

    def __init__(self, name: str) -> None:
        self._name = name

    def start_bundle(self) -> None:
        self._counts: Counter[str] = Counter()

    def process(self, element: Tally) -> None:
        name, number = element
        self._counts[name] += number

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for name, number in self._counts.items():
            yield GlobalWindows.windowed_value((self._name, [name, number]))


class _Quarantine(SafeErrorDoFn):
    """Store the sealed copy of a reject and pass on its code and place."""

    def __init__(self, state: str, release_id: str) -> None:
        self._state, self._release_id = state, release_id

    def setup(self) -> None:
        self._place = open_quarantine(self._state)

    def process(self, element: RejectedEvents) -> Iterator[Row]:
        if element.sealed:
            keep(self._place, self._release_id, element, datetime.now(UTC).date())
        row = [element.source, element.line, element.reason, element.field_name, element.rule, element.events]
        yield REJECTS, row


@dataclass(eq=False)
class KeepRejected(SafeOutput, beam.PTransform[beam.PCollection[RejectedEvents], beam.PCollection[Row]]):
    """Store the sealed copies of rejects in the quarantine of private state at ``state``; pass on codes and places."""

    state: str
    run_id: str

    def expand(self, pcoll: beam.PCollection[RejectedEvents]) -> beam.PCollection[Row]:
        """Return one row for each reject."""
        return pcoll | "Keep" >> beam.ParDo(_Quarantine(self.state, self.run_id)).with_output_types(Row)


class _Trace(SafeErrorDoFn):
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


def _shard_row(entry: ShardEntry) -> Row:
    return _SHARDS, [entry.path, entry.rows, entry.bytes, entry.sha256, entry.staged]


def _values(aggregate: NoisyAggregate) -> Row:
    return _POPULATION, aggregate.table["value"].to_pylist()


def hand_back(rows: list[beam.PCollection[Row]], names: Sequence[str], results: str) -> None:
    """Add the steps that write ``rows`` into objects below an address, for ``read_rows``.

    Those of ``names`` are written even where they have no row.

    They fail on a worker that runs other code than this process, which the manifest will name.
    """
    nothing: list[Row] = [(name, []) for name in names]
    _ = (
        [rows[0].pipeline | "Objects" >> CreateConstants(nothing, Row), *rows]
        | "Results" >> beam.Flatten()
        # (object, row): one shuffle for all that is handed back, a few hundred rows
        | "GatherResults" >> beam.GroupByKey()
        | "WriteResults" >> beam.ParDo(_WriteJson(results, code_digest()))
    )


def quarantine_rejects(rejected: beam.PCollection[RejectedEvents], state: str, run_id: str) -> beam.PCollection[Row]:
    """Store rejects in the quarantine and return their codes and places, for ``read_rejects``."""
    return rejected | "Quarantine" >> KeepRejected(state, run_id)


def sum_counts(tally: beam.PCollection[Tally], name: str = _TALLY) -> beam.PCollection[Row]:
    """Sum the counts in each bundle, for ``read_counts``."""
    return tally | f"Sum {name}" >> beam.ParDo(_SumTallies(name)).with_output_types(Row)


def collect(curated: ReleaseCollections, state: str, release_id: str, results: str) -> None:
    """Add the steps that write the rejects of ``curated`` into private ``state``, and its results to ``results``."""
    rows = [
        curated.shards | "ShardRows" >> beam.Map(_shard_row).with_output_types(Row),
        quarantine_rejects(curated.rejected, state, release_id),
        sum_counts(curated.tally),
    ]
    if curated.population is not None:
        rows.append(curated.population | "PopulationValues" >> beam.Map(_values).with_output_types(Row))
    hand_back(rows, (_SHARDS, REJECTS, _TALLY), results)


def read_results(store: ObjectStore, steps: tuple[StepCount, ...] = (), *, learned: bool) -> RunResults:
    """Read the results of a finished run; raise ``FailedError`` if a part is missing.

    ``learned``: the run learns a population model, which is a part then.
    """
    population = _read_population(store.get(_POPULATION))
    if learned and population is None:
        raise FailedError("the population model that the run learns was not handed back; nothing is published")
    return RunResults(
        shards=tuple(sorted((ShardEntry(*row) for row in read_rows(store, _SHARDS)), key=_path)),
        rejects=read_rejects(store),
        counts=read_counts(store, _TALLY),
        population=population,
        steps=steps,
    )


def read_rows(store: ObjectStore, name: str) -> list[list[Any]]:
    """Read the rows of one object."""
    with store.open(name) as file:
        rows: list[list[Any]] = json.load(file)
    return rows


def read_rejects(store: ObjectStore) -> tuple[RejectLine, ...]:
    """Read the codes and places of rejects, in the order of files and lines."""
    found = (RejectLine(s, n, Reason(r), f, rule, e) for s, n, r, f, rule, e in read_rows(store, REJECTS))
    return tuple(sorted(found, key=_place))


def read_counts(store: ObjectStore, name: str) -> dict[str, int]:
    """Read the counts of one object by their names."""
    counts: Counter[str] = Counter()
    for word, number in read_rows(store, name):
        counts[word] += number
    return dict(sorted(counts.items()))


def _read_population(seen: VersionedObject | None) -> NoisyAggregate | None:
    return None if seen is None else aggregate_of(json.loads(seen.content)[0])


def forget_results(store: ObjectStore) -> None:
    """Remove the results of an earlier attempt."""
    for name in store.names():
        store.delete(name)


def _path(entry: ShardEntry) -> str:
    return entry.path


def _place(line: RejectLine) -> tuple[int, int, str]:
    return line.source, line.line, line.field_name
