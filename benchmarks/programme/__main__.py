"""A programme of many weeks: joins, withdrawals, erasures, rotations, lost disks, and what operators get wrong.

Run: python -m benchmarks.programme [--weeks 104] [--people 30] [--seed 0] [--window 7]

Every night one session of somebody; at the end of each window one release. A tenth of the people join late, a tenth
leave. Spread over the weeks: 12 withdrawals, 5 erasures, 4 rotations of a key, 2 lost disks (key set and state restored
from the backup of that night), each mistake of ``MISTAKES`` once. A mistake must end with 1 or 3 and one sentence,
and charge nothing. At the end the releases hold, whole, each session that its person had agreed to and no other; no
window went unreleased; the budget was not passed; and everything verifies, also with the public key of the first day.
"""

import argparse
import os
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.programme.course import Programme
from benchmarks.programme.final_check import check_end
from benchmarks.programme.mistakes import MISTAKES
from tests.support.beam_arguments import remember_arguments
from tests.support.nights import keyveil
from tests.support.simulation import require
from transforms.keys.key_set import SECRET_ROLES, KeyRole

WITHDRAWALS, ERASURES, ROTATIONS, LOST_DISKS = 12, 5, 4, 2
QUARTER = 13


def live(at: Programme) -> None:
    """Live through the days."""
    events = plan_events(at)
    for number, day in enumerate(at.days):
        at.register(day)
        for name in events.get(number, ()):
            happen(at, name, day)
        told = at.run(day)
        require(told.code in (0, 1), f"{day}: exit code {told.code}: {told.err}")
        require(told.code == 0 or told.err.count("keyveil: ") == 1, f"{day}: {told.err}")
        windows, days = divmod(number + 1, at.window_days)
        if not days and windows % QUARTER == 0:
            print(f"{windows} windows: {count_cpu_seconds():.0f} CPU seconds", flush=True)


def count_cpu_seconds() -> float:
    """Count the CPU seconds of this process and its children so far."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def plan_events(at: Programme) -> dict[int, list[str]]:
    """Spread what happens over the days behind the first tenth."""
    names = ["withdrawal"] * WITHDRAWALS + ["erasure"] * ERASURES + ["rotation"] * ROTATIONS
    names += ["lost disk"] * LOST_DISKS + list(MISTAKES)
    at.rng.shuffle(names)
    begin = max(1, len(at.days) // 10)
    planned: dict[int, list[str]] = {}
    for place, name in enumerate(names):
        planned.setdefault(begin + place * (len(at.days) - begin) // len(names), []).append(name)
    return planned


def happen(at: Programme, name: str, day: date) -> None:
    """Let one thing happen before the night of ``day``."""
    at.done[name] += 1
    gone = at.withdrawn.keys() | at.erased
    left = [person for person in at.people[1:] if at.joined.get(person, day) <= day and person not in gone]
    if name in MISTAKES:
        before = len(at.ledger().reservations())
        told = MISTAKES[name](at, day)
        require(told.code in (1, 3), f"{day}: {name} ended with {told.code}")
        require(told.err.count("\n") == 1, f"{day}: {name} was not told in one sentence: {told.err}")
        require(len(at.ledger().reservations()) <= before + (name == "no logs"), f"{day}: {name} was charged")
    elif name == "withdrawal" and left:
        at.withdrawn[at.rng.choice(left)] = day
        at.register(day)
    elif name == "erasure" and left:
        person = at.rng.choice(left)
        told = at.command("erase", "--user", person, str(at.company.output), "--consent", str(at.company.consent))
        require(told.code == 0, f"{day}: the erasure ended with {told.code}: {told.err}")
        at.erased.add(person)
    elif name == "rotation":
        role = KeyRole.SIGNING if at.done[name] == 1 else at.rng.choice((*SECRET_ROLES, KeyRole.SIGNING))
        told = keyveil("keys", "rotate", at.company.keys, "--role", role)
        require(told.code == 0, f"{day}: the rotation of {role} ended with {told.code}: {told.err}")
    elif name == "lost disk":
        lose_disk(at)


def lose_disk(at: Programme) -> None:
    """Back up key set and state, lose both, and put them back."""
    backup = at.company.folder / "backup"
    for place in (at.company.keys, Path(at.company.state)):
        shutil.copytree(place, backup / place.name)
        shutil.rmtree(place)
        shutil.copytree(backup / place.name, place)
    shutil.rmtree(backup)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("weeks", 104), ("people", 30), ("seed", 0), ("window", 7)):
        parser.add_argument(f"--{name}", type=int, default=default)
    words = parser.parse_args()
    remember_arguments()
    with tempfile.TemporaryDirectory() as folder:
        at = Programme.start(Path(folder), words.weeks, words.window, words.people, words.seed)
        live(at)
        print(f"all nights: {count_cpu_seconds():.0f} CPU seconds", flush=True)
        check_end(at)
        spent = at.command("ledger", "show", "--json").json
    for what, count in sorted(at.done.items()):
        print(f"{what}: {count}")
    print(f"{words.weeks} windows of {words.window} days, {words.people} people")
    print(f"epsilon {spent['spent']['user']:.3f} of {spent['lifetime_epsilon']:g} spent")
    print(f"{count_cpu_seconds():.0f} CPU seconds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
