"""Renaming of staged sessions to the pseudonyms of their release."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.rejects import Reason
from schemas.safe import RedactedSessions
from schemas.tally import READ, ROWS, SESSIONS, Tally, TallyGroup, tally_suppressed
from transforms.keys.pseudonym import pseudonym

Refuse = Callable[[Mapping[str, Any]], Reason | None]
"""Finds why a staged session, a row of ``ORIGIN_SCHEMA``, may not be used any more."""


@dataclass(frozen=True, slots=True)
class RenamedSessions:
    """Sessions under the names of their release; ``aside`` counts events that may not be used any more."""

    sessions: RedactedSessions
    tally: tuple[Tally, ...]
    aside: tuple[Tally, ...]


def events_of(origins: pa.Table) -> int:
    """Count the source events of the sessions of a table of ``ORIGIN_SCHEMA``."""
    return sum(
        item["count"]
        for tally in origins["tally"].to_pylist()
        for item in tally
        if item["name"].startswith(TallyGroup.OUTCOME.prefix)
    )


def rename_agreed(staged: RedactedSessions, refuse: Refuse, names: bytes) -> RenamedSessions:
    """Rename the sessions that may still be used, under the key ``names`` of the release."""
    origins = staged.origins
    assert origins is not None  # noqa: S101 - staged sessions have them, for the type checker
    reasons = pa.array([refuse(row) for row in origins.to_pylist()], pa.string())
    kept = origins.filter(reasons.is_null())
    renamed = _Renaming.of(kept, names)
    table = renamed.apply(staged.table)
    counts: Counter[str] = Counter({READ: events_of(kept), SESSIONS: kept.num_rows, ROWS: table.num_rows})
    for tally in kept["tally"].to_pylist():
        counts.update({item["name"]: item["count"] for item in tally})
    headers = None if staged.headers is None else renamed.apply(staged.headers)
    return RenamedSessions(
        RedactedSessions(table, None, headers), tuple(sorted(counts.items())), tuple(_count_dropped(origins, reasons))
    )


def _count_dropped(origins: pa.Table, reasons: pa.StringArray) -> Iterator[Tally]:
    for reason in sorted(reasons.drop_null().unique().to_pylist()):
        dropped = origins.filter(pc.equal(reasons, reason))
        events = events_of(dropped)
        yield from ((READ, events), *tally_suppressed(reason, events))
        yield (TallyGroup.SESSIONS.of(reason), dropped.num_rows)


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
