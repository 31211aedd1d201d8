"""The graphs of scheduled runs: new files to staged sessions, and staged sessions to where a release begins."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import apache_beam as beam

from pipelines.observe.summary import StepCount
from pipelines.release.graph import CuratePlan, RedactedInput
from pipelines.release.results import (
    REJECTS,
    Row,
    hand_back,
    read_counts,
    read_rejects,
    read_rows,
    set_aside,
    summed,
)
from schemas.outcome import READ, ROWS, Outcome, Tally, outcomes
from schemas.rejects import Rejected, RejectLine
from transforms.beamkit.coders import register
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.beamkit.zones import CreateConstants
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.stage import KeepConsented, SealedConsent
from transforms.ingest.formats.adapter import Source
from transforms.ingest.settings import IngestSettings
from transforms.ingest.stage import ReadSessions
from transforms.keystrokes.stage import ReconstructText
from transforms.object_store.interface import ObjectStore
from transforms.redact.results import Extras
from transforms.redact.settings import RedactSettings
from transforms.redact.stage import RedactSessions
from transforms.staging.sealed_files import CLOSED, HELD, KINDS, STAGED, SealedFile, SealedFileSettings
from transforms.staging.session_end import SessionEnd
from transforms.staging.stage import CloseSessions, ResumeHeld, ResumeStaged, StageSessions, WriteSealedFiles

_ASIDE, _REDACTED = "aside", "redacted"
_NOT_STAGED = (f"outcome.{Outcome.REJECTED}", "reject.", "sessions.quarantined")


@dataclass(frozen=True, slots=True)
class NightPlan:
    """Everything that the workers of a night need.

    ``held`` and ``closed`` are files of earlier nights. Names are derived for ``naming``.
    """

    sources: tuple[Source, ...]
    ingest: IngestSettings
    consent: ConsentSnapshot
    redact: RedactSettings
    exchange: ExchangeSettings
    rest: SealedFileSettings
    rule: SessionEnd
    held: tuple[str, ...]
    closed: tuple[str, ...]
    naming: str
    prefilters: str | None = None


@dataclass(frozen=True, slots=True)
class NightResults:
    """What a night's graph tells: files by kind, rejects, counts of what is not staged and of the redaction.

    ``steps`` are what Beam counted.
    """

    files: Mapping[str, tuple[SealedFile, ...]]
    rejects: tuple[RejectLine, ...]
    aside: Mapping[str, int]
    redacted: Mapping[str, int]
    steps: tuple[StepCount, ...] = ()


def stage_night(pipeline: beam.Pipeline, plan: NightPlan, state: str, night_id: str, results: str) -> None:
    """Wire one night over private state at an address; ``read_night`` reads what it gave from ``results``."""
    earlier = ResumeHeld(plan.rest, plan.held) if plan.held else None
    consent = SealedConsent(plan.consent, plan.exchange)
    read = pipeline | "ReadSessions" >> ReadSessions(plan.ingest, plan.sources, plan.exchange, consent, earlier)
    agreed = read.sessions | "KeepConsented" >> KeepConsented(consent)
    settled = agreed.sessions | "SettleSessions" >> CloseSessions(plan.rest, plan.rule, plan.closed)
    typed = settled.sessions | "ReconstructText" >> ReconstructText()
    redacted = typed | "RedactSessions" >> RedactSessions(
        plan.redact, plan.exchange.keys, plan.naming, Extras(origins=True), plan.prefilters
    )
    slices = {
        STAGED: redacted.sessions | "StageSessions" >> StageSessions(plan.rest),
        HELD: settled.held,
        CLOSED: settled.closed,
    }
    rows = [
        sealed | f"Rest {kind}" >> WriteSealedFiles(plan.rest, kind) | f"Rows {kind}" >> _rows_of_files(kind)
        for kind, sealed in slices.items()
    ]
    rejected = (read.rejected, settled.rejected, redacted.rejected) | "FlattenRejected" >> beam.Flatten()
    refused = redacted.tally | "NotStaged" >> beam.Filter(_is_not_staged).with_output_types(Tally)
    aside = (read.tally, agreed.tally, settled.tally, refused) | "FlattenAside" >> beam.Flatten()
    rows += [set_aside(rejected, state, night_id), summed(aside, _ASIDE), summed(redacted.tally, _REDACTED)]
    hand_back(rows, (*KINDS, REJECTS, _ASIDE, _REDACTED), results)


def read_night(results: ObjectStore, steps: tuple[StepCount, ...] = ()) -> NightResults:
    """Return what a night's graph wrote."""
    files = {
        kind: tuple(SealedFile(name, rows, tuple(digests)) for name, rows, digests in sorted(read_rows(results, kind)))
        for kind in KINDS
    }
    aside, redacted = read_counts(results, _ASIDE), read_counts(results, _REDACTED)
    return NightResults(files, read_rejects(results), aside, redacted, steps)


def _rows_of_files(kind: str) -> beam.ParDo:
    return beam.Map(_file_row, kind).with_output_types(Row)


def staged_reader(
    rest: SealedFileSettings, names: tuple[str, ...], aside: Mapping[str, int]
) -> Callable[[beam.Pipeline, CuratePlan], RedactedInput]:
    """Return what reads the staged sessions of a window into the graph of its release.

    ``aside`` counts, as the nights found it, what became of the events that are not staged.
    """

    def read(pipeline: beam.Pipeline, plan: CuratePlan) -> RedactedInput:
        register()
        take_up = ResumeStaged(rest, names, plan.consent, plan.exchange, plan.release_id)
        staged = pipeline | "TakeUpStaged" >> take_up
        counted = pipeline | "Nights" >> CreateConstants(_with_read(aside), Tally)
        nobody = pipeline | "NoRejects" >> CreateConstants((), Rejected)
        return RedactedInput(
            staged.sessions, nobody, staged.tally, (counted, staged.aside) | "FlattenAside" >> beam.Flatten()
        )

    return read


def all_counts(results: NightResults) -> dict[str, int]:
    """Return what a night counted of the events it read; what both sides tell of is counted once."""
    counts = Counter(results.aside)
    counts.update({name: count for name, count in results.redacted.items() if not name.startswith(_NOT_STAGED)})
    return dict(sorted(counts.items()))


def released_rows(results: NightResults) -> int:
    """Return how many rows the redaction gave."""
    return results.redacted.get(ROWS, 0)


def _with_read(aside: Mapping[str, int]) -> list[Tally]:
    return sorted({**aside, READ: outcomes(aside)}.items())


def _file_row(file: SealedFile, kind: str) -> Row:
    return kind, [file.name, file.rows, list(file.digests)]


def _is_not_staged(item: Tally) -> bool:
    return item[0].startswith(_NOT_STAGED)
