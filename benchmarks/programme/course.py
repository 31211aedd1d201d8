"""A company over many windows, and what happened so far."""

import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pipelines.budget.account import LedgerAccount
from pipelines.nightly.days import find_window
from pipelines.state.private_state import PrivateState
from tests.support.days import Event, make_sessions, write_days
from tests.support.nights import Company, Told, keyveil
from transforms.aggregate.settings import round_people
from transforms.keys.key_set import KeyReference
from transforms.privacy.ledger import Ledger

FIRST = date(2024, 1, 1)
_GRANTED = "2020-01-01T00:00:00Z"


@dataclass(slots=True)
class Programme:
    """A company over many windows, and what happened so far."""

    company: Company
    rng: random.Random
    people: list[str]
    window_days: int
    days: list[date]
    sessions: list[list[Event]]
    joined: dict[str, date]
    left: dict[str, date]
    withdrawn: dict[str, date] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)

    @classmethod
    def start(cls, folder: Path, windows: int, window_days: int, people: int, seed: int) -> "Programme":
        """Make the company, its people, and one session a day of one of them."""
        rng = random.Random(seed)  # noqa: S311 - picks what happens, hides nothing
        first = find_window(FIRST, window_days).first
        days = [first + timedelta(days=number) for number in range(windows * window_days)]
        names = [f"person-{number}" for number in range(people)]
        moving = rng.sample(names[1:], max(2, people // 5))
        joined = {name: rng.choice(days) for name in moving[::2]}
        left = {name: rng.choice(days) for name in moving[1::2]}
        sessions = []
        for day, events in zip(days, make_sessions(days, 1, seed), strict=True):
            there = [name for name in names if left.get(name, date.max) > day]
            sessions.append(_give(events, rng.choice(there)))
        parts = ("aggregates.naming=null", "aggregates.counting=null", f"aggregates.people={round_people(people)}")
        settings = (f"schedule.window_days={window_days}", *parts)
        company = Company(folder, tuple(word for setting in settings for word in ("--set", setting)))
        write_days(company.logs, sessions)
        shutil.copy(company.keys / "signing.public.pem", folder / "first.pem")
        made = cls(company, rng, names, window_days, days, sessions, joined, left)
        made.register(days[0])
        return made

    def register(self, day: date) -> None:
        """Write the registry of a day: who joined by then, with the time of withdrawal of those who withdrew."""
        rows = [
            f"{name},training,1,{self.grant_of(name)},{_begin(self.withdrawn[name]) if name in self.withdrawn else ''}"
            for name in self.people
            if self.joined.get(name, day) <= day
        ]
        text = "\n".join(["user_id,purpose,version,granted_at,withdrawn_at", *rows]) + "\n"
        self.company.consent.write_text(text, encoding="utf-8")

    def grant_of(self, name: str) -> str:
        """Return the time from which somebody agreed: long ago, or the beginning of the day on which they joined."""
        return _begin(self.joined[name]) if name in self.joined else _GRANTED

    def ledger(self) -> Ledger:
        """Read the ledger."""
        reference = KeyReference.parse(str(self.company.keys))
        return LedgerAccount.of(PrivateState.of(reference, str(self.company.state))).ledger()

    def run(self, day: date) -> Told:
        """Run a night, and count what it releases."""
        told = self.company.run("--day", day.isoformat())
        made = len(told.json["releases"]) if told.out else 0
        if made:
            shutil.copy(self.company.consent, self.company.folder / "obeyed.csv")
        self.done["releases"] += made
        return told

    def command(self, *words: str) -> Told:
        """Run a command with the company's keys and state."""
        return keyveil(*words, "--keys", self.company.keys, "--state", str(self.company.state))


def _begin(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _give(events: list[Event], name: str) -> list[Event]:
    return [event | {"user_id": name} for event in events]
