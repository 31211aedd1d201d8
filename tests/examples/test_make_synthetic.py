"""The bundled log is what its script writes, and each of its clicks is on a control of the screen before it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOG = ROOT / "examples" / "recordings" / "synthetic-office.jsonl"


def _clicks() -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield each press with the nodes of the screen before it."""
    nodes: list[dict[str, Any]] = []
    for line in LOG.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["kind"] == "screen":
            nodes = event["nodes"]
        elif event.get("action") == "down" and event["kind"] == "pointer":
            yield event, nodes


def test_the_script_writes_the_bundled_log(tmp_path: Path) -> None:
    words = [sys.executable, str(ROOT / "examples" / "make_synthetic.py"), "--output", str(tmp_path / "log.jsonl")]
    subprocess.run(words, check=True)
    assert (tmp_path / "log.jsonl").read_bytes() == LOG.read_bytes()


def test_each_click_is_on_a_control_that_the_screen_shows() -> None:
    clicks = list(_clicks())
    assert len(clicks) == 17
    for click, nodes in clicks:
        target, box = click["target"], click["target"]["bounds"]
        assert target in [{key: node[key] for key in target} for node in nodes]
        assert box["x"] <= click["x"] < box["x"] + box["width"]
        assert box["y"] <= click["y"] < box["y"] + box["height"]


def test_boxes_lie_in_the_window_and_in_those_that_hold_them() -> None:
    for _, nodes in _clicks():
        parents: list[tuple[int, int, int, int]] = [(160, 60, 1440, 860)]
        for node in nodes:
            del parents[node["depth"] + 1 :]
            box = node["bounds"]
            edges = (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
            around = parents[-1]
            assert around[0] <= edges[0] < edges[2] <= around[2]
            assert around[1] <= edges[1] < edges[3] <= around[3]
            parents.append(edges)
