"""Checkpoint of redacted sessions: sealed on disk until values that depend on all of them are known.

``sessions | CheckpointSessions`` writes sealed slices and breaks fusion, ``ResumeSessions`` reads them back. A
transform with a side input that is computed from the sessions goes behind ``ResumeSessions``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import apache_beam as beam
import pyarrow as pa

from schemas.errors import FailedError
from schemas.safe import REDACTED_SCHEMA, SESSIONS_SCHEMA, TRACE_SOURCE, RedactedSessions
from transforms.beamkit.sealed_dofns import ExchangeDoFn
from transforms.beamkit.sealed_shuffle import Exchange, ExchangeSettings


@dataclass(frozen=True, slots=True)
class SessionHandles:
    """Handles of one batch of ``RedactedSessions``, one a table; empty for a table that the batch lacks."""

    table: bytes = field(repr=False)
    trace: bytes = field(repr=False)
    headers: bytes = field(repr=False)


def checkpoint_sessions(sessions: RedactedSessions, exchange: Exchange) -> SessionHandles:
    """Write the tables of ``sessions`` to the exchange; they are readable after its next flush."""

    def put(part: pa.Table | None) -> bytes:
        return b"" if part is None else exchange.put(part)

    return SessionHandles(exchange.put(sessions.table), put(sessions.trace), put(sessions.headers))


def resume_sessions(held: SessionHandles, exchange: Exchange) -> RedactedSessions:
    """Read checkpointed sessions back; raise ``FailedError`` if a slice is missing or has another schema."""

    def get(handle: bytes, schema: pa.Schema) -> pa.Table | None:
        table = exchange.get(handle) if handle else None
        if table is not None and not table.schema.equals(schema):
            raise FailedError("a checkpointed slice has another schema; run again with a fresh state folder")
        return table

    table = get(held.table, REDACTED_SCHEMA)
    if table is None:
        raise FailedError("checkpointed sessions name no slice; run again with a fresh state folder")
    return RedactedSessions(table, get(held.trace, TRACE_SOURCE), get(held.headers, SESSIONS_SCHEMA))


class _Checkpoint(ExchangeDoFn):
    def process(self, element: RedactedSessions) -> Iterator[SessionHandles]:
        yield checkpoint_sessions(element, self._exchange)

    def finish_bundle(self) -> None:
        self._exchange.flush()


class _Resume(ExchangeDoFn):
    def process(self, element: SessionHandles) -> Iterator[RedactedSessions]:
        yield resume_sessions(element, self._exchange)


@dataclass(eq=False)
class CheckpointSessions(beam.PTransform[beam.PCollection[RedactedSessions], beam.PCollection[SessionHandles]]):
    """Write sessions as sealed slices and break fusion; only handles are shuffled."""

    exchange: ExchangeSettings

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> beam.PCollection[SessionHandles]:
        """Yield one element of handles a batch; the reshuffle keeps a runner from fusing both sides."""
        return (
            pcoll
            | "Checkpoint" >> beam.ParDo(_Checkpoint(self.exchange)).with_output_types(SessionHandles)
            | "Reshuffle" >> beam.Reshuffle()
        )


@dataclass(eq=False)
class ResumeSessions(beam.PTransform[beam.PCollection[SessionHandles], beam.PCollection[RedactedSessions]]):
    """Read checkpointed sessions back."""

    exchange: ExchangeSettings

    def expand(self, pcoll: beam.PCollection[SessionHandles]) -> beam.PCollection[RedactedSessions]:
        """Yield the batches as they were checkpointed."""
        return pcoll | "Resume" >> beam.ParDo(_Resume(self.exchange)).with_output_types(RedactedSessions)
