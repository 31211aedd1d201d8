"""Beam stages that collect what people typed, sealed, and hold sessions until that is known."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc

from schemas.arrow import divide
from schemas.errors import FailedError
from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from transforms.beamkit.sealed_dofns import ExchangeDoFn, PartitionDoFn, bucket_codes
from transforms.beamkit.sealed_shuffle import Exchange, ExchangeSettings
from transforms.keys.key_set import KeyRole, KeySet
from transforms.redact.bystanders.own_text.typing_history import TypingHistory, list_typed_texts
from transforms.redact.deny_list import DenyList
from transforms.redact.settings import RedactSettings

_PURPOSE = "typing-history"
_BUCKETS = 1_024
"""Parts of what was typed, of which a batch reads those of its people."""

Slices = Mapping[int, Iterable[bytes]]
"""Handles of sealed ``TYPED_TEXTS`` by bucket."""


class _Collect(PartitionDoFn):
    def __init__(self, settings: RedactSettings, exchange: ExchangeSettings) -> None:
        super().__init__(exchange, _PURPOSE, _BUCKETS)
        self._settings = settings

    def setup(self) -> None:
        super().setup()
        self._deny = DenyList(self._settings.denied)

    def process(self, element: TypedSessions) -> Iterator[tuple[int, bytes]]:
        texts = list_typed_texts(element, self._deny)
        for bucket, rows in divide(texts, self._buckets_of(texts["user_id"])):
            yield bucket, self._put(rows)


@dataclass(eq=False)
class CollectTyped(beam.PTransform[beam.PCollection[TypedSessions], beam.PCollection[tuple[int, bytes]]]):
    """Collect what people typed, for ``HistoryReader``; only handles of sealed slices reach the runner."""

    settings: RedactSettings = field(repr=False)
    exchange: ExchangeSettings

    def expand(self, pcoll: beam.PCollection[TypedSessions]) -> beam.PCollection[tuple[int, bytes]]:
        """Yield buckets with handles."""
        return pcoll | "Collect" >> beam.ParDo(_Collect(self.settings, self.exchange)).with_output_types(
            tuple[int, bytes]
        )


class _Seal(ExchangeDoFn):
    def process(self, element: RawSessions) -> Iterator[bytes]:
        yield self._put(element.table)


class _Resume(ExchangeDoFn):
    def process(self, element: bytes) -> Iterator[RawSessions]:
        table = self._exchange.get(element)
        if not table.schema.equals(RAW_SCHEMA):
            raise FailedError("a checkpointed slice has another schema; run again with a fresh state folder")
        yield RawSessions(table)


@dataclass(eq=False)
class CheckpointRaw(beam.PTransform[beam.PCollection[RawSessions], beam.PCollection[RawSessions]]):
    """Write raw sessions as sealed slices, break fusion, and read them back; only handles are shuffled.

    A transform with a side input that is computed from the sessions goes behind it.
    """

    exchange: ExchangeSettings

    def expand(self, pcoll: beam.PCollection[RawSessions]) -> beam.PCollection[RawSessions]:
        """Yield the batches as they came."""
        return (
            pcoll
            | "Checkpoint" >> beam.ParDo(_Seal(self.exchange)).with_output_types(bytes)
            | "Reshuffle" >> beam.Reshuffle()
            | "Resume" >> beam.ParDo(_Resume(self.exchange)).with_output_types(RawSessions)
        )


@dataclass(frozen=True, slots=True)
class TypingInput:
    """Output of ``CollectTyped`` as a side input, and the exchange that reads it."""

    slices: beam.pvalue.AsMultiMap = field(repr=False)
    exchange: ExchangeSettings


class HistoryReader:
    """Reader of what the people of a batch typed; create one in the ``setup`` of each DoFn instance."""

    def __init__(self, settings: ExchangeSettings) -> None:
        self._exchange = Exchange(settings)
        self._spreading = KeySet.open(settings.keys).derive(KeyRole.TRANSIT, _PURPOSE, settings.run)

    def read(self, users: pa.ChunkedArray, slices: Slices) -> TypingHistory:
        """Read the texts of ``users`` from a side input."""
        wanted = pc.unique(users)
        buckets = set(bucket_codes(pa.chunked_array([wanted]), self._spreading, _BUCKETS).tolist())
        tables = (self._exchange.get(handle) for bucket in sorted(buckets) for handle in slices[bucket])
        return TypingHistory.of(table.filter(pc.is_in(table["user_id"], wanted)) for table in tables)
