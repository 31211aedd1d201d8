"""Writing slices that are to rest: one file a bundle, or more where it is large."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from transforms.beamkit.discreet import DiscreetDoFn
from transforms.beamkit.resting import Rest, RestingFile, RestSettings, Slice
from transforms.beamkit.zones import SafeOutput

_FILE_BYTES = 64 << 20


class _Write(DiscreetDoFn):
    def __init__(self, settings: RestSettings, kind: str) -> None:
        self._settings, self._kind = settings, kind

    def setup(self) -> None:
        self._rest = Rest.of(self._settings, self._kind)

    def start_bundle(self) -> None:
        self._held: list[Slice] = []
        self._bytes = 0

    def process(self, element: Slice) -> Iterator[RestingFile]:
        self._held.append(element)
        self._bytes += len(element.sealed)
        if self._bytes >= _FILE_BYTES:
            yield self._flush()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        if self._held:
            yield GlobalWindows.windowed_value(self._flush())

    def _flush(self) -> RestingFile:
        held, self._held, self._bytes = self._held, [], 0
        return self._rest.write(f"{self._kind}/{self._settings.prefix}{uuid.uuid4().hex}.sealed", held)


@dataclass(eq=False)
class WriteResting(SafeOutput, beam.PTransform[beam.PCollection[Slice], beam.PCollection[RestingFile]]):
    """Write slices of one ``kind`` into files, at least once a bundle; only those that are returned may be named."""

    settings: RestSettings
    kind: str

    def expand(self, pcoll: beam.PCollection[Slice]) -> beam.PCollection[RestingFile]:
        """Return the files."""
        return pcoll | "Write" >> beam.ParDo(_Write(self.settings, self.kind)).with_output_types(RestingFile)
