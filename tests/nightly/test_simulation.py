"""Nights with everything that goes wrong, in small; benchmarks/nights.py lives through thirty."""

import random
from pathlib import Path

from tests.support.days import make_sessions, write_days
from tests.support.nights import Company
from tests.support.simulation import Course, Faults, check, last_days, simulate


def test_nights_with_faults_hold_what_one_run_holds(tmp_path: Path) -> None:
    faults = Faults(
        window_days=2,
        paused=3,
        rotated=5,
        erased=6,
        refused=6,
        raised=7,
        late={1: 2, 2: 5},
        copied=(4,),
        tight=0.5,
        kills=4,
    )
    days = last_days(8, faults.window_days)
    sessions = [*make_sessions(days, 2, 11)]
    company = Company(tmp_path, ("--set", f"schedule.window_days={faults.window_days}"))
    files = write_days(company.logs, sessions)
    course = Course(company, days, faults, random.Random(3))
    simulate(course)
    assert len(check(course, sessions, files)) > len(sessions) // 2
    done = course.done
    assert (done["late"], done["duplicates"], done["erasures"], done["refused releases"]) == (2, 1, 1, 1)
    assert done["killed runs"] > 1
    assert len(company.releases()) == 4
