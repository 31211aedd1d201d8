"""The Beam stage of the chunks."""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam
import numpy as np
import pyarrow as pa

from schemas.outcome import Tally
from schemas.safe import RedactedSessions
from transforms.beamkit.exchange import Exchange, ExchangeSettings
from transforms.beamkit.held import HeldSessions, hold, take_up
from transforms.beamkit.outputs import TALLY
from transforms.chunk.chunks import ChunkBounds, chunked
from transforms.keys.provider import KeyReference, KeyRole, KeySet

_Slice = tuple[int, HeldSessions]


class ChunkedOutputs(NamedTuple):
    """What ``ChunkSessions`` gives."""

    sessions: beam.PCollection[RedactedSessions]
    tally: beam.PCollection[Tally]


class _Exchanging(beam.DoFn):
    def __init__(self, exchange: ExchangeSettings) -> None:
        self._settings = exchange

    def setup(self) -> None:
        self._exchange = Exchange(self._settings)

    def teardown(self) -> None:
        self._exchange.close()


class _Spread(_Exchanging):
    def __init__(self, exchange: ExchangeSettings, buckets: int) -> None:
        super().__init__(exchange)
        self._buckets = buckets

    def setup(self) -> None:
        super().setup()
        keys = KeySet.open(self._settings.keys)
        self._key = keys.derive(KeyRole.TRANSIT, "chunk-buckets", self._settings.run)

    def process(self, element: RedactedSessions) -> Iterator[_Slice]:
        users = element.table["user"].combine_chunks().dictionary_encode()
        digests = [hmac.digest(self._key, name.encode(), "sha256")[:8] for name in users.dictionary.to_pylist()]
        of_user = np.array([int.from_bytes(digest, "big") % self._buckets for digest in digests], dtype=np.int64)
        bucket = of_user[users.indices.to_numpy(zero_copy_only=False)]
        for number in np.unique(bucket).tolist():
            rows = pa.array(bucket == number)
            trace = None if element.trace is None else element.trace.filter(rows)
            yield number, hold(RedactedSessions(element.table.filter(rows), trace), self._exchange)
        self._exchange.flush()


class _Chunk(_Exchanging):
    def __init__(self, exchange: ExchangeSettings, bounds: ChunkBounds, keys: KeyReference, release_id: str) -> None:
        super().__init__(exchange)
        self._bounds, self._keys, self._release_id = bounds, keys, release_id

    def setup(self) -> None:
        super().setup()
        self._key = KeySet.open(self._keys).derive(KeyRole.PSEUDONYM, self._release_id, "chunks")

    def process(
        self, element: tuple[int, Iterable[HeldSessions]]
    ) -> Iterator[RedactedSessions | beam.pvalue.TaggedOutput]:
        made = chunked([take_up(held, self._exchange) for held in element[1]], self._bounds, self._key)
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
        """Return chunks in the place of sessions, and what the bounds changed in the tally."""
        outputs = (
            pcoll
            | "SpreadByUser" >> beam.ParDo(_Spread(self.exchange, self.buckets)).with_output_types(_Slice)
            # (bucket, handles of sealed sessions): all of a user meets in one place
            | "MeetUsers" >> beam.GroupByKey()
            | "Chunk"
            >> beam.ParDo(_Chunk(self.exchange, self.bounds, self.keys, self.release_id))
            .with_output_types(RedactedSessions, **{TALLY: Tally})
            .with_outputs(TALLY, main="sessions")
        )
        return ChunkedOutputs(outputs.sessions, outputs[TALLY])
