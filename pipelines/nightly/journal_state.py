"""State of the nightly runs, folded from the journal."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.nightly.journal import ATTEMPTS, Journal, file_prefix
from pipelines.nightly.records import (
    FilesReplaced,
    NightStaged,
    OutputStarted,
    Record,
    ReleaseRefused,
    ReleaseStarted,
    SeenFile,
    WindowReleased,
)
from schemas.tally import WITHOUT_CONSENT
from transforms.staging.sealed_files import KINDS, SealedFile

_SWEPT = (*KINDS, ATTEMPTS)


def sweep(journal: Journal, number: int) -> None:
    """Remove the files of records up to ``number``, all written, that the journal does not name.

    A run elsewhere that still writes files for one of these can not record them any more.
    """
    journal.store.tidy()
    live = fold_journal(journal.read()).live()
    for name in journal.store.names():
        kind, _, file = name.partition("/")
        if kind in _SWEPT and name not in live and file < file_prefix(number + 1):
            journal.store.delete(name)


Files = dict[str, SealedFile]


@dataclass(slots=True)
class StagedWindow:
    """Staged sessions of one window."""

    files: Files = field(default_factory=dict)
    aside: Counter[str] = field(default_factory=Counter)
    redactions: set[str] = field(default_factory=set)
    log_bytes: int = 0
    read: list[SeenFile] = field(default_factory=list)


@dataclass(slots=True)
class JournalState:
    """State of the nightly runs of one dataset; windows go by their names."""

    records: int = 0
    first: date | None = None  # first and last day that was run
    last: date | None = None
    stamps: set[str] = field(default_factory=set)  # of all files that were read, as in ``SeenFile``
    contents: set[str] = field(default_factory=set)
    held: Files = field(default_factory=dict)
    closed: list[tuple[date, SealedFile]] = field(default_factory=list)  # with the last day run when it was staged
    staged: defaultdict[str, StagedWindow] = field(default_factory=lambda: defaultdict(StagedWindow))
    begun: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # release ids, oldest first
    showing: list[OutputStarted] = field(default_factory=list)
    refused: dict[str, date] = field(default_factory=dict)  # the day on which the budget first refused its release
    released: dict[str, str] = field(default_factory=dict)  # release id, '' if the window held no session

    def live(self) -> set[str]:
        """List the names of all sealed files that the journal names."""
        staged = {name for window in self.staged.values() for name in window.files}
        return staged | set(self.held) | {file.name for _, file in self.closed}

    def forgettable(self, before: date) -> dict[str, None]:
        """List the closed-session files of nights before ``before``."""
        return {file.name: None for day, file in self.closed if day < before}

    def read_again(self) -> None:
        """Forget the files of windows that are open, where consent was missing for events in them."""
        if any(window.aside[WITHOUT_CONSENT] for window in self.staged.values()):
            for file in (file for window in self.staged.values() for file in window.read):
                self.stamps.discard(file.stamp)
                self.contents.discard(file.content)

    def pending(self) -> list[str]:
        """List the windows that have begun and are not released, the earliest first."""
        return sorted(name for name in self.staged if name not in self.released)


def fold_journal(records: Iterable[Record]) -> JournalState:
    """Fold ``records``, in order, into a state."""
    standing = JournalState()
    for record in records:
        standing.records += 1
        match record:
            case NightStaged():
                _add_night(standing, record)
            case ReleaseStarted(window, release_id):
                standing.begun[window].append(release_id)
            case OutputStarted():
                standing.showing.append(record)
            case WindowReleased(window, release_id):
                standing.released[window] = release_id
                standing.staged.pop(window, None)
            case ReleaseRefused(window, on):
                standing.refused.setdefault(window, date.fromisoformat(on))
            case FilesReplaced(files):
                _rewrite(standing, files)
    return standing


def _add_night(standing: JournalState, night: NightStaged) -> None:
    day = date.fromisoformat(night.day)
    standing.first = min(day, standing.first or day)
    standing.last = max(day, standing.last or day)
    for file in night.files:
        _see(standing, file)
    standing.held = {file.name: file for file in night.held}
    standing.closed += [(standing.last, file) for file in night.closed]
    window = standing.staged[night.window]
    window.files |= {file.name: file for file in night.staged}
    window.aside.update(night.aside)
    window.redactions |= {night.redaction} if night.staged else set()
    window.log_bytes += night.log_bytes
    window.read += night.files


def _see(standing: JournalState, file: SeenFile) -> None:
    standing.stamps.add(file.stamp)
    standing.contents.add(file.content)


def _rewrite(standing: JournalState, files: Mapping[str, SealedFile | None]) -> None:
    for group in (standing.held, *(window.files for window in standing.staged.values())):
        for old in files.keys() & group.keys():
            del group[old]
            new = files[old]
            if new is not None:
                group[new.name] = new
    standing.closed = [item for item in standing.closed if item[1].name not in files]
