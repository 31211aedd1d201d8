"""Logs of any size from a small one: whole sessions again and again, under other ids, no text met twice for free."""

import gzip
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

_WORDS = "first time good day people come back again much more".split()

Session = list[dict[str, Any]]


def sessions_of(logs: Path) -> Iterator[Session]:
    """Yield the sessions of a canonical log, or of a folder of them, whose lines stand session by session."""
    for path in sorted(logs.rglob("*.jsonl*")) if logs.is_dir() else [logs]:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for _, session in groupby(map(json.loads, lines), key=lambda event: event["session_id"]):
                yield list(session)


def sample(logs: Path, events: int) -> list[Session]:
    """Return the first sessions of ``logs`` that hold ``events`` together, or all that there are."""
    kept: list[Session] = []
    count = 0
    for session in sessions_of(logs):
        kept.append(session)
        count += len(session)
        if count >= events:
            break
    return kept


def grow(sessions: list[Session], events: int, first: int = 0) -> Iterator[list[str]]:
    """Yield the lines of one session after the other until at least ``events`` were given.

    The sessions come in copies, ``first`` being the number of the first one; copy 0 is the log as it is.
    """
    given, copy = 0, first
    while given < events:
        for session in sessions:
            lines = [_line(event, copy) for event in session]
            given += len(lines)
            yield lines
            if given >= events:
                return
        copy += 1


def write(sessions: list[Session], events: int, folder: Path, files: int) -> int:
    """Write a grown log into ``files`` files, whole sessions each, and return how many events it holds.

    Every line is a marked copy, so that a large log is of the same kind as a small one.
    """
    folder.mkdir()
    opened = [(folder / f"events-{number:03}.jsonl").open("w", encoding="utf-8") for number in range(files)]
    written = 0
    try:
        for number, lines in enumerate(grow(sessions, events, first=1)):
            opened[number % files].writelines(lines)
            written += len(lines)
    finally:
        for file in opened:
            file.close()
    return written


def _line(event: dict[str, Any], copy: int) -> str:
    changed = {**event, "session_id": f"{event['session_id']}-{copy}", "user_id": f"{event.get('user_id', 'u')}-{copy}"}
    for name in ("title", "text"):
        if copy and isinstance(event.get(name), str):
            changed[name] = "\n".join(f"{line} {_mark_copy(copy)}" for line in event[name].split("\n"))
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":")) + "\n"


def _mark_copy(copy: int) -> str:
    """Return five words of every day that differ from copy to copy and raise no question of their own."""
    return " ".join(_WORDS[int(digit)] for digit in f"{copy:05}")
