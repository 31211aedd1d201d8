"""Traces of what people leave out, of which there must be none: 100 users, a pause, an opt-out, and withdrawals.

``python -m benchmarks.people --users 100 --withdrawals 50`` ends with 1 where a byte of a stretch or of a person is
found anywhere below output or private state, where a release with a stretch differs from one recorded without it, or
where somebody who withdrew before the end of a run is in its release. ``--hour`` measures the preview of an hour.
"""

import argparse
import csv
import io
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipelines.cli.main import main as keyveil

_START = 1_795_600_000_000_000
_SECOND = 1_000_000
_EVENTS = 60
_PAUSED = range(20, 40)
_PAUSER, _OPTED_OUT = "user-007", "user-042"
_CANARY = "cormorantzq"
_REFUSED = 3
_DRAWN = frozenset({"session", "user", "t_ms", "x", "y", "dx", "dy", "to_x", "to_y"})
"""Columns that are drawn or named under keys of the release."""
_WORDS = "plan report figure table window letter number draft budget meeting river garden bridge paper engine".split()


def record(users: int, *, whole: bool) -> str:
    """Write a log of sessions; only where ``whole`` it holds the paused stretch and the sessions of the opted out."""
    lines = []
    for number in range(users):
        user = f"user-{number:03}"
        if whole or user != _OPTED_OUT:
            lines += [json.dumps(event) for event in _session(user, number, whole=whole)]
    return "\n".join(lines) + "\n"


def _session(user: str, number: int, *, whole: bool) -> Iterator[dict[str, Any]]:
    draw = random.Random(number)  # noqa: S311 - made-up data
    for second in range(_EVENTS):
        stretch = user == _PAUSER and second in _PAUSED
        hidden = f" {_CANARY} {second}" if stretch or user == _OPTED_OUT else ""
        words = " ".join(draw.choices(_WORDS, k=6))
        event: dict[str, Any] = {"session_id": f"s-{user}", "user_id": user, "seq": second}
        event["t_us"] = _START + (second + number) * _SECOND
        if second % 20 == 0:
            event |= {"kind": "focus", "app": "mail", "title": f"Inbox{hidden}"}
        elif second % 20 == 1:
            event |= {"kind": "field", "field_id": "f", "role": "textbox", "label": "Subject", "multiline": False}
        elif second % 2:
            key = draw.choice("abcdefghij")
            event |= {"kind": "key", "action": "down", "key": key, "code": f"Key{key.upper()}", "field_id": "f"}
            event |= {"modifiers": []}
        else:
            event |= {"kind": "screen", "source": "ocr", "text": f"Dear Anna Kowalczik, the {words}{hidden}"}
        if whole or not stretch:
            yield event


def write_registry(home: Path, users: int, gone: Sequence[str] = ()) -> None:
    """Put the registry in place at once; ``gone`` withdrew a second ago."""
    text, left = io.StringIO(), (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    writer = csv.writer(text)
    writer.writerow(("user_id", "purpose", "version", "granted_at", "withdrawn_at"))
    for user in (f"user-{number:03}" for number in range(users)):
        if user != _OPTED_OUT:
            writer.writerow((user, "training", "1", "2024-01-01T00:00:00Z", left if user in gone else ""))
    (home / "next.csv").write_text(text.getvalue())
    (home / "next.csv").rename(home / "consent.csv")


def prepare(home: Path, users: int) -> None:
    """Make keys, registry, pauses and both logs."""
    keyveil(["keys", "init", str(home / "keys")])
    write_registry(home, users)
    place = int(_PAUSER.removeprefix("user-"))
    begin, end = (
        datetime.fromtimestamp(_START // _SECOND + place + edge, UTC) for edge in (_PAUSED[0], _PAUSED[-1] + 1)
    )
    header = "user_id,kind,starts_at,ends_at,granted_by\n"
    (home / "pauses.csv").write_text(f"{header}{_PAUSER},pause,{begin.isoformat()},{end.isoformat()},\n")
    for name, whole in (("whole", True), ("without", False)):
        (home / f"{name}.jsonl").write_text(record(users, whole=whole))


def run(home: Path, log: str, dataset: str) -> tuple[int, dict[str, Any], str]:
    """Run the command line; return its exit code, its answer and all that it printed."""
    words = ["run", "--input", str(home / f"{log}.jsonl"), "--consent", str(home / "consent.csv"), "--dataset", dataset]
    words += ["--pauses", str(home / "pauses.csv"), "--keys", str(home / "keys"), "--output", str(home / "out")]
    words += ["--set", "store.encryption=none", "--set", "redact.profile=fast", "--set", "aggregates.counting=false"]
    shown, told = io.StringIO(), io.StringIO()
    with redirect_stdout(shown), redirect_stderr(told):
        code = keyveil([*words, "--set", "aggregates.naming=false", "--json"])
    answer = json.loads(shown.getvalue()) if shown.getvalue().startswith("{") else {}
    return code, answer, shown.getvalue() + told.getvalue()


def read_rows(release: Path) -> list[tuple[tuple[str, str], ...]]:
    """Read the rows of a release without what is drawn under its keys, in an order that no key decides."""
    sessions: dict[str, list[tuple[tuple[str, str], ...]]] = {}
    for path in sorted((release / "events").glob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            for mark in sorted(row["redactions"] or (), key=lambda item: -item["start"]):
                text = row[mark["column"]]
                row[mark["column"]] = f"{text[: mark['start']]}<{mark['entity']}>{text[mark['end'] :]}"
            row["redactions"] = [(mark["column"], mark["entity"]) for mark in row["redactions"] or ()]
            told = tuple((name, repr(value)) for name, value in row.items() if name not in _DRAWN)
            sessions.setdefault(row["session"], []).append(told)
    return sorted(rows for rows in sessions.values())  # type: ignore[return-value, type-var]


def search(home: Path) -> list[str]:
    """List the files below output and private state in which the canary stands, in bytes or in a cell."""
    found = []
    for root in (home / "out", home / "keyveil-state"):
        for path in filter(Path.is_file, root.rglob("*")):
            content = path.read_bytes()
            if path.suffix == ".parquet":
                content += repr(pq.read_table(path).to_pylist()).encode()
            if any(_CANARY.encode(form) in content for form in ("utf-8", "utf-16-le", "utf-16-be")):
                found.append(path.name)
    return found


def compare(home: Path) -> list[str]:
    """List what a pause and an opt-out left behind: bytes, rows or counts."""
    whole, without = run(home, "whole", "whole"), run(home, "without", "without")
    if (whole[0], without[0]) != (0, 0):
        return [f"a run ended with {whole[0]} and {without[0]}: {whole[2][-300:]}"]
    wrong = [f"{name} holds the canary" for name in search(home)]
    wrong += ["what was printed holds the canary"] if _CANARY in whole[2] else []
    releases = [Path(done["release"]) for _, done, _ in (whole, without)]
    one, other = (read_rows(release) for release in releases)
    wrong += [] if one == other else ["the rows differ"]
    shapes = [
        sorted((path.parent.name, pq.read_metadata(path).num_rows) for path in release.rglob("*.parquet"))
        for release in releases
    ]
    wrong += [] if shapes[0] == shapes[1] else ["files and their rows differ"]
    counts = [_published_counts(home, release) for release in releases]
    names = sorted(counts[0].keys() | counts[1].keys())
    wrong += [f"the count {name} differs" for name in names if counts[0].get(name) != counts[1].get(name)]
    print(f"{len(one)} sessions, {sum(map(len, one)):,} rows compared, {len(names)} counts, the canary searched for")
    return wrong


def _published_counts(home: Path, release: Path) -> dict[str, int]:
    shown = io.StringIO()
    with redirect_stdout(shown):
        keyveil(["report", str(release), "--keys", str(home / "keys"), "--json"])
    (told,) = json.loads(shown.getvalue())
    counts: dict[str, int] = told["counts"]
    return counts


def withdraw(home: Path, users: int, times: int, seed: int) -> list[str]:
    """Withdraw at random moments of runs; list those after which somebody who had withdrawn is in a release."""
    draw, wrong = random.Random(seed), []  # noqa: S311 - made-up data
    outcomes = dict.fromkeys(("stopped", "left out", "taken out again", "after the end"), 0)
    run(home, "whole", "warm")  # imports and compiled patterns, which no later run waits for
    begun = time.monotonic()
    run(home, "without", "measured")
    length = time.monotonic() - begun
    for number in range(times):
        write_registry(home, users)
        user = f"user-{draw.choice([n for n in range(users) if n != int(_OPTED_OUT[-3:])]):03}"
        moment = draw.uniform(0, length)
        done, release, late, is_after = _run_and_withdraw(home, users, user, moment, f"w{number}")
        manifests = list(release.rglob("manifest.dsse.json"))
        is_out = bool(manifests) and len(read_rows(manifests[0].parent)) < users - 1
        if is_after:
            outcomes["after the end"] += 1
        elif not manifests and done == _REFUSED:
            outcomes["stopped"] += 1
        elif is_out:
            outcomes["taken out again" if late else "left out"] += 1
        else:
            wrong.append(f"withdrawal {number}, {moment:.2f} s into the run: exit code {done}, and released")
    print(f"{times} withdrawals in runs of {length:.1f} s: {outcomes}")
    return wrong


def _run_and_withdraw(home: Path, users: int, user: str, moment: float, dataset: str) -> tuple[int, Path, str, bool]:
    """Run while ``user`` withdraws at a moment.

    Return exit code, dataset, what the run says of withdrawals after the signature, and whether it had ended before the
    registry said so.
    """
    ended: list[bool] = []

    def leave() -> None:
        ended.append(has_ended.is_set())
        write_registry(home, users, [user])

    has_ended, timer = threading.Event(), threading.Timer(moment, leave)
    timer.start()
    code, answer, _ = run(home, "whole", dataset)
    has_ended.set()
    timer.cancel()
    timer.join()
    return code, home / "out" / dataset, str(answer.get("late", "")), not ended or ended[0]


def preview_hour(home: Path) -> list[str]:
    """Measure the preview of an hour of work: 6,000 presses, 600 clicks, a screen every five seconds."""
    draw, lines = random.Random(1), []  # noqa: S311 - made-up data
    for at in range(3_600 * 5):
        event: dict[str, Any] = {"session_id": "hour", "user_id": "user-a", "seq": at, "t_us": _START + at * 200_000}
        words = " ".join(draw.choices(_WORDS, k=40))
        if at % 300 == 0:
            event |= {"kind": "focus", "app": "mail", "title": f"{words[:20]} - Mail"}
        elif at % 300 == 1:
            event |= {"kind": "field", "field_id": f"f{at}", "role": "textbox", "label": "Text", "multiline": True}
        elif at % 25 == 2:  # noqa: PLR2004 - a rhythm
            name = f"{draw.choice(['Anna', 'Tilda', 'Bob'])} {draw.choice(['Kowalczik', 'Marwick', 'Sedgwick'])}"
            event |= {"kind": "screen", "source": "ocr", "text": f"From: {name}\n" + f"{words}\n" * 4}
        elif at % 30 == 3:  # noqa: PLR2004 - a rhythm
            event |= {"kind": "pointer", "action": "click", "x": draw.random() * 900, "y": 300.0, "button": "left"}
            event |= {"target": {"role": "button", "name": draw.choice(_WORDS)}}
        else:
            key = draw.choice("abcdefghij ")
            action = "down" if at % 2 else "up"
            event |= {
                "kind": "key",
                "action": action,
                "key": key,
                "code": "",
                "modifiers": [],
                "field_id": f"f{at // 300 * 300 + 1}",
            }
        lines.append(json.dumps(event))
    (home / "hour.jsonl").write_text("\n".join(lines) + "\n")
    begun, page = time.process_time(), home / "hour.html"
    with redirect_stdout(io.StringIO()):
        keyveil(["preview", str(home / "hour.jsonl"), "-o", str(page)])
    size = page.stat().st_size
    print(
        f"{len(lines):,} events of an hour: {size / 2**20:.2f} MiB, {time.process_time() - begun:.0f} CPU s (bar 2 MiB)"
    )
    return [] if size < 2 << 20 else ["the preview of an hour is larger than 2 MiB"]


def main() -> int:
    """Run what the command line asks for; return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--withdrawals", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hour", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        prepare(home, asked.users)
        wrong = preview_hour(home) if asked.hour else compare(home)
        if asked.withdrawals and not asked.hour:
            wrong += withdraw(home, asked.users, asked.withdrawals, asked.seed)
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
