"""Stretches and words that people took out of a session after it was staged.

The events of a stretch that was known on the night are not in the staged session. One that comes later cannot be cut
out of it, since what was typed and seen around it depends on the whole session: the session goes. Where a session kept
what its person had typed in earlier ones of that night (ADR 81), a later stretch in these takes it along.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import pyarrow as pa

from transforms.consent.restrictions import DAY_US, Interval, Restrictions, merge_intervals


class WordSearch(Protocol):
    """Travels with the graph and opens, on a worker, the search for words that people made private."""

    def open(self) -> Callable[[pa.Table], frozenset[str]]:
        """Open the function that finds the sessions of a table of ``REDACTED_SCHEMA`` in which a word stands."""
        ...


def note_obeyed(origins: pa.Table, restrictions: Restrictions) -> pa.Table:
    """Write into ``origins`` (``ORIGIN_SCHEMA``) which stretches each session was staged without."""
    rows = origins.to_pylist()
    for row in rows:
        row["removed_elsewhere"] = list(_list_elsewhere(row, restrictions))
        row["pauses"], row["removed"] = (
            [{"begin": begin, "end": end} for begin, end in _clip(stretches, reach)]
            for stretches, reach in _list_stretches(row, restrictions)
        )
    return pa.Table.from_pylist(rows, schema=origins.schema)


def has_later_stretch(origin: Mapping[str, Any], restrictions: Restrictions) -> bool:
    """Return whether a stretch may touch a staged session, a row of ``ORIGIN_SCHEMA``, that was staged with it.

    An event without a time may lie in any pause.
    """
    if origin["first_us"] is None and restrictions.pauses.get(origin["user_id"]):
        return True
    known = origin["removed_elsewhere"] or ()
    if any(item not in known for item in _list_elsewhere(origin, restrictions)):
        return True
    obeyed = [[(item["begin"], item["end"]) for item in origin[name] or ()] for name in ("pauses", "removed")]
    return any(
        not _is_covered(stretch, before)
        for (stretches, reach), before in zip(_list_stretches(origin, restrictions), obeyed, strict=True)
        for stretch in _clip(stretches, reach)
    )


def _list_stretches(origin: Mapping[str, Any], restrictions: Restrictions) -> Iterator[tuple[list[Interval], Interval]]:
    """Yield the pauses, then the removed stretches, of a session's user, with the places where they touch the session.

    One that ended before the session counts as well: what was opened in it may be in use until the next change of
    focus. For pauses that holds for a day, as while a session is read, and as long as the session knew what had been
    typed; in a later part of a session, for always.
    """
    user, first, last = origin["user_id"], origin["first_us"], origin["last_us"]
    since = 0 if first is None or origin["episode"] else first - DAY_US
    if origin["typed_since_us"] is not None:
        since = min(since, origin["typed_since_us"] - DAY_US)
    yield list(restrictions.pauses.get(user, ())), (since, 0 if last is None else last + 1)
    named = restrictions.removed.get(user, ())
    removed = [(begin, end) for name, begin, end in named if name == origin["session_id"]]
    yield removed, (0, origin["last_seq"] + 1)


def _list_elsewhere(origin: Mapping[str, Any], restrictions: Restrictions) -> Iterator[dict[str, Any]]:
    """Yield the stretches that a person removed from sessions of which this one knew what was typed."""
    sessions = origin["typed_in"] or ()
    for name, begin, end in restrictions.removed.get(origin["user_id"], ()):
        if name in sessions:
            yield {"session_id": name, "begin": begin, "end": end}


def _clip(stretches: Sequence[Interval], reach: Interval) -> list[Interval]:
    """Cut stretches to the part that touches a session.

    >>> _clip([(1, 3), (2, 5), (8, 20), (30, 40)], (4, 10))
    [(4, 5), (8, 10)]
    """
    clipped = [(max(begin, reach[0]), min(end, reach[1])) for begin, end in merge_intervals(stretches)]
    return [(begin, end) for begin, end in clipped if begin < end]


def _is_covered(stretch: Interval, obeyed: Sequence[Interval]) -> bool:
    return any(begin <= stretch[0] and stretch[1] <= end for begin, end in obeyed)
