"""The end of sessions: no event of one is lost or released twice, however late it comes."""

from collections.abc import Mapping

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.raw import RAW_SCHEMA
from schemas.rejects import Reason
from schemas.tally import HELD_EVENTS, LATE_SESSIONS, Outcome
from transforms.staging.session_end import (
    CLOSED_SCHEMA,
    ClosedSessions,
    SessionEnd,
    close_sessions,
    index_staged,
    record_refused,
)

DAY = 86_400_000_000
KEYS = (bytes(32),)
NOTHING = index_staged(KEYS, [])


def rows(session: str, user: str, events: Mapping[int, int | None], **more: str) -> pa.Table:
    """Return a session from the time of each of its ``seq``; all events have ``more``."""
    return pa.Table.from_pylist(
        [
            {"session_id": session, "user_id": user, "kind": "focus", "seq": seq, "t_us": t_us, "episode": 0, **more}
            for seq, t_us in sorted(events.items())
        ],
        schema=RAW_SCHEMA,
    )


def until(day: int, idle_us: int = DAY // 24, hold: int = 3) -> SessionEnd:
    """Return the rule of a night after ``day``."""
    return SessionEnd((day + 1) * DAY - idle_us, (day + 1 - hold) * DAY, (day + 2) * DAY)


def test_a_session_that_reaches_midnight_waits_and_others_go_on() -> None:
    table = pa.concat_tables(
        [
            rows("early", "u", {0: DAY // 2}),
            rows("late", "u", {0: DAY // 2, 1: DAY - 1}),
            rows("timeless", "u", {0: None}),
            rows("tomorrow", "u", {0: DAY + 5}),
        ]
    )
    settled = close_sessions(table, until(0), NOTHING)
    assert settled.closed["session_id"].to_pylist() == ["early", "timeless"]
    assert settled.open["session_id"].to_pylist() == ["late", "late", "tomorrow"]
    assert dict(settled.tally) == {HELD_EVENTS: 3}


def test_a_session_without_an_end_is_closed_after_some_days() -> None:
    endless = {seq: seq * DAY // 4 for seq in range(17)}
    assert close_sessions(rows("s", "u", endless), until(3, hold=4), NOTHING).closed.num_rows == 0
    assert close_sessions(rows("s", "u", endless), until(4, hold=4), NOTHING).closed.num_rows == 17


def test_a_session_whose_clock_is_ahead_does_not_wait_for_years() -> None:
    ahead = close_sessions(rows("s", "u", {0: 2 * DAY, 1: 4000 * DAY}), until(0), NOTHING)
    assert (ahead.closed.num_rows, ahead.open.num_rows) == (2, 0)


def test_what_comes_after_a_session_was_staged_is_a_session_of_its_own() -> None:
    first = close_sessions(rows("s", "u", {0: 1, 1: 2, 5: 3}), until(0), NOTHING)
    before = index_staged(KEYS, [first.records])
    later = close_sessions(rows("s", "u", {1: 2, 2: 4, 5: 3, 6: 5}), until(0), before)
    assert later.closed["seq"].to_pylist() == [2, 6]
    assert later.closed["episode"].to_pylist() == [1, 1]
    assert dict(later.tally) == {"outcome.merged": 2, "merged.duplicate": 2, LATE_SESSIONS: 1}
    again = close_sessions(rows("s", "u", {2: 4, 7: 6}), until(0), index_staged(KEYS, [first.records, later.records]))
    assert again.closed["episode"].to_pylist() == [2]


def test_another_users_session_id_is_rejected() -> None:
    before = index_staged(KEYS, [close_sessions(rows("s", "u", {0: 1}), until(0), NOTHING).records])
    (fault,) = close_sessions(rows("s", "v", {0: 1, 1: 2}), until(0), before).faults
    assert (fault.problem.reason, fault.events) == (Reason.SESSION_CONFLICT, 2)


@pytest.mark.parametrize(
    "other",
    [
        rows("s", "u", {0: 9, 1: 2, 2: 3, 30: 99}),
        rows("s", "u", {1: None, 30: None}, device_id="other"),
        rows("s", "u", {0: 0, 30: 99}, action="down"),
        rows("s", "u", {0: None, 1: 1, 30: 99}),
    ],
    ids=["time", "shape of a session without times", "shape", "no time any more"],
)
def test_another_event_at_a_seq_that_was_staged_is_set_aside_with_all_that_came(other: pa.Table) -> None:
    first = close_sessions(rows("s", "u", {seq: seq for seq in range(30)}), until(0), NOTHING)
    settled = close_sessions(other, until(0), index_staged(KEYS, [first.records]))
    (fault,) = settled.faults
    assert (fault.problem.reason, fault.problem.field_name) == (Reason.SESSION_CONFLICT, "seq")
    assert (fault.events, settled.closed.num_rows, settled.open.num_rows, settled.tally) == (other.num_rows, 0, 0, ())


def test_an_event_without_a_time_cannot_be_told_from_another_and_is_set_aside() -> None:
    first = close_sessions(rows("s", "u", {0: None, 1: None}), until(0), NOTHING)
    again = close_sessions(rows("s", "u", {0: None, 1: None, 2: None}), until(0), index_staged(KEYS, [first.records]))
    (fault,) = again.faults
    assert (fault.events, again.closed.num_rows) == (3, 0)


def test_records_hold_nothing_of_what_events_say() -> None:
    many: dict[int, int | None] = {seq: seq for seq in range(40)}
    said, other = (close_sessions(rows("s", "u", many, key=key), until(0), NOTHING).records for key in "ab")
    assert said.schema == CLOSED_SCHEMA
    assert said == other


def test_after_a_rotation_sessions_are_still_known() -> None:
    records = close_sessions(rows("s", "u", {0: 1}), until(0), NOTHING).records
    rotated = index_staged((bytes([1]) * 32, *KEYS), [records])
    assert close_sessions(rows("s", "u", {0: 1}), until(0), rotated).closed.num_rows == 0
    assert (
        close_sessions(rows("s", "u", {0: 1}), until(0), index_staged((bytes([1]) * 32,), [records])).closed.num_rows
        == 1
    )
    later = close_sessions(rows("s", "u", {1: 2}), until(0), rotated).records
    both = close_sessions(rows("s", "u", {0: 1, 1: 2, 2: 3}), until(0), index_staged(rotated.keys, [records, later]))
    assert (both.closed["seq"].to_pylist(), both.closed["episode"].to_pylist()) == ([2], [2])


def test_records_name_nobody() -> None:
    records = close_sessions(rows("session-of-ada", "ada", {0: 1}), until(0), NOTHING).records
    assert "ada" not in str(records.to_pylist())
    assert "ada" not in repr(close_sessions(rows("s", "ada", {0: 1}), until(0), NOTHING))


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), max_size=6, unique_by=lambda e: e[0]), max_size=6
    )
)
def test_every_event_is_staged_once_whatever_the_night_it_comes_on(nights: list[list[tuple[int, int]]]) -> None:
    """Each night brings some ``seq`` of one session, again or for the first time, with the day of their times."""
    times: dict[int, int] = {}
    waiting: dict[int, int | None] = {}
    records: list[pa.Table] = []
    staged, merged = [], 0
    for day, events in enumerate([*nights, [], [], []]):
        arrived = {seq: times.setdefault(seq, min(of, day) * DAY + seq) for seq, of in events}
        repeated = set(arrived) & set(waiting)
        settled: ClosedSessions = close_sessions(
            rows("s", "u", waiting | arrived), until(day), index_staged(KEYS, records)
        )
        merged += len(repeated) + dict(settled.tally).get(f"outcome.{Outcome.MERGED}", 0)
        waiting = dict(zip(settled.open["seq"].to_pylist(), settled.open["t_us"].to_pylist(), strict=True))
        staged += list(zip(settled.closed["seq"].to_pylist(), settled.closed["episode"].to_pylist(), strict=True))
        records.append(settled.records)
        assert dict(settled.tally).get(HELD_EVENTS, 0) == len(waiting)
    assert sorted(seq for seq, _ in staged) == sorted(times)
    assert len(staged) + merged == sum(len(events) for events in nights)


@pytest.mark.parametrize("empty", [RAW_SCHEMA.empty_table()])
def test_nothing_gives_nothing(empty: pa.Table) -> None:
    settled = close_sessions(empty, until(0), NOTHING)
    assert (settled.closed.num_rows, settled.open.num_rows, settled.records.num_rows) == (0, 0, 0)


def test_a_later_part_of_a_session_that_was_refused_for_what_it_declares_is_suppressed() -> None:
    later = pa.concat_tables([rows("other", "u", {0: 5, 1: 6}), rows("refused", "u", {7: 5, 8: DAY - 1, 9: 7})])
    staged = close_sessions(rows("refused", "u", {0: 5}), until(0), NOTHING)
    for before in ([], [staged.records]):
        for key in (KEYS[0], b"k" * 32):
            known = index_staged((KEYS[0], b"k" * 32), [*before, record_refused(key, ["refused"])])
            settled = close_sessions(later, until(0), known)
            assert set(settled.closed["session_id"].to_pylist()) == {"other"}
            assert (settled.open.num_rows, settled.faults) == (0, ())
            assert dict(settled.tally) == {
                "outcome.suppressed": 3, "suppressed.other_purpose": 3, "sessions.other_purpose": 1,
            }  # fmt: skip


def test_a_record_of_a_refused_session_says_nothing_of_its_user_or_its_events() -> None:
    (record,) = record_refused(KEYS[0], ["refused"]).to_pylist()
    assert record == {
        "session": record["session"], "user": "", "episodes": 0, "first": [], "last": [], "shapes": [], "times": [],
    }  # fmt: skip
    assert "refused" not in record["session"]
