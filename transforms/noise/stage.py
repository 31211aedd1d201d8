"""The Beam stage of the noise."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam

from schemas.safe import RedactedSessions, SafeSessions, TraceRows
from transforms.beamkit.outputs import TRACE
from transforms.keys.provider import KeyReference, KeySet
from transforms.noise.plan import NoisePlan
from transforms.noise.release import add_noise, add_noise_with_order, trace_rows
from transforms.noise.runkey import RunKeyReference, noise_key, run_secret


class _Noise(beam.DoFn):
    def __init__(self, plan: NoisePlan, keys: KeyReference, run_key: RunKeyReference) -> None:
        self._plan, self._keys, self._run_key = plan, keys, run_key

    def setup(self) -> None:
        self._key = noise_key(run_secret(KeySet.open(self._keys), self._run_key), self._plan.digest)

    def process(self, element: RedactedSessions) -> Iterator[SafeSessions]:
        yield add_noise(element, self._plan, self._key)


class _NoiseWithTrace(_Noise):
    def process(self, element: RedactedSessions) -> Iterator[SafeSessions | beam.pvalue.TaggedOutput]:
        safe, order = add_noise_with_order(element, self._plan, self._key)
        yield safe
        yield beam.pvalue.TaggedOutput(TRACE, trace_rows(element, safe, order))


@dataclass(eq=False)
class AddNoise(beam.PTransform[beam.PCollection[RedactedSessions], beam.PCollection[SafeSessions]]):
    """Noise or synthesize every numeric column; a retry draws the same noise."""

    plan: NoisePlan
    keys: KeyReference
    run_key: RunKeyReference

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> beam.PCollection[SafeSessions]:
        """Return the sessions as they may be stored."""
        return pcoll | "Noise" >> beam.ParDo(_Noise(self.plan, self.keys, self.run_key)).with_output_types(SafeSessions)


class NoisedOutputs(NamedTuple):
    """What ``AddNoiseWithTrace`` gives."""

    sessions: beam.PCollection[SafeSessions]
    trace: beam.PCollection[TraceRows]


@dataclass(eq=False)
class AddNoiseWithTrace(beam.PTransform[beam.PCollection[RedactedSessions], NoisedOutputs]):
    """As ``AddNoise``, for audits: every element carries its trace, and the trace follows the released order."""

    plan: NoisePlan
    keys: KeyReference
    run_key: RunKeyReference

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> NoisedOutputs:
        """Return the sessions as they may be stored, and pointers to their source events for private state."""
        outputs = pcoll | "Noise" >> beam.ParDo(_NoiseWithTrace(self.plan, self.keys, self.run_key)).with_output_types(
            SafeSessions, **{TRACE: TraceRows}
        ).with_outputs(TRACE, main="sessions")
        return NoisedOutputs(outputs.sessions, outputs[TRACE])
