"""Measure what an agent could learn from released actions of an OpenCUA recording.

    python -m benchmarks.utility FOLDER

FOLDER is a recording of AgentNetTool. Nothing is detected in it: the figures are those of actions, places and names.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from schemas.aggregates import Admitted
from schemas.entities import Span, Text
from schemas.privacy import Pointer
from schemas.raw import RAW_SCHEMA, RawSessions
from transforms.aggregate.naming.hide_rare import hide_rare
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.agentnet import AgentNetRecording
from transforms.ingest.settings import IngestSettings
from transforms.keystrokes import reconstruct
from transforms.noise.add_noise import add_noise
from transforms.noise.plan import NoisePlan
from transforms.noise.population.model import PRIOR
from transforms.noise.settings import NoiseSettings
from transforms.redact.batch import BatchRedactor
from transforms.redact.deny_list import DenyList
from transforms.redact.results import Extras
from transforms.redact.settings import RedactSettings
from transforms.redact.surrogates.surrogates import Identity, Surrogates

_DRAWS = 50
_EDGES = ("left", "top", "right", "bottom")
Row = dict[str, Any]


class _Nothing:
    """A detector that finds nothing."""

    common_words: frozenset[str] = frozenset()

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        return [() for _ in texts]

    def digest(self) -> str:
        return "nothing"


def read(folder: Path) -> pa.Table:
    """Read a recording as rows of ``RAW_SCHEMA``."""
    blocks = AgentNetRecording().read(Source(0, str(folder), "agentnet", "user"), IngestSettings())
    rows = pa.concat_tables([block.table for block in blocks])
    made = {"episode": pa.repeat(pa.scalar(0, pa.int32()), rows.num_rows)}
    columns = [
        rows[field.name]
        if field.name in rows.column_names
        else made.get(field.name, pa.nulls(rows.num_rows, field.type))
        for field in RAW_SCHEMA
    ]
    return pa.table(columns, schema=RAW_SCHEMA)


def release(table: pa.Table, key: bytes) -> list[Row]:
    """Release the rows of a recording under ``key``."""
    settings = RedactSettings()
    names = Identity(lambda name, _: name, lambda name: name, lambda _: Surrogates(bytes(32), settings))
    redactor = BatchRedactor(_Nothing(), DenyList(()), names, Extras(pointer=Pointer.TARGETS))
    redacted = redactor.redact(reconstruct(RawSessions(table))).sessions
    plan = NoisePlan(NoiseSettings(), None, None, None)
    hidden = hide_rare(redacted, Admitted({}), frozenset())
    rows: list[Row] = add_noise(hidden, plan, PRIOR, key).table.to_pylist()
    return rows


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
    left, top, right, bottom = (box[edge] for edge in _EDGES)
    return left is not None and left <= row["x"] < right and top <= row["y"] < bottom


def _smallest(nodes: list[Row], row: Row) -> int | None:
    under = [number for number, node in enumerate(nodes) if _holds(node, row)]
    areas = {n: (nodes[n]["right"] - nodes[n]["left"]) * (nodes[n]["bottom"] - nodes[n]["top"]) for n in under}
    return min(under, key=lambda number: (areas[number], -number), default=None)


def main() -> int:
    """Print the figures of a recording."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    if not AgentNetRecording().recognises(folder):
        print("skipped: FOLDER holds no recording of AgentNetTool", file=sys.stderr)
        return 0
    table = read(folder)
    for name, value in measure([release(table, bytes([number]) * 32) for number in range(_DRAWS)]):
        print(f"| {name} | {value} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
