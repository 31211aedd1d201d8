"""Logs of any size grown from a small one: copies of whole sessions under new ids, with no text repeated."""

import gzip
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

_WORDS = "first time good day people come back again much more".split()

Session = list[dict[str, Any]]


def sessions_of(logs: Path) -> Iterator[Session]:
    """Yield the sessions of a canonical log or a folder of logs that are sorted by session."""
    for path in sorted(logs.rglob("*.jsonl*")) if logs.is_dir() else [logs]:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for _, session in groupby(map(json.loads, lines), key=lambda event: event["session_id"]):
                yield list(session)


def sample(logs: Path, events: int) -> list[Session]:
    """Take the first sessions of ``logs`` with ``events`` events together, or all of them."""
    kept: list[Session] = []
    count = 0
    for session in sessions_of(logs):
        kept.append(session)
        count += len(session)
        if count >= events:
            break
    return kept


def grow(sessions: list[Session], events: int, first: int = 0) -> Iterator[list[str]]:
    """Yield the lines of session after session until there are at least ``events`` events.

    Copies of the sessions are numbered from ``first``; copy 0 is the log itself.
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
    """Write a grown log into ``files`` files of whole sessions; return its number of events.

    Every line is a marked copy, so large and small logs are of the same kind.
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
    """Return five everyday words that differ from copy to copy and are never personal."""
    return " ".join(_WORDS[int(digit)] for digit in f"{copy:05}")
