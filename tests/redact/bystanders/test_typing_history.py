"""A typing history counts for its person alone, and in sessions that begin later."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from transforms.keystrokes.reconstruct import reconstruct
from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.own_text.typing_history import TYPED_TEXTS, TypingHistory, list_typed_texts
from transforms.redact.bystanders.withhold import MARKER, withhold_incoming
from transforms.redact.deny_list import DenyList
from transforms.redact.settings import Bystanders

TEXT = "the keys of the archive lie in the lower drawer"
BEGIN = 1_795_600_000_000_000
EPOCH = 946_684_800_000_000
"""2000-01-01."""


FOCUS = {"kind": "focus", "app": "slack", "title": "general", "url": ""}
FIELD = {"kind": "field", "field_id": "f", "role": "textbox", "label": "Message", "multiline": False}


def press(keys: Sequence[str]) -> list[dict[str, Any]]:
    return [{"kind": "key", "action": "down", "key": key, "field_id": "f", "modifiers": []} for key in keys]


def show(text: str) -> dict[str, Any]:
    return {"kind": "screen", "source": "ocr", "text": text}


def show_node(text: str) -> dict[str, Any]:
    return {"kind": "screen", "source": "a11y", "nodes": [{"role": "text", "name": text, "value": None, "depth": 0}]}


def record(*events: dict[str, Any], t_us: int | None = BEGIN) -> pa.Table:
    """Make a session with an event a second."""
    told = {"session_id": "s", "user_id": "u", "episode": 0}
    rows = [
        {**told, "seq": seq, "t_us": None if t_us is None else t_us + seq * 1_000_000, **event}
        for seq, event in enumerate(events)
    ]
    return pa.Table.from_pylist(rows, schema=RAW_SCHEMA)


def typing(keys: Sequence[str], *, t_us: int | None = BEGIN, **field: str) -> pa.Table:
    return record(FOCUS, FIELD | field, *press(keys), t_us=t_us)


def list_texts(table: pa.Table, deny: DenyList | None = None) -> list[dict[str, Any]]:
    found = list_typed_texts(reconstruct(RawSessions(table)), deny or DenyList())
    assert found.schema.equals(TYPED_TEXTS)
    return found.to_pylist()


def test_a_text_is_listed_with_its_person_and_when_it_was_complete() -> None:
    last = BEGIN + (1 + len(TEXT)) * 1_000_000
    assert list_texts(typing(f"{TEXT.capitalize()}!")) == [{"user_id": "u", "t_us": last + 1_000_000, "text": TEXT}]
    assert list_texts(typing(TEXT)) == [{"user_id": "u", "t_us": last, "text": TEXT}]


@pytest.mark.parametrize(
    "table",
    [
        typing("sounds good to me"),
        typing("archivekeys inthelower drawer"),  # long, and no sentence
        typing(TEXT, role="password"),
        record(FOCUS | {"app": "KeePassXC"}, FIELD, *press(TEXT)),
        record(FOCUS | {"private": True}, FIELD, *press(TEXT[:40]), FOCUS, *press(TEXT[40:])),
        typing(TEXT, t_us=None),
        typing(TEXT, t_us=0),  # counted from the beginning of the recording
        record(FOCUS, FIELD, {"kind": "input_value", "field_id": "f", "text": TEXT}),
        record(
            FOCUS, FIELD, *press("k"), *({"kind": "input_value", "field_id": "f", "text": f"k {TEXT[:at]}"}
            for at in range(3, len(TEXT) + 1, 3)),
        ),
        record(FOCUS, show(f"Ann: {TEXT}"), FIELD, *press(TEXT)),
        record(FOCUS, show_node(TEXT.upper()), FIELD, *press(TEXT)),
        record(FOCUS | {"title": TEXT}, FIELD, *press(TEXT)),
        record(FOCUS, {"kind": "clipboard", "action": "copy", "text": TEXT}, FIELD, *press(TEXT)),
    ],
    ids=[
        "short",
        "no sentence",
        "secret",
        "denied window",
        "begun in a private window",
        "no time",
        "relative time",
        "no keys",
        "another writes into the same field",
        "shown before",
        "a node before",
        "a title before",
        "copied before",
    ],
)  # fmt: skip
def test_what_may_be_anybodys_or_a_secret_is_not_listed(table: pa.Table) -> None:
    assert list_texts(table) == []


def test_what_a_screen_shows_when_it_is_typed_does_not_count_against_it() -> None:
    table = record(FOCUS, FIELD, *press(TEXT[:9]), show(TEXT), *press(TEXT[9:]), show(TEXT))
    assert [row["text"] for row in list_texts(table)] == [TEXT]


def test_both_sides_of_what_was_put_in_are_texts() -> None:
    pasted = {"kind": "clipboard", "action": "paste", "text": "nobody tells the board of it", "field_id": "f"}
    table = record(FOCUS, FIELD, *press(f"{TEXT} "), pasted, *press(" and we pay on the last day"))
    assert [row["text"] for row in list_texts(table)] == [TEXT, "and we pay on the last day"]


def test_texts_of_windows_that_the_settings_deny_are_not_listed() -> None:
    assert list_texts(typing(TEXT), DenyList(("slack",))) == []
    assert list_texts(typing(TEXT), DenyList(("teams",)))


def history(*rows: tuple[str, int, str]) -> TypingHistory:
    tables = [pa.Table.from_pylist([dict(zip(TYPED_TEXTS.names, row, strict=True))], TYPED_TEXTS) for row in rows]
    found = TypingHistory.of(tables)
    assert found == TypingHistory.of(reversed(tables))
    return found


@pytest.mark.parametrize(
    ("user", "begin", "known"),
    [("u", BEGIN + 1, True), ("u", BEGIN, False), ("u", None, False), ("v", BEGIN + 1, False)],
)
def test_a_session_knows_what_its_person_had_typed_when_it_began(user: str, begin: int | None, *, known: bool) -> None:
    earlier = history(("u", BEGIN, TEXT), ("v", BEGIN + 9, TEXT)).find_earlier(user, begin)
    assert earlier.holds(TEXT) is known


@pytest.mark.parametrize(("begin", "known"), [(EPOCH, True), (EPOCH - 1, False), (7, False)])
def test_times_before_2000_are_counted_from_the_beginning_of_a_recording(begin: int, *, known: bool) -> None:
    assert history(("u", 5, TEXT)).find_earlier("u", begin).holds(TEXT) is known
    assert [len(list_texts(typing(TEXT, t_us=EPOCH - (1 + len(TEXT)) * 1_000_000 - late))) for late in (0, 1)] == [1, 0]


def test_the_latest_twenty_thousand_texts_of_a_person_are_known() -> None:
    texts = [f"{TEXT} number {number} of them" for number in range(20_001)]
    found = TypingHistory.of(
        [pa.table({"user_id": ["u"] * 20_001, "t_us": range(BEGIN, BEGIN + 20_001), "text": texts}, TYPED_TEXTS)]
    ).find_earlier("u", BEGIN + 30_000)
    assert [found.holds(text) for text in (texts[0], texts[1], texts[-1])] == [False, True, True]


def test_the_first_time_of_a_text_counts() -> None:
    found = history(("u", BEGIN + 9, TEXT), ("u", BEGIN, TEXT))
    assert found.find_earlier("u", BEGIN + 1).holds(TEXT)


def test_a_screen_keeps_what_was_typed_before_its_session_and_nothing_of_others() -> None:
    later = "ask bo about the other keys of it or ann"
    lines = ["Ann Lee 10:42", TEXT, "Somebody told the board about the merger", later]
    rows = [
        {"kind": "focus", "app": "slack", "title": "general", "url": ""},
        {"kind": "screen", "source": "ocr", "text": "\n".join(lines)},
    ]
    told = [
        {"session_id": name, "user_id": user, "episode": 0, "seq": seq, "t_us": begin + seq, **row}
        for name, user, begin in (("a", "u", BEGIN + 1), ("b", "u", BEGIN), ("c", "v", BEGIN + 1))
        for seq, row in enumerate(rows)
    ]
    typed = TypedSessions(RawSessions(pa.Table.from_pylist(told, schema=RAW_SCHEMA)), ())
    known = history(("u", BEGIN, TEXT), ("u", BEGIN + 1, later))
    shown = withhold_incoming(typed, Bystanders.WITHHOLD_INCOMING, DenyList(), KnownWindows(), history=known)
    assert [text for text in shown.sessions.table["text"].to_pylist() if text] == [
        f"{MARKER}\n{TEXT}\n{MARKER}",
        MARKER,
        MARKER,
    ]


def test_a_text_that_was_deleted_counts_when_it_was_complete() -> None:
    sent = [*TEXT, *["Backspace"] * len(TEXT), *"ok"]
    assert list_texts(typing(sent)) == list_texts(typing(TEXT))
