"""Way from files to redacted sessions, in two parts: a night sets open sessions aside between them."""

from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam

from schemas.raw import RawSessions
from schemas.rejects import RejectedEvents
from schemas.tally import Tally
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.consent.stage import KeepConsented, SealedConsent
from transforms.ingest.formats.adapter import Source
from transforms.ingest.settings import IngestSettings
from transforms.ingest.stage import ReadSessions
from transforms.keystrokes.stage import ReconstructText
from transforms.redact.bystanders.own_text.stage import CollectTyped, HoldSessions
from transforms.redact.results import Extras
from transforms.redact.settings import Bystanders, RedactSettings
from transforms.redact.stage import RedactedOutputs, RedactSessions

CONSENT = "consent.sealed"
"""Name of the sealed consent, beside the results of a graph; it is removed with them."""


@dataclass(frozen=True, slots=True)
class RedactionPlan:
    """Settings and references of reading and redaction.

    Names are derived for ``naming``: a release, or the window that a night stages for.
    """

    sources: tuple[Source, ...]
    ingest: IngestSettings
    consent: SealedConsent
    redact: RedactSettings
    exchange: ExchangeSettings
    naming: str
    extras: Extras
    prefilters: str | None = None

    @property
    def knows_typing(self) -> bool:
        """Return whether sessions are redacted with what their people typed in others of the run."""
        return Bystanders(self.redact.bystanders) is not Bystanders.SURROGATE


class AgreedSessions(NamedTuple):
    """Sessions of people who agreed, what could not be read, and what became of the other events.

    ``recorded`` are all sessions that were read, whether or not their people agreed.
    """

    recorded: beam.PCollection[RawSessions]
    sessions: beam.PCollection[RawSessions]
    rejected: beam.PCollection[RejectedEvents]
    aside: tuple[beam.PCollection[Tally], beam.PCollection[Tally]]


def read_agreed(
    pipeline: beam.Pipeline,
    plan: RedactionPlan,
    earlier: beam.PTransform[beam.pvalue.PBegin, beam.PCollection[RawSessions]] | None = None,
) -> AgreedSessions:
    """Wire the way from files to the sessions of people who agreed; ``earlier`` gives the rows of open sessions."""
    read = pipeline | "ReadSessions" >> ReadSessions(plan.ingest, plan.sources, plan.exchange, plan.consent, earlier)
    # read.sessions : RawSessions, whole sessions, tens of thousands of events an element
    agreed = read.sessions | "KeepConsented" >> KeepConsented(plan.consent)
    return AgreedSessions(read.sessions, agreed.sessions, read.rejected, (read.tally, agreed.tally))


def redact_sessions(sessions: beam.PCollection[RawSessions], plan: RedactionPlan) -> RedactedOutputs:
    """Wire the way from raw to redacted sessions: no personal text from there on, times and pixels still exact.

    Where words of others are withheld, sessions wait, sealed, for what all people typed.
    """
    history = None
    if plan.knows_typing:
        collected = (
            sessions
            | "ReconstructTyped" >> ReconstructText()
            | "CollectTyped" >> CollectTyped(plan.redact, plan.exchange)
        )
        # collected : (bucket, handle of sealed texts of the people whose ids fall into it)
        history = beam.pvalue.AsMultiMap(collected)
        sessions = sessions | "HoldSessions" >> HoldSessions(plan.exchange)
    typed = sessions | "ReconstructText" >> ReconstructText()
    # typed : TypedSessions, with the text of each field
    return typed | "RedactSessions" >> RedactSessions(
        plan.redact,
        plan.exchange.keys,
        plan.naming,
        plan.extras,
        prefilters=plan.prefilters,
        words=plan.consent,
        fold_case=plan.ingest.fold_user_case,
        typed=history,
        exchange=plan.exchange,
    )
