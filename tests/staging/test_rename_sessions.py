"""Staged sessions under the names of their release, of those who still agree."""

from collections import Counter

import pyarrow as pa

from schemas.rejects import Reason
from schemas.safe import ORIGIN_SCHEMA, REDACTED_SCHEMA, SESSIONS_SCHEMA, RedactedSessions
from schemas.tally import READ, ROWS, SESSIONS
from transforms.keys.pseudonym import pseudonym
from transforms.staging.rename_sessions import rename_agreed, without_user

KEY = bytes(32)
REASONS = {"ada": Reason.PAUSED, "bob": Reason.NO_CONSENT}


def origin(name: str, user: str, first_us: int, **counts: int) -> dict[str, object]:
    tally = [{"name": f"outcome.{word}", "count": count} for word, count in counts.items()]
    tally.append({"name": "entity.PERSON", "count": 2})
    words = {"session": name, "session_id": f"raw {name}", "episode": 1, "user_id": user}
    return words | {"first_us": first_us, "tally": tally}


def staged() -> RedactedSessions:
    rows = [{"session": name, "user": f"staged {name}", "seq": seq} for name in ("a", "b") for seq in range(3)]
    table = pa.Table.from_pylist(rows, schema=REDACTED_SCHEMA)
    headers = pa.Table.from_pylist(
        [{"session": name, "user": f"staged {name}", "os": f"os of {name}"} for name in ("a", "b", "empty")],
        schema=SESSIONS_SCHEMA,
    )
    origins = pa.Table.from_pylist(
        [
            origin("a", "ada", 10, kept=3, replaced=1),
            origin("b", "bob", 20, kept=3, suppressed=4),
            origin("empty", "ada", 30, suppressed=5),
        ],
        schema=ORIGIN_SCHEMA,
    )
    return RedactedSessions(table, None, headers, origins)


def test_sessions_get_the_names_that_a_run_over_the_same_files_gives_them() -> None:
    admitted = rename_agreed(staged(), lambda _: None, KEY)
    table, headers = admitted.sessions.table, admitted.sessions.headers
    assert headers is not None
    assert table["session"].to_pylist() == [pseudonym(KEY, "session", f"raw {name}", 1) for name in "aaabbb"]
    assert table["user"].to_pylist() == [pseudonym(KEY, "user", user) for user in ["ada"] * 3 + ["bob"] * 3]
    assert headers["os"].to_pylist() == ["os of a", "os of b", "os of empty"]
    assert admitted.sessions.origins is None
    counts = {READ: 16, SESSIONS: 3, ROWS: 6, "outcome.kept": 6, "outcome.replaced": 1, "outcome.suppressed": 9}
    assert dict(admitted.tally) == counts | {"entity.PERSON": 6}
    assert admitted.aside == ()


def test_whoever_does_not_agree_any_more_is_left_out_and_counted() -> None:
    admitted = rename_agreed(staged(), lambda row: Reason.NO_CONSENT if row["user_id"] == "bob" else None, KEY)
    assert set(admitted.sessions.table["user"].to_pylist()) == {pseudonym(KEY, "user", "ada")}
    assert admitted.sessions.headers is not None
    assert admitted.sessions.headers.num_rows == 2
    assert dict(admitted.tally)[READ] == 9
    assert dict(admitted.aside) == {
        READ: 7,
        "outcome.suppressed": 7,
        "suppressed.no_consent": 7,
        "sessions.no_consent": 1,
    }


def test_a_batch_of_which_nobody_is_left_is_empty() -> None:
    admitted = rename_agreed(staged(), lambda row: REASONS[row["user_id"]], KEY)
    assert admitted.sessions.table.schema.equals(REDACTED_SCHEMA)
    assert admitted.sessions.table.num_rows == 0
    counts: Counter[str] = Counter()
    for name, count in admitted.aside:
        counts[name] += count
    assert counts == {
        READ: 16,
        "outcome.suppressed": 16,
        "suppressed.paused": 9,
        "sessions.paused": 2,
        "suppressed.no_consent": 7,
        "sessions.no_consent": 1,
    }


def test_a_person_is_taken_out_of_staged_sessions() -> None:
    left = without_user(staged(), "ada")
    assert left.origins is not None
    assert left.headers is not None
    assert set(left.table["session"].to_pylist()) == {"b"}
    assert left.headers["session"].to_pylist() == ["b"]
    assert left.origins["user_id"].to_pylist() == ["bob"]
    assert without_user(staged(), "carol").table.num_rows == 6
