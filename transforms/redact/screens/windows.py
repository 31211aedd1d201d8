"""Front window of each screen, the frame of reference of released boxes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from transforms.redact.rows.columns import holds
from transforms.redact.rows.session_ranges import SessionRange, group_by_session
from transforms.redact.screens.boxes import Box

DEFAULT_SCREEN = Box(0, 0, 1920, 1080)
"""Screen of a recording that names none: a constant, as the extent of what was recorded may follow from a text."""


_LARGE, _SMALL = (1280, 800), (640, 400)


class Window(NamedTuple):
    """Front window, and the size in which its contents are laid out, whatever its own is.

    A message box is as large as its text: boxes of constant sizes in parts of its width would show that width.
    """

    box: Box
    layout_size: tuple[int, int]


def window_on(display: Box, box: Box) -> Window:
    """Return the window ``box``, a large one where it takes half of the ``display`` each way."""
    is_large = 2 * box.width >= display.width and 2 * box.height >= display.height
    return Window(box, _LARGE if is_large else _SMALL)


def front_windows(table: pa.Table, sessions: Sequence[SessionRange], actions: Sequence[int] = ()) -> dict[int, Window]:
    """Find the front window at each screen of the batch and at the rows of ``actions``.

    It is the screen's own window, else that of the application in front, else the first display of the session. An
    action is on the window of the last screen since the last focus row.
    """
    wanted = holds(table, "kind", "session", "focus", "screen")
    asked = frozenset(actions)
    wanted[list(actions)] = True
    rows = np.flatnonzero(wanted).tolist()
    events = table.select(["kind", "screens", "window"]).take(pa.array(rows, pa.int64())).to_pylist()
    found: dict[int, Window] = {}
    for session in group_by_session(sessions, zip(rows, events, strict=True), rows):
        display, front, shown = DEFAULT_SCREEN, None, None
        for row, event in session:
            own = read_box(event["window"])
            if event["screens"]:
                display = read_box(event["screens"][0]) or display
            if event["kind"] == "focus":
                front, shown = own, None
            elif event["kind"] == "screen":
                shown = own
            if event["kind"] == "screen" or row in asked:
                found[row] = window_on(display, shown or front or display)
    return found


def read_box(rectangle: Mapping[str, float | None] | None) -> Box | None:
    """Read a rectangle of the raw log; None where it is incomplete or empty."""
    x, y, width, height = ((rectangle or {}).get(name) for name in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None or width <= 0 or height <= 0:
        return None
    return Box(x, y, x + width, y + height)
