"""Reconstruction of the text of every field that was typed into."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from schemas.raw import RawSessions, TypedSessions
from transforms.editor.event_columns import session_starts
from transforms.keystrokes.assign_fields import assign_fields
from transforms.keystrokes.editor_events import Releases, read_events
from transforms.keystrokes.open_field import OpenField
from transforms.keystrokes.stuck_modifiers import remove_stuck_modifiers


def reconstruct(sessions: RawSessions) -> TypedSessions:
    """Add to ``sessions`` their typed fields, session by session, in order of first appearance.

    Total: every sequence of rows of ``RAW_SCHEMA`` has a result. Stuck modifiers are removed from the table. Row
    numbers count in the batch's table.
    """
    table = remove_stuck_modifiers(sessions.table)
    starts = session_starts(table)
    events, releases, details = read_events(table, starts)
    firsts = np.array([rows[0] for rows in events.rows], dtype=np.int64)
    bounds = np.searchsorted(firsts, [*starts, table.num_rows]).tolist()
    opened: list[tuple[int, OpenField]] = []
    for start, first, last in zip(starts, bounds, bounds[1:], strict=False):
        opened += [(start, item) for item in assign_fields(events.part(first, last), details)]
    key_rows = _key_rows([item for _, item in opened], releases, table.num_rows)
    fields = [item.close(start, rows) for (start, item), rows in zip(opened, key_rows, strict=True)]
    return TypedSessions(RawSessions(table), tuple(fields))


def _key_rows(opened: Sequence[OpenField], releases: Releases, rows: int) -> list[npt.NDArray[np.int64]]:
    """Return all key rows of each field: a key-up goes to the field of its key-down."""
    if not opened:
        return []
    owner = np.full(rows, -1, dtype=np.int64)
    for number, item in enumerate(opened):
        owner[item.key_rows] = number
    owner[releases.up] = owner[releases.down]
    owned = np.flatnonzero(owner >= 0)
    order = owned[owner[owned].argsort(kind="stable")]
    return np.split(order, np.cumsum(np.bincount(owner[owned], minlength=len(opened)))[:-1])
