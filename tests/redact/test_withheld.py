"""Sessions that cannot be shown to be free of personal text are kept back, and only those."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from schemas.entities import EntityType, Span, Text
from schemas.errors import RefusedError
from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from schemas.rejects import Reason
from schemas.tally import ROWS, SESSIONS
from transforms.keystrokes import reconstruct
from transforms.redact import batch as module
from transforms.redact.guard.final_check import VALUE_LEFT
from transforms.redact.results import RedactionResult
from transforms.redact.rows.session_ranges import session_ranges, slice_session
from transforms.redact.typed_fields import field_plans as drafts

PERSON = {"anna kowalski": EntityType.PERSON}
Run = Callable[..., RedactionResult]


def screen(text: str, session: str) -> dict[str, Any]:
    return {"kind": "screen", "source": "ocr", "text": text, "session_id": session}


def counts(redacted: RedactionResult) -> dict[str, int]:
    return dict(redacted.tally)


class Failing:
    """Finds nothing, and fails on a text of a session it does not like."""

    common_words: frozenset[str] = frozenset()

    def __init__(self, error: Exception) -> None:
        self._error = error

    def detect(self, texts: Sequence[Text]) -> list[tuple[Span, ...]]:
        if any("poison" in text.content for text in texts):
            raise self._error
        return [() for _ in texts]

    def digest(self) -> str:
        return "failing"


SESSIONS_OF_THREE = [screen("one", "a"), screen("poison", "b"), screen("more", "b"), screen("two", "c")]


@pytest.mark.parametrize("error", [ValueError("poison"), TimeoutError(), MemoryError(), RecursionError()])
def test_a_session_that_fails_is_withheld_and_the_others_are_released(redact: Run, error: Exception) -> None:
    result = redact(SESSIONS_OF_THREE, Failing(error))
    (withheld,) = result.withheld
    assert withheld.reason is Reason.DETECTOR_FAILED
    assert withheld.events["text"].to_pylist() == ["poison", "more"]
    assert "poison" not in repr(result)
    assert result.sessions.table["session"].to_pylist() == ["session-a-0", "session-c-0"]
    assert result.sessions.table["seq"].to_pylist() == [0, 0]
    assert result.sessions.headers["session"].to_pylist() == ["session-a-0", "session-c-0"]
    assert result.sessions.trace["session_id"].to_pylist() == ["a", "c"]
    assert counts(result) == {
        "outcome.kept": 2,
        "outcome.rejected": 2,
        "reject.detector_failed": 2,
        "sessions.quarantined": 1,
        SESSIONS: 2,
        ROWS: 2,
    }


def test_a_batch_of_one_session_that_fails_gives_no_rows(redact: Run) -> None:
    result = redact([screen("poison", "b")], Failing(ValueError()))
    assert result.sessions.table.num_rows == result.sessions.headers.num_rows == 0
    assert counts(result)[SESSIONS] == 0


def test_an_error_that_stops_the_run_is_not_swallowed(redact: Run) -> None:
    with pytest.raises(RefusedError):
        redact(SESSIONS_OF_THREE, Failing(RefusedError("no models")))


def test_a_session_with_something_left_is_withheld_whole(redact: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        screen("anna kowalski", "a"),
        {"kind": "session", "session_id": "b", "os": "linux"},
        screen("anna kowalski", "b"),
        *({"kind": "pointer", "action": "move", "x": 1.0, "y": 1.0, "session_id": "b"} for _ in range(3)),
        screen("hello", "c"),
    ]
    whole = redact(rows, PERSON)
    assert whole.withheld == ()

    def forget(release: Any) -> Any:
        """Release one text of the second session as it was: the defect that the guard is for."""
        release.texts["text"][2] = "ANNA-Kowalski"
        release.redactions.pop(2, None)

    assemble = module.assemble

    def broken(raw: Any, release: Any, *rest: Any, **named: Any) -> Any:
        forget(release)
        return assemble(raw, release, *rest, **named)

    monkeypatch.setattr(module, "assemble", broken)
    result = redact(rows, PERSON)
    (withheld,) = result.withheld
    assert (withheld.reason, withheld.column, withheld.rule) == (Reason.GUARD_HIT, "text", VALUE_LEFT)
    assert withheld.events.num_rows == 5
    assert set(result.sessions.table["session"].to_pylist()) == {"session-a-0", "session-c-0"}
    assert result.sessions.headers.num_rows == 2
    assert result.sessions.trace.num_rows == result.sessions.table.num_rows
    assert counts(result) == {
        "outcome.kept": 2,
        "outcome.rejected": 5,
        "reject.guard_hit": 5,
        "entity.PERSON": 1,
        "sessions.quarantined": 1,
        SESSIONS: 2,
        ROWS: 2,
    }


def test_the_released_rows_are_those_of_a_run_without_the_withheld_session(redact: Run) -> None:
    rows = [row | {"seq": 0} for row in SESSIONS_OF_THREE]
    alone = redact([row for row in rows if row["session_id"] != "b"], Failing(ValueError()))
    assert redact(rows, Failing(ValueError())).sessions.table.equals(alone.sessions.table)


def test_keys_that_a_broken_plan_forgets_are_caught(redact: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "key", "action": action, "key": key, "modifiers": [], "field_id": "f"}
        for key in "ask anna kowalski"
        for action in ("down", "up")
    ]
    assert redact(rows, PERSON).withheld == ()
    plan_field = drafts.plan_field

    def forgetful(typed: Any, *rest: Any) -> Any:
        """Plan as always, and release every key as it was all the same."""
        plan = plan_field(typed, *rest)
        return dataclasses.replace(plan, outcomes={}, moved={}, typed=())

    monkeypatch.setattr(drafts, "plan_field", forgetful)
    (withheld,) = redact(rows, PERSON).withheld
    assert (withheld.reason, withheld.column, withheld.rule) == (Reason.GUARD_HIT, "key", VALUE_LEFT)


def test_one_session_of_a_batch_is_what_it_would_be_alone() -> None:
    keys = [{"kind": "key", "action": "down", "key": key, "modifiers": []} for key in "to anna kowalski\n"]
    rows = [
        row | {"session_id": name, "episode": episode}
        for name, episode in (("a", 0), ("a", 1), ("b", 0))
        for row in ({"kind": "field", "field_id": "f", "role": "textbox", "label": "x"}, *keys, screen("hi", name))
    ]
    filled = [{"user_id": "u", "seq": seq} | row for seq, row in enumerate(rows)]
    batch = reconstruct(RawSessions(pa.Table.from_pylist(filled, schema=RAW_SCHEMA)))
    for session in session_ranges(batch.sessions.table):
        one = slice_session(batch, session)
        alone = reconstruct(one.sessions)
        assert repr_of(one) == repr_of(alone)


def repr_of(typed: TypedSessions) -> list[dict[str, Any]]:
    return [
        {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in values.items()}
        for values in ({slot: getattr(item, slot) for slot in item.__slots__} for item in typed.fields)
    ]


@pytest.mark.parametrize("closing", ["Enter", "Tab", "Escape"])
@pytest.mark.parametrize("moves", [[], [*["ArrowLeft"] * 13, "x", " ", "End"]])
def test_the_key_that_ends_a_field_is_released_behind_what_was_typed_again(
    redact: Run, closing: str, moves: list[str]
) -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "key", "action": action, "key": key, "modifiers": [], "field_id": "f"}
        for key in [*"anna kowalski", *moves, closing]
        for action in ("down", "up")
    ]
    released = [row["key"] for row in redact(rows, PERSON).sessions.table.to_pylist() if row["action"] == "down"]
    assert released[-1] == closing
    assert released.count(closing) == 1
    assert "ArrowLeft" not in released
