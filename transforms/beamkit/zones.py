"""Mark the transforms behind which nothing raw is left, in the graph itself, for the check before a graph runs."""

from collections.abc import Iterable
from typing import Any

import apache_beam as beam

SAFE_OUTPUT = "keyveil:safe_output"
"""Annotation of a transform in Beam's graph. A transform without it counts as raw, whatever it is called."""


class SafeOutput:
    """Mixin of a PTransform whose outputs hold nothing of a recording but what was redacted, sealed, named or counted.

    The mark travels with the graph, so that a renamed step keeps it and an unmarked one is refused.
    """

    def annotations(self) -> dict[str, Any]:
        """Return Beam's annotations of the transform, with the mark."""
        return {**super().annotations(), SAFE_OUTPUT: b"1"}  # type: ignore[misc]


class CreateConstants(SafeOutput, beam.PTransform[beam.pvalue.PBegin, beam.PCollection[Any]]):
    """Create elements that the driver states; they come from no recording."""

    def __init__(self, values: Iterable[Any], kind: Any) -> None:
        """Take the elements and their type."""
        super().__init__()
        self._values, self._kind = tuple(values), kind

    def expand(self, pcoll: beam.pvalue.PBegin) -> beam.PCollection[Any]:
        """Return the elements."""
        return pcoll | "Create" >> beam.Create(self._values, reshuffle=False).with_output_types(self._kind)
