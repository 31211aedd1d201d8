"""Release the staged sessions of each window that is over, charged and sealed once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from pipelines.budget.charge import EarlierAttempts
from pipelines.nightly.context import NightlyContext
from pipelines.nightly.days import Window
from pipelines.nightly.graph import make_staged_reader
from pipelines.nightly.journal_state import JournalState, StagedWindow, fold_journal, sweep
from pipelines.nightly.records import FilesReplaced, OutputStarted, ReleaseStarted, WindowReleased
from pipelines.nightly.waiting import find_last_day
from pipelines.observe.summary import Summary
from pipelines.release.compute import ReleaseInput
from pipelines.release.empty_run import NothingKeptError
from pipelines.release.manifest import summarise
from pipelines.release.prepare import RunContext, prepare_release
from pipelines.release.run import make_release
from schemas.errors import BudgetError, RefusedError
from schemas.tally import REDACTIONS
from transforms.dataset.layout import release_layout
from transforms.dataset.publish import sealed_release
from transforms.keys.pseudonym import keyed_digest
from transforms.staging.sealed_files import SealedFileSettings


def release_due(work: NightlyContext) -> list[Summary]:
    """Release every complete window that is not released, in order.

    Raises ``BudgetError`` where the budget does not allow one; it stays staged and is due again on the next night, for
    ``schedule.wait_days``.
    """
    made = []
    standing = fold_journal(work.journal.read())
    for window in map(Window.parse, standing.pending()):
        if standing.last is not None and window.last <= standing.last:
            try:
                made += _release(work, window)
            except BudgetError as refused:
                raise wait_or_remove(work, window, refused, datetime.now(UTC).date()) from None
    return made


def wait_or_remove(work: NightlyContext, window: Window, refused: BudgetError, today: date) -> BudgetError:
    """Let a refused window wait, or remove its staged rows after the last day; return the error that says so."""
    last = find_last_day(work.journal, window, today, work.opening.config.schedule.wait_days)
    if today <= last:
        return BudgetError(f"{refused}; the rows of {window.name} wait until {last} and are then removed")
    _close(work, window, "")
    return BudgetError(
        f"the rows of {window.name} waited until {last} (schedule.wait_days) and were removed without a release: "
        f"{refused}"
    )


def complete_sealed(work: NightlyContext) -> list[Summary]:
    """Complete the releases that were sealed before a kill, before a night stages more sessions for them."""
    standing = fold_journal(work.journal.read())
    begun = [name for name in standing.pending() if _find_sealed(work, standing, name)]
    return [summary for name in begun for summary in _release(work, Window.parse(name))]


def find_sealed_summary(opening: RunContext, release_id: str) -> Summary | None:
    """Summarise a release that was sealed before; return ``None`` if there is none."""
    if not release_id:
        return None
    output, dataset = opening.request.output, opening.request.dataset
    layout = release_layout(output.uri, dataset, release_id)
    manifest = sealed_release(output.dataset(dataset), layout, opening.private.keys.verifying())
    return None if manifest is None else summarise(layout, manifest, opening.private, (), seconds=0.0)


def _release(work: NightlyContext, window: Window) -> list[Summary]:
    opening, journal = work.opening, work.journal
    standing = fold_journal(journal.read())
    staged = standing.staged[window.name]
    begun = standing.begun[window.name]
    if not staged.files:
        _close(work, window, "")
        return []
    prepared = prepare_release(opening, (), _digests(staged), _facts(opening, window, staged))
    sealed = _find_sealed(work, standing, window.name)
    if sealed is not None:
        # before a kill, and what decides a release may have changed since: it is completed, not made again
        prepared = replace(prepared, layout=replace(prepared.layout, release_id=sealed))
    elif prepared.release_id != (begun[-1] if begun else ""):
        journal.append(standing.records, ReleaseStarted(window.name, prepared.release_id))
        begun.append(prepared.release_id)
    mixed = {REDACTIONS: len(staged.redactions)} if len(staged.redactions) > 1 else {}
    files = SealedFileSettings(opening.private.reference, journal.store.uri, "")
    shown = [item for item in standing.showing if item.window == window.name]
    after = EarlierAttempts(
        tuple(begun),
        frozenset(item.charge_id for item in shown if item.release_id != prepared.release_id),
        partial(_record_output_started, work, window, prepared.release_id),
    )
    feed = ReleaseInput(
        make_staged_reader(files, tuple(sorted(staged.files)), {**staged.aside, **mixed}),
        staged.log_bytes,
        after=after,
        window=window.name,
    )
    try:
        summary = make_release(prepared, feed, work.engine, work.watch, work.console)
    except NothingKeptError:  # everybody in it withdrew since: the window is over, with no release
        _close(work, window, "")
        return []
    _close(work, window, prepared.release_id)
    stamps = [file.stamp for file in staged.read]
    return [replace(summary, read_again=len(set(stamps)) < len(stamps))]


def _find_sealed(work: NightlyContext, standing: JournalState, window: str) -> str | None:
    """Find the sealed release of a window among those that were begun."""
    return next((begun for begun in reversed(standing.begun[window]) if find_sealed_summary(work.opening, begun)), None)


def _record_output_started(work: NightlyContext, window: Window, release_id: str, charge_id: str) -> None:
    """Record that a release is about to write to the output; raise ``RefusedError`` if a later one has begun.

    The later one reuses its charge: only one of the two may reach the output.
    """
    standing = fold_journal(work.journal.read())
    if standing.begun[window.name][-1] != release_id:
        raise RefusedError(f"another run began a release of {window.name} since; run again when it ended")
    record = OutputStarted(window.name, release_id, charge_id)
    if record not in standing.showing:
        work.journal.append(standing.records, record)


def _digests(staged: StagedWindow) -> list[str]:
    return sorted(digest for file in staged.files.values() for digest in file.digests)


def _facts(opening: RunContext, window: Window, staged: StagedWindow) -> dict[str, str]:
    """Build the facts that decide the release of a window, beside those of every release."""
    how = keyed_digest(opening.digesting, b"redactions", *(item.encode() for item in sorted(staged.redactions)))
    return {"window": window.name, "staged": how}


def _close(work: NightlyContext, window: Window, release_id: str) -> None:
    """Record that a window is released; remove its staged files and expired closed-session files."""
    journal, standing = work.journal, fold_journal(work.journal.read())
    remember_days = work.opening.config.schedule.remember_days
    number = standing.records
    journal.append(number, WindowReleased(window.name, release_id))
    forgotten = standing.forgettable(window.last - timedelta(days=remember_days))
    if forgotten:
        number += 1
        journal.append(number, FilesReplaced(forgotten))
    sweep(journal, number)
