"""The Beam stage of consent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import apache_beam as beam

from schemas.claims import Claim, ConsentStatus
from schemas.raw import RawSessions
from schemas.tally import Tally
from transforms.beamkit.outputs import TALLY
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.beamkit.sealed_shuffle import ExchangeSettings, seal_words, unseal_words
from transforms.consent.erasure import tombstone_keys
from transforms.consent.policy import consent_status_of, keep_consented
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.restrictions import RowFinder
from transforms.keys.key_set import KeySet
from transforms.object_store.addresses import open_parent
from transforms.object_store.interface import put


class ConsentedOutputs(NamedTuple):
    """Outputs of ``KeepConsented``."""

    sessions: beam.PCollection[RawSessions]
    tally: beam.PCollection[Tally]


@dataclass(frozen=True, slots=True)
class SealedConsent:
    """Consent snapshot by its address in private state, where it rests sealed.

    It names people, and may be of many megabytes: the runner stores the graph, and every worker process reads it.
    """

    address: str
    exchange: ExchangeSettings

    def keep(self, consent: ConsentSnapshot) -> None:
        """Seal a snapshot and put it at the address, before workers look for it there."""
        store, name = open_parent(self.address)
        put(store, name, seal_words(consent.as_json(), self.exchange))

    def open(self) -> tuple[ConsentSnapshot, tuple[bytes, ...]]:
        """Open the snapshot on a worker, with the keys of its tombstones."""
        store, name = open_parent(self.address)
        with store.open(name) as file:
            consent = ConsentSnapshot.from_json(unseal_words(file.read(), self.exchange))
        return consent, tombstone_keys(KeySet.open(self.exchange.keys)) if consent.erased else ()

    def judge(self) -> Callable[[Claim], ConsentStatus]:
        """Open the function that judges the consent behind a record."""
        consent, keys = self.open()
        return partial(consent_status_of, consent=consent, tombstone_keys=keys)

    def open_paused(self) -> RowFinder:
        """Open the function that finds the rows which people took out."""
        consent, _ = self.open()
        return consent.restrictions.find_rows

    def open_words(self) -> tuple[str, ...]:
        """Open the words that people made private."""
        consent, _ = self.open()
        return consent.restrictions.words


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
    """Drop the sessions of everybody who did not agree; the default is no.

    The graph holds only the address of the consent.
    """

    consent: SealedConsent

    def expand(self, pcoll: beam.PCollection[RawSessions]) -> ConsentedOutputs:
        """Return the sessions that may be used and the tally of those that may not."""
        outputs = pcoll | "Keep" >> beam.ParDo(_Keep(self.consent)).with_output_types(
            RawSessions, **{TALLY: Tally}
        ).with_outputs(TALLY, main="sessions")
        return ConsentedOutputs(outputs.sessions, outputs[TALLY])
