"""Rows that people took out: what is kept depends on nothing that happened in the stretch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import Claim, ConsentStatus
from transforms.consent.policy import consent_status_of
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.restrictions import Restrictions, merge_intervals
from transforms.ingest.session_group import group

_COLUMNS = pa.schema(
    [
        ("session_id", pa.string()),
        ("user_id", pa.string()),
        ("t_us", pa.int64()),
        ("seq", pa.int64()),
        ("kind", pa.string()),
        ("field_id", pa.string()),
    ]
)
_HOUR = 3_600_000_000


def table(*rows: tuple[int | None, str, str | None], session: str = "s", user: str = "ann") -> pa.Table:
    """Build a session of (time, kind, field) rows, numbered in order."""
    listed = [
        {"session_id": session, "user_id": user, "t_us": at, "seq": seq, "kind": kind, "field_id": name}
        for seq, (at, kind, name) in enumerate(rows)
    ]
    return pa.Table.from_pylist(listed, schema=_COLUMNS)


def kept(restrictions: Restrictions, rows: pa.Table) -> list[int]:
    return np.flatnonzero(~restrictions.find_rows(rows)).tolist()


def pause(*intervals: tuple[int, int], user: str = "ann") -> Restrictions:
    return Restrictions({user: intervals})


def test_a_pause_holds_its_begin_and_not_its_end() -> None:
    rows = table((9, "focus", None), (10, "screen", None), (19, "screen", None), (20, "focus", None))
    assert kept(pause((10, 20)), rows) == [0, 3]
    assert kept(pause((11, 20)), rows) == [0, 1, 3]
    assert kept(pause((10, 21)), rows) == [0]


def test_after_a_pause_nothing_is_used_until_the_next_focus() -> None:
    rows = table((5, "focus", None), (25, "screen", None), (29, "key", None), (30, "focus", None), (31, "key", None))
    assert kept(pause((10, 20)), rows) == [0, 3, 4]


def test_a_screen_after_a_pause_is_used_whatever_was_written_meanwhile() -> None:
    rows = table((5, "focus", None), (15, "key", "f"), (25, "focus", None), (26, "screen", None))
    assert kept(pause((10, 20)), rows) == [0, 2, 3]


def test_a_field_is_used_again_once_it_is_told_of_again() -> None:
    before = [(1, "focus", None), (2, "field", "f"), (3, "key", "f")]
    after = [(30, "focus", None), (31, "key", "f"), (32, "key", None), (33, "field", "f"), (34, "key", "f")]
    assert kept(pause((10, 20)), table(*before, *after)) == [0, 1, 2, 3, 5, 6, 7]


def test_a_session_that_begins_within_a_day_after_a_pause_waits_for_its_first_focus() -> None:
    day = 24 * _HOUR
    near = table((20 + day - 1, "screen", None), (20 + day, "focus", None), (21 + day, "screen", None))
    far = table((20 + day, "screen", None), (21 + day, "focus", None))
    assert kept(pause((10, 20)), near) == [1, 2]
    assert kept(pause((10, 20)), far) == [0, 1]


def test_rows_without_a_time_are_not_used_of_somebody_who_paused() -> None:
    rows = table((None, "focus", None), (None, "key", None))
    assert kept(pause((10, 20)), rows) == []
    assert kept(pause((10, 20), user="bob"), rows) == [0, 1]


def test_a_removed_stretch_counts_by_seq_in_its_session_alone() -> None:
    restrictions = Restrictions({}, {"ann": (("s", 1, 3),)})
    rows = [(None, "focus", None), (None, "screen", None), (None, "focus", None), (None, "focus", None)]
    assert kept(restrictions, table(*rows)) == [0, 3]
    assert kept(restrictions, table(*rows, session="t")) == [0, 1, 2, 3]
    assert kept(restrictions, table(*rows, user="bob")) == [0, 1, 2, 3]


def test_intervals_that_touch_are_one() -> None:
    assert merge_intervals([(5, 9), (1, 3), (3, 4), (6, 7)]) == [(1, 4), (5, 9)]


_KINDS = st.sampled_from(["focus", "field", "key", "screen", "clipboard"])
_ROW = st.tuples(st.integers(0, 60), _KINDS, st.sampled_from([None, "f", "g"]))
_INTERVALS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 15)).map(lambda x: (x[0], x[0] + x[1])), max_size=3)


@given(st.lists(_ROW, max_size=25), _INTERVALS)
def test_what_is_kept_is_the_same_as_if_nothing_had_been_recorded_in_the_stretch(
    rows: list[tuple[int, str, str | None]], intervals: Sequence[tuple[int, int]]
) -> None:
    restrictions = pause(*intervals)
    rows = sorted(rows, key=lambda row: row[0])
    whole = table(*rows)
    outside = [not any(begin <= at < end for begin, end in intervals) for at, _, _ in rows]
    without = whole.filter(pa.array(outside, pa.bool_()))
    left = whole.filter(pa.array(~restrictions.find_rows(whole)))
    assert left.equals(without.filter(pa.array(~restrictions.find_rows(without))))
    assert all(not any(begin <= at < end for begin, end in intervals) for at in left["t_us"].to_pylist())


def event(seq: int, at: int, **told: object) -> dict[str, Any]:
    return {"session_id": "s", "user_id": "ann", "seq": seq, "t_us": at, "source_file": 0, "source_line": seq, **told}


def test_the_whole_session_is_grouped_as_if_the_stretch_had_not_been() -> None:
    restrictions = pause((10, 20))
    outside = [event(0, 1, kind="focus", app="a"), event(9, 30, kind="focus", app="b")]
    inside = [event(n, 9 + n, kind="screen", text="canary") for n in range(1, 9)]
    grouped = group([pa.Table.from_pylist([*outside, *inside])], 3, paused=restrictions.find_rows)
    alone = group([pa.Table.from_pylist(outside)], 3, paused=restrictions.find_rows)
    assert grouped.table.equals(alone.table)
    assert dict(grouped.counts) == {"outcome.suppressed": 8, "suppressed.paused": 8}
    assert grouped.starts.tolist() == [0]  # eight events more would have been cut into episodes


@pytest.mark.parametrize(
    ("first_us", "status"),
    [(19, ConsentStatus.REFUSED), (None, ConsentStatus.REFUSED), (20, ConsentStatus.AGREED)],
)
def test_no_copy_is_kept_of_a_bad_record_that_may_lie_in_a_pause(first_us: int | None, status: ConsentStatus) -> None:
    consent = ConsentSnapshot("training", {"ann": {"1": 0}}, restrictions=pause((10, 20)))
    assert consent_status_of(Claim(frozenset({"ann"}), first_us), consent) is status
    removed = ConsentSnapshot("training", {"ann": {"1": 0}}, restrictions=Restrictions({}, {"ann": (("s", 1, 2),)}))
    assert consent_status_of(Claim(frozenset({"ann"}), 99), removed) is ConsentStatus.REFUSED


def test_restrictions_travel_and_tell_themselves_apart() -> None:
    told = Restrictions({"ann": ((1, 2), (4, 9))}, {"ann": (("s", 1, 3),)}, ("word",))
    snapshot = ConsentSnapshot("training", {"ann": {"1": 0}}, restrictions=told)
    assert ConsentSnapshot.from_json(snapshot.as_json()) == snapshot
    plain = ConsentSnapshot("training", {"ann": {"1": 0}})
    others = [Restrictions(told.pauses), Restrictions({}, told.removed), Restrictions(words=("word",)), told]
    digests = {ConsentSnapshot("training", {"ann": {"1": 0}}, restrictions=item).canonical() for item in others}
    assert len(digests | {plain.canonical()}) == 5
    assert "ann" not in repr(snapshot)
    assert "word" not in repr(snapshot)


def test_restrictions_of_two_sources_are_joined() -> None:
    joined = (
        pause((1, 2)) | pause((5, 6)) | Restrictions({}, {"bob": (("s", 0, 1),)}, ("b",)) | Restrictions(words=("a",))
    )
    assert joined == Restrictions({"ann": ((1, 2), (5, 6))}, {"bob": (("s", 0, 1),)}, ("a", "b"))


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (ConsentSnapshot("training", {"ann": {"1": 5}, "bob": {"1": 0}}), True),
        (ConsentSnapshot("training", {"ann": {"1": 4}}), True),
        (ConsentSnapshot("training", {"ann": {"1": 6}}), False),
        (ConsentSnapshot("training", {"ann": {"2": 5}}), False),
        (ConsentSnapshot("training", {}), False),
        (ConsentSnapshot("training", {"ann": {"1": 5}}, restrictions=pause((1, 2))), False),
    ],
)
def test_consent_holds_while_nothing_is_taken_back(now: ConsentSnapshot, *, allowed: bool) -> None:
    assert now.still_allows(ConsentSnapshot("training", {"ann": {"1": 5}})) is allowed
