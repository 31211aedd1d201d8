from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from schemas.outcome import Outcome
from schemas.raw import RAW_SCHEMA, RawSessions
from transforms.consent.policy import keep_consented
from transforms.consent.registry import ConsentSnapshot

CONSENT = ConsentSnapshot("training", {"ann": 100})


def sessions(*rows: tuple[str, str, int, int | None]) -> RawSessions:
    listed: list[dict[str, Any]] = [
        {"session_id": session, "user_id": user, "episode": episode, "t_us": at, "kind": "screen"}
        for session, user, episode, at in rows
    ]
    return RawSessions(pa.Table.from_pylist(listed, schema=RAW_SCHEMA))


def kept(*rows: tuple[str, str, int, int | None]) -> list[str]:
    return keep_consented(sessions(*rows), CONSENT).sessions.table["session_id"].to_pylist()


def test_a_session_stays_or_goes_whole() -> None:
    assert kept(("a", "ann", 0, 100), ("a", "ann", 0, 101), ("b", "bob", 0, 100)) == ["a", "a"]
    assert kept(("a", "ann", 0, 101), ("a", "ann", 0, 99)) == []


def test_each_episode_is_judged_by_itself() -> None:
    assert kept(("a", "ann", 0, 99), ("a", "ann", 1, 100)) == ["a"]


def test_a_session_without_times_needs_the_grant_alone() -> None:
    assert kept(("a", "ann", 0, None), ("b", "bob", 0, None)) == ["a"]


def test_what_was_dropped_is_counted_and_nothing_else_is_told() -> None:
    result = keep_consented(sessions(("a", "ann", 0, 100), ("b", "bob", 0, 1), ("b", "bob", 0, 2)), CONSENT)
    assert dict(result.tally) == {"outcome.suppressed": 2, "suppressed.no_consent": 2, "sessions.no_consent": 1}
    assert keep_consented(sessions(("a", "ann", 0, 100)), CONSENT).tally == ()
    assert keep_consented(sessions(), CONSENT).sessions.table.num_rows == 0


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 1), st.integers(90, 110) | st.none(), st.integers(1, 3)),
    max_size=6,
)


@given(ROWS)
def test_every_event_is_kept_or_counted(groups: list[tuple[str, int, int | None, int]]) -> None:
    owner = {"a": "ann", "b": "bob", "c": "ann"}
    rows = [
        (f"{name}{number}", owner[name], episode, at)
        for number, (name, episode, at, events) in enumerate(groups)
        for _ in range(events)
    ]
    result = keep_consented(sessions(*rows), CONSENT)
    dropped = dict(result.tally).get(f"outcome.{Outcome.SUPPRESSED}", 0)
    assert result.sessions.table.num_rows + dropped == len(rows)
    assert set(result.sessions.table["user_id"].to_pylist()) <= {"ann"}
