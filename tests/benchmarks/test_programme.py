"""The programme of many weeks, before its first night: everything happens once, nothing before the first release."""

from pathlib import Path

import pytest

from benchmarks.programme.__main__ import ERASURES, LOST_DISKS, ROTATIONS, WITHDRAWALS, plan_events
from benchmarks.programme.course import Programme
from benchmarks.programme.mistakes import MISTAKES


@pytest.mark.parametrize("windows", [4, 104])
def test_everything_is_planned_as_often_as_stated(windows: int, tmp_path: Path) -> None:
    at = Programme.start(tmp_path, windows, 1, 30, 0)
    planned = plan_events(at)
    names = [name for events in planned.values() for name in events]
    assert {name: names.count(name) for name in names} == {
        "withdrawal": WITHDRAWALS,
        "erasure": ERASURES,
        "rotation": ROTATIONS,
        "lost disk": LOST_DISKS,
        **dict.fromkeys(MISTAKES, 1),
    }
    assert all(0 < day < windows for day in planned)
    assert {events[0]["user_id"] for events in at.sessions} <= set(at.people)
