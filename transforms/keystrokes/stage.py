"""Beam stage of the reconstruction."""

from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam

from schemas.raw import RawSessions, TypedSessions
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.keystrokes.reconstruct import reconstruct


class _Reconstruct(SafeErrorDoFn):
    def process(self, element: RawSessions) -> Iterator[TypedSessions]:
        yield reconstruct(element)


@dataclass(eq=False)
class ReconstructText(beam.PTransform[beam.PCollection[RawSessions], beam.PCollection[TypedSessions]]):
    """Add to every batch of whole sessions the text of its typed fields and the events behind each character."""

    def expand(self, pcoll: beam.PCollection[RawSessions]) -> beam.PCollection[TypedSessions]:
        """Map each batch to one element."""
        return pcoll | "Reconstruct" >> beam.ParDo(_Reconstruct())
