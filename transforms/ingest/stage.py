"""The Beam stage that reads: files in, whole sessions out, and nothing clear in between."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeAlias

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.claims import Claim, ConsentStatus
from schemas.raw import RawSessions
from schemas.rejects import Fault, RejectedEvents
from schemas.tally import READ, TAKEN_UP, Tally, tally_rejected
from transforms.beamkit.coders import register
from transforms.beamkit.metrics import tick
from transforms.beamkit.outputs import REJECTED, TALLY
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.beamkit.sealed_shuffle import Exchange, ExchangeSettings, seal_words, unseal_words
from transforms.ingest.formats.adapter import Source
from transforms.ingest.inputs import read, total_bytes
from transforms.ingest.parsing.block import ROW_SCHEMA, fold
from transforms.ingest.partition import buckets_for, partition
from transforms.ingest.session_group import elements, group
from transforms.ingest.settings import IngestSettings
from transforms.ingest.stray_lines import complete_claims, declared_by, from_table, is_strays, split_faults, to_table
from transforms.keys.key_set import KeySet
from transforms.keys.quarantine_sealer import Custody, QuarantineSealer, seal_fault

_EVENTS_A_HANDLE = 1_000
"""Below this a handle costs more than what is in it (about 0.3 ms each)."""

_Slice = tuple[int, bytes]
_Aside: TypeAlias = (
    beam.pvalue.TaggedOutput[Literal["rejected"], RejectedEvents] | beam.pvalue.TaggedOutput[Literal["tally"], Tally]
)


class Consent(Protocol):
    """Travels with the graph and opens, on a worker, what tells whether the people behind a record agreed."""

    def judge(self) -> Callable[[Claim], ConsentStatus]:
        """Open it."""
        ...

    def open_paused(self) -> Callable[[pa.Table], npt.NDArray[np.bool_]]:
        """Open what finds the rows that their people took out."""
        ...


class ReadOutputs(NamedTuple):
    """Outputs of ``ReadSessions``."""

    sessions: beam.PCollection[RawSessions]
    rejected: beam.PCollection[RejectedEvents]
    tally: beam.PCollection[Tally]


def _aside(faults: Iterable[Fault], counts: Iterable[Tally], sealer: QuarantineSealer) -> Iterator[_Aside]:
    for name, count in counts:
        yield beam.pvalue.TaggedOutput(TALLY, (name, count))
    for fault in faults:
        yield beam.pvalue.TaggedOutput(REJECTED, seal_fault(fault, sealer))
        for item in tally_rejected(fault.problem.reason, fault.events):
            yield beam.pvalue.TaggedOutput(TALLY, item)


class _Partitioning(SafeErrorDoFn):
    """Puts rows away, sealed, in the bucket in which all rows of their session meet."""

    def __init__(self, exchange: ExchangeSettings, buckets: int) -> None:
        self._exchange_settings, self._buckets = exchange, buckets

    def setup(self) -> None:
        self._exchange = Exchange(self._exchange_settings)

    def _put(self, held: list[pa.Table]) -> Iterator[_Slice]:
        if held:
            for bucket, rows in partition(pa.concat_tables(held), self._buckets):
                yield bucket, self._exchange.put(rows)

    def finish_bundle(self) -> None:
        self._exchange.flush()

    def teardown(self) -> None:
        self._exchange.close()


class _TakeUp(_Partitioning):
    def process(self, element: RawSessions) -> Iterator[_Slice | beam.pvalue.TaggedOutput]:
        yield beam.pvalue.TaggedOutput(TALLY, (TAKEN_UP, element.table.num_rows))
        yield from self._put([element.table.select(ROW_SCHEMA.names)])


class _Read(_Partitioning):
    def __init__(self, settings: IngestSettings, exchange: ExchangeSettings, consent: Consent, buckets: int) -> None:
        super().__init__(exchange, buckets)
        self._settings, self._consent = settings, consent

    def setup(self) -> None:
        super().setup()
        self._keys = KeySet.open(self._exchange_settings.keys)
        self._sealer = QuarantineSealer(self._keys)
        self._custody = Custody(self._consent.judge(), self._settings.keep_unnamed_days)

    def process(self, element: bytes) -> Iterator[_Slice | _Aside]:
        held: list[pa.Table] = []
        source = Source(**unseal_words(element, self._exchange_settings))
        for block in read(source, self._settings, self._keys):
            tick(events=block.events)
            alone, strays = split_faults(block.faults, source, fold_case=self._settings.fold_user_case)
            faults, not_kept = self._custody.admit_all(alone)
            counts = ((READ, block.events), *block.counts, *not_kept)
            yield from _aside(fold(faults, self._settings.max_rejects), counts, self._sealer)
            yield from self._put([to_table(strays)] if strays else [])
            held.append(block.table)
            if sum(table.num_rows for table in held) >= _EVENTS_A_HANDLE * self._buckets:
                yield from self._put(held)
                held = []
        yield from self._put(held)


class _Assemble(SafeErrorDoFn):
    def __init__(self, settings: IngestSettings, exchange: ExchangeSettings, consent: Consent) -> None:
        self._settings, self._exchange_settings, self._consent = settings, exchange, consent

    def setup(self) -> None:
        self._exchange = Exchange(self._exchange_settings)
        self._sealer = QuarantineSealer(KeySet.open(self._exchange_settings.keys))
        self._custody = Custody(self._consent.judge(), self._settings.keep_unnamed_days)
        self._paused = self._consent.open_paused()

    def process(self, element: tuple[int, Iterable[bytes]]) -> Iterator[RawSessions | _Aside]:
        tables = [self._exchange.get(handle) for handle in element[1]]
        strays = [stray for table in tables if is_strays(table) for stray in from_table(table)]
        rows = [table for table in tables if not is_strays(table)]
        faults, not_kept = self._custody.admit_all(complete_claims(strays, rows))
        yield from _aside(fold(faults, self._settings.max_rejects), not_kept, self._sealer)
        if not rows:
            return
        grouped = group(rows, self._settings.max_session_events, declared_by(strays), self._paused)
        faults, not_kept = self._custody.admit_all(grouped.faults)
        yield from _aside(faults, (*grouped.counts, *not_kept), self._sealer)
        for table in elements(grouped, self._settings.element_events, self._settings.element_bytes):
            yield RawSessions(table)

    def teardown(self) -> None:
        self._exchange.close()


@dataclass(eq=False)
class ReadSessions(beam.PTransform[beam.pvalue.PBegin, ReadOutputs]):
    """Read every source and put whole sessions together; what cannot be used is set aside, sealed and counted.

    Nothing is sealed of people who did not agree, as ``consent`` judges. ``earlier`` gives rows of sessions that an
    earlier run began to read and that may go on in this one.
    """

    settings: IngestSettings
    sources: tuple[Source, ...]
    exchange: ExchangeSettings
    consent: Consent
    earlier: beam.PTransform[beam.pvalue.PBegin, beam.PCollection[RawSessions]] | None = None

    def expand(self, pcoll: beam.pvalue.PBegin) -> ReadOutputs:
        """Return sessions in batches, rejects, and counts of what was read, merged, suppressed and rejected."""
        register()
        buckets = buckets_for(total_bytes(self.sources))
        sealed = [seal_words(dataclasses.asdict(source), self.exchange) for source in self.sources]
        read_outputs = (
            pcoll
            # names of files and people: they rest with the graph, and are shuffled
            | "Sources" >> beam.Create(sealed).with_output_types(bytes)
            | "Spread" >> beam.Reshuffle()
            | "Read"
            >> beam.ParDo(_Read(self.settings, self.exchange, self.consent, buckets))
            .with_output_types(_Slice, **{REJECTED: RejectedEvents, TALLY: Tally})
            .with_outputs(REJECTED, TALLY, main="slices")
        )
        # (bucket, handle of sealed rows): about a thousand events or more a handle
        slices, tallies = [read_outputs.slices], [read_outputs[TALLY]]
        if self.earlier is not None:
            taken_up = (
                pcoll
                | "Earlier" >> self.earlier
                | "TakeUp"
                >> beam.ParDo(_TakeUp(self.exchange, buckets))
                .with_output_types(_Slice, **{TALLY: Tally})
                .with_outputs(TALLY, main="slices")
            )
            slices.append(taken_up.slices)
            tallies.append(taken_up[TALLY])
        assembled = (
            slices
            | "Slices" >> beam.Flatten()
            | "Meet" >> beam.GroupByKey()
            | "Assemble"
            >> beam.ParDo(_Assemble(self.settings, self.exchange, self.consent))
            .with_output_types(RawSessions, **{REJECTED: RejectedEvents, TALLY: Tally})
            .with_outputs(REJECTED, TALLY, main="sessions")
        )
        aside = (read_outputs[REJECTED], assembled[REJECTED]) | "RejectedEvents" >> beam.Flatten()
        tally = (*tallies, assembled[TALLY]) | "Tally" >> beam.Flatten()
        return ReadOutputs(assembled.sessions, aside, tally)
