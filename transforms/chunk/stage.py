"""The Beam stage of the chunks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam

from schemas.arrow import divide
from schemas.safe import RedactedSessions
from schemas.tally import Tally
from transforms.beamkit.checkpoint import SessionHandles, checkpoint_sessions, resume_sessions
from transforms.beamkit.outputs import TALLY
from transforms.beamkit.sealed_dofns import ExchangeDoFn, PartitionDoFn
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.chunk.chunks import ChunkBounds, chunk_sessions
from transforms.keys.key_set import KeyReference, KeyRole, KeySet

_Slice = tuple[int, SessionHandles]


class ChunkedOutputs(NamedTuple):
    """Outputs of ``ChunkSessions``."""

    sessions: beam.PCollection[RedactedSessions]
    tally: beam.PCollection[Tally]


class _Spread(PartitionDoFn):
    def process(self, element: RedactedSessions) -> Iterator[_Slice]:
        bucket = self._buckets_of(element.table["user"])
        parts = divide(element.table, bucket)
        traces = [None for _ in parts] if element.trace is None else [rows for _, rows in divide(element.trace, bucket)]
        for (number, rows), trace in zip(parts, traces, strict=True):
            yield number, checkpoint_sessions(RedactedSessions(rows, trace), self._exchange)
        self._exchange.flush()


class _Chunk(ExchangeDoFn):
    def __init__(self, exchange: ExchangeSettings, bounds: ChunkBounds, keys: KeyReference, release_id: str) -> None:
        super().__init__(exchange)
        self._bounds, self._keys, self._release_id = bounds, keys, release_id

    def setup(self) -> None:
        super().setup()
        self._key = KeySet.open(self._keys).derive(KeyRole.PSEUDONYM, self._release_id, "chunks")

    def process(
        self, element: tuple[int, Iterable[SessionHandles]]
    ) -> Iterator[RedactedSessions | beam.pvalue.TaggedOutput]:
        made = chunk_sessions([resume_sessions(held, self._exchange) for held in element[1]], self._bounds, self._key)
        for item in made.tally:
            yield beam.pvalue.TaggedOutput(TALLY, item)
        if made.sessions.table.num_rows:
            yield made.sessions


@dataclass(eq=False)
class ChunkSessions(beam.PTransform[beam.PCollection[RedactedSessions], ChunkedOutputs]):
    """Cut sessions into chunks without session or user, at most so many key events of a user and day."""

    bounds: ChunkBounds
    keys: KeyReference
    release_id: str
    exchange: ExchangeSettings
    buckets: int

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> ChunkedOutputs:
        """Return the chunks, and the change of the tally by the bounds."""
        outputs = (
            pcoll
            | "SpreadByUser"
            >> beam.ParDo(_Spread(self.exchange, "chunk-buckets", self.buckets)).with_output_types(_Slice)
            # (bucket, handles of sealed sessions): all of a user meets in one place
            | "MeetUsers" >> beam.GroupByKey()
            | "Chunk"
            >> beam.ParDo(_Chunk(self.exchange, self.bounds, self.keys, self.release_id))
            .with_output_types(RedactedSessions, **{TALLY: Tally})
            .with_outputs(TALLY, main="sessions")
        )
        return ChunkedOutputs(outputs.sessions, outputs[TALLY])
