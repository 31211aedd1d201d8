"""The Beam stage of the reconstruction."""

from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam

from schemas.errors import FailedError
from schemas.raw import RawSessions, TypedSessions
from transforms.keystrokes.reconstruct import reconstruct


class _Reconstruct(beam.DoFn):
    def process(self, element: RawSessions) -> Iterator[TypedSessions]:
        try:
            typed = reconstruct(element)
        except Exception:  # noqa: BLE001 - an error's message may quote what was typed
            raise FailedError("typed text could not be reconstructed; this is a defect, please report it") from None
        yield typed


@dataclass(eq=False)
class ReconstructText(beam.PTransform[beam.PCollection[RawSessions], beam.PCollection[TypedSessions]]):
    """Add to every batch of whole sessions the text of its typed fields and the events behind each character."""

    def expand(self, pcoll: beam.PCollection[RawSessions]) -> beam.PCollection[TypedSessions]:
        """Return one element for each batch."""
        return pcoll | "Reconstruct" >> beam.ParDo(_Reconstruct())
