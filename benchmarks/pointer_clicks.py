"""Clicks of a pointer log as an attacker measures them, in the clear and in what the real code releases of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.clear_release import Row, release
from benchmarks.trees import Floats, Ints
from schemas.raw import RAW_SCHEMA
from schemas.safe import BOX_EDGES

WIDTH, HEIGHT, GRID = 1920, 1080, 64
MOST_SLIP_PX, REST_MS = 64, 300
FOLDS = 3


@dataclass(frozen=True, slots=True)
class Clicks:
    """Clicks with what an attacker measures of each, and the way that led to it."""

    rows: Floats
    users: Ints
    sessions: Ints
    ways: Floats

    def of(self, features: Sequence[int]) -> "Clicks":
        """Keep some of the features."""
        return Clicks(self.rows[:, list(features)], self.users, self.sessions, self.ways)

    def folds(self) -> Ints:
        """Spread the sessions of each user over the folds: the longest first, to the fold with the fewest clicks."""
        fold = np.zeros(len(self.users), dtype=np.int64)
        for user in np.unique(self.users):
            sessions, sizes = np.unique(self.sessions[self.users == user], return_counts=True)
            filled = np.zeros(FOLDS)
            for at in np.argsort(-sizes, kind="stable"):
                fold[self.sessions == sessions[at]] = filled.argmin()
                filled[filled.argmin()] += sizes[at]
        return fold


STRUCTURE, TARGET, POINT, CLOCK, WAY, BEFORE = [0, 1, 2, 3], [4, 5, 6, 7, 8, 9], [10, 11], [12], [13, 14], [15, 16, 17]
"""Features of a released click: form of its row; its target; point in the box; time; way from the action before; what
that was."""

HAND = STRUCTURE + POINT + CLOCK
"""All that may tell of the hand."""

EVERYTHING = list(range(18))
ORDER = TARGET + BEFORE + [18, 19]
"""Targets and actions in their order, without anything drawn: the way is that between the middles of the boxes."""


def read_log(path: Path) -> pa.Table:
    """Read the events in order of sessions and time."""
    table = pq.read_table(path)
    names = ("session", "user", "action", "button")
    plain = {name: table[name].cast(pa.string()) for name in names}
    return pa.table({name: plain.get(name, table[name]) for name in table.column_names})


def canonical(log: pa.Table) -> pa.Table:
    """Write the events as rows of ``RAW_SCHEMA``."""
    size = log.num_rows
    x, y = log["x"].to_numpy().astype(float), log["y"].to_numpy().astype(float)
    at_x, at_y = x // GRID * GRID, y // GRID * GRID
    bounds = pa.StructArray.from_arrays(
        [pa.array(side) for side in (at_x, at_y, np.full(size, float(GRID)), np.full(size, float(GRID)))],
        ["x", "y", "width", "height"],
    )
    texts = pa.nulls(size, pa.string())
    named = pc.and_(pc.equal(log["action"], "down"), pa.array(x // GRID % 2 == 0)).combine_chunks()
    target = pa.StructArray.from_arrays(
        [pa.repeat("button", size), texts, bounds, pa.nulls(size, pa.list_(pa.string()))],
        ["role", "name", "bounds", "states"],
        mask=pc.invert(named),
    )
    sessions = log["session"].combine_chunks()
    made = {
        "session_id": sessions,
        "user_id": log["user"],
        "seq": pa.array(np.arange(size)),
        "t_us": log["t_us"],
        "kind": pa.repeat("pointer", size),
        "action": log["action"],
        "x": pa.array(x),
        "y": pa.array(y),
        "dy": log["dy"].cast(pa.float64()),
        "button": log["button"],
        "target": target,
        "episode": pa.repeat(pa.scalar(0, pa.int32()), size),
    }
    return pa.table(
        [made.get(field.name, pa.nulls(size, field.type)) for field in RAW_SCHEMA],
        schema=RAW_SCHEMA,
    )


def split(log: pa.Table) -> list[tuple[int, str, pa.Table]]:
    """Split the events by sessions, and number their users."""
    firsts = log.group_by(["session", "user"], use_threads=False).aggregate([]).to_pylist()
    users = sorted({row["user"] for row in firsts})
    return [
        (users.index(row["user"]), row["session"], log.filter(pc.equal(log["session"], row["session"])))
        for row in firsts
    ]


def measure_raw(parts: Sequence[tuple[int, str, pa.Table]]) -> Clicks:
    """Measure each click in the clear: the motion that led to it, the pause before it and how long it took."""
    rows, users, sessions, ways = [], [], [], []
    for number, (user, _, log) in enumerate(parts):
        action, x, y, t = (log[name].to_numpy(zero_copy_only=False) for name in ("action", "x", "y", "t_us"))
        ups = np.flatnonzero(action == "up")
        for before, up in zip([-1, *ups[:-1].tolist()], ups.tolist(), strict=True):
            downs = np.flatnonzero(action[before + 1 : up] == "down") + before + 1
            if not len(downs) or "scroll" in action[before + 1 : up]:
                continue
            down = int(downs[-1])
            slip = float(np.hypot(x[up] - x[down], y[up] - y[down]))
            way = (float(x[down] - x[before + 1]), float(y[down] - y[before + 1]))
            if down - before > 1 and slip <= MOST_SLIP_PX:
                path = slice(before + 1, down + 1)
                motion = _measure_motion(x[path].astype(float), y[path].astype(float), t[path] / 1000)
                dwell, pause = (t[up] - t[down]) / 1000, (t[down] - t[down - 1]) / 1000
                rows.append([*motion, dwell, pause, slip, x[down] % GRID, y[down] % GRID])
                users.append(user)
                sessions.append(number)
                ways.append(way)
    return _clicks(rows, users, sessions, ways)


def _measure_motion(x: Floats, y: Floats, t: Floats) -> list[float]:
    """Measure a motion given its two ends, from the last rest on: its course, its speeds, its time."""
    rests = np.flatnonzero(np.diff(t) > REST_MS)
    begin = int(rests[-1]) + 1 if len(rests) and rests[-1] + 4 < len(t) else 0
    x, y, t = x[begin:] - x[begin], y[begin:] - y[begin], t[begin:] - t[begin]
    way, took = max(float(np.hypot(x[-1], y[-1])), 1.0), max(float(t[-1]), 1.0)
    across, down = x[-1] / way, y[-1] / way
    along, side = (x * across + y * down) / way, (y * across - x * down) / way
    times = np.linspace(0.1, 0.9, 5) * took
    steps = np.diff(t).clip(1)
    speed = np.hypot(np.diff(x), np.diff(y)) / steps
    return [
        took / (np.log2(way / 32 + 1) + 0.5),
        *np.interp(times, t, along).clip(-3, 4).tolist(),
        *np.interp(times, t, side).clip(-3, 3).tolist(),
        float(along.max()),
        float(np.abs(side).max()),
        float(speed.max(initial=0)) / way,
        float(speed.mean()) if len(speed) else 0.0,
        len(t) / took,
        float(steps.mean()) if len(steps) else 0.0,
        float(steps.std()) if len(steps) else 0.0,
    ]


def release_log(parts: Sequence[tuple[int, str, pa.Table]], key: bytes) -> list[list[Row]]:
    """Release each session by the real code."""
    return [[row for row in release(canonical(log), key) if row["kind"] == "pointer"] for _, _, log in parts]


def measure_released(parts: Sequence[tuple[int, str, pa.Table]], released: Sequence[Sequence[Row]]) -> Clicks:
    """Measure each released click that follows an action with a place: all that its row and the one before tell."""
    rows, users, sessions, ways = [], [], [], []
    for number, ((user, _, _), actions) in enumerate(zip(parts, released, strict=True)):
        for before, row in pairwise(actions):
            if row["action"] != "click" or not row["box"] or not before["box"]:
                continue
            way = ((row["x"] - before["x"]) * WIDTH / 10_000, (row["y"] - before["y"]) * HEIGHT / 10_000)
            left, top, right, bottom = (row["box"][edge] for edge in BOX_EDGES)
            rows.append([
                row["seq"] - before["seq"],
                sum(value is None for name, value in row.items() if name != "role"),
                len(row["modifiers"] or ()),
                0.0 if row["dx"] is None else 1.0,
                left,
                top,
                right,
                bottom,
                row["button"] == "right",
                row["place"] == "cell",
                (row["x"] - left) / (right - left),
                (row["y"] - top) / (bottom - top),
                row["t_ms"] - before["t_ms"],
                *way,
                before["action"] == "scroll",
                before["action"] == "drag",
                before["action"] == "click",
                *(end - begin for begin, end in zip(_middle(before), _middle(row), strict=True)),
            ])  # fmt: skip
            users.append(user)
            sessions.append(number)
            ways.append(way)
    return _clicks(rows, users, sessions, ways)


def _middle(row: Row) -> tuple[float, float]:
    left, top, right, bottom = (row["box"][edge] for edge in BOX_EDGES)
    return (left + right) / 2, (top + bottom) / 2


def _clicks(rows: list[list[float]], users: list[int], sessions: list[int], ways: list[tuple[float, float]]) -> Clicks:
    return Clicks(np.nan_to_num(np.array(rows, dtype=float)), np.array(users), np.array(sessions), np.array(ways))
