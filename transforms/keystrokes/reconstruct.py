"""Batches of raw sessions in, the same with the text of every field that was typed into out."""

import numpy as np

from schemas.raw import RawSessions, TypedField, TypedSessions
from transforms.keystrokes.columns import events_of, session_starts
from transforms.keystrokes.segment import walk
from transforms.keystrokes.stuck import without_stuck


def reconstruct(sessions: RawSessions) -> TypedSessions:
    """Return ``sessions`` with their typed fields, session by session, fields in order of first appearance.

    Total: every sequence of rows of ``RAW_SCHEMA`` has a result. Rows are counted in the batch's table, whose modifiers
    are put right where a recorder forgot to let go of one.
    """
    table = without_stuck(sessions.table)
    starts = session_starts(table)
    events, details = events_of(table)
    bounds = np.searchsorted(np.array(events.row, dtype=np.int64), [*starts, table.num_rows]).tolist()
    fields: list[TypedField] = []
    for start, first, last in zip(starts, bounds, bounds[1:], strict=False):
        fields += [item.closed(start) for item in walk(events.part(first, last), details)]
    return TypedSessions(RawSessions(table), tuple(fields))
