"""The release of a window whose days are over: what its nights staged, charged and sealed once."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from pipelines.budget.charge import Succession
from pipelines.nightly.context import Work
from pipelines.nightly.days import Window
from pipelines.nightly.graph import staged_reader
from pipelines.nightly.journal_state import Staged, Standing, standing_of, sweep
from pipelines.nightly.records import Begun, Released, Rewritten, Showing
from pipelines.observe.summary import Summary
from pipelines.release.empty_run import NothingKeptError
from pipelines.release.manifest import summary_of
from pipelines.release.prepare import Opening, prepare_release
from pipelines.release.run import Feed, make_release
from pipelines.state.paths import state_uri
from schemas.errors import RefusedError
from transforms.dataset.layout import release_layout
from transforms.dataset.publish import sealed_release
from transforms.keys.pseudonym import keyed_digest
from transforms.object_store.addresses import open_store
from transforms.staging.sealed_files import SealedFileSettings

REDACTIONS = "nights.redactions"
"""Tally name: by how many different settings or models the sessions of a release were redacted, where not by one."""


def release_due(work: Work) -> list[Summary]:
    """Release every window whose days were all run and that is not released, in order.

    Raises ``RefusedError`` where the budget does not allow one; it stays staged and is due again on the next night.
    """
    made = []
    standing = standing_of(work.journal.read())
    for window in map(Window.parse, standing.pending()):
        if standing.last is not None and window.last <= standing.last:
            made += _release(work, window)
    return made


def complete_sealed(work: Work) -> list[Summary]:
    """Complete the releases that were sealed before a kill: what a night would still stage for them would be lost."""
    standing = standing_of(work.journal.read())
    begun = [name for name in standing.pending() if _sealed(work, standing, name)]
    return [summary for name in begun for summary in _release(work, Window.parse(name))]


def sealed_summary(opening: Opening, release_id: str) -> Summary | None:
    """Return what is told of a release that was sealed before, ``None`` where there is none (any more)."""
    if not release_id:
        return None
    layout = release_layout(opening.request.output, opening.request.dataset, release_id)
    manifest = sealed_release(open_store(layout.home), layout, opening.keys.verifying())
    private = state_uri(opening.request.state, opening.reference)
    return None if manifest is None else summary_of(layout, manifest, private, (), seconds=0.0)


def _release(work: Work, window: Window) -> list[Summary]:
    opening, journal = work.opening, work.journal
    standing = standing_of(journal.read())
    staged = standing.staged[window.name]
    begun = standing.begun[window.name]
    if not staged.files:
        _close(work, window, "")
        return []
    prepared = prepare_release(opening, (), _digests(staged), _facts(opening, window, staged))
    sealed = _sealed(work, standing, window.name)
    if sealed is not None:
        # before a kill, and what decides a release may have changed since: it is completed, not made again
        prepared = replace(prepared, layout=replace(prepared.layout, release_id=sealed))
    elif prepared.release_id != (begun[-1] if begun else ""):
        journal.append(standing.records, Begun(window.name, prepared.release_id))
        begun.append(prepared.release_id)
    mixed = {REDACTIONS: len(staged.redactions)} if len(staged.redactions) > 1 else {}
    rest = SealedFileSettings(opening.reference, journal.place.uri, "")
    shown = [item for item in standing.showing if item.window == window.name]
    after = Succession(
        tuple(begun),
        frozenset(item.charge_id for item in shown if item.release_id != prepared.release_id),
        partial(_show, work, window, prepared.release_id),
    )
    feed = Feed(
        staged_reader(rest, tuple(sorted(staged.files)), {**staged.aside, **mixed}),
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
    return [summary]


def _sealed(work: Work, standing: Standing, window: str) -> str | None:
    """Return the release of a window that was begun and is sealed, ``None`` where there is none."""
    return next((begun for begun in reversed(standing.begun[window]) if sealed_summary(work.opening, begun)), None)


def _show(work: Work, window: Window, release_id: str, charge_id: str) -> None:
    """Record that a release is about to write to the output; raise ``RefusedError`` where it is not the latest begun.

    The one begun since took over its charge: of the two only one may be shown.
    """
    standing = standing_of(work.journal.read())
    if standing.begun[window.name][-1] != release_id:
        raise RefusedError(f"another run began a release of {window.name} since; run again when it ended")
    record = Showing(window.name, release_id, charge_id)
    if record not in standing.showing:
        work.journal.append(standing.records, record)


def _digests(staged: Staged) -> list[str]:
    return sorted(digest for file in staged.files.values() for digest in file.digests)


def _facts(opening: Opening, window: Window, staged: Staged) -> dict[str, str]:
    """Return what decides the release of a window beside what decides every release."""
    how = keyed_digest(opening.digesting, b"redactions", *(item.encode() for item in sorted(staged.redactions)))
    return {"window": window.name, "staged": how}


def _close(work: Work, window: Window, release_id: str) -> None:
    """Record that a window is released, and remove what was staged of it and what need not be remembered any more."""
    journal, standing = work.journal, standing_of(work.journal.read())
    remember_days = work.opening.config.schedule.remember_days
    number = standing.records
    journal.append(number, Released(window.name, release_id))
    forgotten = standing.forgettable(window.last - timedelta(days=remember_days))
    if forgotten:
        number += 1
        journal.append(number, Rewritten(forgotten))
    sweep(journal, number)
