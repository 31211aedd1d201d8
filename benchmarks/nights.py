"""Thirty nights of a company with everything that goes wrong, against one run over the same logs.

Run: python benchmarks/nights.py [--nights 30] [--sessions 4] [--seed 0] [--kills 12]

Windows of five days. On the way: files that come a day or a window late, copies, runs killed at random points of their
writing (also while a window is released), a pause on night 9, a rotation of every key on night 14, an erasure on night
20, and from night 25 on a budget that refuses the release until it is raised on night 27. At the end the releases have
to hold, session by session, the row kinds and redacted spans of one run over all logs with those who are left; each
session once and whole; a sound ledger with one charge a release; releases that verify; nothing staged, and no text of
the logs in private state. Prints what was done and exits 1 on the first violation.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipelines.account import Account
from pipelines.nights.days import days_between, window_of
from tests.support.days import USERS, Event, make_sessions, write_days
from tests.support.killing import KILLED
from tests.support.nights import Company, Held, Told, keyveil
from transforms.keys.provider import SECRET_ROLES, KeyReference, KeyRole, KeySet
from transforms.noise.ledger_entries import Reservation

WINDOW_DAYS = 5
LAST = date(2026, 11, 22)
PAUSED, ROTATED, ERASED, REFUSED, RAISED = 9, 14, 20, 25, 27
LATE = {4: 6, 7: 10, 12: 13, 23: 29}
"""Night whose file is late, and the night on which it comes: after its window, two in the window, after a window."""

COPIED = (11, 21)
GONE = USERS[3]
CANARIES = (b"Marwick", b"555-0142", b"Larch Row")
TIGHT = "0.5"


class Violation(Exception):  # noqa: N818 - what the benchmark looks for
    """Something does not hold."""


@dataclass(slots=True)
class Course:
    """What happened so far."""

    company: Company
    days: Sequence[date]
    rng: random.Random
    kills: int
    done: Counter[str] = field(default_factory=Counter)

    def logs_of(self, night: int) -> list[Path]:
        """Return the files of whole sessions that lie under a night, in order."""
        folder = self.company.logs / self.days[night - 1].isoformat()
        return sorted(folder.glob(f"{folder.name}-*.jsonl"))

    def run(self, night: int, code: int, *more: str, since: int | None = None) -> Told:
        """Run the nights from ``since`` to ``night``; kill it first, now and then, at a random point."""
        first, last = self.days[(since or night) - 1], self.days[night - 1]
        words = ("--days", f"{first.isoformat()}..{last.isoformat()}", *more)
        ends = window_of(last, WINDOW_DAYS).last == last
        while self.kills and code == 0 and self.rng.random() < (0.8 if ends else 0.3):
            self.kills -= 1
            point = self.rng.randrange(1, 80 if ends else 30)
            killed = self.company.killed(point, *words)
            require(killed in {0, KILLED}, f"night {night}: a run that was to be killed ended with {killed}")
            self.done["killed runs"] += killed == KILLED
        told = self.company.run(*words)
        require(told.code == code, f"night {night}: exit code {told.code}, not {code}: {told.err}")
        if code == 0:
            for key in ("late", "duplicates", "late_sessions"):
                self.done[key] += sum(item[key] for item in told.json["nights"])
        return told


def require(holds: object, otherwise: str) -> None:
    if not holds:
        raise Violation(otherwise)


def simulate(course: Course, nights: int) -> None:
    """Live through the nights."""
    hidden = hide_late(course, nights)
    for night in range(1, nights + 1):
        for path, content in hidden.get(night, ()):
            path.write_bytes(content)
        prepare(course, night)
        if night == PAUSED:
            pause(course)
            continue
        tight = ("--set", f"noise.lifetime_epsilon={TIGHT}") if REFUSED <= night < RAISED else ()
        told = course.run(night, 3 if tight else 0, *tight, since=PAUSED if night == PAUSED + 1 else None)
        if tight:
            require("lifetime budget" in told.err, f"night {night}: refused for another reason: {told.err}")
            course.done["refused releases"] += 1


def hide_late(course: Course, nights: int) -> dict[int, list[tuple[Path, bytes]]]:
    """Take away the files that come late; return them by the night on which they come."""
    hidden: dict[int, list[tuple[Path, bytes]]] = {}
    for night, comes in LATE.items():
        if comes <= nights:
            path = course.logs_of(night)[0]
            hidden.setdefault(comes, []).append((path, path.read_bytes()))
            path.unlink()
    return hidden


def prepare(course: Course, night: int) -> None:
    """Let happen what happens before the run of a night."""
    company = course.company
    if night in COPIED:
        path = course.logs_of(night)[0]
        shutil.copy(path, path.with_name("copy.jsonl"))
    if night == ROTATED:
        for role in (*SECRET_ROLES, KeyRole.SIGNING):
            require(keyveil("keys", "rotate", "--role", role.value, company.keys).code == 0, f"{role} not rotated")
            course.done["rotated keys"] += 1
    if night == ERASED:
        words = ("erase", "--user", GONE, company.output, "--keys", company.keys, "--state", company.state)
        told = keyveil(*words)
        require(told.code == 0, f"the erasure failed: {told.err}")
        course.done["erasures"] += 1


def pause(course: Course) -> None:
    """Refuse a night because of a pause, which ends before the next one."""
    output = course.company.output
    require(keyveil("pause", output, "--reason", "an incident").code == 0, "no pause")
    course.run(PAUSED, 3)
    require(keyveil("resume", output).code == 0, "no end of the pause")
    course.done["paused nights"] += 1


def check(course: Course, sessions: Sequence[Sequence[Event]], files: Sequence[Path]) -> dict[str, Held]:
    """Look at everything that was left and compare it with one run."""
    company = course.company
    held = company.held(company.releases(), sessions)
    whole = company.held(
        [company.one_shot(files, [user for user in USERS if user != GONE or not course.done["erasures"]])], sessions
    )
    require(set(held) == set(whole), f"{len(set(held) ^ set(whole))} sessions differ")
    for name, of in whole.items():
        require(held[name] == of, f"session {name} has other rows or spans")
    reference = KeyReference.parse(str(company.keys))
    ledger = Account.of(KeySet.open(reference), str(company.state), reference).ledger()
    spent = [entry.charge_id for entry in ledger.entries if isinstance(entry, Reservation)]
    sealed = [name for name in spent if ledger.commit(name) is not None]
    require(sorted(sealed) == sorted(path.name for path in company.releases()), "charges and releases differ")
    course.done["charges whose run was killed and begun anew under another id"] = len(spent) - len(sealed)
    words = ("--keys", company.keys, "--state", company.state)
    require(keyveil("ledger", "show", *words).code == 0, "the ledger does not verify")
    told = keyveil("verify", company.output, *words)
    require(told.code == 0, f"a release does not verify: {told.err}")
    for kind in ("staged", "held"):
        require(not company.resting(kind), f"something is still {kind}")
    for path in (path for path in company.state.rglob("*") if path.is_file()):
        content = path.read_bytes()
        require(not any(word in content for word in CANARIES), f"{path} holds text of the logs")
    return held


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("nights", 30), ("sessions", 4), ("seed", 0), ("kills", 12)):
        parser.add_argument(f"--{name}", type=int, default=default)
    words = parser.parse_args()
    first = window_of(date.fromordinal(LAST.toordinal() - words.nights), WINDOW_DAYS).first
    days = days_between(first, date.fromordinal(first.toordinal() + words.nights - 1))
    sessions = [*make_sessions(days, words.sessions, words.seed)]
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder), ("--set", f"schedule.window_days={WINDOW_DAYS}"))
        files = write_days(company.logs, sessions)
        rng = random.Random(words.seed)  # noqa: S311 - picks faults, hides nothing
        course = Course(company, days, rng, words.kills)
        try:
            simulate(course, words.nights)
            held = check(course, sessions, files)
        except Violation as violation:
            print(f"VIOLATED: {violation}")
            return 1
        events = sum(len(part) for part in sessions)
        print(f"{words.nights} nights, {len(sessions)} sessions, {events} events, {len(company.releases())} releases")
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
