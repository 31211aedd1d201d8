"""Released points of AgentNetBench: whether they lie in the box that its annotators drew around the target."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.clear_release import Row, build_session, fill_rows, release
from schemas.raw import LOG_SCHEMA
from schemas.safe import BOX_UNITS

Box = tuple[float, float, float, float]
"""Left, top, width, height in pixels."""

_FEWEST = 0.97


def find_tasks(folder: Path) -> list[Path]:
    """Find the tasks of AgentNetBench in a folder."""
    return sorted(path for path in folder.glob("*.json") if '"ground_truth_actions"' in path.read_text("utf-8"))


def read_targets(path: Path) -> Iterator[tuple[float, float, Box, tuple[float, float]]]:
    """Yield each position of a task in pixels, the box around it, and the size of its screen."""
    for step in json.loads(path.read_text("utf-8"))["steps"]:
        for action in step["ground_truth_actions"]:
            position = (action.get("params") or {}).get("position")
            for box in (action.get("metadata") or {}).get("bboxes") or ():
                left, top, width, height = box["abs_bbox"]
                size = (width / box["rel_bbox"][2], height / box["rel_bbox"][3])
                x, y = (position[axis] * side for axis, side in zip("xy", size, strict=True)) if position else (-1, -1)
                if left <= x < left + width and top <= y < top + height:
                    yield x, y, (left, top, width, height), size
                    break


def measure_bench(folder: Path, keys: Sequence[bytes]) -> Iterator[tuple[str, str, bool]]:
    """Yield the name, the value and the bar of each figure, over the releases under ``keys``."""
    targets = [target for path in find_tasks(folder) for target in read_targets(path)]
    log = fill_rows(pa.Table.from_pylist(list(_log(targets)), schema=LOG_SCHEMA))
    inside = [
        _lies_in(row, *targets[int(row["session"])][2:])
        for key in keys
        for row in release(log, key)
        if row["kind"] == "pointer"
    ]
    share = sum(inside) / len(inside)
    yield (
        "AgentNetBench: released point in the recorded target",
        f"{share:.1%} of {len(targets)} x {len(keys)}; bar >= {_FEWEST:.0%}",
        share >= _FEWEST,
    )


def _log(targets: Sequence[tuple[float, float, Box, tuple[float, float]]]) -> Iterator[Row]:
    """Write a session a target: its screen and a click."""
    for number, (x, y, box, (width, height)) in enumerate(targets):
        bounds = dict(zip(("x", "y", "width", "height"), box, strict=True))
        display: Row = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        target: dict[str, Any] = {"role": "button", "name": "target", "bounds": bounds}
        click = {"kind": "pointer", "x": x, "y": y, "button": "left"}
        yield from build_session(
            f"{number:04d}",
            [
                {"kind": "focus", "app": "a", "title": "", "window": display},
                click | {"action": "down", "target": target},
                click | {"action": "up"},
            ],
        )


def _lies_in(row: Row, box: Box, size: tuple[float, float]) -> bool:
    if row["x"] is None:
        return False
    x, y = (row[axis] * side / BOX_UNITS for axis, side in zip("xy", size, strict=True))
    return bool(box[0] <= x < box[0] + box[2] and box[1] <= y < box[1] + box[3])
