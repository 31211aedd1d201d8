"""Measure the readers of steps: random access in a release of 10^6 rows, and the drawing of wireframes.

    python -m benchmarks.steps [--rows 1000000]

Access is warm: the sessions are indexed, the row groups that hold them were decoded once, and places are learned, which
is measured by itself. Times are CPU seconds of one process, so a busy machine does not change them.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa

import keyveil
from keyveil.records import Box, Node
from keyveil.training.screen import Screen
from schemas.safe import BOX_EDGES
from tests.keyveil import conftest, recordings
from transforms.keys.key_set import KeyReference, KeySet, create_key_set, export_reader

_MARK = {"column": "nodes.name", "start": 0, "end": 4, "entity": "PERSON", "node": 0}
_DRAWS = 200
_SHARDS = 4
_EVENTS = 250
_A_SCREEN = 10
"""Rows from one screen to the next."""

_NODES, _CHANGING = 40, 5
"""Nodes of a screen, and how many of them have another role each time."""

_REPLACED = 3
"""Of so many screens one holds a replacement."""

_WORDS = "Save Open Print Search Inbox Reply Settings Quarterly figures Meeting notes Send Close".split()
_ROLES = "button textbox link checkbox listitem tab combobox heading img cell".split()


def main() -> None:
    """Print milliseconds of CPU for a session, a step, a picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        release = make_release(Path(scratch), arguments.rows)
        print(json.dumps({"access": measure_access(release)}))
    print(json.dumps({"wireframe": measure_wireframe()}))


def make_release(folder: Path, rows: int) -> conftest.Published:
    """Publish a sealed release of about ``rows`` rows, a screen of 40 nodes every tenth row."""
    create_key_set(folder / "keys")
    keys = KeySet.open(KeyReference.parse(str(folder / "keys")))
    export_reader(folder / "keys", folder / "reader.json")
    patterns = [_pattern(seed) for seed in range(8)]

    def session(name: str, user: str, events: int, seed: int) -> pa.Table:
        table = patterns[seed % len(patterns)]
        for place, value in ((0, name), (1, user)):
            table = table.set_column(place, table.schema.field(place), pa.array([value] * events))
        return table

    lengths = [[_EVENTS] * max(1, rows // _EVENTS // _SHARDS) for _ in range(_SHARDS)]
    return conftest.published(folder, keys, folder / "reader.json", lengths, "sealed", make=session)


def _pattern(seed: int) -> pa.Table:
    draw = random.Random(seed)  # noqa: S311 - the same rows on every run
    rows: list[dict[str, Any]] = []
    for seq in range(0, _EVENTS, _A_SCREEN):
        roles = [_ROLES[place % len(_ROLES)] for place in range(_NODES - _CHANGING)]
        nodes = [_node(draw, role) for role in roles + draw.choices(_ROLES, k=_CHANGING)]
        marks = None if seq // _A_SCREEN % _REPLACED else [_MARK]
        rows.append({"kind": "screen", "text": "words", "nodes": nodes, "redactions": marks})
        keys = draw.choices("abc", k=_A_SCREEN - 2)
        rows += [{"kind": "key", "action": "down", "key": key, "field": 0, "modifiers": []} for key in keys]
        edges = {edge: nodes[3][edge] for edge in BOX_EDGES}
        rows.append(recordings.placed("click", screen=seq, node=3, box=edges, x=edges["left"], y=edges["top"]))
    return recordings.as_session(rows, "pattern", "pattern")


def _node(draw: random.Random, role: str) -> dict[str, Any]:
    left, top = draw.randrange(9_000), draw.randrange(9_500)
    edges = (left, top, left + draw.randrange(300, 1_000), top + draw.randrange(200, 500))
    return recordings.node(role, " ".join(draw.sample(_WORDS, 2)), edges)


def measure_access(release: conftest.Published) -> dict[str, float]:
    """Measure the index, one session and one step of a session at random, the count of all steps, and learning."""
    opened = keyveil.open_release(str(release.home), keys=release.reader)
    draw = random.Random(1)  # noqa: S311 - the same order on every run
    names = [draw.choice(release.sessions) for _ in range(_DRAWS)]
    results = {"rows": float(sum(table.num_rows for table in release.tables))}
    results["first_session_ms"] = _milliseconds(lambda: opened.session(names[0]))
    for name in release.sessions[::3]:
        opened.session(name)  # row groups hold four sessions
    times = [_milliseconds(lambda name=name: opened.session(name)) for name in names]  # type: ignore[misc]
    results |= {"session_ms": median(times), "session_most_ms": max(times)}
    found = keyveil.steps(str(release.home), keys=release.reader)
    results["count_ms"] = _milliseconds(lambda: len(found))
    results["learn_ms"] = _milliseconds(lambda: found.places)
    places = [draw.randrange(len(found)) for _ in range(_DRAWS)]
    times = [_milliseconds(lambda place=place: found[place]) for place in places]  # type: ignore[misc]
    results |= {"steps": float(len(found)), "step_ms": median(times), "step_most_ms": max(times)}
    return results


def measure_wireframe() -> dict[str, float]:
    """Measure the drawing of screens of 130 nodes at 1366 x 768."""
    draw = random.Random(2)  # noqa: S311 - the same screens on every run
    times = []
    for seed in range(20):
        nodes = tuple(
            Node(role=made["role"], name=made["name"], value=None, depth=1, states=(), box=_box(made))
            for made in (_node(draw, draw.choice(_ROLES)) for _ in range(130))
        )
        screen = Screen(seq=0, nodes=nodes, size=(1_366, 768))
        times.append(_milliseconds(lambda screen=screen, seed=seed: keyveil.render(screen, seed=seed)))  # type: ignore[misc]
    return {"median_ms": median(times), "most_ms": max(times)}


def _box(made: dict[str, Any]) -> Box:
    return Box(*(made[edge] for edge in BOX_EDGES))


def _milliseconds(run: Callable[[], Any]) -> float:
    begun = time.process_time()
    run()
    return round(1_000 * (time.process_time() - begun), 2)


if __name__ == "__main__":
    main()
