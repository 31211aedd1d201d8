"""Which values a release may name: the outcome of partition selection, itself a private statistic."""

from collections.abc import Mapping
from dataclasses import dataclass

OTHER = "other"
"""Stands for every value that too few people share."""

RARE_NAME = "RARE_NAME"
"""Stands in ``redactions`` for ``other`` in a title, a label or a text that named such a value."""

PRIVATE = "private"
"""Application of a deny-listed stretch: a word of ours, never selected."""

Value = tuple[str | None, ...]
"""A value as the parts that a table shows in its key columns."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Admitted values by kind of value; a kind that is not named has none."""

    values: Mapping[str, frozenset[Value]]

    def of(self, space: str) -> frozenset[Value]:
        """Return the admitted values of one kind."""
        return self.values.get(space, frozenset())
