"""Division of sessions into closed, open and late ones, and the memory of staged sessions.

A session is open until it was idle for ``schedule.idle_minutes``: the field is in ``transforms.staging.settings``, and
``pipelines.nightly.stage_day.build_end_rule`` makes the rule of a night from it. Sessions that are too long are cut
before, at their idle times, by ``transforms.ingest.split_sessions``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.claims import Claim
from schemas.raw import log_lines
from schemas.rejects import Fault, Problem, Reason
from schemas.tally import (
    DUPLICATES,
    HELD_EVENTS,
    LATE_SESSIONS,
    MERGED_EVENTS,
    Tally,
    TallyGroup,
    tally_suppressed,
)
from transforms.editor.event_columns import run_starts
from transforms.keys.pseudonym import keyed_digest
from transforms.staging.event_fingerprints import PART_FIELDS, Part

_DIGEST_DIGITS = 32
_NO_SEQ = np.empty(0, np.int64)

CLOSED_SCHEMA = pa.schema(
    [
        ("session", pa.string()),
        ("user", pa.string()),
        ("episodes", pa.int32()),
        *PART_FIELDS,
    ]
)
"""One row a session that was staged: keyed digests of its id and user, its episodes, and a part of it.

A row of no episodes and no user stands for a session that was refused for the purpose or version that it declares."""

_OTHER_USER = Problem(
    Reason.SESSION_CONFLICT, "user_id", "the session id was another user's on an earlier day; make session ids unique"
)
_OTHER_EVENT = Problem(
    Reason.SESSION_CONFLICT,
    "seq",
    "the seq of an event was another event's that was staged on an earlier day; give each recording a session id "
    "of its own",
)


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """Rule: a session is open if its last event is at ``open_us`` or later and it began at ``begun_us`` or later.

    A session that begins at ``ahead_us`` or later has a wrong clock; it is closed, or it would wait for years. All are
    microseconds since the epoch; ``open_us`` follows from ``schedule.idle_minutes``.
    """

    open_us: int
    begun_us: int
    ahead_us: int

    def is_open(self, first_us: int | None, last_us: int | None) -> bool:
        """Return whether a session may continue tomorrow; one without times is closed."""
        if first_us is None or last_us is None:
            return False
        return last_us >= self.open_us and self.begun_us <= first_us < self.ahead_us


@dataclass(frozen=True, slots=True)
class StagedSession:
    """Memory of a staged session; ``users`` are digests of its user under different keys.

    ``refused``: a part of it declared a purpose or version to which its user did not agree.
    """

    users: frozenset[str]
    episodes: int
    parts: tuple[Part, ...] = field(repr=False)
    refused: bool = False

    def merge(self, other: "StagedSession") -> "StagedSession":
        """Merge two records of one session."""
        return StagedSession(
            self.users | other.users,
            max(self.episodes, other.episodes),
            (*self.parts, *other.parts),
            self.refused or other.refused,
        )


@dataclass(frozen=True, slots=True)
class StagedHistory:
    """Sessions that were staged before: records of ``CLOSED_SCHEMA``, indexed by session.

    ``keys`` are the key of digests and those before rotations.
    """

    keys: tuple[bytes, ...] = field(repr=False)
    records: pa.Table = field(repr=False)
    places: Mapping[str, Sequence[int]] = field(repr=False)

    def find(self, session_id: str) -> StagedSession | None:
        """Find the memory of a session, ``None`` if it was not staged."""
        found = [
            _read_staged(key, self.records.slice(place, 1).to_pylist()[0])
            for key in self.keys
            for place in self.places.get(_digest(key, b"session", session_id), ())
        ]
        return reduce(StagedSession.merge, found) if found else None

    def is_of(self, staged: StagedSession, user_id: str) -> bool:
        """Return whether a session was the user's."""
        return staged.users <= {_digest(key, b"user", user_id) for key in self.keys}


@dataclass(frozen=True, slots=True)
class ClosedSessions:
    """Rows of closed sessions, rows of open ones, records of the closed ones, and rejects."""

    closed: pa.Table = field(repr=False)
    open: pa.Table = field(repr=False)
    records: pa.Table = field(repr=False)
    faults: tuple[Fault, ...]
    tally: tuple[Tally, ...]


def index_staged(keys: tuple[bytes, ...], tables: Iterable[pa.Table]) -> StagedHistory:
    """Index tables of ``CLOSED_SCHEMA`` by session."""
    records = pa.concat_tables([CLOSED_SCHEMA.empty_table(), *tables]).combine_chunks()
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, session in enumerate(records["session"].to_pylist()):
        places[session].append(place)
    return StagedHistory(keys, records, places)


def _read_staged(key: bytes, row: Mapping[str, Any]) -> StagedSession:
    if not row["episodes"]:
        return StagedSession(frozenset(), 0, (), refused=True)
    return StagedSession(frozenset({row["user"]}), row["episodes"], (Part.from_row(key, row),))


def close_sessions(table: pa.Table, rule: SessionEnd, history: StagedHistory) -> ClosedSessions:
    """Split the rows of whole sessions (``RAW_SCHEMA``) into closed, open and rejected ones.

    Events that were staged before are merged. New events of such a session become the next episode of it. A session of
    which an earlier part was refused for what it declares is suppressed. One is rejected if its id was another user's,
    or if an event has the ``seq`` of a different staged event.
    """
    episodes = table["episode"].to_numpy().astype(np.int32)
    is_closed, is_open = np.zeros(table.num_rows, np.bool_), np.zeros(table.num_rows, np.bool_)
    counts: Counter[str] = Counter()
    faults, records = [], []
    for start, end in pairwise([*run_starts(table["session_id"]).tolist(), table.num_rows]):
        session = table.slice(start, end - start)
        session_id, user_id = session["session_id"][0].as_py(), session["user_id"][0].as_py()
        staged = history.find(session_id)
        if staged is not None and staged.refused:
            counts += _count_refused(session.num_rows)
            continue
        if staged is not None and not history.is_of(staged, user_id):
            faults.append(_fault(session, _OTHER_USER))
            continue
        parts = staged.parts if staged is not None else ()
        if any(part.contradicts(session) for part in parts):
            faults.append(_fault(session, _OTHER_EVENT))
            continue
        new = ~np.isin(session["seq"].to_numpy(), np.concatenate([_NO_SEQ, *(part.seq for part in parts)]))
        if not new.all():
            counts[MERGED_EVENTS] += int((~new).sum())
            counts[DUPLICATES] += int((~new).sum())
        if not new.any():
            continue
        times = pc.min_max(session["t_us"].filter(pa.array(new))).as_py()
        if rule.is_open(times["min"], times["max"]):
            is_open[start:end] = new
            counts[HELD_EVENTS] += int(new.sum())
            continue
        is_closed[start:end] = new
        if staged is not None:
            episodes[start:end] += staged.episodes
            counts[LATE_SESSIONS] += 1
        rows = session.filter(pa.array(new))
        records.append(_record(history.keys[0], session_id, user_id, int(episodes[end - 1]) + 1, rows))
    column = table.schema.get_field_index("episode")
    numbered = table.set_column(column, table.schema.field(column), pa.array(episodes))
    return ClosedSessions(
        numbered.filter(pa.array(is_closed)),
        table.filter(pa.array(is_open)),
        pa.Table.from_pylist(records, schema=CLOSED_SCHEMA),
        tuple(faults),
        tuple(sorted(counts.items())),
    )


def record_refused(key: bytes, session_ids: Iterable[str]) -> pa.Table:
    """Record sessions that were refused for what they declare, as rows of ``CLOSED_SCHEMA``."""
    part: dict[str, list[int]] = {name: [] for name, _ in PART_FIELDS}
    rows = [
        {"session": _digest(key, b"session", session_id), "user": "", "episodes": 0, **part}
        for session_id in session_ids
    ]
    return pa.Table.from_pylist(rows, schema=CLOSED_SCHEMA)


def _count_refused(events: int) -> Counter[str]:
    reason = Reason.OTHER_PURPOSE
    return Counter({**dict(tally_suppressed(reason, events)), TallyGroup.SESSIONS.of(reason): 1})


def _fault(session: pa.Table, problem: Problem) -> Fault:
    source, line = session["source_file"][0].as_py(), session["source_line"][0].as_py()
    claim = Claim(frozenset({session["user_id"][0].as_py()}))
    return Fault(problem, source, line, session.num_rows, log_lines(session), claim)


def _record(key: bytes, session_id: str, user_id: str, episodes: int, rows: pa.Table) -> dict[str, Any]:
    return {
        "session": _digest(key, b"session", session_id),
        "user": _digest(key, b"user", user_id),
        "episodes": episodes,
        **Part.of(key, rows).as_row(),
    }


def _digest(key: bytes, kind: bytes, name: str) -> str:
    return keyed_digest(key, kind, name.encode("utf-8", "surrogatepass"))[:_DIGEST_DIGITS]
