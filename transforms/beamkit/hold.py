"""Holding redacted sessions until what is computed from all of them is there.

``held | HoldSessions`` puts sessions down sealed and ends the bundle; ``TakeUpSessions`` opens them again on the other
side. Whatever takes a side input that depends on the sessions belongs behind ``TakeUpSessions``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam

from schemas.safe import RedactedSessions
from transforms.beamkit.exchange import ExchangeSettings
from transforms.beamkit.exchanging import Exchanging
from transforms.beamkit.held import HeldSessions, hold, take_up


class _Hold(Exchanging):
    def process(self, element: RedactedSessions) -> Iterator[HeldSessions]:
        yield hold(element, self._exchange)

    def finish_bundle(self) -> None:
        self._exchange.flush()


class _TakeUp(Exchanging):
    def process(self, element: HeldSessions) -> Iterator[RedactedSessions]:
        yield take_up(element, self._exchange)


@dataclass(eq=False)
class HoldSessions(beam.PTransform[beam.PCollection[RedactedSessions], beam.PCollection[HeldSessions]]):
    """Put sessions away sealed; only handles are shuffled."""

    exchange: ExchangeSettings

    def expand(self, pcoll: beam.PCollection[RedactedSessions]) -> beam.PCollection[HeldSessions]:
        """Return one handle a batch; the shuffle keeps a runner from joining both sides into one stage."""
        return (
            pcoll
            | "Hold" >> beam.ParDo(_Hold(self.exchange)).with_output_types(HeldSessions)
            | "Rest" >> beam.Reshuffle()
        )


@dataclass(eq=False)
class TakeUpSessions(beam.PTransform[beam.PCollection[HeldSessions], beam.PCollection[RedactedSessions]]):
    """Open what was put away."""

    exchange: ExchangeSettings

    def expand(self, pcoll: beam.PCollection[HeldSessions]) -> beam.PCollection[RedactedSessions]:
        """Return the batches as they were held."""
        return pcoll | "TakeUp" >> beam.ParDo(_TakeUp(self.exchange)).with_output_types(RedactedSessions)
