"""Beam graphs of the nightly runs: new files to staged sessions, and staged sessions to the input of a release."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import apache_beam as beam

from pipelines.observe.summary import StepCount
from pipelines.release.graph import CuratePlan, RedactedInput
from pipelines.release.redaction import RedactionPlan, read_agreed, redact_sessions
from pipelines.release.results import (
    REJECTS,
    Row,
    hand_back,
    quarantine_rejects,
    read_counts,
    read_rejects,
    read_rows,
    sum_counts,
)
from schemas.rejects import RejectedEvents, RejectLine
from schemas.tally import QUARANTINED, READ, REJECTED_EVENTS, ROWS, Tally, TallyGroup, outcomes
from transforms.beamkit.coders import register
from transforms.beamkit.zones import CreateConstants
from transforms.object_store.interface import ObjectStore
from transforms.redact.guard.later_words import WordSearch
from transforms.staging.sealed_files import CLOSED, HELD, KINDS, STAGED, SealedFile, SealedFileSettings
from transforms.staging.session_end import SessionEnd
from transforms.staging.stage import (
    CloseSessions,
    RememberRefused,
    ResumeHeld,
    ResumeStaged,
    StageSessions,
    WriteSealedFiles,
)

_ASIDE, _REDACTED = "aside", "redacted"
_NOT_STAGED = (REJECTED_EVENTS, TallyGroup.REJECT.prefix, QUARANTINED)


@dataclass(frozen=True, slots=True)
class NightPlan:
    """Settings and file names that the workers of a night need.

    ``held`` and ``closed`` are files of earlier nights.
    """

    redaction: RedactionPlan
    files: SealedFileSettings
    rule: SessionEnd
    held: tuple[str, ...]
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NightResults:
    """Results of a night's graph: files by kind, rejects, counts of events that are not staged and of the redaction.

    ``steps`` are what Beam counted.
    """

    files: Mapping[str, tuple[SealedFile, ...]]
    rejects: tuple[RejectLine, ...]
    aside: Mapping[str, int]
    redacted: Mapping[str, int]
    steps: tuple[StepCount, ...] = ()


def stage_night(pipeline: beam.Pipeline, plan: NightPlan, state: str, night_id: str, results: str) -> None:
    """Wire one night over private state at an address; ``read_night`` reads its results from ``results``."""
    earlier = ResumeHeld(plan.files, plan.held) if plan.held else None
    agreed = read_agreed(pipeline, plan.redaction, earlier)
    refused = agreed.recorded | "RememberRefused" >> RememberRefused(plan.files, plan.redaction.consent)
    settled = agreed.sessions | "SettleSessions" >> CloseSessions(plan.files, plan.rule, plan.closed)
    redacted = redact_sessions(settled.sessions, plan.redaction)
    slices = {
        STAGED: redacted.sessions | "StageSessions" >> StageSessions(plan.files, plan.redaction.consent),
        HELD: settled.held,
        CLOSED: (settled.closed, refused) | "FlattenClosed" >> beam.Flatten(),
    }
    rows = [
        sealed | f"Rest {kind}" >> WriteSealedFiles(plan.files, kind) | f"Rows {kind}" >> _rows_of_files(kind)
        for kind, sealed in slices.items()
    ]
    rejected = (agreed.rejected, settled.rejected, redacted.rejected) | "FlattenRejected" >> beam.Flatten()
    not_staged = redacted.tally | "NotStaged" >> beam.Filter(_is_not_staged).with_output_types(Tally)
    aside = (*agreed.aside, settled.tally, not_staged) | "FlattenAside" >> beam.Flatten()
    rows += [
        quarantine_rejects(rejected, state, night_id),
        sum_counts(aside, _ASIDE),
        sum_counts(redacted.tally, _REDACTED),
    ]
    hand_back(rows, (*KINDS, REJECTS, _ASIDE, _REDACTED), results)


def read_night(results: ObjectStore, steps: tuple[StepCount, ...] = ()) -> NightResults:
    """Read the results of a night's graph."""
    files = {
        kind: tuple(SealedFile(name, rows, tuple(digests)) for name, rows, digests in sorted(read_rows(results, kind)))
        for kind in KINDS
    }
    aside, redacted = read_counts(results, _ASIDE), read_counts(results, _REDACTED)
    return NightResults(files, read_rejects(results), aside, redacted, steps)


def _rows_of_files(kind: str) -> beam.ParDo:
    return beam.Map(_file_row, kind).with_output_types(Row)


def make_staged_reader(
    files: SealedFileSettings, names: tuple[str, ...], aside: Mapping[str, int]
) -> Callable[[beam.Pipeline, CuratePlan], RedactedInput]:
    """Make the function that reads the staged sessions of a window into the graph of its release.

    ``aside`` counts, as the nights found it, what became of the events that are not staged.
    """

    def read(pipeline: beam.Pipeline, plan: CuratePlan) -> RedactedInput:
        register()
        consent = plan.redaction.consent
        take_up = ResumeStaged(files, names, consent, WordSearch(consent), plan.release_id)
        staged = pipeline | "TakeUpStaged" >> take_up
        counted = pipeline | "Nights" >> CreateConstants(_with_read(aside), Tally)
        nobody = pipeline | "NoRejects" >> CreateConstants((), RejectedEvents)
        return RedactedInput(
            staged.sessions, nobody, staged.tally, (counted, staged.aside) | "FlattenAside" >> beam.Flatten()
        )

    return read


def merge_counts(results: NightResults) -> dict[str, int]:
    """Merge the counts before and after redaction; a count that both have is taken once."""
    counts = Counter(results.aside)
    counts.update({name: count for name, count in results.redacted.items() if not name.startswith(_NOT_STAGED)})
    return dict(sorted(counts.items()))


def count_released_rows(results: NightResults) -> int:
    """Count the redacted rows."""
    return results.redacted.get(ROWS, 0)


def _with_read(aside: Mapping[str, int]) -> list[Tally]:
    return sorted({**aside, READ: outcomes(aside)}.items())


def _file_row(file: SealedFile, kind: str) -> Row:
    return kind, [file.name, file.rows, list(file.digests)]


def _is_not_staged(item: Tally) -> bool:
    return item[0].startswith(_NOT_STAGED)
