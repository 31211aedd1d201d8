"""Marks in the graph of the transforms whose outputs hold nothing raw, for the shuffle check."""

from collections.abc import Iterable
from typing import Any

import apache_beam as beam

SAFE_OUTPUT = "keyveil:safe_output"
"""Annotation of a transform in Beam's graph. A transform without it counts as raw, whatever it is called."""


class SafeOutput:
    """Mixin of a PTransform whose outputs hold only redacted, sealed, pseudonymous or counted values.

    The mark travels with the graph, so that a renamed step keeps it and an unmarked one is refused.
    """

    def annotations(self) -> dict[str, Any]:
        """Add the mark to Beam's annotations of the transform."""
        return {**super().annotations(), SAFE_OUTPUT: b"1"}  # type: ignore[misc]


class CreateConstants(SafeOutput, beam.PTransform[beam.pvalue.PBegin, beam.PCollection[Any]]):
    """Create elements from values of the driver, which come from no recording."""

    def __init__(self, values: Iterable[Any], kind: Any) -> None:
        """Take the elements and their type."""
        super().__init__()
        self._values, self._kind = tuple(values), kind

    def expand(self, pcoll: beam.pvalue.PBegin) -> beam.PCollection[Any]:
        """Create the elements."""
        return pcoll | "Create" >> beam.Create(self._values, reshuffle=False).with_output_types(self._kind)
