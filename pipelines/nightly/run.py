"""Nightly runs: stage the logs of each day in order, and release every window that is over."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from rich.console import Console

from pipelines.budget.account import LedgerAccount
from pipelines.budget.history import load_history
from pipelines.budget.old_copies import check_past
from pipelines.config import RunConfig
from pipelines.nightly.attention import note_attention
from pipelines.nightly.context import NightlyContext
from pipelines.nightly.days import SinceLast, check_over, check_roots, days_between, fill_in_day, find_window
from pipelines.nightly.journal import NIGHTS, Journal
from pipelines.nightly.journal_state import fold_journal
from pipelines.nightly.new_files import Inputs
from pipelines.nightly.night_summary import NightSummary
from pipelines.nightly.release_window import complete_sealed, find_sealed_summary, release_due
from pipelines.nightly.stage_day import run_night
from pipelines.observe.summary import Summary
from pipelines.release.doubts import note_unknown
from pipelines.release.prepare import RunContext, RunRequest, begin_run, open_private, read_named_users
from pipelines.release.run import check_private, settle_killed, watch_over
from pipelines.runner.beam_options import BeamEngine, select_engine
from pipelines.state.pause import check_not_paused
from pipelines.state.tombstones import ErasureRecords
from schemas.errors import BudgetError, RefusedError, UsageError
from schemas.privacy import PrivacyUnit
from transforms.dataset.layout import check_dataset
from transforms.ingest.formats.registry import find_adapter
from transforms.object_store.atomic_files import lock_release

_ONE = timedelta(days=1)
Report = Callable[[NightSummary | Summary], None]


def run_days(
    request: RunRequest,
    config: RunConfig,
    days: Sequence[date] | SinceLast,
    console: Console,
    report: Report,
) -> tuple[str, ...]:
    """Run ``days`` in order and return the windows that wait for their end.

    A run holds the lock of the dataset: a second one on this machine waits, one on another machine fails to record its
    night. ``report`` receives each night and release as it is done; what is done stays, whatever follows. Raises
    ``BudgetError`` once all days are staged where the budget refuses the release of a window.
    """
    check_not_paused(request.output)
    engine = select_engine(request.runner, request.beam_flags)
    _check(request, config, engine)
    watch = watch_over(request, config, console)
    check_private(request, engine)
    private = open_private(request)
    inputs = Inputs(request.inputs, request.format, *read_named_users(request, config))
    journal = Journal.of(private, request.dataset)
    with lock_release(private.folder, f"{NIGHTS}-{request.dataset}"):
        refused, checked = None, False
        for day in _since_last(journal, days) if isinstance(days, SinceLast) else days:
            work = NightlyContext(begin_run(request, config, private), journal, inputs, engine, watch, console)
            note_unknown(work.opening.consent, console, config.noise.profile)
            settle_killed(private, request.output.dataset(request.dataset).uri, work.opening.consent, config, console)
            if not checked:
                _check_past(work.opening)
                checked = True
            refused = _run_day(work, day, report)
        if refused is not None:
            raise refused
        return tuple(fold_journal(journal.read()).pending())


def _run_day(work: NightlyContext, day: date, report: Report) -> BudgetError | None:
    """Stage a day and release due windows; return the error of a budget that refuses one, due again next day."""
    check_not_paused(work.opening.request.output)
    check_over(day, datetime.now(UTC))
    check_roots(work.inputs.patterns)
    _check_next(work.journal, day)
    completed = complete_sealed(work)
    for release in completed:
        report(release)
    consent = work.opening.consent
    night = replace(run_night(work, day), missing=consent.missing, unknown=consent.unknown, elsewhere=consent.elsewhere)
    report(night)
    try:
        due = release_due(work)
    except BudgetError as refused:
        return refused
    finally:
        note_attention(work.journal.read(), night, work.opening.config.schedule.window_days)
    for release in due or ([] if completed else _released_before(work, night, day)):
        report(release)
    return None


def _check_past(opening: RunContext) -> None:
    """Raise ``RefusedError`` if private state or the dataset is an old copy: nobody who was erased is staged again."""
    past = load_history(LedgerAccount.of(opening.private), ErasureRecords.of(opening.private))
    check_past(opening.request.output, opening.request.dataset, opening.private, past)


def _check(request: RunRequest, config: RunConfig, engine: BeamEngine) -> None:
    """Raise ``UsageError`` for options that a run by days does not support."""
    if request.finish or engine.hands_over:
        raise UsageError("a run by days waits for its graphs; leave out --finish and --template_location")
    check_dataset(request.dataset)  # it names a folder in private state, where an erasure has to find it
    fill_in_day(date(2000, 1, 1), request.inputs)
    if request.format is not None:
        find_adapter(request.format)
    if request.trace is not None:
        raise UsageError("--trace goes with a run over all its logs; leave it out of a run by days")
    if config.noise.privacy_unit == PrivacyUnit.USER_DAY:
        raise UsageError("a run by days protects users; leave noise.privacy_unit at user")


def _check_next(journal: Journal, day: date) -> None:
    """Raise ``RefusedError`` if days before ``day`` were left out, or ``day`` is before the first day that was run."""
    standing = fold_journal(journal.read())
    first, last = standing.first, standing.last
    if first is not None and day < first:
        raise RefusedError(
            f"runs by days of this dataset began with {first.isoformat()}; a window before it would be released day by "
            f"day: run {day.isoformat()} without --day, or by days under another --dataset"
        )
    if last is not None and day > last + _ONE:
        missed = f"{(last + _ONE).isoformat()}..{(day - _ONE).isoformat()}"
        raise RefusedError(
            f"{missed} was not run; sessions that go on over midnight would be cut: run --days {missed} first, or "
            "--since-last"
        )


def _since_last(journal: Journal, since: SinceLast) -> tuple[date, ...]:
    last, yesterday = fold_journal(journal.read()).last, datetime.now(UTC).date() - _ONE
    if last is None:
        if since.first is None:
            raise UsageError("no day of this dataset was run yet; say where to begin with --first DATE")
        if since.first > yesterday:
            raise UsageError("--first is a day to come or today; name yesterday or a day before it")
        return days_between(since.first, yesterday)
    return days_between(last + _ONE, yesterday) if last < yesterday else (yesterday,)


def _released_before(work: NightlyContext, night: NightSummary, day: date) -> list[Summary]:
    """Find the earlier release of a day that is run again without new files."""
    window = find_window(day, work.opening.config.schedule.window_days)
    if night.files or window.last != day:
        return []
    found = find_sealed_summary(work.opening, fold_journal(work.journal.read()).released.get(window.name, ""))
    return [] if found is None else [found]
