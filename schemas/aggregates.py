"""What privacy units did, and sums over them before and after noise. Only noise makes the last from the second."""

from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """What privacy units did, by unit: personal data in the clear, hence never encoded between workers."""

    table: pa.Table = field(repr=False)


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
