"""Measure what an agent could learn from released actions of public recordings.

    python -m benchmarks.utility PATH [PATH ...] [--profile default|fast]

PATH is a recording of AgentNetTool, a folder of AgentNetBench's tasks, or demonstrations of MiniWoB++ as JSON Lines
(.jsonl.gz). Without a profile nothing is detected: the figures are those of actions, places and names. With one, the
demonstrations are redacted by its detectors.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from benchmarks.agentnet_bench import find_tasks, measure_bench
from benchmarks.clear_release import Row, fill_rows, release
from benchmarks.miniwob import measure_choice
from schemas.safe import BOX_EDGES
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.desktop.agentnet import AgentNetRecording
from transforms.ingest.settings import IngestSettings
from transforms.redact.actions.targets import find_smallest
from transforms.redact.detect.build import shared_detector
from transforms.redact.screens.boxes import Box
from transforms.redact.settings import RedactSettings

_DRAWS = 50


def read(folder: Path) -> pa.Table:
    """Read a recording as rows of ``RAW_SCHEMA``."""
    blocks = AgentNetRecording().read(Source(0, str(folder), "agentnet", "user"), IngestSettings())
    return fill_rows(pa.concat_tables([block.table for block in blocks]))


def measure(draws: list[list[Row]]) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each figure; ``draws`` are releases of one recording under several keys."""
    actions = [row for row in draws[0] if row["kind"] == "pointer"]
    clicks = [row for row in actions if row["action"] != "scroll"]
    yield "rows of the release", str(len(draws[0]))
    yield (
        "places of clicks",
        ", ".join(f"{name} {count}" for name, count in Counter(row["place"] for row in clicks).most_common()),
    )
    placed = [row for rows in draws for row in rows if row["box"]]
    inside = [_holds(row["box"], row) for row in placed]
    yield "released clicks and scrolls inside their box", f"{sum(inside) / len(inside):.1%} of {len(inside)}"
    found = [
        _smallest(_nodes(rows, row), row) == row["node"] for rows in draws for row in rows if row["node"] is not None
    ]
    yield (
        "smallest node at the released point is that of the recording",
        f"{sum(found) / len(found):.1%} of {len(found)}",
    )
    scrolls = [row for row in actions if row["action"] == "scroll"]
    yield "scrolls with a direction", f"{sum(bool(row['dx'] or row['dy']) for row in scrolls)} of {len(scrolls)}"
    apps = [row["app"] for row in draws[0] if row["kind"] == "focus"]
    yield "applications named", f"{sum(app != 'other' for app in apps)} of {len(apps)}"


def _nodes(rows: list[Row], row: Row) -> list[Row]:
    shown = rows[row["screen"]]
    return shown["nodes"] or rows[shown["same_as"]]["nodes"] or []


def _holds(box: Row, row: Row) -> bool:
    left, top, right, bottom = (box[edge] for edge in BOX_EDGES)
    return left is not None and left <= row["x"] < right and top <= row["y"] < bottom


def _smallest(nodes: list[Row], row: Row) -> int | None:
    boxes = [None if node["left"] is None else Box(*(node[edge] for edge in BOX_EDGES)) for node in nodes]
    return find_smallest(row["x"], row["y"], boxes)


def measure_path(path: Path, profile: str | None) -> Iterator[tuple[str, str, bool]]:
    """Yield the figures of what lies at ``path``; nothing where that is none of the three."""
    keys = [bytes([number]) * 32 for number in range(_DRAWS)]
    if path.name.endswith(".jsonl.gz") and path.is_file():
        yield from measure_choice(path, shared_detector(RedactSettings(profile=profile)) if profile else None)
    elif path.is_dir() and AgentNetRecording().recognises(path):
        table = read(path)
        yield from ((name, value, True) for name, value in measure([release(table, key) for key in keys]))
    elif path.is_dir() and find_tasks(path):
        yield from measure_bench(path, keys)


def main() -> int:
    """Print the figures; end with 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH")
    parser.add_argument("--profile", choices=("default", "fast"))
    arguments = parser.parse_args()
    is_met = True
    for path in arguments.paths:
        found = False
        for name, value, meets in measure_path(path, arguments.profile):
            print(f"| {name} | {value}{'' if meets else ' MISSED'} |", flush=True)
            found, is_met = True, is_met and meets
        if not found:
            print(f"skipped: {path} holds none of the recordings that this measures", file=sys.stderr)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
