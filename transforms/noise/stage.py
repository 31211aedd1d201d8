"""The Beam stages of the noise: learning the population model, and adding noise to sessions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam
import pyarrow as pa
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from schemas.aggregates import ExactAggregate, NoisyAggregate
from schemas.arrow import divide
from schemas.safe import RedactedSessions, SafeSessions, TraceRows
from transforms.beamkit.outputs import TRACE
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.beamkit.sealed_dofns import ExchangeDoFn, PartitionDoFn
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.beamkit.zones import CreateConstants
from transforms.keys.key_set import KeyReference, KeySet
from transforms.noise.add_noise import add_noise_with_order, trace_rows
from transforms.noise.plan import NoisePlan
from transforms.noise.population.learn import Learning, add_noise_to, bounded_sum, exact, model_of
from transforms.noise.population.model import PRIOR, PopulationModel
from transforms.noise.population.observed_times import COUNTS_SCHEMA, counts, merge_counts
from transforms.privacy.run_key import RunKeyReference, noise_key, run_secret

_WAITING_ROWS = 1 << 18
"""Rows of counts that a worker gathers before it seals them."""

_Slice = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class LearningPlan:
    """Parameters of learning on workers; privacy units are partitioned into ``buckets``."""

    noise: NoisePlan
    learning: Learning
    keys: KeyReference
    run_key: RunKeyReference
    exchange: ExchangeSettings
    buckets: int


class LearnedOutputs(NamedTuple):
    """Outputs of ``LearnPopulation``: one element each."""

    noisy: beam.PCollection[NoisyAggregate]
    model: beam.PCollection[PopulationModel]


class _Count(PartitionDoFn):
    """Counts observations per unit and partitions the units."""

    def __init__(self, plan: LearningPlan) -> None:
        super().__init__(plan.exchange, "population-buckets", plan.buckets)
        self._learning = plan.learning

    def start_bundle(self) -> None:
        self._waiting: list[pa.Table] = []

    def process(self, element: RedactedSessions) -> Iterator[_Slice]:
        self._waiting.append(counts(element.table, self._learning.unit, self._learning.window))
        if sum(table.num_rows for table in self._waiting) >= _WAITING_ROWS:
            yield from self._drain()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for item in self._drain():
            yield GlobalWindows.windowed_value(item)

    def _drain(self) -> list[_Slice]:
        table = merge_counts(self._waiting)
        self._waiting = []
        return [(number, self._put(rows)) for number, rows in divide(table, self._buckets_of(table["unit"]))]


class _SumUnits(ExchangeDoFn):
    """Bounds the contribution of each unit and sums over a bucket; the sum is sealed again."""

    def process(self, element: tuple[int, Iterable[bytes]]) -> Iterator[_Slice]:
        _, handles = element
        yield 0, self._put(bounded_sum(merge_counts([self._exchange.get(handle) for handle in handles])))


class _Nobody(ExchangeDoFn):
    """Empty sum, always added: the graph must not show whether anybody contributed."""

    def process(self, _: None) -> Iterator[_Slice]:
        yield 0, self._put(bounded_sum(COUNTS_SCHEMA.empty_table()))


class _Total(ExchangeDoFn):
    def process(self, element: tuple[int, Iterable[bytes]]) -> Iterator[ExactAggregate]:
        _, handles = element
        yield exact([self._exchange.get(handle) for handle in handles])


class _NoiseOnSums(SafeErrorDoFn):
    def __init__(self, plan: LearningPlan) -> None:
        self._plan = plan

    def setup(self) -> None:
        secret = run_secret(KeySet.open(self._plan.keys), self._plan.run_key)
        self._key = noise_key(secret, self._plan.noise.digest)

    def process(self, element: ExactAggregate) -> Iterator[NoisyAggregate]:
        yield add_noise_to(element, self._plan.learning, self._key)


class _Model(SafeErrorDoFn):
    def __init__(self, min_units: int) -> None:
        self._min_units = min_units

    def process(self, element: NoisyAggregate) -> Iterator[PopulationModel]:
        yield model_of(element, self._min_units)


@dataclass(eq=False)
class LearnPopulation(beam.PTransform[beam.PCollection[RedactedSessions], LearnedOutputs]):
    """Learn how people type and point under differential privacy for each unit; exact counts move sealed only."""

    plan: LearningPlan

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> LearnedOutputs:
        """Return the noisy histograms and the model built from them."""
        sums = (
            pcoll
            | "Count" >> beam.ParDo(_Count(self.plan)).with_output_types(_Slice)
            # (bucket of units, handle of sealed counts)
            | "MeetUnits" >> beam.GroupByKey()
            | "SumUnits" >> beam.ParDo(_SumUnits(self.plan.exchange)).with_output_types(_Slice)
        )
        nobody = (
            pcoll.pipeline
            | "Once" >> CreateConstants([None], None)
            | "Nobody" >> beam.ParDo(_Nobody(self.plan.exchange)).with_output_types(_Slice)
        )
        noisy = (
            (sums, nobody)
            | "Sums" >> beam.Flatten()
            # (0, handle of a sealed sum)
            | "MeetSums" >> beam.GroupByKey()
            | "Total" >> beam.ParDo(_Total(self.plan.exchange)).with_output_types(ExactAggregate)
            | "AddNoise" >> beam.ParDo(_NoiseOnSums(self.plan)).with_output_types(NoisyAggregate)
        )
        model = noisy | "Model" >> beam.ParDo(_Model(self.plan.learning.min_units)).with_output_types(PopulationModel)
        return LearnedOutputs(noisy, model)


class _Noise(SafeErrorDoFn):
    def __init__(self, plan: NoisePlan, keys: KeyReference, run_key: RunKeyReference, *, trace: bool) -> None:
        self._plan, self._keys, self._run_key, self._trace = plan, keys, run_key, trace

    def setup(self) -> None:
        self._key = noise_key(run_secret(KeySet.open(self._keys), self._run_key), self._plan.digest)

    def process(
        self, element: RedactedSessions, model: PopulationModel
    ) -> Iterator[SafeSessions | beam.pvalue.TaggedOutput]:
        safe, order = add_noise_with_order(element, self._plan, model, self._key)
        yield safe
        if self._trace:
            yield beam.pvalue.TaggedOutput(TRACE, trace_rows(element, safe, order))


class NoisedOutputs(NamedTuple):
    """Outputs of ``AddNoise``; ``trace`` is empty unless requested."""

    sessions: beam.PCollection[SafeSessions]
    trace: beam.PCollection[TraceRows]


@dataclass(eq=False)
class AddNoise(beam.PTransform[beam.PCollection[RedactedSessions], NoisedOutputs]):
    """Noise or synthesize every numeric column; a retry draws the same noise.

    ``model`` is the population model or, where this pipeline learns it, the side input that holds it. With ``trace``
    every element must carry its own, and the trace follows the released order.
    """

    plan: NoisePlan
    keys: KeyReference
    run_key: RunKeyReference
    model: PopulationModel | beam.pvalue.AsSingleton = PRIOR
    trace: bool = False

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> NoisedOutputs:
        """Return the sessions as they may be stored and, on request, pointers to their source events."""
        noise = _Noise(self.plan, self.keys, self.run_key, trace=self.trace)
        outputs = pcoll | "Noise" >> beam.ParDo(noise, self.model).with_output_types(
            SafeSessions, **{TRACE: TraceRows}
        ).with_outputs(TRACE, main="sessions")
        return NoisedOutputs(outputs.sessions, outputs[TRACE])
