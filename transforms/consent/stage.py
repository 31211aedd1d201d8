"""The Beam stage of consent."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam

from schemas.outcome import Tally
from schemas.raw import RawSessions
from transforms.beamkit.outputs import TALLY
from transforms.consent.policy import keep_consented
from transforms.consent.registry import ConsentSnapshot


class ConsentedOutputs(NamedTuple):
    """What ``KeepConsented`` gives."""

    sessions: beam.PCollection[RawSessions]
    tally: beam.PCollection[Tally]


class _Keep(beam.DoFn):
    def __init__(self, consent: ConsentSnapshot) -> None:
        self._consent = consent

    def process(self, element: RawSessions) -> Iterator[RawSessions | beam.pvalue.TaggedOutput]:
        consented = keep_consented(element, self._consent)
        for item in consented.tally:
            yield beam.pvalue.TaggedOutput(TALLY, item)
        if consented.sessions.table.num_rows:
            yield consented.sessions


@dataclass(eq=False)
class KeepConsented(beam.PTransform[beam.PCollection[RawSessions], ConsentedOutputs]):
    """Drop the sessions of everybody who did not agree; nobody's default is yes."""

    consent: ConsentSnapshot

    def expand(self, pcoll: beam.PCollection[RawSessions]) -> ConsentedOutputs:
        """Return the sessions that may be used and the tally of those that may not."""
        outputs = pcoll | "Keep" >> beam.ParDo(_Keep(self.consent)).with_output_types(
            RawSessions, **{TALLY: Tally}
        ).with_outputs(TALLY, main="sessions")
        return ConsentedOutputs(outputs.sessions, outputs[TALLY])
