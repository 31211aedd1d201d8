"""Nights of a company with everything that goes wrong, and what has to hold at their end.

The releases hold, session by session, the row kinds and redacted spans of one run over all logs with those who are
left; each session once and whole; the ledger is sound and has one charge a release; releases verify; nothing is staged
any more, and no text of the logs lies in private state.
"""

import random
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipelines.budget.account import LedgerAccount
from pipelines.nightly.days import days_between, find_window
from pipelines.nightly.journal import NIGHTS, Journal
from pipelines.nightly.records import NightStaged, Record
from pipelines.state.private_state import PrivateState
from tests.support.days import USERS, Event
from tests.support.kill_points import KILLED
from tests.support.nights import Company, Held, Told, keyveil
from transforms.keys.key_set import SECRET_ROLES, KeyReference, KeyRole
from transforms.privacy.ledger_entries import Reservation

GONE = USERS[3]
_LAST = date(2026, 11, 22)
_CANARIES = (b"Marwick", b"555-0142", b"Larch Row")


class Violation(Exception):  # noqa: N818 - what a simulation looks for
    """Something does not hold."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults by night, counted from 1.

    ``late`` maps the night whose first file is late to the night on which it comes. From night ``refused`` on the
    lifetime budget is ``tight``, until night ``raised``. ``kills`` runs at most are killed.
    """

    window_days: int
    paused: int
    rotated: int
    erased: int
    refused: int
    raised: int
    late: Mapping[int, int]
    copied: tuple[int, ...]
    tight: float
    kills: int


@dataclass(slots=True)
class Course:
    """Events so far."""

    company: Company
    days: Sequence[date]
    faults: Faults
    rng: random.Random
    done: Counter[str] = field(default_factory=Counter)

    def logs_of(self, night: int) -> list[Path]:
        """Return the files of whole sessions that lie under a night, in order."""
        folder = self.company.logs / self.days[night - 1].isoformat()
        return sorted(folder.glob(f"{folder.name}-*.jsonl"))

    def run(self, night: int, code: int, *more: str, since: int | None = None) -> Told:
        """Run the nights from ``since`` to ``night``; kill it first, now and then, at a random point."""
        first, last = self.days[(since or night) - 1], self.days[night - 1]
        words = ("--days", f"{first.isoformat()}..{last.isoformat()}", *more)
        ends = find_window(last, self.faults.window_days).last == last
        while self.done["kills tried"] < self.faults.kills and not code and self.rng.random() < (0.8 if ends else 0.3):
            self.done["kills tried"] += 1
            point = self.rng.randrange(1, 80 if ends else 30)
            killed = self.company.killed(point, *words)
            require(killed in {0, KILLED}, f"night {night}: a run that was to be killed ended with {killed}")
            self.done["killed runs"] += killed == KILLED
        told = self.company.run(*words)
        require(told.code == code, f"night {night}: exit code {told.code}, not {code}: {told.err}")
        return told


def require(holds: object, otherwise: str) -> None:
    """Raise ``Violation`` unless something holds."""
    if not holds:
        raise Violation(otherwise)


def simulate(course: Course) -> None:
    """Live through the nights."""
    faults, hidden = course.faults, hide_late(course)
    for night in range(1, len(course.days) + 1):
        for path, content in hidden.get(night, ()):
            path.write_bytes(content)
        prepare(course, night)
        if night == faults.paused:
            pause(course)
            continue
        tight = ("--set", f"noise.lifetime_epsilon={faults.tight}") if faults.refused <= night < faults.raised else ()
        since = faults.paused if night == faults.paused + 1 else None
        told = course.run(night, 3 if tight else 0, *tight, since=since)
        if tight:
            require("lifetime budget" in told.err, f"night {night}: refused for another reason: {told.err}")
            course.done["refused releases"] += 1


def hide_late(course: Course) -> dict[int, list[tuple[Path, bytes]]]:
    """Take away the files that come late; return them by the night on which they come."""
    hidden: dict[int, list[tuple[Path, bytes]]] = {}
    for night, comes in course.faults.late.items():
        path = course.logs_of(night)[0]
        hidden.setdefault(comes, []).append((path, path.read_bytes()))
        path.unlink()
    return hidden


def prepare(course: Course, night: int) -> None:
    """Let happen what happens before the run of a night."""
    company = course.company
    if night in course.faults.copied:
        path = course.logs_of(night)[0]
        shutil.copy(path, path.with_name("copy.jsonl"))
    if night == course.faults.rotated:
        for role in (*SECRET_ROLES, KeyRole.SIGNING):
            require(keyveil("keys", "rotate", "--role", role.value, company.keys).code == 0, f"{role} not rotated")
            course.done["rotated keys"] += 1
    if night == course.faults.erased:
        words = ("erase", "--user", GONE, company.output, "--keys", company.keys, "--state", company.state)
        told = keyveil(*words)
        require(told.code == 0, f"the erasure failed: {told.err}")
        course.done["erasures"] += 1


def pause(course: Course) -> None:
    """Refuse a night because of a pause, which ends before the next one."""
    output = course.company.output
    require(keyveil("pause", output, "--reason", "an incident").code == 0, "no pause")
    course.run(course.faults.paused, 3)
    require(keyveil("resume", output).code == 0, "no end of the pause")
    course.done["paused nights"] += 1


def check(course: Course, sessions: Sequence[Sequence[Event]], files: Sequence[Path]) -> dict[str, Held]:
    """Look at everything that was left and compare it with one run."""
    company = course.company
    held = company.held(company.releases(), sessions)
    whole = company.held([company.one_shot(files, [user for user in USERS if user != GONE])], sessions)
    require(set(held) == set(whole), f"{len(set(held) ^ set(whole))} sessions differ")
    for name, of in whole.items():
        require(held[name] == of, f"session {name} has other rows or spans")
    reference = KeyReference.parse(str(company.keys))
    ledger = LedgerAccount.of(PrivateState.of(reference, str(company.state))).ledger()
    spent = [entry.charge_id for entry in ledger.entries if isinstance(entry, Reservation)]
    sealed = [Path(commit.release).name for commit in map(ledger.find_commit, spent) if commit is not None]
    require(sorted(sealed) == sorted(path.name for path in company.releases()), "charges and releases differ")
    course.done["charges whose run was killed and begun again under another id"] = len(spent) - len(sealed)
    words = ("--keys", company.keys, "--state", company.state)
    require(keyveil("ledger", "show", *words).code == 0, "the ledger does not verify")
    told = keyveil("verify", company.output, *words)
    require(told.code == 0, f"a release does not verify: {told.err}")
    for kind in ("staged", "held"):
        require(not company.resting(kind), f"something is still {kind}")
    nights = [record for record in _journal(company, reference) if isinstance(record, NightStaged)]
    course.done["late"], course.done["duplicates"] = (
        sum(getattr(n, of) for n in nights) for of in ("late", "duplicates")
    )
    for path in (path for path in Path(company.state).rglob("*") if path.is_file()):
        content = path.read_bytes()
        require(not any(word in content for word in _CANARIES), f"{path} holds text of the logs")
        require(path.suffix != ".part" or NIGHTS not in path.parts, f"{path} was left by a killed run")
    return held


def _journal(company: Company, reference: KeyReference) -> tuple[Record, ...]:
    return Journal.of(PrivateState.of(reference, str(company.state)), "sessions").read()


def last_days(count: int, window_days: int) -> Sequence[date]:
    """Return so many days from the beginning of a window on, all of them over."""
    first = find_window(date.fromordinal(_LAST.toordinal() - count), window_days).first
    return days_between(first, date.fromordinal(first.toordinal() + count - 1))
