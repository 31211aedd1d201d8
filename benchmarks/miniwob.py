"""Element choice on human demonstrations of MiniWoB++: learned from what was recorded and from what is released.

All models are tested on recorded presses of other demonstrations. What is released is released and published by the
real code: pages as screens with nodes, the utterance as a task, presses as clicks; ``keyveil.steps`` reads the release
of the training demonstrations. One model learns from steps as released, one from those that a trainer gets by default.
"""

import gzip
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch

import keyveil
from benchmarks.clear_release import Row, build_session, fill_rows, release
from keyveil.training.step import PlacesName
from schemas.raw import LOG_SCHEMA
from schemas.safe import BOX_UNITS
from tests.keyveil.conftest import Published, published
from tests.keyveil.recordings import as_session
from transforms.keys.key_set import KeyReference, KeySet, create_key_set, export_reader
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

    ``screen`` and ``node`` are the page and the target as a reader of the release has them.
    """

    demo: int
    task: str
    nodes: list[Node]
    leaves: tuple[int, ...]
    x: float
    y: float
    screen: keyveil.Screen | None = None
    node: int | None = None


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


def release_presses(presses: Sequence[Press], key: bytes, detector: Detector | None = None) -> list[list[Row]]:
    """Release each press in a session of its own; no rows where the session is withheld."""
    found: list[list[Row]] = [[] for _ in presses]
    for begin in range(0, len(presses), _BATCH):
        part = presses[begin : begin + _BATCH]
        rows = [row for number, press in enumerate(part) for row in _session(f"{number:04d}", press)]
        for row in release(fill_rows(pa.Table.from_pylist(rows, schema=LOG_SCHEMA)), key, detector):
            found[begin + int(row["session"])].append(row)
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


@contextmanager
def publish(sessions: Sequence[list[Row]]) -> Iterator[Published]:
    """Publish released sessions, in the clear, for the time of the block; the n-th is ``s%05d``."""

    def make(name: str, user: str, _: int, number: int) -> pa.Table:
        return as_session([row | {"session": name, "user": user} for row in sessions[number]], name, user)

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        create_key_set(folder / "keys")
        export_reader(folder / "keys", folder / "reader.json")
        keys = KeySet.open(KeyReference.parse(str(folder / "keys")))
        yield published(folder, keys, folder / "reader.json", [[1] * len(sessions)], "none", make=make)


def read_steps(made: Published, presses: Sequence[Press], places: PlacesName | None = None) -> list[Press | None]:
    """Read the press of each published session as a trainer does; null where there is no step."""
    options: dict[str, Any] = {} if places is None else {"places": places}
    steps = keyveil.steps(str(made.home), keys=made.reader, format="opencua", **options)
    found: list[Press | None] = [None] * len(presses)
    for step in steps:
        number = int(step.session[1:])
        if step.screen is not None and step.action.at is not None:
            nodes, (x, y) = _list_nodes(step.screen), step.action.at
            press = presses[number]
            found[number] = Press(press.demo, step.task or "", nodes, press.leaves, x, y, step.screen, step.action.node)
    return found


def _list_nodes(screen: keyveil.Screen) -> list[Node]:
    boxes = [node.box and (node.box.left, node.box.top, node.box.right, node.box.bottom) for node in screen.nodes]
    return [(node.role, node.name or "", box, node.depth) for node, box in zip(screen.nodes, boxes, strict=True)]


def find_leaf(press: Press) -> int | None:
    """Find the leaf that the press names, else the smallest one under it, by its place among the leaves."""
    if press.node in press.leaves:
        return press.leaves.index(press.node)
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
    pages = [(measure_features(press), find_leaf(press) or 0) for press in presses]
    sessions = release_presses(presses, b"k" * 32, detector)
    yield from _measure_steps(presses, sessions, [label for _, label in pages])
    demos, shares = sorted({press.demo for press in presses}), np.zeros((SEEDS, 3))
    for seed in range(SEEDS):
        out = set(random.Random(seed).sample(demos, len(demos) // HELD_OUT))  # noqa: S311 - can be repeated
        known = [number for number, press in enumerate(presses) if press.demo not in out]
        own = [presses[number] for number in known]
        with publish([sessions[number] for number in known]) as made:
            read = [read_steps(made, own, places) for places in ("released", None)]
        arms = [[pages[number] for number in known], *map(_measure_pages, read)]
        asked = [page for page, press in zip(pages, presses, strict=True) if press.demo in out]
        for arm, training in enumerate(arms):
            choose = train_scorer(training, seed)
            shares[seed, arm] = np.mean([choose(page) == label for page, label in asked])
    chance = np.mean([1 / len(page) for page, _ in pages])
    told = ", ".join(f"{share:.1%}" for share in shares.mean(axis=0))
    name = "MiniWoB++: element accuracy learned from the recording, from steps as released, from steps by default"
    yield name, f"{told} (chance {chance:.1%})", True
    for arm, name in enumerate(("as released", "by default"), 1):
        gain = shares[:, arm] - shares[:, 0]
        error = gain.std(ddof=1) / SEEDS**0.5
        value = f"{100 * gain.mean():+.2f} ± {100 * error:.2f} points over {SEEDS} seeds"
        bar = f"; bar >= {100 * WORST:+.0f}" if name == "by default" else "; no bar"
        yield f"MiniWoB++: steps {name} minus recorded", value + bar, name != "by default" or gain.mean() >= WORST


def _measure_pages(presses: Iterable[Press | None]) -> list[tuple[Any, int]]:
    """Measure the pages whose leaf is known, each with the place of that leaf."""
    found = [(press, find_leaf(press)) for press in presses if press is not None]
    return [(measure_features(press), label) for press, label in found if label is not None]


def _measure_steps(
    presses: Sequence[Press], sessions: Sequence[list[Row]], labels: Sequence[int]
) -> Iterator[tuple[str, str, bool]]:
    """Yield what steps by default tell of each press: its leaf, and whether point and target agree."""
    with publish(sessions) as made:
        steps = read_steps(made, presses)
    found = [None if press is None else find_leaf(press) for press in steps]
    kept = sum(label is not None for label in found) / len(found)
    same = sum(label == known for label, known in zip(found, labels, strict=True)) / len(found)
    yield "MiniWoB++: presses that come out with a leaf, with the recorded one", f"{kept:.1%}, {same:.1%}", True
    aimed = [press for press in steps if press is not None and press.node is not None]
    inside = [_is_inside(press) for press in aimed]
    moved = [hit for press, hit in zip(aimed, inside, strict=True) if press.screen and press.screen.is_replaced]
    value = f"{np.mean(inside):.1%} of {len(inside)}; with a replacement on the page {sum(moved)} of {len(moved)}"
    yield "MiniWoB++: points of steps that lie in the box of their node; bar 100 %", value, all(inside)


def _is_inside(press: Press) -> bool:
    edges = press.nodes[press.node or 0][2]
    return edges is not None and edges[0] <= press.x < edges[2] and edges[1] <= press.y < edges[3]
