"""Runs by days: each day's logs are staged in order, and every window that is over is released."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from rich.console import Console

from pipelines.config import RunConfig
from pipelines.nightly.context import Work
from pipelines.nightly.days import check_over, check_roots, days_between, inputs_of, window_of
from pipelines.nightly.journal import NIGHTS, Journal
from pipelines.nightly.journal_state import standing_of
from pipelines.nightly.new_files import Inputs
from pipelines.nightly.release_window import complete_sealed, release_due, sealed_summary
from pipelines.nightly.stage_day import NightSummary, run_night
from pipelines.observe.summary import Summary
from pipelines.release.prepare import RunRequest, named_subjects, open_run
from pipelines.release.run import check_private, watch_over
from pipelines.runner.beam_options import BeamRun, beam_run
from pipelines.state.pause import check_not_paused
from schemas.errors import BudgetError, RefusedError, UsageError
from schemas.privacy import PrivacyUnit
from transforms.dataset.layout import check_dataset
from transforms.ingest.formats.registry import find_adapter
from transforms.object_store.atomic_files import lock_release

_ONE = timedelta(days=1)
Told = Callable[[NightSummary | Summary], None]


def run_days(
    request: RunRequest,
    config: RunConfig,
    days: Sequence[date] | None,
    console: Console,
    told: Told,
) -> tuple[str, ...]:
    """Run ``days`` in order, or (``None``) all days since the last one that was run, up to yesterday.

    Returns the windows that wait for their end.

    A run holds the lock of the dataset: a second one on this machine waits, one on another machine fails to record its
    night. ``told`` hears of each night and release as it is done; what is done stays so, whatever follows. Raises
    ``BudgetError`` once all days are staged where the budget refuses the release of a window.
    """
    check_not_paused(request.output)
    engine = beam_run(request.runner, request.beam_flags)
    _check(request, config, engine)
    watch = watch_over(request, config, console)
    check_private(request, engine)
    opening = open_run(request, config)
    inputs = Inputs(request.inputs, request.format, *named_subjects(request, config))
    journal = Journal.of(request.state, opening.reference, opening.keys, request.dataset)
    with lock_release(opening.state, f"{NIGHTS}-{request.dataset}"):
        refused = None
        for day in _since_last(journal) if days is None else days:
            work = Work(open_run(request, config), journal, inputs, engine, watch, console)
            refused = _run_day(work, day, told)
        if refused is not None:
            raise refused
        return tuple(standing_of(journal.read()).pending())


def _run_day(work: Work, day: date, told: Told) -> BudgetError | None:
    """Stage a day and release what is due; return why the budget refuses a release, which the next day tries again."""
    check_not_paused(work.opening.request.output)
    check_over(day, datetime.now(UTC))
    check_roots(work.inputs.patterns)
    _check_next(work.journal, day)
    completed = complete_sealed(work)
    for release in completed:
        told(release)
    night = run_night(work, day)
    told(night)
    try:
        due = release_due(work)
    except BudgetError as refused:
        return refused
    for release in due or ([] if completed else _released_before(work, night, day)):
        told(release)
    return None


def _check(request: RunRequest, config: RunConfig, engine: BeamRun) -> None:
    """Raise ``UsageError`` where a run by days is asked for what it cannot do."""
    if request.finish or engine.hands_over:
        raise UsageError("a run by days waits for its graphs; leave out --finish and --template_location")
    check_dataset(request.dataset)  # it names a folder in private state, where an erasure has to find it
    inputs_of(date(2000, 1, 1), request.inputs)
    if request.format is not None:
        find_adapter(request.format)
    if request.trace is not None:
        raise UsageError("--trace goes with a run over all its logs; leave it out of a run by days")
    if config.noise.privacy_unit == PrivacyUnit.USER_DAY:
        raise UsageError("a run by days protects users; leave noise.privacy_unit at user")


def _check_next(journal: Journal, day: date) -> None:
    """Raise ``RefusedError`` where days before ``day`` were left out, or where it lies before all that were run."""
    standing = standing_of(journal.read())
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


def _since_last(journal: Journal) -> tuple[date, ...]:
    last, yesterday = standing_of(journal.read()).last, datetime.now(UTC).date() - _ONE
    if last is None:
        raise UsageError("no day of this dataset was run yet; begin with --day or --days")
    return days_between(last + _ONE, yesterday) if last < yesterday else (yesterday,)


def _released_before(work: Work, night: NightSummary, day: date) -> list[Summary]:
    """Return the release of a day that was run before and brought nothing new; it is what the run would have made."""
    window = window_of(day, work.opening.config.schedule.window_days)
    if night.files or window.last != day:
        return []
    found = sealed_summary(work.opening, standing_of(work.journal.read()).released.get(window.name, ""))
    return [] if found is None else [found]
