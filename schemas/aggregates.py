"""Contributions of privacy units, and sums over them before and after noise."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

OTHER = "other"
"""Stands for every value that too few people share."""


RARE_NAME = "RARE_NAME"
"""Stands in ``redactions`` for ``other`` in a title, a label or a text that named such a value."""


PRIVATE = "private"
"""Application of a deny-listed stretch: a word of ours, never selected."""


Value = tuple[str | None, ...]
"""A value as the parts that a table shows in its key columns."""


@dataclass(frozen=True, slots=True)
class AdmittedValues:
    """Admitted values by kind of value; a missing kind has none."""

    values: Mapping[str, frozenset[Value]]

    def of(self, space: str) -> frozenset[Value]:
        """Look up the admitted values of one kind."""
        return self.values.get(space, frozenset())


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """Contributions by privacy unit: personal data in the clear, hence never encoded between workers."""

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
    """Table with noise on every value: may be stored, released, and computed on further."""

    query: str
    table: pa.Table = field(repr=False)
