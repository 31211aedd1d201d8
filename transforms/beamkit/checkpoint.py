"""Holding redacted sessions until what is computed from all of them is there.

``held | HoldSessions`` puts sessions down sealed and ends the bundle; ``TakeUpSessions`` opens them again on the other
side. Whatever takes a side input that depends on the sessions belongs behind ``TakeUpSessions``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import apache_beam as beam
import pyarrow as pa

from schemas.errors import FailedError
from schemas.safe import REDACTED_SCHEMA, SESSIONS_SCHEMA, TRACE_SOURCE, RedactedSessions
from transforms.beamkit.sealed_dofns import Exchanging
from transforms.beamkit.sealed_shuffle import Exchange, ExchangeSettings


@dataclass(frozen=True, slots=True)
class HeldSessions:
    """Handles of one batch of redacted sessions; the parts as in ``RedactedSessions``, '' where there is none."""

    table: bytes = field(repr=False)
    trace: bytes = field(repr=False)
    headers: bytes = field(repr=False)


def hold(sessions: RedactedSessions, exchange: Exchange) -> HeldSessions:
    """Put ``sessions`` away; they can be taken up once the exchange was flushed."""

    def put(part: pa.Table | None) -> bytes:
        return b"" if part is None else exchange.put(part)

    return HeldSessions(exchange.put(sessions.table), put(sessions.trace), put(sessions.headers))


def take_up(held: HeldSessions, exchange: Exchange) -> RedactedSessions:
    """Return what ``hold`` was given; raise ``FailedError`` where a slice is not what it should be."""

    def get(handle: bytes, schema: pa.Schema) -> pa.Table | None:
        table = exchange.get(handle) if handle else None
        if table is not None and not table.schema.equals(schema):
            raise FailedError("a held slice has another schema; run again with a fresh state folder")
        return table

    table = get(held.table, REDACTED_SCHEMA)
    if table is None:
        raise FailedError("held sessions name no slice; run again with a fresh state folder")
    return RedactedSessions(table, get(held.trace, TRACE_SOURCE), get(held.headers, SESSIONS_SCHEMA))


class _Hold(Exchanging):
    def process(self, element: RedactedSessions) -> Iterator[HeldSessions]:
        yield hold(element, self._exchange)

    def finish_bundle(self) -> None:
        self._exchange.flush()


class _TakeUp(Exchanging):
    def process(self, element: HeldSessions) -> Iterator[RedactedSessions]:
        yield take_up(element, self._exchange)


@dataclass(eq=False)
class HoldSessions(beam.PTransform[beam.PCollection[RedactedSessions], beam.PCollection[HeldSessions]]):
    """Put sessions away sealed; only handles are shuffled."""

    exchange: ExchangeSettings

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> beam.PCollection[HeldSessions]:
        """Return one handle a batch; the shuffle keeps a runner from joining both sides into one stage."""
        return (
            pcoll
            | "Hold" >> beam.ParDo(_Hold(self.exchange)).with_output_types(HeldSessions)
            | "Rest" >> beam.Reshuffle()
        )


@dataclass(eq=False)
class TakeUpSessions(beam.PTransform[beam.PCollection[HeldSessions], beam.PCollection[RedactedSessions]]):
    """Open what was put away."""

    exchange: ExchangeSettings

    def expand(self, pcoll: beam.PCollection[HeldSessions]) -> beam.PCollection[RedactedSessions]:
        """Return the batches as they were held."""
        return pcoll | "TakeUp" >> beam.ParDo(_TakeUp(self.exchange)).with_output_types(RedactedSessions)
