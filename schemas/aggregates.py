"""Sums over privacy units, before and after noise. Only ``AddNoise`` makes the second from the first."""

from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class ExactAggregate:
    """Bounded contributions of privacy units, summed: exact, hence never stored and never encoded between workers.

    ``table`` has the key columns of ``query`` and int64 value columns; which rows it has is public or was selected
    under differential privacy.
    """

    query: str
    table: pa.Table = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoisyAggregate:
    """The same table with noise on every value: what may be stored, released, and computed on further."""

    query: str
    table: pa.Table = field(repr=False)
