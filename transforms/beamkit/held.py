"""Redacted sessions that wait for a side input: sealed slices rest, and Beam moves handles.

A statistic over all sessions (which values are common, how people type) has to be there before the first session can be
released. Beam then has to put the sessions down in between, and may not do so in the clear.
"""

from dataclasses import dataclass, field

import pyarrow as pa

from schemas.errors import FailedError
from schemas.safe import REDACTED_SCHEMA, SESSIONS_SCHEMA, TRACE_SOURCE, RedactedSessions
from transforms.beamkit.exchange import Exchange


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
