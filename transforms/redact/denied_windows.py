"""Rows of private, banking and other denied windows, told by what has the focus and by what a screen shows.

A browser may go to a bank without a new focus event; then the name of the page on the next screen tells of it.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.redact.deny_list import DenyList, Window, find_denied_rows
from transforms.redact.rows.columns import holds
from transforms.redact.rows.session_ranges import SessionRange, session_ends

_WINDOWS = ("alertdialog", "application", "dialog", "document", "rootwebarea", "window")
"""Roles of nodes that are named like the title of a window."""
_NO_WINDOW: Window = (None, None, None, None)


def find_denied_windows(table: pa.Table, sessions: Sequence[SessionRange], deny: DenyList) -> list[tuple[int, int]]:
    """Return the half-open ranges of rows to drop: from a denied focus or screen on to the next that is not denied.

    A screen is denied with the window that has the focus, or by the name of its root or of a window, page or dialog on
    it, read as a title of that window.
    """
    titles = _screen_titles(table)
    is_focus = holds(table, "kind", "focus")
    rows = np.union1d(np.flatnonzero(is_focus), np.fromiter(titles, dtype=np.int64, count=len(titles)))
    ends = session_ends(sessions, rows)
    told = [table[name].take(pa.array(rows)).to_pylist() for name in ("app", "title", "url", "private")]
    read: list[tuple[Window, ...]] = []
    focus, session_end = _NO_WINDOW, -1
    for row, end, window in zip(rows.tolist(), ends, zip(*told, strict=True), strict=True):
        if end != session_end:
            focus, session_end = _NO_WINDOW, end
        focus = window if is_focus[row] else focus
        app, _, url, _ = focus
        read.append((focus, *((app, title, url, None) for title in titles.get(row, ()))))
    windows = list(dict.fromkeys(window for several in read for window in several))
    known = dict(zip(windows, deny.deny_each(windows), strict=True))
    denied = [any(known[window] for window in several) for several in read]
    return find_denied_rows(rows.tolist(), denied, ends)


def _screen_titles(table: pa.Table) -> dict[int, list[str]]:
    """Return by row the names of the root and of the windows, pages and dialogs of its nodes, each once."""
    nodes = table["nodes"].combine_chunks()
    rows = pc.list_parent_indices(nodes).to_numpy()
    listed = nodes.flatten()
    is_window = pc.is_in(pc.utf8_lower(pc.struct_field(listed, "role")), value_set=pa.array(_WINDOWS)).to_numpy(False)
    chosen = np.flatnonzero(is_window | (np.diff(rows, prepend=-1) != 0))
    names = pc.struct_field(listed, "name").take(pa.array(chosen)).to_pylist()
    titles: dict[int, list[str]] = {}
    for row, name in zip(rows[chosen].tolist(), names, strict=True):
        if name and name not in titles.setdefault(row, []):
            titles[row].append(name)
    return titles
