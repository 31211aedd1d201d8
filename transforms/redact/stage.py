"""The Beam stage of the redaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam

from schemas.outcome import Tally
from schemas.raw import TypedSessions
from schemas.safe import RedactedSessions
from transforms.beamkit.outputs import TALLY
from transforms.beamkit.progress import tick
from transforms.keys.provider import KeyReference, KeyRole, KeySet
from transforms.keys.pseudonym import pseudonym
from transforms.redact.deny import DenyList
from transforms.redact.engine import shared_detector
from transforms.redact.redact import BatchRedactor, Identity
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates import Surrogates


class RedactedOutputs(NamedTuple):
    """What ``RedactSessions`` gives."""

    sessions: beam.PCollection[RedactedSessions]
    tally: beam.PCollection[Tally]


def identity(keys: KeySet, release_id: str, settings: RedactSettings) -> Identity:
    """Return the naming of one release: pseudonyms and surrogates are keyed and fresh in every release."""
    names = keys.derive(KeyRole.PSEUDONYM, release_id)

    def session(session_id: str, episode: int) -> str:
        return pseudonym(names, "session", session_id, episode)

    def user(user_id: str) -> str:
        return pseudonym(names, "user", user_id)

    def surrogates(session_name: str) -> Surrogates:
        return Surrogates(keys.derive(KeyRole.SURROGATE, release_id, session_name), settings)

    return Identity(session, user, surrogates)


class _Redact(beam.DoFn):
    def __init__(self, settings: RedactSettings, keys: KeyReference, release_id: str, trace: bool) -> None:
        self._settings, self._keys, self._release_id, self._trace = settings, keys, release_id, trace

    def setup(self) -> None:
        names = identity(KeySet.open(self._keys), self._release_id, self._settings)
        detector = shared_detector(self._settings)
        self._redactor = BatchRedactor(detector, DenyList(self._settings.denied), names, trace=self._trace)

    def process(self, element: TypedSessions) -> Iterator[RedactedSessions | beam.pvalue.TaggedOutput]:
        redacted = self._redactor.redact(element)
        counts = dict(redacted.tally)
        tick(
            sessions=counts["sessions.released"],
            redactions=sum(count for name, count in counts.items() if name.startswith("entity.")),
        )
        for item in redacted.tally:
            yield beam.pvalue.TaggedOutput(TALLY, item)
        yield redacted.sessions


@dataclass(eq=False)
class RedactSessions(beam.PTransform[beam.PCollection[TypedSessions], RedactedOutputs]):
    """Remove personal text from every column of every session."""

    settings: RedactSettings
    keys: KeyReference
    release_id: str
    trace: bool

    def expand(self, pcoll: beam.PCollection[TypedSessions]) -> RedactedOutputs:
        """Return redacted sessions and the tally of outcomes and entities."""
        outputs = pcoll | "Redact" >> beam.ParDo(
            _Redact(self.settings, self.keys, self.release_id, self.trace)
        ).with_output_types(RedactedSessions, **{TALLY: Tally}).with_outputs(TALLY, main="sessions")
        return RedactedOutputs(outputs.sessions, outputs[TALLY])
