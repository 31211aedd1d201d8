"""The sessions of a release as a stream that can be stopped, kept as a small state, and resumed."""

from collections.abc import Iterator, Mapping

from keyveil.read_plan import ReadPlan, ReadPosition, explain_misfit, order_in_window, units_of
from keyveil.records import Episode
from keyveil.release import Release
from keyveil.session_scan import ScannedSession, columns_of, sessions_from
from schemas.errors import UsageError

State = dict[str, int | str]

_WINDOW_ROWS = 262_144
_START = ReadPosition(0, 0)


class Episodes:
    """Iterates the sessions of one reader, one epoch for each ``iter``; memory does not grow with the release.

    The state is a position, never data: it is a few numbers that JSON can hold, and holds nothing of a session. A new
    iteration begins where ``load_state_dict`` says, else where the last one stopped.
    """

    def __init__(self, release: Release, plan: ReadPlan) -> None:
        """Raise ``UsageError`` where a column is unknown."""
        self.release, self.plan = release, plan
        self.columns = columns_of(release, plan)
        self._fingerprint = plan.fingerprint(
            release.manifest.release_id, [shard.sha256 for shard in release.shards("events")]
        )
        self._epoch, self._start, self._taken = 0, _START, 0

    def __iter__(self) -> Iterator[Episode]:
        """Yield the rest of the epoch; when it is exhausted, the next iteration begins the next epoch."""
        epoch, start, taken = self._epoch, self._start, self._taken
        name = self.release.manifest.release_id
        units = units_of(len(self.release.shards("events")), self.plan, epoch)
        for begin, window in self._windows(sessions_from(self.release, self.plan, units, start), start):
            order = order_in_window(len(window), self.plan, epoch, begin)
            for place in order[taken:]:
                taken += 1
                found, is_last = window[place], taken == len(window)
                self._start, self._taken = (window[-1].behind, 0) if is_last else (begin, taken)
                yield Episode(found.session, found.user, found.events, self.state_dict(), name)
            taken = 0
        self.set_epoch(epoch + 1)

    def _windows(
        self, found: Iterator[ScannedSession], start: ReadPosition
    ) -> Iterator[tuple[ReadPosition, list[ScannedSession]]]:
        """Yield the place before each window and its sessions; where one ends depends on the data alone."""
        most = 1 if self.plan.seed is None else self.plan.window
        window: list[ScannedSession] = []
        rows = 0
        for item in found:
            window.append(item)
            rows += item.passed
            if len(window) == most or rows >= _WINDOW_ROWS:
                yield start, window
                start, window, rows = item.behind, [], 0
        if window:
            yield start, window

    @property
    def plans(self) -> tuple[str, ...]:
        """Return the fingerprint that states carry as their ``plan``."""
        return (self._fingerprint,)

    def set_epoch(self, epoch: int) -> None:
        """Begin ``epoch`` from its start; a seed gives each epoch another order."""
        self._epoch, self._start, self._taken = epoch, _START, 0

    def state_dict(self) -> State:
        """Return the position behind the episode that was yielded last, as JSON can hold it."""
        place = {"epoch": self._epoch, "unit": self._start.unit, "session": self._start.session, "taken": self._taken}
        return {"plan": self._fingerprint, **place}

    def load_state_dict(self, state: Mapping[str, int | str]) -> None:
        """Resume an iteration; raise ``UsageError`` where the state is of another plan, or of other files."""
        if state.get("plan") != self._fingerprint:
            raise UsageError(explain_misfit([state.get("plan")], self.plans))
        self._epoch, self._taken = int(state["epoch"]), int(state["taken"])
        self._start = ReadPosition(int(state["unit"]), int(state["session"]))

    def share(self, worker: int, workers: int) -> "Episodes":
        """Return the part of one of this reader's data-loader workers."""
        return Episodes(self.release, self.plan.for_worker(worker, workers))
