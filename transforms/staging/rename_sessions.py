"""Renaming of staged sessions to the pseudonyms of their release."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from schemas.outcome import READ, ROWS, SESSIONS, Outcome, Tally
from schemas.rejects import Reason
from schemas.safe import RedactedSessions
from transforms.keys.pseudonym import pseudonym

Agreed = Callable[[str, int | None], bool]
"""Test of a user's agreement to the use of events that began at a time (microseconds since the epoch, or unknown)."""


@dataclass(frozen=True, slots=True)
class RenamedSessions:
    """Sessions under the names of their release; ``aside`` counts events whose consent has ended."""

    sessions: RedactedSessions
    tally: tuple[Tally, ...]
    aside: tuple[Tally, ...]


def events_of(origins: pa.Table) -> int:
    """Count the source events of the sessions of a table of ``ORIGIN_SCHEMA``."""
    return sum(
        item["count"] for tally in origins["tally"].to_pylist() for item in tally if item["name"].startswith("outcome.")
    )


def rename_agreed(staged: RedactedSessions, agreed: Agreed, names: bytes) -> RenamedSessions:
    """Rename the sessions of people who still agree, under the key ``names`` of the release."""
    origins = staged.origins
    assert origins is not None  # noqa: S101 - staged sessions have them, for the type checker
    may = [agreed(row["user_id"], row["first_us"]) for row in origins.select(["user_id", "first_us"]).to_pylist()]
    kept, dropped = origins.filter(pa.array(may, pa.bool_())), origins.filter(pa.array([not yes for yes in may]))
    renamed = _Renaming.of(kept, names)
    table = renamed.apply(staged.table)
    counts: Counter[str] = Counter({READ: events_of(kept), SESSIONS: kept.num_rows, ROWS: table.num_rows})
    for tally in kept["tally"].to_pylist():
        counts.update({item["name"]: item["count"] for item in tally})
    headers = None if staged.headers is None else renamed.apply(staged.headers)
    return RenamedSessions(
        RedactedSessions(table, None, headers), tuple(sorted(counts.items())), _count_dropped(dropped)
    )


def _count_dropped(origins: pa.Table) -> tuple[Tally, ...]:
    if not origins.num_rows:
        return ()
    events = events_of(origins)
    return (
        (READ, events),
        (f"outcome.{Outcome.SUPPRESSED}", events),
        (f"suppressed.{Reason.NO_CONSENT}", events),
        ("sessions.no_consent", origins.num_rows),
    )


@dataclass(frozen=True, slots=True)
class _Renaming:
    before: pa.Array = field(repr=False)
    session: pa.Array = field(repr=False)
    user: pa.Array = field(repr=False)

    @classmethod
    def of(cls, origins: pa.Table, names: bytes) -> "_Renaming":
        rows = origins.to_pylist()
        return cls(
            pa.array([row["session"] for row in rows], pa.string()),
            pa.array([pseudonym(names, "session", row["session_id"], row["episode"]) for row in rows], pa.string()),
            pa.array([pseudonym(names, "user", row["user_id"]) for row in rows], pa.string()),
        )

    def apply(self, table: pa.Table) -> pa.Table:
        """Rename the rows of known sessions, and drop other rows."""
        places = pc.index_in(table["session"], value_set=self.before).combine_chunks()
        known = places.is_valid()
        kept, places = table.filter(known), places.filter(known)
        for name, words in (("session", self.session), ("user", self.user)):
            place = kept.schema.get_field_index(name)
            kept = kept.set_column(place, kept.schema.field(place), words.take(places))
        return kept


def without_user(staged: RedactedSessions, user_id: str) -> RedactedSessions:
    """Remove the sessions of a user."""
    origins = staged.origins
    assert origins is not None  # noqa: S101 - staged sessions have them, for the type checker
    theirs = pc.equal(origins["user_id"], user_id)
    gone = origins["session"].filter(theirs).combine_chunks()

    def without(table: pa.Table) -> pa.Table:
        return table.filter(pc.invert(pc.is_in(table["session"], value_set=gone)))

    headers = None if staged.headers is None else without(staged.headers)
    return RedactedSessions(without(staged.table), None, headers, without(origins))
