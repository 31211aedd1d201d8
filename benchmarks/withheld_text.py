"""Text of recorded screens that ``withhold_incoming`` takes, by what is known of their windows.

PATH is a recording in any format that ``keyveil formats`` lists. Whether the screens show messages is not known:
what is lost is stated, not what is lost in vain.

Run: python -m benchmarks.withheld_text PATH [PATH ...] [--format NAME]
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from benchmarks.clear_release import fill_rows
from schemas.raw import RawSessions, TypedSessions
from transforms.ingest.inputs import expand, read
from transforms.ingest.settings import IngestSettings
from transforms.keystrokes import reconstruct
from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.withhold import MARKER, withhold_incoming
from transforms.redact.deny_list import DenyList
from transforms.redact.rows.session_ranges import session_ranges
from transforms.redact.settings import Bystanders, UnknownWindows

_PARTS = ("title", "text", "nodes", "target")


def read_recording(path: str, format_name: str | None) -> TypedSessions:
    """Read a recording with its typed text, each session as one."""
    blocks = [
        block
        for source in expand([path], format_name, "user", {})
        for block in read(source, IngestSettings(), None)
        if block.table.num_rows
    ]
    table = fill_rows(pa.concat_tables([block.table for block in blocks]))
    return reconstruct(RawSessions(table.sort_by([("session_id", "ascending"), ("seq", "ascending")])))


def measure(typed: TypedSessions) -> dict[str, Counter[str]]:
    """Count letters by kind of window: all, and those that go under each rule for windows of which nothing is known."""
    before, found = _rows(typed), dict[str, Counter[str]]()
    kinds = list(_kinds(typed))
    for rule in UnknownWindows:
        after = withhold_incoming(typed, Bystanders.WITHHOLD_INCOMING, DenyList(), KnownWindows(unknown=rule))
        for kind, old, new in zip(kinds, before, _rows(after), strict=True):
            for part in _PARTS:
                counts = found.setdefault(f"{kind} {part}", Counter())
                counts["letters"] += _letters(old[part]) if rule is UnknownWindows.WITHHOLD else 0
                counts[rule] += _letters(old[part]) - _letters(new[part])
    return {name: counts for name, counts in sorted(found.items()) if counts["letters"]}


def _rows(typed: TypedSessions) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = typed.sessions.table.select(["kind", "app", "url", *_PARTS]).to_pylist()
    return [row | ({} if row["kind"] == "screen" else {"text": None}) for row in rows]


def _kinds(typed: TypedSessions) -> Iterator[str]:
    """Yield what the names of each row's window tell of it."""
    rows, known = typed.sessions.table.select(["kind", "app", "title", "url"]).to_pylist(), KnownWindows()
    for session in session_ranges(typed.sessions.table):
        kind = known.judge("", "", "")
        for row in rows[session.start : session.end]:
            if row["kind"] == "focus":
                kind = known.judge(row["app"] or "", row["title"] or "", row["url"] or "")
            yield kind.name.casefold()


def _letters(part: str | Sequence[Mapping[str, Any]] | Mapping[str, Any] | None) -> int:
    """Count the letters of a text, of nodes, or of a target, but those of markers."""
    if part is None:
        return 0
    if isinstance(part, str):
        return sum(map(str.isalpha, part.replace(MARKER, "")))
    if isinstance(part, Mapping):
        return sum(_letters(part.get(name)) for name in ("name", "value"))
    return sum(map(_letters, part))


def main() -> None:
    """Print a line for each kind of window and part of a row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--format")
    asked = parser.parse_args()
    total = dict[str, Counter[str]]()
    for path in asked.paths:
        for name, counts in measure(read_recording(path, asked.format)).items():
            total.setdefault(name, Counter()).update(counts)
    for name, counts in total.items():
        shares = ", ".join(f"{rule} {counts[rule] / counts['letters']:.3f}" for rule in UnknownWindows)
        print(f"{name:<18} {counts['letters']:9} letters  lost: {shares}")


if __name__ == "__main__":
    main()
