"""Front window of each screen, the frame of reference of released boxes."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from transforms.redact.rows.columns import holds
from transforms.redact.rows.session_ranges import SessionRange, group_by_session
from transforms.redact.screens.boxes import Box

DEFAULT_SCREEN = Box(0, 0, 1920, 1080)
"""Screen of a recording that tells of none: a constant, as the extent of what was recorded may follow from a text."""


def front_windows(table: pa.Table, sessions: Sequence[SessionRange]) -> dict[int, Box]:
    """Find the front window at each screen of the batch; the first screen of the session where none is known."""
    rows = np.flatnonzero(holds(table, "kind", "session", "screen")).tolist()
    events = table.select(["kind", "screens"]).take(pa.array(rows, pa.int64())).to_pylist()
    found: dict[int, Box] = {}
    for session in group_by_session(sessions, zip(rows, events, strict=True), rows):
        window = DEFAULT_SCREEN
        for row, event in session:
            if event["screens"]:
                window = read_box(event["screens"][0]) or window
            if event["kind"] == "screen":
                found[row] = window
    return found


def read_box(rectangle: Mapping[str, float | None] | None) -> Box | None:
    """Read a rectangle of the raw log; None where it is incomplete or empty."""
    x, y, width, height = ((rectangle or {}).get(name) for name in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None or width <= 0 or height <= 0:
        return None
    return Box(x, y, x + width, y + height)
