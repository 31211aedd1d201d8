"""Coders of sessions and aggregates: safe ones become Arrow bytes, raw and exact ones are refused.

A stage hands a batch to the next inside one process. Should a change to a graph ever put a shuffle, a side input or a
worker boundary between two stages that see clear text, the run must fail rather than write that text somewhere.
"""

import struct

import apache_beam as beam
import pyarrow as pa
from apache_beam import coders

from schemas.aggregates import ExactAggregate, NoisyAggregate, UnitCounts
from schemas.errors import FailedError
from schemas.raw import RawSessions, TypedSessions
from schemas.safe import RedactedSessions, SafeSessions
from transforms.beamkit.arrow_bytes import from_stream, to_stream

_REFUSAL = (
    "clear sessions were about to leave the process, or exact sums; shuffle sealed handles instead "
    "(transforms/beamkit/sealed_shuffle)"
)
_LENGTH = struct.Struct(">Q")
_QUERY = b"query"


class _StatelessCoder(coders.Coder):
    """Coder without parameters: all of one class are equal, and equal values give equal bytes."""

    def is_deterministic(self) -> bool:
        """Return true: Arrow IPC writes neither times nor addresses, and a refusal writes nothing."""
        return True

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


class RefusingCoder(_StatelessCoder):
    """Coder of clear or exact values; refuses to encode them."""

    def encode(self, _value: object) -> bytes:
        """Raise ``FailedError``."""
        raise FailedError(_REFUSAL)

    def decode(self, _encoded: bytes) -> object:
        """Raise ``FailedError``."""
        raise FailedError(_REFUSAL)

    def estimate_size(self, _value: object) -> int:
        """Return 0: Beam asks for a sample of elements, and would encode them to find out."""
        return 0


class SafeSessionsCoder(_StatelessCoder):
    """Coder of safe sessions: two Arrow IPC streams (table, headers); equal rows give equal bytes."""

    def encode(self, value: SafeSessions) -> bytes:
        """Serialize the length of the table's stream, that stream, and the headers' stream (empty without headers)."""
        table = to_stream(value.table)
        headers = b"" if value.headers is None else to_stream(value.headers)
        return _LENGTH.pack(len(table)) + table + headers

    def decode(self, encoded: bytes) -> SafeSessions:
        """Parse sessions from bytes that ``encode`` wrote."""
        (length,) = _LENGTH.unpack_from(encoded)
        whole = pa.py_buffer(encoded)
        headers = whole.slice(_LENGTH.size + length)
        table = from_stream(whole.slice(_LENGTH.size, length))
        return SafeSessions(table, from_stream(headers) if headers.size else None)

    def estimate_size(self, value: SafeSessions) -> int:
        """Estimate the size by the table in memory, which is cheaper than encoding it."""
        return int(value.table.nbytes)


class NoisyAggregateCoder(_StatelessCoder):
    """Coder of a noisy table: an Arrow IPC stream with the query's name in the schema's metadata."""

    def encode(self, value: NoisyAggregate) -> bytes:
        """Serialize the table as one IPC stream."""
        return to_stream(value.table.replace_schema_metadata({_QUERY: value.query}))

    def decode(self, encoded: bytes) -> NoisyAggregate:
        """Parse a table from bytes that ``encode`` wrote."""
        table = from_stream(encoded)
        return NoisyAggregate(table.schema.metadata[_QUERY].decode(), table.replace_schema_metadata(None))


def register() -> None:
    """Register the coders for their types; call it before a graph is built."""
    for kind in (RawSessions, TypedSessions, RedactedSessions, UnitCounts, ExactAggregate):
        beam.coders.registry.register_coder(kind, RefusingCoder)
    beam.coders.registry.register_coder(SafeSessions, SafeSessionsCoder)
    beam.coders.registry.register_coder(NoisyAggregate, NoisyAggregateCoder)
