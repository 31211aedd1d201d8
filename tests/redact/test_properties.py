"""Properties of every session: nothing found is left, every event is accounted for, keys and texts agree."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.entities import EntityType
from schemas.tally import ROWS, Outcome
from tests.support.row_replay import ReplayEvent, replay
from transforms.redact.results import RedactionResult

Row = dict[str, Any]
Run = Callable[..., RedactionResult]

VALUES = {
    "anna kowalski": EntityType.PERSON,
    "anna.kowalski@corp.test": EntityType.EMAIL_ADDRESS,
    "zq81-hunter": EntityType.SECRET,
    "4539148803436467": EntityType.CREDIT_CARD,
    "+49 30 5550182": EntityType.PHONE_NUMBER,
}
WORDS = st.sampled_from(["ok ", "see you ", "the 12 files", "a", " ", "x_y", "Tab", "invoice, "])
PIECES = WORDS | st.sampled_from(sorted(VALUES)) | st.sampled_from(["anna kow", "hunter", "4539148", "kowalski "])
MOVES = st.sampled_from(["Backspace", "Delete", "ArrowLeft", "ArrowRight", "Home", "End", "Enter"])
EDITS = st.one_of(
    PIECES,
    PIECES,
    st.tuples(MOVES, st.integers(1, 6)),
    st.tuples(st.just("Paste"), PIECES),
    st.sampled_from([("Control+a", 1), ("Control+Backspace", 1), ("Shift+ArrowLeft", 3), ("Control+z", 1)]),
)
ROLES = st.sampled_from(["textbox", "textbox", "textbox", "password"])
FIELDS = st.lists(st.tuples(st.lists(EDITS, max_size=8), ROLES), min_size=1, max_size=3)
OTHERS = st.lists(
    st.tuples(st.sampled_from(["title", "url", "screen", "copy", "click"]), st.lists(PIECES, max_size=3)), max_size=4
)


def key(name: str, field: str, *held: str) -> Iterator[Row]:
    for action in ("down", "up"):
        yield {"kind": "key", "action": action, "key": name, "code": None, "modifiers": list(held), "field_id": field}


def rows_of(edits: list[Any], field: str, role: str) -> Iterator[Row]:
    yield {"kind": "field", "field_id": field, "role": role, "label": "Note", "multiline": True}
    for edit in edits:
        if isinstance(edit, str):
            for character in edit:
                yield from key(character, field)
        elif edit[0] == "Paste":
            yield {"kind": "clipboard", "action": "paste", "text": edit[1], "field_id": field}
        else:
            *held, name = edit[0].split("+")
            for _ in range(edit[1]):
                yield from key(name, field, *held)


def other(kind: str, text: str) -> Row:
    match kind:
        case "title":
            return {"kind": "focus", "app": "editor", "title": text}
        case "url":
            return {
                "kind": "focus",
                "app": "editor",
                "title": "x",
                "url": "https://a.example/?q=" + text.replace(" ", "%20"),
            }
        case "screen":
            return {"kind": "screen", "source": "ocr", "text": text.upper()}
        case "copy":
            return {"kind": "clipboard", "action": "copy", "text": text}
        case _:
            return {
                "kind": "pointer",
                "action": "click",
                "x": 1.0,
                "y": 2.0,
                "target": {"role": "button", "name": text},
            }


SESSIONS = st.builds(
    lambda fields, others, values: [
        {"kind": "session", "os": "linux"},
        *(other(kind, "".join(pieces)) for kind, pieces in others),
        *(row for number, (edits, role) in enumerate(fields) for row in rows_of(edits, f"f{number}", role)),
        *({"kind": "input_value", "field_id": "v", "value": value} for value in values),
        *({"kind": "screen", "source": "ocr", "text": value} for value in VALUES),
    ],
    FIELDS,
    OTHERS,
    st.lists(PIECES, max_size=3),
)


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(r"%[0-9a-f]{2}", "", text.lower()))


def released_texts(table: pa.Table) -> Iterator[str]:
    for column in ("app", "title", "url", "name", "text"):
        yield from (text for text in table[column].to_pylist() if text)


def spelled(table: pa.Table, field: int | None = None) -> str:
    rows = table.select(["kind", "action", "key", "field"]).to_pylist()
    downs = [row for row in rows if row["kind"] == "key" and row["action"] == "down"]
    return "".join(row["key"] for row in downs if len(row["key"]) == 1 and field in (None, row["field"]))


@settings(max_examples=80, deadline=None)
@example(
    [
        {"kind": "session", "os": "linux"},
        *rows_of(["anna kow"], "f0", "password"),
        *rows_of(["the 12 files", ("Paste", "anna kow"), "anna kow"], "f1", "textbox"),
    ]
)
@given(SESSIONS)
def test_nothing_that_was_found_is_left_in_any_text_or_any_run_of_keys(redact: Run, rows: list[Row]) -> None:
    result = redact(rows, VALUES)
    assert result.withheld == ()
    table = result.sessions.table
    shown = [*released_texts(table), *(spelled(table, field) for field in range(3)), spelled(table)]
    for value in VALUES:
        assert not any(plain(value) in plain(text) for text in shown)
    for part in ("anna", "kowalski"):
        assert not any(re.search(rf"(?<![a-z]){part}(?![a-z])", text.lower()) for text in shown)


@settings(max_examples=50, deadline=None)
@given(st.lists(SESSIONS, min_size=1, max_size=2), st.booleans())
def test_every_event_has_one_outcome_and_every_row_is_counted(
    redact: Run, sessions: list[list[Row]], private: bool
) -> None:
    rows = [row | {"session_id": str(number)} for number, listed in enumerate(sessions) for row in listed]
    if private:
        rows.insert(1, {"kind": "focus", "app": "1Password", "title": "x", "session_id": "0"})
    result = redact(rows, VALUES)
    counts = dict(result.tally)
    assert sum(counts.get(f"outcome.{outcome}", 0) for outcome in Outcome) == len(rows)
    assert counts[ROWS] == result.sessions.table.num_rows == result.sessions.trace.num_rows


@settings(max_examples=80, deadline=None)
@given(SESSIONS)
def test_the_released_keys_of_a_field_give_its_final_text(redact: Run, rows: list[Row]) -> None:
    table = redact(rows, VALUES).sessions.table
    listed = table.to_pylist()
    entered = {row["field"] for row in listed if row["kind"] == "field" and row["role"] == "textbox"}
    for row in listed:
        if row["kind"] == "text_input":
            events = [
                ReplayEvent(
                    item["kind"], item["action"], item["key"] or "", tuple(item["modifiers"] or ()), item["text"] or ""
                )
                for item in listed
                if item["field"] == row["field"] and item["kind"] in {"key", "clipboard"}
            ]
            if row["field"] in entered:  # no keys are made up for a value alone, and a password keeps none
                assert replay(events, multiline=True) == row["text"]


@settings(max_examples=40, deadline=None)
@given(SESSIONS)
def test_redactions_name_exactly_what_was_put_in(redact: Run, rows: list[Row]) -> None:
    for row in redact(rows, VALUES).sessions.table.to_pylist():
        ends = dict.fromkeys(("app", "title", "url", "name", "text"), 0)
        for item in row["redactions"] or ():
            text = row[item["column"]]
            assert ends[item["column"]] <= item["start"] < item["end"] <= len(text)
            assert plain(text[item["start"] : item["end"]])
            ends[item["column"]] = item["end"]
