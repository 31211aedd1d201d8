"""Several releases of a dataset: found by id or by week, described, and read one after another.

Pseudonyms are made for each release: the same person has another ``user`` in each, and no reader can tell.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keyveil.episodes import Episodes, State
from keyveil.location import Location
from keyveil.read_plan import ReadPlan
from keyveil.records import Episode
from keyveil.release import CATALOG, Release, check_readable, open_catalog, read_listed
from schemas.errors import UsageError
from transforms.dataset.catalog import Catalog
from transforms.keys.reader_keys import ReaderKeys

ALL = "all"
_WEEKS = re.compile(r"(\d{4})-W(\d{2})(?:\.\.(?:(\d{4})-)?W(\d{2}))?")
_SUNDAY = 7
_FORMS = "releases= takes all, ids, or weeks such as 2026-W40..W48, the earlier one first"


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """Facts of one release: address, days (``None`` for a run over all its logs), sizes, if it is read by default.

    ``is_readable`` says whether the reader's keys open it; ``erasures`` counts how often people were erased from it.
    """

    uri: str
    release_id: str
    window: str | None
    sessions: int
    events: int
    tables: tuple[str, ...]
    is_current: bool
    is_readable: bool
    erasures: int


def find_releases(home: Location, wanted: str | Sequence[str], keys: ReaderKeys) -> tuple[Release, ...]:
    """Find releases of the dataset at ``home``: ``all``, or one or a list of ids and weeks such as ``2026-W40..W48``.

    They come in the order in which they were published. Signed manifests say which are meant, so that a data key is
    needed for these alone. Raises ``UsageError`` where there is none, or no such one; ``RefusedError``, naming them,
    where the reader holds no data key of some.
    """
    catalog, keys, names = _list_releases(home, keys)
    words = [wanted] if isinstance(wanted, str) else list(wanted)
    for word in words:
        if not (word == ALL or word in names or is_weeks(word)):
            raise UsageError(f"{home.shown} has no release {word}; it has {', '.join(names)}; {_FORMS}")
    weeks = [parse_weeks(word) for word in words if is_weeks(word)]
    listed = [name for name in names if weeks or ALL in words or name in words]
    every = [read_listed(home, catalog, name, keys) for name in listed]
    if weeks and every and all(release.manifest.window is None for release in every):
        raise UsageError(
            f"the releases of {home.shown} have no window, so no weeks; pass releases='all' or a list of ids"
        )
    found = [
        release
        for release in every
        if ALL in words
        or release.manifest.release_id in words
        or any(_overlaps(release.manifest.window, first, last) for first, last in weeks)
    ]
    if not found:
        known = ", ".join(f"{release.manifest.release_id} ({release.manifest.window})" for release in every)
        raise UsageError(
            f"{home.shown} has no release of {', '.join(words) or 'an empty list'}; it has {known or ', '.join(names)}"
        )
    return check_readable(found)


def find_week(home: Location, weeks: str, keys: ReaderKeys) -> Release:
    """Find the one release of these weeks; raise ``UsageError``, naming them, where there are several."""
    found = find_releases(home, weeks, keys)
    if len(found) > 1:
        names = ", ".join(release.manifest.release_id for release in found)
        raise UsageError(f"{home.shown} has {len(found)} releases of {weeks}: {names}; pass one of these ids")
    return found[0]


def is_weeks(text: str) -> bool:
    """Return whether a text has the form of weeks, such as ``2026-W40`` or ``2026-W40..W48``."""
    return _WEEKS.fullmatch(text) is not None


def _list_releases(home: Location, keys: ReaderKeys) -> tuple[Catalog, ReaderKeys, list[str]]:
    """Read the catalog at ``home``, and name its releases in the order in which they were published."""
    if not home.join(CATALOG).exists():
        raise UsageError(
            f"{home.shown} holds no {CATALOG} and so is no dataset of keyveil; releases= goes with a dataset"
        )
    catalog, keys = open_catalog(home, keys)
    return catalog, keys, [listed.release_id for listed in catalog.releases]


def parse_weeks(text: str) -> tuple[date, date]:
    """Parse ISO weeks as their first Monday and last Sunday; raise ``UsageError`` for another form.

    >>> parse_weeks("2026-W45..W46")
    (datetime.date(2026, 11, 2), datetime.date(2026, 11, 15))
    """
    match = _WEEKS.fullmatch(text)
    year, week, last_year, last_week = match.groups() if match else ("0", "0", None, None)
    try:
        first = date.fromisocalendar(int(year), int(week), 1)
        last = date.fromisocalendar(int(last_year or year), int(last_week or week), _SUNDAY)
    except ValueError:
        raise UsageError(_FORMS) from None
    if last < first:
        raise UsageError(_FORMS)
    return first, last


def _overlaps(window: str | None, first: date, last: date) -> bool:
    if window is None:
        return False
    begin, _, end = window.partition("..")
    return date.fromisoformat(begin) <= last and date.fromisoformat(end) >= first


def describe_releases(home: Location, keys: ReaderKeys) -> tuple[ReleaseFacts, ...]:
    """Describe every release of the dataset at ``home`` from its signed manifest; needs no data key."""
    catalog, keys, names = _list_releases(home, keys)
    found = [read_listed(home, catalog, name, keys) for name in names]
    return tuple(
        ReleaseFacts(
            release.folder.shown,
            release.manifest.release_id,
            release.manifest.window,
            _count_rows(release, "sessions"),
            _count_rows(release, "events"),
            release.tables,
            release.manifest.release_id == catalog.current,
            release.is_readable,
            len(release.manifest.erasures),
        )
        for release in found
    )


def _count_rows(release: Release, table: str) -> int:
    return sum(shard.rows for shard in release.manifest.shards if shard.path.startswith(f"{table}/"))


class EpisodesOfReleases:
    """Iterates the sessions of several releases, one release after another, one epoch for each ``iter``."""

    def __init__(self, releases: Sequence[Release], plan: ReadPlan) -> None:
        """Raise ``UsageError`` where a column is unknown, or a split is asked for of several releases."""
        if plan.split is not None and len(releases) > 1:
            raise UsageError(
                "split= divides the users of one release, and the same person is another user in each; hold out whole "
                "releases, or pass one release"
            )
        self.parts = tuple(Episodes(release, plan) for release in releases)
        self._part = 0

    def __iter__(self) -> Iterator[Episode]:
        """Yield the rest of the epoch; each episode's state says in which release it is."""
        while self._part < len(self.parts):
            for episode in self.parts[self._part]:
                yield replace(episode, cursor=self.state_dict())
            self._part += 1
        self._part = 0

    @property
    def plans(self) -> tuple[str, ...]:
        """Return the fingerprints that the states of each release carry as their ``plan``, in order."""
        return tuple(plan for part in self.parts for plan in part.plans)

    def set_epoch(self, epoch: int) -> None:
        """Begin ``epoch`` from its start."""
        self._part = 0
        for part in self.parts:
            part.set_epoch(epoch)

    def state_dict(self) -> State:
        """Return the position behind the episode that was yielded last, as JSON can hold it."""
        part = self.parts[min(self._part, len(self.parts) - 1)]
        return {"release": part.release.manifest.release_id, **part.state_dict()}

    def load_state_dict(self, state: Mapping[str, int | str]) -> None:
        """Take up an iteration; raise ``UsageError`` where the state is of other releases or another plan."""
        ids = [part.release.manifest.release_id for part in self.parts]
        if state.get("release") not in ids:
            raise UsageError("the state was saved with other releases; open those")
        self._part = ids.index(str(state["release"]))
        self.parts[self._part].load_state_dict({name: value for name, value in state.items() if name != "release"})
        epoch = int(state["epoch"])
        for number, part in enumerate(self.parts):
            if number != self._part:
                part.set_epoch(epoch if number > self._part else epoch + 1)

    def share(self, worker: int, workers: int) -> "EpisodesOfReleases":
        """Return the part of one of this reader's data-loader workers."""
        plan = self.parts[0].plan.for_worker(worker, workers)
        return EpisodesOfReleases([part.release for part in self.parts], plan)
