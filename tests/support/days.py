"""Logs of many days, made from the bundled recording: a few short sessions a day, some of which cross midnight."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

_LOG = Path(__file__).parents[2] / "examples" / "recordings" / "synthetic-office.jsonl"
_TEMPLATES = ("office-2", "office-5", "office-6")
USERS = ("user-a", "user-b", "user-c", "user-d")
_DAY_US = 86_400_000_000
_EPOCH = date(1970, 1, 1)

Event = dict[str, Any]


def days_from(first: date, count: int) -> list[date]:
    """Return ``count`` days from ``first`` on."""
    return [first + timedelta(days=number) for number in range(count)]


def make_sessions(days: Sequence[date], a_day: int, seed: int) -> Iterator[list[Event]]:
    """Yield sessions of ``days``; the last of every third day, but for the last of all, goes on over midnight."""
    templates: dict[str, list[Event]] = {}
    for line in _LOG.read_text().splitlines():
        event = json.loads(line)
        templates.setdefault(event["session_id"], []).append(event)
    rng = random.Random(seed)
    for number, day in enumerate(days):
        midnight = (day - _EPOCH).days * _DAY_US
        for place in range(a_day):
            events = templates[rng.choice(_TEMPLATES)]
            length = events[-1]["t_us"] - events[0]["t_us"]
            crosses = place == a_day - 1 and number % 3 == 1 and number < len(days) - 1
            start = midnight + (_DAY_US - length // 2 if crosses else rng.randrange(_DAY_US // 24 * 22))
            names = {"session_id": f"{day.isoformat()}-{place}", "user_id": USERS[rng.randrange(len(USERS))]}
            yield [event | names | {"t_us": event["t_us"] - events[0]["t_us"] + start} for event in events]


def write_days(folder: Path, sessions: Sequence[Sequence[Event]]) -> list[Path]:
    """Write the events of each session into the folder of the day on which they happened, a file a session and day."""
    written = []
    for events in sessions:
        for day in sorted({event["t_us"] // _DAY_US for event in events}):
            target = folder / (_EPOCH + timedelta(days=day)).isoformat() / f"{events[0]['session_id']}.jsonl"
            target.parent.mkdir(parents=True, exist_ok=True)
            lines = [json.dumps(event) for event in events if event["t_us"] // _DAY_US == day]
            target.write_text("".join(f"{line}\n" for line in lines))
            written.append(target)
    return written
