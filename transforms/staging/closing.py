"""Which sessions are over, which wait for the next night, and what of a session came before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.outcome import Outcome, Tally
from schemas.raw import log_lines
from schemas.rejects import Reason
from transforms.ingest.block import Fault, Problem
from transforms.keys.pseudonym import keyed_digest

HELD = "events.held"
"""Tally name: events of sessions that were not over and wait, sealed, for the next night."""

LATE = "sessions.late"
"""Tally name: sessions of which a part was staged before; what came later is a session of its own."""

_DIGEST_DIGITS = 32

CLOSED_SCHEMA = pa.schema(
    [
        ("session", pa.string()),
        ("user", pa.string()),
        ("episodes", pa.int32()),
        ("first", pa.list_(pa.int64())),
        ("last", pa.list_(pa.int64())),
    ]
)
"""One row a session that was staged: keyed digests of its id and user, its episodes, and the runs of its ``seq``."""

_OTHER_USER = Problem(
    Reason.SESSION_CONFLICT, "user_id", "the session id was another user's on an earlier day; make session ids unique"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A session goes on whose last event is not before ``open_us``, unless it began before ``begun_us``.

    One that begins at ``ahead_us`` or later has a wrong clock: it would wait for years, and is over. All are
    microseconds since the epoch.
    """

    open_us: int
    begun_us: int
    ahead_us: int

    def is_open(self, first_us: int | None, last_us: int | None) -> bool:
        """Return whether a session may go on; one without times is over."""
        if first_us is None or last_us is None:
            return False
        return last_us >= self.open_us and self.begun_us <= first_us < self.ahead_us


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a session that was staged; ``runs`` are its ranges of ``seq``, both ends inclusive."""

    user: str
    episodes: int
    runs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Remembered:
    """Sessions that were staged before, by keyed digest; ``keys`` are the key of digests and those before rotations."""

    keys: tuple[bytes, ...] = field(repr=False)
    sessions: Mapping[str, Known] = field(repr=False)

    def find(self, session_id: str) -> Known | None:
        """Return what is known of a session, ``None`` where nothing is."""
        found = (self.sessions.get(_digest(key, b"session", session_id)) for key in self.keys)
        return next((known for known in found if known is not None), None)

    def is_of(self, known: Known, user_id: str) -> bool:
        """Return whether a session was the user's."""
        return known.user in {_digest(key, b"user", user_id) for key in self.keys}


@dataclass(frozen=True, slots=True)
class Settled:
    """Rows of sessions that are over, rows of those that wait, what to remember of the first, and what is set aside."""

    over: pa.Table = field(repr=False)
    waiting: pa.Table = field(repr=False)
    records: pa.Table = field(repr=False)
    faults: tuple[Fault, ...]
    tally: tuple[Tally, ...]


def remembered(keys: tuple[bytes, ...], tables: Iterable[pa.Table]) -> Remembered:
    """Return what tables of ``CLOSED_SCHEMA`` tell; what they tell of one session is put together."""
    sessions: dict[str, Known] = {}
    for table in tables:
        for row in table.to_pylist():
            known = sessions.get(row["session"])
            runs = tuple(zip(row["first"], row["last"], strict=True))
            if known is not None:
                runs = (*known.runs, *runs)
            episodes = max(row["episodes"], known.episodes if known is not None else 0)
            sessions[row["session"]] = Known(row["user"], episodes, runs)
    return Remembered(keys, sessions)


def settle(table: pa.Table, rule: Rule, before: Remembered) -> Settled:
    """Part the rows of whole sessions (``RAW_SCHEMA``).

    Events that a session had when it was staged before came twice and are merged. What is new of it becomes another
    session, with the next number of an episode. A session id that was another user's is rejected.
    """
    episodes = table["episode"].to_numpy().astype(np.int32)
    over, waiting = np.zeros(table.num_rows, np.bool_), np.zeros(table.num_rows, np.bool_)
    counts: Counter[str] = Counter()
    faults, records = [], []
    for start, end in _bounds(table["session_id"]):
        session = table.slice(start, end - start)
        session_id, user_id = session["session_id"][0].as_py(), session["user_id"][0].as_py()
        known = before.find(session_id)
        if known is not None and not before.is_of(known, user_id):
            faults.append(_fault(session))
            continue
        seq = session["seq"].to_numpy()
        new = _new(seq, known)
        if not new.all():
            counts[f"outcome.{Outcome.MERGED}"] += int((~new).sum())
            counts[f"{Outcome.MERGED}.duplicate"] += int((~new).sum())
        if not new.any():
            continue
        times = pc.min_max(session["t_us"].filter(pa.array(new))).as_py()
        if rule.is_open(times["min"], times["max"]):
            waiting[start:end] = new
            counts[HELD] += int(new.sum())
            continue
        over[start:end] = new
        if known is not None:
            episodes[start:end] += known.episodes
            counts[LATE] += 1
        records.append(_record(before.keys[0], session_id, user_id, int(episodes[end - 1]) + 1, seq[new]))
    place = table.schema.get_field_index("episode")
    numbered = table.set_column(place, table.schema.field(place), pa.array(episodes))
    return Settled(
        numbered.filter(pa.array(over)),
        table.filter(pa.array(waiting)),
        pa.Table.from_pylist(records, schema=CLOSED_SCHEMA),
        tuple(faults),
        tuple(sorted(counts.items())),
    )


def _bounds(session_ids: pa.ChunkedArray) -> Iterator[tuple[int, int]]:
    runs = pc.run_end_encode(session_ids.combine_chunks())
    return pairwise([0, *runs.run_ends.to_pylist()])


def _new(seq: npt.NDArray[np.int64], known: Known | None) -> npt.NDArray[np.bool_]:
    """Return which events were not staged before."""
    new = np.ones(len(seq), np.bool_)
    for first, last in known.runs if known is not None else ():
        new &= (seq < first) | (seq > last)
    return new


def _fault(session: pa.Table) -> Fault:
    source, line = session["source_file"][0].as_py(), session["source_line"][0].as_py()
    return Fault(_OTHER_USER, source, line, session.num_rows, log_lines(session))


def _record(
    key: bytes, session_id: str, user_id: str, episodes: int, seq: npt.NDArray[np.int64]
) -> dict[str, str | int | Sequence[int]]:
    ordered = np.unique(seq)
    breaks = np.flatnonzero(np.diff(ordered) > 1)
    return {
        "session": _digest(key, b"session", session_id),
        "user": _digest(key, b"user", user_id),
        "episodes": episodes,
        "first": [int(ordered[0]), *ordered[breaks + 1].tolist()],
        "last": [*ordered[breaks].tolist(), int(ordered[-1])],
    }


def _digest(key: bytes, kind: bytes, name: str) -> str:
    return keyed_digest(key, kind, name.encode("utf-8", "surrogatepass"))[:_DIGEST_DIGITS]
