"""Session headers (system, keyboard layout and recorder, if they are short words) and origins (raw ids)."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.safe import ORIGIN_SCHEMA, SESSION_TUPLE, SESSIONS_SCHEMA
from transforms.redact.rows.columns import holds
from transforms.redact.rows.session_ranges import SessionRange

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+()/-]{0,47}")
"""Names and versions of systems, layouts and recorders. Any other value may be a text and becomes null."""


def session_headers(raw: pa.Table, starts: Sequence[int], sessions: Sequence[str], users: Sequence[str]) -> pa.Table:
    """Build one row of ``SESSIONS_SCHEMA`` for each session of a batch, from its first ``session`` event.

    ``starts`` are the first rows of the sessions, in order. The words are as recorded: only those that partition
    selection admits may be stored.
    """
    rows = np.flatnonzero(holds(raw, "kind", "session"))
    owners, first = np.unique(np.searchsorted(np.asarray(starts), rows, side="right") - 1, return_index=True)
    of_session = np.full(len(sessions), -1, dtype=np.int64)
    of_session[owners] = rows[first]
    take = pa.array(of_session, mask=of_session < 0)
    columns = {"session": pa.array(sessions, pa.string()), "user": pa.array(users, pa.string())}
    for name in SESSION_TUPLE:
        words = raw[name].combine_chunks().take(take).to_pylist()
        columns[name] = pa.array([word if word and _WORD.fullmatch(word) else None for word in words], pa.string())
    return pa.table([columns[name] for name in SESSIONS_SCHEMA.names], schema=SESSIONS_SCHEMA)


def session_origins(
    raw: pa.Table, sessions: Sequence[SessionRange], names: Sequence[str], counts: Sequence[Mapping[str, int]]
) -> pa.Table:
    """Build one row of ``ORIGIN_SCHEMA`` for each session of a batch: its raw ids, its times and ``counts``."""
    rows = [
        {
            "session": name,
            "session_id": session.session_id,
            "episode": session.episode,
            "user_id": session.user_id,
            "first_us": pc.min(_column(raw, "t_us", session)).as_py(),
            "last_us": pc.max(_column(raw, "t_us", session)).as_py(),
            "last_seq": pc.max(_column(raw, "seq", session)).as_py(),
            "tally": [{"name": word, "count": count} for word, count in sorted(counted.items())],
        }
        for name, session, counted in zip(names, sessions, counts, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=ORIGIN_SCHEMA)


def _column(raw: pa.Table, name: str, session: SessionRange) -> pa.ChunkedArray:
    return raw[name].slice(session.start, session.end - session.start)
