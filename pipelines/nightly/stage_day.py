"""Stage one night: read new files, redact and stage closed sessions, keep open ones; charges nothing."""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial

from pipelines.nightly.context import NightlyContext
from pipelines.nightly.days import Window, end_us, find_window, next_window
from pipelines.nightly.graph import (
    NightPlan,
    NightResults,
    count_released_rows,
    merge_counts,
    read_night,
    stage_night,
)
from pipelines.nightly.journal import file_prefix, make_attempt_name
from pipelines.nightly.journal_state import JournalState, fold_journal, sweep
from pipelines.nightly.new_files import NewFiles, find_new_files
from pipelines.nightly.records import NightStaged
from pipelines.observe.event_log import tell
from pipelines.observe.summary import NightCounts
from pipelines.release.prepare import RunContext, load_detector
from pipelines.release.redaction import RedactionPlan
from pipelines.release.results import forget_results
from pipelines.runner.graph_run import GraphRun
from pipelines.state.pause import check_not_paused
from pipelines.state.quarantine import keep_sources, open_quarantine
from pipelines.state.tallies import select_publishable
from pipelines.state.tombstones import check_no_erasure_since
from schemas.errors import FailedError
from schemas.outcome import READ, outcomes
from schemas.rejects import RejectLine
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.ingest.inputs import total_bytes
from transforms.ingest.stage import TAKEN_UP
from transforms.keys.key_set import KeyRole
from transforms.keys.pseudonym import keyed_digest
from transforms.object_store.addresses import is_bucket, join_uri, open_store
from transforms.object_store.atomic_files import lock_release
from transforms.redact.results import Extras
from transforms.staging.sealed_files import CLOSED, HELD, STAGED, SealedFileSettings
from transforms.staging.session_end import HELD as HELD_EVENTS
from transforms.staging.session_end import LATE, SessionEnd
from transforms.staging.settings import ScheduleSettings

_ID_DIGITS = 32
_NOT_RECORDED = (READ, TAKEN_UP, HELD_EVENTS)
_US_PER_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class NightSummary:
    """Counts of a night: new files, late ones and copies among them; events read, held events and staged rows."""

    day: str
    window: str
    files: int
    late: int
    duplicates: int
    events: int
    held: int
    rows: int
    late_sessions: int
    rejects: tuple[RejectLine, ...]
    sources: tuple[str, ...]
    counted: NightCounts

    def as_json(self) -> dict[str, object]:
        """Return the machine-readable result, without names of files."""
        told = {**asdict(self), "rejects": len(self.rejects), "sources": len(self.sources)}
        del told["counted"]
        return told


def run_night(work: NightlyContext, day: date) -> NightSummary:
    """Stage the new files up to ``day``; a day that was run and has none changes nothing.

    Raises ``RefusedError`` where another run was faster or somebody was erased meanwhile; the night then counts for
    nothing and is run again.
    """
    opening, journal = work.opening, work.journal
    standing = fold_journal(journal.read())
    digesting = opening.private.keys.derivations(KeyRole.TRANSIT, "processed-files")
    found = find_new_files(work.inputs, day, standing, digesting)
    window = _window(day, standing, opening.config.schedule)
    if standing.last is not None and day <= standing.last and not (found.seen or found.sources):
        sweep(journal, standing.records - 1)
        return NightSummary(day.isoformat(), window.name, 0, 0, 0, 0, 0, 0, 0, (), (), NightCounts())
    night_id = keyed_digest(digesting[0], b"night", opening.request.dataset.encode(), b"%d" % standing.records)
    run = _make_run(opening, night_id[:_ID_DIGITS])
    with lock_release(opening.private.folder, run.run_id):
        attempt = join_uri(journal.place.uri, make_attempt_name(standing.records))
        results = _execute(work, _plan(work, day, standing, found, run), run, attempt)
        _reconcile(results)
        check_no_erasure_since(opening.consent, opening.private)
        check_not_paused(opening.request.output)
        journal.append(standing.records, _record(opening, day, window, found, results))
        shutil.rmtree(run.folder, ignore_errors=True)
    sweep(journal, standing.records)
    told = {"files": len(found.sources), "late": found.late, "duplicates": found.duplicates}
    told |= {"events": results.aside.get(READ, 0), "rejects": len(results.rejects)}
    tell("night staged", select_publishable(told, opening.config.noise.profile))
    sources = tuple(source.path for source in found.sources)
    counts = results.aside
    return NightSummary(
        day.isoformat(),
        window.name,
        len(found.sources),
        found.late,
        found.duplicates,
        counts.get(READ, 0),
        counts.get(HELD_EVENTS, 0),
        count_released_rows(results),
        counts.get(LATE, 0),
        results.rejects,
        sources,
        NightCounts(merge_counts(results), results.steps, len(results.rejects)),
    )


def _window(day: date, standing: JournalState, settings: ScheduleSettings) -> Window:
    """Find the window of a night: that of its day, or the first after it that is not released."""
    window = find_window(day, settings.window_days)
    while window.name in standing.released:
        window = next_window(window)
    return window


def _plan(work: NightlyContext, day: date, standing: JournalState, found: NewFiles, run: GraphRun) -> NightPlan:
    opening, config, settings = work.opening, work.opening.config, work.opening.config.schedule
    latest = max(day, standing.last or day)
    end = end_us(latest)
    remembered = day - timedelta(days=settings.remember_days)
    return NightPlan(
        redaction=RedactionPlan(
            sources=found.sources,
            ingest=config.ingest,
            consent=opening.consent,
            redact=config.redact,
            exchange=ExchangeSettings(opening.private.reference, run.run_id, run.spill(work.engine)),
            naming=f"staged/{opening.request.dataset}/{_window(day, standing, settings).name}",
            extras=Extras(origins=True, pointer=config.noise.pointer),
            prefilters=str(opening.private.prefilters) if work.engine.shares_disk else None,
        ),
        rest=SealedFileSettings(opening.private.reference, work.journal.place.uri, file_prefix(standing.records)),
        rule=SessionEnd(
            open_us=end - settings.idle_minutes * _US_PER_MINUTE,
            begun_us=end_us(latest - timedelta(days=settings.hold_days)),
            ahead_us=end_us(latest + timedelta(days=1)),
        ),
        held=tuple(sorted(standing.held)),
        closed=tuple(sorted(file.name for of, file in standing.closed if of >= remembered)),
    )


def _make_run(opening: RunContext, night_id: str) -> GraphRun:
    audit = {"purpose": opening.config.purpose, "dataset": opening.request.dataset, "night": night_id}
    return GraphRun(night_id, opening.private.folder, audit)


def _execute(work: NightlyContext, plan: NightPlan, run: GraphRun, attempt: str) -> NightResults:
    """Build and run the graph; it writes its results below ``attempt``, where nothing else writes."""
    state = work.opening.private.uri
    wire = partial(stage_night, plan=plan, state=state, night_id=run.run_id, results=attempt)
    steps = run.execute(work.engine, wire, work.console)
    keep_sources(open_quarantine(state), run.run_id, tuple(source.path for source in plan.redaction.sources))
    results = open_store(attempt)
    found = read_night(results, steps or ())
    forget_results(results)
    if not is_bucket(attempt):
        shutil.rmtree(attempt, ignore_errors=True)
    return found


def _reconcile(results: NightResults) -> None:
    """Raise ``FailedError`` unless every event has one outcome or is held, and every row is in a file."""
    came = results.aside.get(READ, 0) + results.aside.get(TAKEN_UP, 0)
    rejected = results.redacted.get("outcome.rejected", 0)  # counted on both sides
    went = outcomes(results.aside) + outcomes(results.redacted) - rejected + results.aside.get(HELD_EVENTS, 0)
    if came != went:
        raise FailedError(f"{came} events came and {went} are accounted for; nothing is staged, report this")
    for kind, rows in ((STAGED, count_released_rows(results)), (HELD, results.aside.get(HELD_EVENTS, 0))):
        rest = sum(file.rows for file in results.files[kind])
        if rest != rows:
            raise FailedError(f"{rows} rows were to be {kind} and {rest} are; nothing is staged, run again")


def _record(opening: RunContext, day: date, window: Window, found: NewFiles, results: NightResults) -> NightStaged:
    return NightStaged(
        day=day.isoformat(),
        window=window.name,
        files=found.seen,
        late=found.late,
        duplicates=found.duplicates,
        log_bytes=total_bytes(found.sources),
        staged=results.files[STAGED],
        held=results.files[HELD],
        closed=results.files[CLOSED],
        aside={name: count for name, count in results.aside.items() if name not in _NOT_RECORDED},
        redaction=_redaction(opening),
    )


def _redaction(opening: RunContext) -> str:
    """Digest the redaction of a night with a key: settings, models and purpose."""
    config = opening.config
    settings = json.dumps([asdict(config.redact), config.purpose], sort_keys=True).encode()
    model = hashlib.sha256(load_detector(opening).digest().encode()).digest()
    return keyed_digest(opening.digesting, b"redaction", settings, model)
