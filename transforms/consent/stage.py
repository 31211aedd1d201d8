"""The Beam stage of consent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import apache_beam as beam

from schemas.claims import Claim, ConsentStatus
from schemas.outcome import Tally
from schemas.raw import RawSessions
from transforms.beamkit.outputs import TALLY
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.beamkit.sealed_shuffle import ExchangeSettings, seal_words, unseal_words
from transforms.consent.erasure import tombstone_keys
from transforms.consent.policy import consent_status_of, keep_consented
from transforms.consent.registry import ConsentSnapshot
from transforms.keys.key_set import KeySet


class ConsentedOutputs(NamedTuple):
    """Outputs of ``KeepConsented``."""

    sessions: beam.PCollection[RawSessions]
    tally: beam.PCollection[Tally]


class SealedConsent:
    """Consent snapshot, sealed: it names people, and the runner stores the graph that contains it."""

    def __init__(self, consent: ConsentSnapshot, exchange: ExchangeSettings) -> None:
        self._exchange = exchange
        self._sealed = seal_words(consent.as_json(), exchange)

    def open(self) -> tuple[ConsentSnapshot, tuple[bytes, ...]]:
        """Open the snapshot on a worker, with the keys of its tombstones."""
        consent = ConsentSnapshot.from_json(unseal_words(self._sealed, self._exchange))
        return consent, tombstone_keys(KeySet.open(self._exchange.keys)) if consent.erased else ()

    def judge(self) -> Callable[[Claim], ConsentStatus]:
        """Open the function that judges the consent behind a record."""
        consent, keys = self.open()
        return partial(consent_status_of, consent=consent, tombstone_keys=keys)


class _Keep(SafeErrorDoFn):
    def __init__(self, consent: SealedConsent) -> None:
        self._sealed = consent

    def setup(self) -> None:
        self._consent, self._tombstone_keys = self._sealed.open()

    def process(self, element: RawSessions) -> Iterator[RawSessions | beam.pvalue.TaggedOutput]:
        consented = keep_consented(element, self._consent, self._tombstone_keys)
        for item in consented.tally:
            yield beam.pvalue.TaggedOutput(TALLY, item)
        if consented.sessions.table.num_rows:
            yield consented.sessions


@dataclass(eq=False)
class KeepConsented(beam.PTransform[beam.PCollection[RawSessions], ConsentedOutputs]):
    """Drop the sessions of everybody who did not agree; nobody's default is yes.

    The graph holds who agreed in sealed form.
    """

    consent: SealedConsent

    def expand(self, pcoll: beam.PCollection[RawSessions]) -> ConsentedOutputs:
        """Return the sessions that may be used and the tally of those that may not."""
        outputs = pcoll | "Keep" >> beam.ParDo(_Keep(self.consent)).with_output_types(
            RawSessions, **{TALLY: Tally}
        ).with_outputs(TALLY, main="sessions")
        return ConsentedOutputs(outputs.sessions, outputs[TALLY])
