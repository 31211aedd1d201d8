"""A process that read shards just before it ends waits until no thread opens one any more."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from keyveil.shards import shutdown
from schemas.errors import FailedError


@dataclass
class Clock:
    """A clock whose sleeps take ``lag`` longer than they should, and during which calls come at times of their own."""

    now: float = 100.0
    lag: float = 0.0
    calls: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds + self.lag
        while self.calls and self.calls[0] <= self.now:
            shutdown._Calls.last = self.calls.pop(0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    monkeypatch.setattr(shutdown, "time", made)
    monkeypatch.setattr(shutdown._Calls, "last", float("-inf"))
    yield made
    shutdown._Calls.leaving = False


def leave(clock: Clock) -> float:
    shutdown._leave()
    return clock.now - 100.0


@pytest.mark.parametrize(
    ("last", "lag", "calls", "waited"),
    [
        (float("-inf"), 0.0, [], 0.0),
        (95.0, 0.0, [], 0.0),
        (95.01, 0.0, [], 0.3),  # also where the last call is some seconds ago: what was just read may open the next
        (99.9, 0.0, [], 0.3),
        (99.9, 0.0, [100.2], 0.5),
        (99.9, 0.1, [], 2.0),
        (99.9, 1.0, [], 10.0),
    ],
)
def test_a_process_waits_for_calls_that_may_come(
    last: float, lag: float, calls: list[float], waited: float, clock: Clock
) -> None:
    clock.lag, clock.calls, shutdown._Calls.last = lag, calls, last
    assert leave(clock) == pytest.approx(waited, abs=0.021 + lag)


def test_no_shard_is_opened_once_the_process_is_leaving(clock: Clock) -> None:
    shutdown.note_call()
    assert shutdown._Calls.last == clock.now
    leave(clock)
    with pytest.raises(FailedError, match="the scan was stopped"):
        shutdown.note_call()
