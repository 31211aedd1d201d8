"""Element choice on human demonstrations of MiniWoB++: learned from what was recorded, and from what is released of it.

All models are tested on recorded presses of other demonstrations. What is released is released by the real code: pages
as screens with nodes, the utterance as a task, presses as clicks. One model learns from the boxes of the release, one
from the places that a reader learns from the released pages of the same demonstrations (``keyveil.learn_places``).
"""

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch

import keyveil
from benchmarks.clear_release import Row, build_session, fill_rows, release
from keyveil.records import read_nodes
from schemas.raw import LOG_SCHEMA
from schemas.safe import BOX_UNITS
from transforms.redact.detect.detector import Detector

SCALE, WIDTH, HEIGHT = 3, 480, 630
"""The page of 160 x 210 px is shown as a window three times as large."""

SEEDS, HELD_OUT = 5, 5
WORST = -0.01
_EPOCHS, _HIDDEN, _RATE = 150, 48, 0.01
_BATCH = 200
_ROLES = {"A": "link", "BUTTON": "button", "INPUT_checkbox": "checkbox", "INPUT_password": "password"}
_ROLES |= {"INPUT_radio": "radio", "LI": "listitem", "P": "paragraph", "SELECT": "combobox", "TEXTAREA": "textbox"}
_ROLES |= {"TABLE": "table", "TR": "row", "TD": "cell", "TH": "columnheader", "H2": "heading", "H3": "heading"}
_WORD = re.compile(r"\w+")
Edges = tuple[int, int, int, int]
Node = tuple[str, str, Edges | None, int]
"""Role, name, edges in ten-thousandths of the window, and depth in the tree."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a page, with the task, the page's nodes and the place of those that it may have been on.

    ``screen`` is the page as a reader of the release sees it.
    """

    demo: int
    task: str
    nodes: list[Node]
    leaves: tuple[int, ...]
    x: float
    y: float
    screen: keyveil.Screen | None = None


def read_presses(path: Path) -> list[Press]:
    """Read the presses of all demonstrations, each on the page before it."""
    found: list[Press] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            demo = json.loads(line)
            pages = [state["dom"] for state in demo["states"]]
            for place, state in enumerate(demo["states"]):
                action = state["action"] or {}
                if action.get("type") == "mousedown" and action.get("timing") == 1 and "x" in action:
                    nodes, leaves = _read_page(pages[max(0, place - 1)])
                    x, y = ((action[axis] + 0.5) * SCALE for axis in "xy")
                    if len(leaves) > 1 and x < WIDTH and y < HEIGHT:
                        place_x, place_y = x * BOX_UNITS / WIDTH, y * BOX_UNITS / HEIGHT
                        found.append(Press(number, demo["utterance"], nodes, leaves, place_x, place_y))
    return found


def _read_page(page: Mapping[str, Any]) -> tuple[list[Node], tuple[int, ...]]:
    nodes: list[Node] = []
    leaves: list[int] = []

    def walk(node: Mapping[str, Any], depth: int) -> None:
        left, top = node["left"] * SCALE, node["top"] * SCALE
        right, bottom = left + node["width"] * SCALE, top + node["height"] * SCALE
        seen = right > left and bottom > top and left < WIDTH and top < HEIGHT and right > 0 and bottom > 0
        sides = (left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)
        name = str(node.get("text") or node.get("value") or "").strip()
        role = _ROLES.get(node["tag"], "textbox" if node["tag"].startswith("INPUT") else "generic")
        if seen and (not node["children"] or node["tag"] in ("A", "BUTTON")):
            leaves.append(len(nodes))
        nodes.append((role, name, tuple(round(side * BOX_UNITS) for side in sides) if seen else None, depth))
        for child in node["children"]:
            walk(child, depth + 1)

    walk(page, 0)
    return nodes, tuple(leaves)


def release_presses(presses: Sequence[Press], key: bytes, detector: Detector | None = None) -> list[Press | None]:
    """Release each press in a session of its own; None where it comes out without its page or its place."""
    found: list[Press | None] = []
    for begin in range(0, len(presses), _BATCH):
        part = presses[begin : begin + _BATCH]
        rows = [row for number, press in enumerate(part) for row in _session(f"{number:04d}", press)]
        sessions: dict[int, list[Row]] = {}
        for row in release(fill_rows(pa.Table.from_pylist(rows, schema=LOG_SCHEMA)), key, detector):
            sessions.setdefault(int(row["session"]), []).append(row)
        found += [_read_released(press, sessions.get(number, [])) for number, press in enumerate(part)]
    return found


def _session(name: str, press: Press) -> list[Row]:
    window: Row = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "scale": 1}
    nodes = [
        {"role": role, "name": name, "value": "", "depth": depth, "bounds": edges and _pixels(edges)}
        for role, name, edges, depth in press.nodes
    ]
    text = "\n".join(name for _, name, _, _ in press.nodes if name)
    click = {"kind": "pointer", "x": press.x * WIDTH / BOX_UNITS, "y": press.y * HEIGHT / BOX_UNITS, "button": "left"}
    return build_session(
        name,
        [
            {"kind": "task", "instruction": press.task},
            {"kind": "focus", "app": "a", "title": "", "window": window},
            {"kind": "screen", "source": "dom", "text": text, "nodes": nodes},
            click | {"action": "down"},
            click | {"action": "up"},
        ],
    )


def _pixels(edges: Edges) -> dict[str, float]:
    left, top, right, bottom = edges
    across, down = WIDTH / BOX_UNITS, HEIGHT / BOX_UNITS
    return {"x": left * across, "y": top * down, "width": (right - left) * across, "height": (bottom - top) * down}


def _read_released(press: Press, rows: Sequence[Row]) -> Press | None:
    kinds = {row["kind"]: row for row in rows}
    if not {"task", "screen", "pointer"} <= kinds.keys() or kinds["pointer"]["x"] is None:
        return None
    click, shown = kinds["pointer"], kinds["screen"]
    marks = shown["redactions"] or ()
    screen = keyveil.Screen(
        seq=shown["seq"],
        nodes=read_nodes(shown["nodes"]),
        replaced=frozenset(mark["node"] for mark in marks if mark["node"] is not None),
        is_replaced=bool(marks),
    )
    nodes = _list_nodes(screen)
    return Press(press.demo, kinds["task"]["text"], nodes, press.leaves, click["x"], click["y"], screen)


def _list_nodes(screen: keyveil.Screen) -> list[Node]:
    boxes = [node.box and (node.box.left, node.box.top, node.box.right, node.box.bottom) for node in screen.nodes]
    return [(node.role, node.name or "", box, node.depth) for node, box in zip(screen.nodes, boxes, strict=True)]


def find_leaf(press: Press) -> int | None:
    """Find the smallest of the leaves under the press, by its place among them."""
    under = []
    for place, number in enumerate(press.leaves):
        edges = press.nodes[number][2]
        if edges and edges[0] <= press.x < edges[2] and edges[1] <= press.y < edges[3]:
            under.append(((edges[2] - edges[0]) * (edges[3] - edges[1]), place))
    return min(under)[1] if under else None


def measure_features(press: Press) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Measure the leaves of a page: role, words that the task has too, box, and place among the others."""
    task = press.task.casefold()
    asked, rows = set(_WORD.findall(task)), []
    names = [press.nodes[number][1].casefold() for number in press.leaves]
    roles = sorted({*_ROLES.values(), "textbox", "generic"})
    for place, number in enumerate(press.leaves):
        role, _, edges, _ = press.nodes[number]
        name, words = names[place], _WORD.findall(names[place])
        sides = [edge / BOX_UNITS for edge in edges or (0, 0, 0, 0)]
        rows.append([
            *(float(role == known) for known in roles),
            *sides, sides[2] - sides[0], sides[3] - sides[1],
            min(len(words), 10) / 10, sum(word in asked for word in words) / max(len(words), 1),
            float(bool(name) and name in task), task.find(name) / 100 if name and name in task else 1.0,
            place / len(press.leaves), 1 / len(press.leaves), names.count(name) / 10, float("submit" in name),
        ])  # fmt: skip
    return np.array(rows, np.float32)


def train_scorer(pages: Sequence[tuple[Any, int]], seed: int) -> Callable[[Any], int]:
    """Train a small scorer of leaves by the share that the right one gets of its page; return its choice of a page."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rows = torch.tensor(np.concatenate([page for page, _ in pages]))
    sizes = torch.tensor([len(page) for page, _ in pages])
    owner = torch.repeat_interleave(torch.arange(len(pages)), sizes)
    right = torch.cumsum(sizes, 0) - sizes + torch.tensor([label for _, label in pages])
    model = torch.nn.Sequential(torch.nn.Linear(rows.shape[1], _HIDDEN), torch.nn.ReLU(), torch.nn.Linear(_HIDDEN, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=_RATE, weight_decay=1e-4)
    for _ in range(_EPOCHS):
        optimizer.zero_grad()
        scores = model(rows).squeeze(1).clamp(-30, 30)
        total = torch.zeros(len(pages)).index_add(0, owner, scores.exp())
        (total.log() - scores[right]).mean().backward()
        optimizer.step()
    return lambda page: int(model(torch.tensor(page)).argmax())


def measure_choice(
    path: Path, detector: Detector | None = None, most: int | None = None
) -> Iterator[tuple[str, str, bool]]:
    """Yield the name, the value and the bar of each figure; ``most`` presses are used."""
    presses = [press for press in read_presses(path) if find_leaf(press) is not None][:most]
    released = release_presses(presses, b"k" * 32, detector)
    raw_pages = [(measure_features(press), find_leaf(press) or 0) for press in presses]
    labels = [None if press is None else find_leaf(press) for press in released]
    kept = sum(label is not None for label in labels) / len(labels)
    same = sum(label == page[1] for label, page in zip(labels, raw_pages, strict=True)) / len(labels)
    yield "MiniWoB++: presses that come out with a leaf, with the recorded one", f"{kept:.1%}, {same:.1%}", True
    usable = [
        (press, label) for press, label in zip(released, labels, strict=True) if press is not None and label is not None
    ]
    demos, shares = sorted({press.demo for press in presses}), np.zeros((SEEDS, 3))
    for seed in range(SEEDS):
        out = set(random.Random(seed).sample(demos, len(demos) // HELD_OUT))  # noqa: S311 - can be repeated
        safe = [(press, label) for press, label in usable if press.demo not in out]
        placed = place_presses([press for press, _ in safe])
        arms = (
            [page for page, press in zip(raw_pages, presses, strict=True) if press.demo not in out],
            [(measure_features(press), label) for press, label in safe],
            [(measure_features(press), label) for press, (_, label) in zip(placed, safe, strict=True)],
        )
        asked = [page for page, press in zip(raw_pages, presses, strict=True) if press.demo in out]
        for arm, pages in enumerate(arms):
            choose = train_scorer(pages, seed)
            shares[seed, arm] = np.mean([choose(page) == label for page, label in asked])
    chance = np.mean([1 / len(page) for page, _ in raw_pages])
    told = ", ".join(f"{share:.1%}" for share in shares.mean(axis=0))
    name = "MiniWoB++: element accuracy learned from the recording, from the release, from it with learned places"
    yield name, f"{told} (chance {chance:.1%})", True
    yield from _compare("MiniWoB++: released minus recorded", shares[:, 1] - shares[:, 0])
    yield from _compare("MiniWoB++: released with learned places minus recorded", shares[:, 2] - shares[:, 0])


def place_presses(presses: Sequence[Press]) -> list[Press]:
    """Place the nodes of released pages by what a reader learns from these pages."""
    screens = [press.screen for press in presses if press.screen is not None]
    places = keyveil.learn_places(screens)
    placed = map(places.place, screens)
    return [replace(press, nodes=_list_nodes(screen)) for press, screen in zip(presses, placed, strict=True)]


def _compare(name: str, gain: np.ndarray[Any, np.dtype[np.float64]]) -> Iterator[tuple[str, str, bool]]:
    error = gain.std(ddof=1) / SEEDS**0.5
    value = f"{100 * gain.mean():+.2f} ± {100 * error:.2f} points over {SEEDS} seeds; bar >= {100 * WORST:+.0f}"
    yield name, value, bool(gain.mean() >= WORST)
