"""Stage one night: read new files, redact and stage closed sessions, keep open ones; charges nothing."""

import hashlib
import json
import shutil
from dataclasses import asdict
from datetime import date, timedelta
from functools import partial

from pipelines.budget.account import LedgerAccount
from pipelines.budget.pace import count_weeks_left
from pipelines.nightly.context import NightlyContext
from pipelines.nightly.days import Window, end_us, find_window, next_window
from pipelines.nightly.graph import (
    NightPlan,
    NightResults,
    count_released_rows,
    read_night,
    stage_night,
)
from pipelines.nightly.journal import file_prefix, make_attempt_name
from pipelines.nightly.journal_state import JournalState, fold_journal, sweep
from pipelines.nightly.new_files import NewFiles, find_new_files
from pipelines.nightly.night_summary import NightSummary, summarise_idle, summarise_night
from pipelines.nightly.records import NightStaged
from pipelines.observe.event_log import tell
from pipelines.release.prepare import RunContext, load_detector
from pipelines.release.redaction import CONSENT, RedactionPlan, uses_history
from pipelines.release.results import forget_results
from pipelines.runner.graph_run import GraphRun
from pipelines.state.consent_record import read_record
from pipelines.state.pause import check_not_paused
from pipelines.state.quarantine import keep_sources, open_quarantine
from pipelines.state.tallies import select_publishable
from pipelines.state.tombstones import check_no_erasure_since
from schemas.errors import FailedError
from schemas.tally import HELD_EVENTS, READ, REJECTED_EVENTS, TAKEN_UP, outcomes
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.consent.stage import SealedConsent
from transforms.ingest.inputs import require_keys, total_bytes
from transforms.keys.key_set import KeyRole
from transforms.keys.pseudonym import keyed_digest
from transforms.object_store.addresses import is_bucket, join_uri, open_store
from transforms.object_store.atomic_files import lock_release
from transforms.redact.results import Extras
from transforms.staging.sealed_files import CLOSED, HELD, STAGED, SealedFileSettings
from transforms.staging.session_end import SessionEnd
from transforms.staging.settings import ScheduleSettings

_ID_DIGITS = 32
_NOT_RECORDED = (READ, TAKEN_UP, HELD_EVENTS)
_US_PER_MINUTE = 60_000_000


def run_night(work: NightlyContext, day: date) -> NightSummary:
    """Stage the new files up to ``day``; a day that was run and has none changes nothing.

    Raises ``RefusedError`` where another run was faster or somebody was erased meanwhile; the night then counts for
    nothing and is run again.
    """
    opening, journal = work.opening, work.journal
    standing = fold_journal(journal.read())
    digesting = opening.private.keys.derivations(KeyRole.TRANSIT, "processed-files")
    _read_again(opening, standing)
    found = find_new_files(work.inputs, day, standing, digesting)
    window = _window(day, standing, opening.config.schedule)
    left = count_weeks_left(LedgerAccount.of(opening.private).ledger(), opening.config)
    is_day_off = opening.config.schedule.is_day_off(day)
    if standing.last is not None and day <= standing.last and not (found.seen or found.sources):
        sweep(journal, standing.records - 1)
        return summarise_idle(day.isoformat(), window.name, found, left, is_day_off=is_day_off)
    night_id = keyed_digest(digesting[0], b"night", opening.request.dataset.encode(), b"%d" % standing.records)
    run = _make_run(opening, night_id[:_ID_DIGITS])
    with lock_release(opening.private.folder, run.run_id):
        attempt = join_uri(journal.store.uri, make_attempt_name(standing.records))
        exchange = ExchangeSettings(opening.private.reference, run.run_id, run.spill(work.engine))
        consent = SealedConsent(join_uri(attempt, CONSENT), exchange)
        consent.keep(opening.consent)
        results = _execute(work, _plan(work, day, standing, found, consent), run, attempt)
        _reconcile(results)
        check_no_erasure_since(opening.consent, opening.private)
        check_not_paused(opening.request.output)
        journal.append(standing.records, _record(opening, day, window, found, results))
        opening.keep_records()
        shutil.rmtree(run.folder, ignore_errors=True)
    sweep(journal, standing.records)
    night = summarise_night(day.isoformat(), window.name, found, results, left, is_day_off=is_day_off)
    counts = select_publishable(night.facts(), opening.config.noise.profile)
    where = {"dataset": opening.request.dataset, "day": night.day, "window": night.window}
    tell("night staged", {**where, **counts, "exit_code": night.exit_code})
    return night


def _read_again(opening: RunContext, standing: JournalState) -> None:
    """Have the files of open windows read again where the registry now holds an agreement to events in them."""
    if opening.registry is None or standing.last is None:
        return
    since = opening.registry.first_gain(read_record(opening.private, opening.request.dataset))
    if since is not None and since < end_us(standing.last):
        standing.read_again()


def _window(day: date, standing: JournalState, settings: ScheduleSettings) -> Window:
    """Find the window of a night: that of its day, or the first after it that is not released."""
    window = find_window(day, settings.window_days)
    while window.name in standing.released:
        window = next_window(window)
    return window


def build_end_rule(latest: date, settings: ScheduleSettings, *, lacks_log: bool) -> SessionEnd:
    """Build the rule for when a session is over, on the night of the ``latest`` day.

    Where the log of that day is missing, nothing says that a session of the night before did not go on: all that may
    wait still do, so that a log that comes a day late does not cut them.
    """
    begun_us = end_us(latest - timedelta(days=settings.hold_days))
    return SessionEnd(
        open_us=begun_us if lacks_log else end_us(latest) - settings.idle_minutes * _US_PER_MINUTE,
        begun_us=begun_us,
        ahead_us=end_us(latest + timedelta(days=1)),
    )


def _plan(
    work: NightlyContext, day: date, standing: JournalState, found: NewFiles, consent: SealedConsent
) -> NightPlan:
    opening, config, settings = work.opening, work.opening.config, work.opening.config.schedule
    require_keys(found.sources, opening.private.keys)
    latest = max(day, standing.last or day)
    lacks_log = day == latest and not found.listed and not settings.is_day_off(day)
    remembered = day - timedelta(days=settings.remember_days)
    return NightPlan(
        redaction=RedactionPlan(
            sources=found.sources,
            ingest=config.ingest,
            consent=consent,
            redact=config.redact,
            exchange=consent.exchange,
            naming=f"staged/{opening.request.dataset}/{_window(day, standing, settings).name}",
            extras=Extras(origins=True, pointer=config.noise.pointer),
            uses_history=uses_history(config),
            prefilters=str(opening.private.prefilters) if work.engine.shares_disk else None,
        ),
        files=SealedFileSettings(opening.private.reference, work.journal.store.uri, file_prefix(standing.records)),
        rule=build_end_rule(latest, settings, lacks_log=lacks_log),
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
    rejected = results.redacted.get(REJECTED_EVENTS, 0)  # counted on both sides
    went = outcomes(results.aside) + outcomes(results.redacted) - rejected + results.aside.get(HELD_EVENTS, 0)
    if came != went:
        raise FailedError(f"{came} events came and {went} are accounted for; nothing is staged, report this")
    for kind, rows in ((STAGED, count_released_rows(results)), (HELD, results.aside.get(HELD_EVENTS, 0))):
        found = sum(file.rows for file in results.files[kind])
        if found != rows:
            raise FailedError(f"expected {rows} rows to be {kind}, found {found}; nothing is staged, run again")


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
