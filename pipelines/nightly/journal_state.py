"""Where scheduled runs stand: what a journal adds up to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.nightly.journal import ATTEMPTS, Journal, file_prefix
from pipelines.nightly.records import Begun, Night, Record, Released, Rewritten, SeenFile, Showing
from transforms.staging.sealed_files import KINDS, SealedFile

_SWEPT = (*KINDS, ATTEMPTS)


def sweep(journal: Journal, number: int) -> None:
    """Remove files that were written for the records up to ``number``, which are all there, and are not real.

    A run elsewhere that still writes files for one of these can not record them any more.
    """
    journal.place.tidy()
    live = standing_of(journal.read()).live()
    for name in journal.place.names():
        kind, _, file = name.partition("/")
        if kind in _SWEPT and name not in live and file < file_prefix(number + 1):
            journal.place.delete(name)


Files = dict[str, SealedFile]


@dataclass(slots=True)
class Staged:
    """What is staged of one window: files by name, counts of the rest, and by which redactions."""

    files: Files = field(default_factory=dict)
    aside: Counter[str] = field(default_factory=Counter)
    redactions: set[str] = field(default_factory=set)
    log_bytes: int = 0


@dataclass(slots=True)
class Standing:
    """The sum of a journal.

    ``staged`` is by window, as are the ids of its releases: all that were begun, in order, and the one that is
    ``released``, '' where a window held no session. ``showing`` are those that began to write to the output.
    ``closed`` are the records of staged sessions, each with the last day that was run when it was made.
    """

    records: int = 0
    first: date | None = None
    last: date | None = None
    stamps: set[str] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)
    held: Files = field(default_factory=dict)
    closed: list[tuple[date, SealedFile]] = field(default_factory=list)
    staged: defaultdict[str, Staged] = field(default_factory=lambda: defaultdict(Staged))
    begun: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    showing: list[Showing] = field(default_factory=list)
    released: dict[str, str] = field(default_factory=dict)

    def live(self) -> set[str]:
        """Return the names of all resting files that are real."""
        staged = {name for window in self.staged.values() for name in window.files}
        return staged | set(self.held) | {file.name for _, file in self.closed}

    def forgettable(self, before: date) -> dict[str, None]:
        """Return the records of sessions that were staged on nights of days before ``before``."""
        return {file.name: None for day, file in self.closed if day < before}

    def pending(self) -> list[str]:
        """Return the windows that have begun and are not released, the earliest first."""
        return sorted(name for name in self.staged if name not in self.released)


def standing_of(records: Iterable[Record]) -> Standing:
    """Return what ``records`` add up to, in their order."""
    standing = Standing()
    for record in records:
        standing.records += 1
        match record:
            case Night():
                _add_night(standing, record)
            case Begun(window, release_id):
                standing.begun[window].append(release_id)
            case Showing():
                standing.showing.append(record)
            case Released(window, release_id):
                standing.released[window] = release_id
                standing.staged.pop(window, None)
            case Rewritten(files):
                _rewrite(standing, files)
    return standing


def _add_night(standing: Standing, night: Night) -> None:
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


def _see(standing: Standing, file: SeenFile) -> None:
    standing.stamps.add(file.stamp)
    standing.contents.add(file.content)


def _rewrite(standing: Standing, files: Mapping[str, SealedFile | None]) -> None:
    for group in (standing.held, *(window.files for window in standing.staged.values())):
        for old in files.keys() & group.keys():
            del group[old]
            new = files[old]
            if new is not None:
                group[new.name] = new
    standing.closed = [item for item in standing.closed if item[1].name not in files]
