"""Way from files to redacted sessions, in two parts: a night sets open sessions aside between them."""

from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam

from pipelines.config import RunConfig
from schemas.privacy import PrivacyUnit
from schemas.raw import RawSessions
from schemas.rejects import RejectedEvents
from schemas.tally import Tally
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.consent.stage import KeepConsented, SealedConsent
from transforms.ingest.formats.adapter import Source
from transforms.ingest.settings import IngestSettings
from transforms.ingest.stage import ReadSessions
from transforms.keystrokes.stage import ReconstructText
from transforms.redact.bystanders.own_text.stage import CheckpointRaw, CollectTyped, TypingInput
from transforms.redact.results import Extras
from transforms.redact.settings import Bystanders, RedactSettings
from transforms.redact.stage import RedactedOutputs, RedactSessions

CONSENT = "consent.sealed"
"""Name of the sealed consent, beside the results of a graph; it is removed with them."""


@dataclass(frozen=True, slots=True)
class RedactionPlan:
    """Settings and references of reading and redaction.

    Names are derived for ``naming``: a release, or the window that a night stages for. With ``uses_history`` each
    session is redacted with what its person typed in the others.
    """

    sources: tuple[Source, ...]
    ingest: IngestSettings
    consent: SealedConsent
    redact: RedactSettings
    exchange: ExchangeSettings
    naming: str
    extras: Extras
    prefilters: str | None = None
    uses_history: bool = False


def uses_history(config: RunConfig) -> bool:
    """Return whether what people typed counts in their other sessions: where words of others are withheld.

    Not where a day of a person is protected: what is released of one day must not depend on another.
    """
    withholds = Bystanders(config.redact.bystanders) is not Bystanders.SURROGATE
    return withholds and config.noise.privacy_unit == PrivacyUnit.USER


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

    Where what people typed counts in their other sessions, these wait for it, sealed.
    """
    history = None
    if plan.uses_history:
        collected = (
            sessions
            | "ReconstructTyped" >> ReconstructText()
            | "CollectTyped" >> CollectTyped(plan.redact, plan.exchange)
        )
        # collected : (bucket, handle of sealed texts of the people whose ids fall into it)
        history = TypingInput(beam.pvalue.AsMultiMap(collected), plan.exchange)
        sessions = sessions | "CheckpointRaw" >> CheckpointRaw(plan.exchange)
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
        history=history,
    )
