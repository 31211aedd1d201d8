from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import Claim, ConsentStatus, declare
from schemas.raw import RAW_SCHEMA, RawSessions
from schemas.tally import Outcome
from transforms.consent.erasure import tombstones
from transforms.consent.policy import consent_status_of, keep_consented, list_refused_by_header
from transforms.consent.registry import ConsentSnapshot

CONSENT = ConsentSnapshot("training", {"ann": {"1": 100}})


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


def test_what_the_header_of_a_session_declares_counts_for_each_of_its_episodes() -> None:
    listed: list[dict[str, Any]] = [
        {"session_id": "a", "user_id": "ann", "episode": 0, "declared_purposes": ["research"]},
        {"session_id": "a", "user_id": "ann", "episode": 0},
        {"session_id": "a", "user_id": "ann", "episode": 1, "declared_purposes": ["research", "training"]},
        {"session_id": "b", "user_id": "ann", "episode": 0, "declared_versions": ["2"]},
        {"session_id": "c", "user_id": "ann", "episode": 0, "declared_versions": ["1"]},
        {"session_id": "d", "user_id": "ann", "episode": 0, "declared_purposes": ["training"]},
        {"session_id": "e", "user_id": "ann", "episode": 0},
    ]
    result = keep_consented(RawSessions(pa.Table.from_pylist(listed, schema=RAW_SCHEMA)), CONSENT)
    assert result.sessions.table["session_id"].to_pylist() == ["c", "d", "e"]
    assert dict(result.tally) == {
        "outcome.suppressed": 4,
        "suppressed.other_purpose": 3,
        "sessions.other_purpose": 2,
        "suppressed.other_version": 1,
        "sessions.other_version": 1,
    }


def test_only_sessions_whose_people_agreed_to_something_else_are_refused_by_their_header() -> None:
    listed: list[dict[str, Any]] = [
        {"session_id": "a", "user_id": "ann", "t_us": 100, "declared_purposes": ["research"]},
        {"session_id": "b", "user_id": "ann", "t_us": 100, "declared_versions": ["2"]},
        {"session_id": "agreed", "user_id": "ann", "t_us": 100, "declared_purposes": ["training"]},
        {"session_id": "none", "user_id": "ann", "t_us": 100},
        {"session_id": "before", "user_id": "ann", "t_us": 99, "declared_purposes": ["research"]},
        {"session_id": "nobody", "user_id": "eve", "t_us": 100, "declared_purposes": ["research"]},
    ]
    table = pa.Table.from_pylist([{"episode": 0} | row for row in listed], schema=RAW_SCHEMA)
    assert list_refused_by_header(RawSessions(table), CONSENT) == ["a", "b"]
    assert list_refused_by_header(RawSessions(table.slice(0, 0)), CONSENT) == []
    everybody = ConsentSnapshot("training", {}, everybody=True)
    assert list_refused_by_header(RawSessions(table), everybody) == []
    erased = ConsentSnapshot("training", CONSENT.grants, erased=frozenset({tombstones(KEYS, "ann")[0]}))
    assert list_refused_by_header(RawSessions(table), erased, KEYS) == []


KEYS = (b"k" * 32, b"j" * 32)
EVERYBODY = ConsentSnapshot("training", {}, everybody=True)
ERASED = ConsentSnapshot("training", {}, everybody=True, erased=frozenset({tombstones(KEYS, "bob")[1]}))


@pytest.mark.parametrize(
    ("claim", "consent", "standing"),
    [
        (Claim(frozenset({"ann"})), CONSENT, ConsentStatus.AGREED),
        (Claim(frozenset({"ann"}), 100), CONSENT, ConsentStatus.AGREED),
        (Claim(frozenset({"ann"}), 99), CONSENT, ConsentStatus.REFUSED),
        (Claim(frozenset({"ann", "bob"})), CONSENT, ConsentStatus.REFUSED),
        (Claim(frozenset({"bob"}), doubtful=True), CONSENT, ConsentStatus.REFUSED),
        (Claim(frozenset({"ann"}), doubtful=True), CONSENT, ConsentStatus.UNKNOWN),
        (Claim(), CONSENT, ConsentStatus.UNKNOWN),
        (Claim(declared=declare("research", None)), CONSENT, ConsentStatus.REFUSED),
        (Claim(frozenset({"ann"}), declared=declare("research", None)), CONSENT, ConsentStatus.REFUSED),
        (Claim(frozenset({"ann"}), declared=declare("training", "2")), CONSENT, ConsentStatus.REFUSED),
        (Claim(frozenset({"bob"}), declared=declare("research", None)), EVERYBODY, ConsentStatus.AGREED),
        (Claim(), EVERYBODY, ConsentStatus.AGREED),
        (Claim(frozenset({"ann"}), doubtful=True), EVERYBODY, ConsentStatus.AGREED),
        (Claim(frozenset({"bob"})), ERASED, ConsentStatus.REFUSED),
        (Claim(frozenset({"ann"})), ERASED, ConsentStatus.AGREED),
        (Claim(frozenset({"ann"}), doubtful=True), ERASED, ConsentStatus.UNKNOWN),
        (Claim(), ERASED, ConsentStatus.UNKNOWN),
    ],
)
def test_a_record_may_be_kept_where_everybody_behind_it_agreed(
    claim: Claim, consent: ConsentSnapshot, standing: ConsentStatus
) -> None:
    assert consent_status_of(claim, consent, KEYS) is standing
