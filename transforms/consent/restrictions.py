"""Restrictions that people put on what they agreed to: pauses, removed stretches and private words.

A pause is an interval of time, a removed stretch a range of events of one session. Neither what happened in one nor how
much it was decides what is kept of the rest: a release is the same as if nothing had been recorded there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

DAY_US = 86_400 * 1_000_000
_FOREVER = np.iinfo(np.int64).max
_USES_A_FIELD = frozenset({"key", "clipboard", "input_value"})

Interval = tuple[int, int]
"""Begin and end, the end not included."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Restrictions:
    """Restrictions by user (canonical id).

    ``pauses`` holds intervals in microseconds since the epoch, ``removed`` intervals of ``seq`` with their session,
    ``words`` what nobody's release may hold.
    """

    pauses: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict, repr=False)
    removed: Mapping[str, tuple[tuple[str, int, int], ...]] = field(default_factory=dict, repr=False)
    words: tuple[str, ...] = field(default=(), repr=False)

    def __or__(self, other: "Restrictions") -> "Restrictions":
        """Join the restrictions of two sources."""
        pauses = {user: (*self.pauses.get(user, ()), *listed) for user, listed in other.pauses.items()}
        removed = {user: (*self.removed.get(user, ()), *listed) for user, listed in other.removed.items()}
        words = tuple(sorted({*self.words, *other.words}))
        return Restrictions({**self.pauses, **pauses}, {**self.removed, **removed}, words)

    def __bool__(self) -> bool:
        """Return whether anything is restricted."""
        return bool(self.pauses or self.removed or self.words)

    @property
    def people(self) -> frozenset[str]:
        """Return the people who took a stretch out; private words are nobody's alone."""
        return frozenset({*self.pauses, *self.removed})

    def may_touch(self, user: str, first_us: int | None) -> bool:
        """Return whether a record of ``user`` that is known from ``first_us`` on may lie in a stretch."""
        if user in self.removed:
            return True
        return any(first_us is None or first_us < end for _, end in self.pauses.get(user, ()))

    def canonical(self) -> Iterator[str]:
        """Yield words that are equal exactly when the restrictions are."""
        for user, intervals in sorted(self.pauses.items()):
            for begin, end in merge_intervals(intervals):
                yield from ("pause", user, str(begin), str(end))
        for user, listed in sorted(self.removed.items()):
            for session, begin, end in sorted(set(listed)):
                yield from ("removed", user, session, str(begin), str(end))
        for word in self.words:
            yield from ("word", word)

    @classmethod
    def from_json(cls, words: Mapping[str, Any]) -> "Restrictions":
        """Parse the JSON values of ``dataclasses.asdict``."""
        pauses, removed = (
            {user: tuple(tuple(item) for item in listed) for user, listed in words[name].items()}
            for name in ("pauses", "removed")
        )
        return cls(pauses, removed, tuple(words["words"]))

    def find_rows(self, table: pa.Table) -> Flags:
        """Find the rows of whole sessions, in order, that may not be used.

        After a stretch nothing is used until the next change of focus: the application that was opened meanwhile may be
        one that is never released. Nor is a field used that was not told of again: it may be a password's. Rows without
        a time, of somebody who paused, may lie in a pause.
        """
        refused = np.zeros(table.num_rows, np.bool_)
        if not (self.pauses or self.removed) or not table.num_rows:
            return refused
        columns = [table[name].to_pylist() for name in ("session_id", "user_id", "t_us", "seq", "kind", "field_id")]
        session_ids, users, times, seqs, kinds, fields = columns
        for start, stop in _ranges(session_ids):
            user, rows = users[start], slice(start, stop)
            listed = [_Row(*row) for row in zip(kinds[rows], fields[rows], strict=True)]
            for item in {name for name in users[rows] if self.pauses.get(name)}:
                refused[rows] |= _refuse(merge_intervals(self.pauses[item]), times[rows], listed, since=DAY_US)
            removed = [(begin, end) for name, begin, end in self.removed.get(user, ()) if name == session_ids[start]]
            if removed:
                refused[rows] |= _refuse(merge_intervals(removed), seqs[rows], listed, since=_FOREVER)
        return refused


RowFinder = Callable[[pa.Table], Flags]
"""Finds the rows of whole sessions that may not be used."""


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    field_id: str | None = field(repr=False)


def merge_intervals(intervals: Sequence[Interval]) -> list[Interval]:
    """Sort intervals and join those that overlap or touch.

    >>> merge_intervals([(5, 9), (1, 3), (3, 4)])
    [(1, 4), (5, 9)]
    """
    merged: list[Interval] = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged


def _ranges(session_ids: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(session_ids) + 1):
        if at == len(session_ids) or session_ids[at] != session_ids[start]:
            yield start, at
            start = at


def _refuse(intervals: Sequence[Interval], places: Sequence[int | None], rows: Sequence[_Row], *, since: int) -> Flags:
    """Find the rows inside ``intervals``, and those after one whose application or field is not known again.

    A row is known by how many intervals ended before it: it is used while the last focus, and the last word of its
    field, came after as many. With a pause from 10 to 20, a focus at 5, a key at 25, a focus at 30 and a
    key at 31 the key at 25 is refused. A session without a focus so far counts from its first row, less ``since``.
    """
    begins, ends = np.array(intervals, np.int64).T
    at = np.array([-1 if place is None else place for place in places], np.int64)
    ended = np.searchsorted(ends, at, side="right")
    inside = np.searchsorted(begins, at, side="right") > ended
    refused = inside | np.array([place is None for place in places], np.bool_)
    kept = np.flatnonzero(~refused)
    if not len(kept):
        return refused
    focus = base = int(np.searchsorted(ends, max(0, int(at[kept[0]]) - since), side="right"))
    latest: dict[str, int] = {}
    for place in kept.tolist():
        row, now = rows[place], int(ended[place])
        if row.kind == "focus":
            focus = now
        if row.kind == "field" and row.field_id is not None and focus >= now:
            latest[row.field_id] = now
        stale = row.kind in _USES_A_FIELD and row.field_id is not None and latest.get(row.field_id, base) < now
        refused[place] = focus < now or stale
    return refused
