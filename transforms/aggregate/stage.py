"""The Beam stages of the aggregates: admission of values, tables of counts, and hiding what was not admitted.

What people did crosses workers as sealed slices, spread by a keyed digest of the unit; Beam sees bucket numbers and
ciphertext. Exact sums are never encoded: their coder refuses.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from schemas.aggregates import AdmittedValues, ExactAggregate, NoisyAggregate, UnitCounts
from schemas.arrow import divide
from schemas.safe import RedactedSessions
from transforms.aggregate.bounding import CONTRIBUTIONS, SUMS, add_sums, bound_contributions, merge_contributions
from transforms.aggregate.contributions import contributions
from transforms.aggregate.naming.hide_rare import hide_rare
from transforms.aggregate.plan import AggregatePlan
from transforms.aggregate.queries import QUERIES, RARE_PREFIX
from transforms.aggregate.tables import add_noise, admit, exact, on_cells, quantiles
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.beamkit.sealed_dofns import ExchangeDoFn, PartitionDoFn
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.beamkit.zones import CreateConstants
from transforms.keys.key_set import KeyReference, KeySet
from transforms.privacy.run_key import RunKeyReference, noise_key, run_secret
from transforms.vocabulary import NO_NAMES, OwnNames

_MOST_BUCKETS = 256
_BUFFERED_ROWS = 1 << 18
_BEAM_KEY = 0
_NOTHING = b""

_Slices = tuple[int, Iterable[bytes]]
_Slice = tuple[int, tuple[bytes, bytes]]
_UnitSlices = tuple[int, Iterable[tuple[bytes, bytes]]]
"""Bucket and handles of what its units did: for the admission of values, and for the tables."""


@dataclass(frozen=True, slots=True)
class AggregateKeys:
    """Reference to the keys of samples, coins and noise; contains no secret."""

    keys: KeyReference
    run_key: RunKeyReference

    def open(self, plan: AggregatePlan) -> bytes:
        """Derive the key of all draws under ``plan``."""
        return noise_key(run_secret(KeySet.open(self.keys), self.run_key), plan.digest)


class _Count(SafeErrorDoFn):
    def __init__(self, plan: AggregatePlan) -> None:
        self._plan = plan

    def process(self, element: RedactedSessions) -> Iterator[UnitCounts]:
        yield UnitCounts(contributions(element, self._plan.window, self._plan.settings.public_roles))


@dataclass(eq=False)
class CountActions(beam.PTransform[beam.PCollection[RedactedSessions], beam.PCollection[UnitCounts]]):
    """Count the contributions of each privacy unit to the declared queries."""

    plan: AggregatePlan

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> beam.PCollection[UnitCounts]:
        """Return unbounded contributions, one table a batch."""
        return pcoll | "Count" >> beam.ParDo(_Count(self.plan)).with_output_types(UnitCounts)


class _Spread(PartitionDoFn):
    """Merges the contributions of a bundle and partitions them by unit."""

    def start_bundle(self) -> None:
        self._tables: list[pa.Table] = []
        self._rows = 0

    def process(self, element: UnitCounts) -> Iterator[_Slice]:
        self._tables.append(element.table)
        self._rows += element.table.num_rows
        if self._rows >= _BUFFERED_ROWS:
            yield from self._drain()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for item in self._drain():
            yield GlobalWindows.windowed_value(item)

    def _drain(self) -> list[_Slice]:
        table = merge_contributions([CONTRIBUTIONS.empty_table(), *self._tables])
        self._tables, self._rows = [], 0
        slices: list[_Slice] = []
        for number, rows in divide(table, self._buckets_of(table["unit"])):
            rare = pc.starts_with(rows["query"], RARE_PREFIX)
            slices.append((number, (self._put(rows.filter(rare)), self._put(rows.filter(pc.invert(rare))))))
        return slices


@dataclass(eq=False)
class GroupUnits(beam.PTransform[beam.PCollection[UnitCounts], beam.PCollection[_UnitSlices]]):
    """Group all contributions of a unit; units are partitioned into ``buckets``."""

    exchange: ExchangeSettings
    buckets: int

    def expand(self, pcoll: beam.PCollection[UnitCounts]) -> beam.PCollection[_UnitSlices]:
        """Return handles of sealed slices by bucket; a unit is in one bucket as a whole."""
        return (
            pcoll
            | "SpreadByUnit"
            >> beam.ParDo(
                _Spread(self.exchange, "aggregate-buckets", min(self.buckets, _MOST_BUCKETS))
            ).with_output_types(_Slice)
            # (bucket, handles of sealed slices): no clear contribution is shuffled
            | "GroupByUnit" >> beam.GroupByKey()
        )


class _Summing(ExchangeDoFn):
    """Bounds the units of a bucket and adds them up."""

    def __init__(self, plan: AggregatePlan, keys: AggregateKeys, exchange: ExchangeSettings) -> None:
        super().__init__(exchange)
        self._plan, self._keys = plan, keys

    def setup(self) -> None:
        super().setup()
        self._key = self._keys.open(self._plan)

    def _open(self, handles: Iterable[bytes]) -> list[pa.Table]:
        return [self._exchange.get(handle) for handle in handles if handle != _NOTHING]

    def _merge(self, handles: Iterable[bytes]) -> pa.Table:
        return merge_contributions([CONTRIBUTIONS.empty_table(), *self._open(handles)])


class _SumUsers(_Summing):
    def process(self, element: _UnitSlices) -> Iterator[tuple[int, bytes]]:
        rare = self._merge(handle for handle, _ in element[1])
        yield _BEAM_KEY, self._put(bound_contributions(rare, self._plan.rare_bounds, self._key))


class _Admit(_Summing):
    def process(self, element: _Slices) -> Iterator[AdmittedValues]:
        yield admit(add_sums([SUMS.empty_table(), *self._open(element[1])]), self._plan, self._key)


@dataclass(eq=False)
class AdmitValues(beam.PTransform[beam.PCollection[_UnitSlices], beam.PCollection[AdmittedValues]]):
    """Select the values that enough users share, under differential privacy."""

    plan: AggregatePlan
    keys: AggregateKeys
    exchange: ExchangeSettings

    def expand(self, pcoll: beam.PCollection[_UnitSlices]) -> beam.PCollection[AdmittedValues]:
        """Return one element, usable as a side input, even without data."""
        parts = (self.plan, self.keys, self.exchange)
        sums = pcoll | "SumUsers" >> beam.ParDo(_SumUsers(*parts)).with_output_types(tuple[int, bytes])
        return (
            _with_nothing(pcoll, sums)
            | "GatherUsers" >> beam.GroupByKey()
            | "Admit" >> beam.ParDo(_Admit(*parts)).with_output_types(AdmittedValues)
        )


@dataclass(eq=False)
class NameNothing(beam.PTransform[beam.pvalue.PBegin, beam.PCollection[AdmittedValues]]):
    """Admit no value: only public names are named."""

    def expand(self, pcoll: beam.pvalue.PBegin) -> beam.PCollection[AdmittedValues]:
        """Return one element, usable as a side input."""
        return pcoll | "Nothing" >> CreateConstants([AdmittedValues({})], AdmittedValues)


class _SumTables(_Summing):
    def process(self, element: _UnitSlices, admitted: AdmittedValues) -> Iterator[tuple[int, bytes]]:
        whole = self._merge(handle for _, handle in element[1])
        cells = on_cells(whole, admitted, self._plan.settings.public_roles)
        yield _BEAM_KEY, self._put(bound_contributions(cells, self._plan.table_bounds, self._key))


class _Gather(_Summing):
    def process(self, element: _Slices, admitted: AdmittedValues) -> Iterator[ExactAggregate]:
        sums = add_sums([SUMS.empty_table(), *self._open(element[1])])
        for query in QUERIES:
            yield exact(query, sums, admitted, self._plan.settings.public_roles)


@dataclass(eq=False)
class BoundAndSum(beam.PTransform[beam.PCollection[_UnitSlices], beam.PCollection[ExactAggregate]]):
    """Bound the contributions of every unit to every table, and sum them."""

    plan: AggregatePlan
    keys: AggregateKeys
    exchange: ExchangeSettings
    admitted: beam.PCollection[AdmittedValues]

    def expand(self, pcoll: beam.PCollection[_UnitSlices]) -> beam.PCollection[ExactAggregate]:
        """Return one exact table per query; only ``AddTableNoise`` accepts them."""
        parts = (self.plan, self.keys, self.exchange)
        admitted = beam.pvalue.AsSingleton(self.admitted)
        sums = pcoll | "SumTables" >> beam.ParDo(_SumTables(*parts), admitted).with_output_types(tuple[int, bytes])
        return (
            _with_nothing(pcoll, sums)
            | "GatherTables" >> beam.GroupByKey()
            | "Gather" >> beam.ParDo(_Gather(*parts), admitted).with_output_types(ExactAggregate)
        )


class _NoiseTable(SafeErrorDoFn):
    def __init__(self, plan: AggregatePlan, keys: AggregateKeys) -> None:
        self._plan, self._keys = plan, keys

    def setup(self) -> None:
        self._key = self._keys.open(self._plan)
        self._with_bins = frozenset(query.name for query in QUERIES if query.bins)

    def process(self, element: ExactAggregate) -> Iterator[NoisyAggregate]:
        noisy = add_noise(element, self._plan, self._key)
        yield noisy
        if element.query in self._with_bins:
            yield quantiles(noisy)


@dataclass(eq=False)
class AddTableNoise(beam.PTransform[beam.PCollection[ExactAggregate], beam.PCollection[NoisyAggregate]]):
    """Put keyed noise on every count; a retry draws the same noise."""

    plan: AggregatePlan
    keys: AggregateKeys

    def expand(self, pcoll: beam.PCollection[ExactAggregate]) -> beam.PCollection[NoisyAggregate]:
        """Return the noisy tables and the quantiles computed from them."""
        return pcoll | "Noise" >> beam.ParDo(_NoiseTable(self.plan, self.keys)).with_output_types(NoisyAggregate)


class _Hide(SafeErrorDoFn):
    def __init__(self, public_roles: tuple[str, ...], everyday: Callable[[], frozenset[str]], own: OwnNames) -> None:
        self._public_roles, self._everyday, self._own = frozenset(public_roles), everyday, own

    def process(self, element: RedactedSessions, admitted: AdmittedValues) -> Iterator[RedactedSessions]:
        yield hide_rare(element, admitted, self._public_roles, self._everyday(), self._own)


@dataclass(eq=False)
class HideRare(beam.PTransform[beam.PCollection[RedactedSessions], beam.PCollection[RedactedSessions]]):
    """Put ``other`` in place of every value that was not admitted, in checkpointed sessions.

    ``everyday`` gives, on a worker, the words that stay in texts though an application is called so; ``own`` are the
    organisation's own names, which are public.
    """

    public_roles: tuple[str, ...]
    admitted: beam.PCollection[AdmittedValues]
    everyday: Callable[[], frozenset[str]] = frozenset
    own: OwnNames = NO_NAMES

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> beam.PCollection[RedactedSessions]:
        """Return whole sessions, ready for noise."""
        return pcoll | "Hide" >> beam.ParDo(
            _Hide(self.public_roles, self.everyday, self.own), beam.pvalue.AsSingleton(self.admitted)
        ).with_output_types(RedactedSessions)


def _with_nothing(
    pcoll: beam.PCollection[_UnitSlices], sums: beam.PCollection[tuple[int, bytes]]
) -> beam.PCollection[tuple[int, bytes]]:
    """Add an empty part to ``sums``: the next step then runs once even without data."""
    nothing = pcoll.pipeline | "Nothing" >> CreateConstants([(_BEAM_KEY, _NOTHING)], tuple[int, bytes])
    return (sums, nothing) | "Parts" >> beam.Flatten()
