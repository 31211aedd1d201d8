"""Thirty nights of a company with everything that goes wrong, against one run over the same logs.

Run: python benchmarks/nights.py [--sessions 4] [--seed 0] [--kills 12]

Windows of five days. On the way: files that come a day or a window late, copies, runs killed at random points of their
writing (also while a window is released), a pause on night 9, a rotation of every key on night 14, an erasure on night
20, and from night 25 on a budget that refuses the release until it is raised on night 27. The conditions at the end are
in tests/support/simulation.py. Prints each step and exits 1 on the first violation.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.support.days import make_sessions, write_days
from tests.support.nights import Company
from tests.support.simulation import Course, Faults, Violation, check, last_days, simulate

NIGHTS = 30
LATE = {4: 6, 7: 10, 12: 13, 23: 29}
"""After its window was released, twice within it, and after it again."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("sessions", 4), ("seed", 0), ("kills", 12)):
        parser.add_argument(f"--{name}", type=int, default=default)
    words = parser.parse_args()
    faults = Faults(
        window_days=5,
        paused=9,
        rotated=14,
        erased=20,
        refused=25,
        raised=27,
        late=LATE,
        copied=(11, 21),
        tight=0.5,
        kills=words.kills,
    )
    days = last_days(NIGHTS, faults.window_days)
    sessions = [*make_sessions(days, words.sessions, words.seed)]
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder), ("--set", f"schedule.window_days={faults.window_days}"))
        files = write_days(company.logs, sessions)
        rng = random.Random(words.seed)  # noqa: S311 - picks faults, hides nothing
        course = Course(company, days, faults, rng)
        try:
            simulate(course)
            held = check(course, sessions, files)
        except Violation as violation:
            print(f"VIOLATED: {violation}")
            return 1
        events = sum(len(part) for part in sessions)
        print(f"{NIGHTS} nights, {len(sessions)} sessions, {events} events, {len(company.releases())} releases")
    for what, count in course.done.items():
        print(f"{what}: {count}")
    rows, spans = (sum(sum(getattr(of, name).values()) for of in held.values()) for name in ("kinds", "spans"))
    print(f"the same as one run: {len(held)} sessions, {rows} rows by kind, {spans} redacted spans")
    used = os.times()
    cpu = used.user + used.system + used.children_user + used.children_system
    print(f"{cpu:.0f} CPU seconds, {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
