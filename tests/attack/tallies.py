"""Attacks by counts: in a release of aggregates alone, no public file may hold an exact number of people's events."""

import base64
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.attack.campaign import Home, Verdict
from tests.attack.recordings import Recording, iban, lines, token

FEWEST, MOST = 130, 420
PER_RUN = 20
_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:[,'\u202f\u2009 ]\d{3})+(?![\w.])|(?<![\w.])\d+(?![\w]|\.\d)")
_CONTEXT = 24


def counted(folder: Path, draw: Random) -> tuple[Home, dict[str, int]]:
    """Run over a log with numbers of events drawn at random, and return the numbers that are true of it."""
    names = ("mails", "accounts", "passwords", "clicks", "titles", "pastes", "rejected")
    counts = dict(zip(names, draw.sample(range(FEWEST, MOST), len(names)), strict=True))
    users = [Recording(f"s{number}", f"u{number}", draw) for number in range(draw.randint(11, 60))]
    for _ in range(counts["mails"]):
        draw.choice(users).screen(f"mail {token(draw)}@gmail.com")
    for _ in range(counts["accounts"]):
        draw.choice(users).screen(f"account {iban(draw)}")
    for number in range(counts["passwords"]):
        session = draw.choice(users)
        session.field(f"p{number}", "password", "pw", multiline=False)
        session.type("q7", f"p{number}")
    for _ in range(counts["clicks"]):
        draw.choice(users).event("pointer", action="click", x=3.0, y=4.0, button="left")
    for _ in range(counts["titles"]):
        draw.choice(users).focus("editor", "page")
    for _ in range(counts["pastes"]):
        draw.choice(users).event("clipboard", action="copy", text="words")
    rows = [row for session in users for row in session.rows]
    broken = ['{"session_id":"s0","user_id":"u0","seq":1,"t_us":1,"kind":"none"}\n'] * counts["rejected"]
    home = Home(folder)
    home.log.write_text(lines([*rows, *broken]))
    home.run(settings=("noise.profile=aggregates",))
    keys = sum(row["kind"] == "key" for row in rows)
    more = {"events": len(rows), "keys": keys, "presses": keys // 2, "read": len(rows) + len(broken)}
    return home, counts | more


def tallies(folder: Path, seed: int, variants: int) -> Verdict:
    """Compare runs of other counts: where a place of a public file holds the count of each, it is told exactly."""
    began, verdict = time.process_time(), Verdict("tallies", variants)
    known: list[tuple[dict[str, int], dict[tuple[str, str], set[int]]]] = []
    compared = 0
    for number in range(max(2, variants // PER_RUN)):
        home, counts = counted(folder / f"tallies-{number}", Random(f"{seed}/tallies/{number}"))
        if home.code not in (0, 1):
            verdict.failures.append(f"the run ended with {home.code}: {home.shown[-300:]}")
        known.append((counts, dict(numbers(home.output))))
        compared += len(counts)
        home.remove()
    for number, (counts, places) in enumerate(known):
        others, elsewhere = known[number - 1]
        for name, count in counts.items():
            places_of = [place for place, found in places.items() if count in found]
            exact = [place for place in places_of if others[name] in elsewhere.get(place, set())]
            if exact:
                verdict.leaks.setdefault(number, []).extend(f"{name} in {file}" for file, _ in exact)
    verdict.variants, verdict.cpu_s = compared, time.process_time() - began
    return verdict


def numbers(output: Path) -> Iterator[tuple[tuple[str, str], set[int]]]:
    """Yield by file and by what stands before them the numbers of all public files that are text."""
    found: dict[tuple[str, str], set[int]] = {}
    for path in sorted(path for path in output.rglob("*") if path.is_file() and path.suffix != ".parquet"):
        for match in _NUMBER.finditer(text := _text(path)):
            before = re.sub(r"[\d,.]+|[0-9a-f]{8,}", "#", text[max(0, match.start() - _CONTEXT) : match.start()])
            found.setdefault((path.name, before), set()).add(int(re.sub(r"\D", "", match[0])))
    yield from found.items()


def _text(path: Path) -> str:
    content = path.read_text(encoding="utf-8", errors="replace")
    if path.name.endswith(".dsse.json"):
        return base64.b64decode(json.loads(content)["payload"]).decode()
    return content
