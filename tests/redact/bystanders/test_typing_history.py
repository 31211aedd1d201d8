"""A typing history counts for its person alone, and in sessions that begin later."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from transforms.keystrokes.reconstruct import reconstruct
from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.own_text.own_words import squash
from transforms.redact.bystanders.own_text.typing_history import TYPED_TEXTS, TypingHistory, list_typed_texts
from transforms.redact.bystanders.withhold import MARKER, withhold_incoming
from transforms.redact.deny_list import DenyList
from transforms.redact.settings import Bystanders

TEXT = "the keys of the archive lie in the lower drawer"
BEGIN = 1_795_600_000_000_000


def typing(
    text: Sequence[str], role: str = "textbox", app: str = "slack", t_us: int | None = BEGIN, *, keys: bool = True
) -> pa.Table:
    """Make a session in which ``text`` is typed, a key every second, or comes as the value of a field."""
    events: list[dict[str, Any]] = [
        {"kind": "focus", "app": app, "title": "general", "url": ""},
        {"kind": "field", "field_id": "f", "role": role, "label": "Message", "multiline": False},
    ]
    if keys:
        events += [{"kind": "key", "action": "down", "key": key, "field_id": "f", "modifiers": []} for key in text]
    else:
        events += [{"kind": "input_value", "field_id": "f", "text": "".join(text)}]
    told = {"session_id": "s", "user_id": "u", "episode": 0}
    rows = [
        {**told, "seq": seq, "t_us": None if t_us is None else t_us + seq * 1_000_000, **event}
        for seq, event in enumerate(events)
    ]
    return pa.Table.from_pylist(rows, schema=RAW_SCHEMA)


def list_texts(table: pa.Table, deny: DenyList | None = None) -> list[dict[str, Any]]:
    found = list_typed_texts(reconstruct(RawSessions(table)), deny or DenyList())
    assert found.schema.equals(TYPED_TEXTS)
    return found.to_pylist()


def test_a_text_is_listed_with_its_person_and_when_it_was_complete() -> None:
    last = BEGIN + (1 + len(TEXT)) * 1_000_000
    assert list_texts(typing(TEXT)) == [{"user_id": "u", "t_us": last, "text": squash(TEXT)}]


@pytest.mark.parametrize(
    "table",
    [
        typing("sounds good to me"),
        typing("archivekeysinthelowerdrawer"),  # long, and no sentence
        typing(TEXT, role="password"),
        typing(TEXT, app="KeePassXC"),
        typing(TEXT, t_us=None),
        typing(TEXT, keys=False),  # a value may be of another: a draft that quotes
    ],
    ids=["short", "no sentence", "secret", "denied window", "no time", "no keys"],
)
def test_what_may_be_anybodys_or_a_secret_is_not_listed(table: pa.Table) -> None:
    assert list_texts(table) == []


def test_texts_of_windows_that_the_settings_deny_are_not_listed() -> None:
    assert list_texts(typing(TEXT), DenyList(("slack",))) == []


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
    earlier = history(("u", BEGIN, squash(TEXT)), ("v", BEGIN + 9, squash(TEXT))).find_earlier(user, begin)
    assert earlier.holds(squash(TEXT)) is known


def test_the_first_time_of_a_text_counts() -> None:
    found = history(("u", BEGIN + 9, squash(TEXT)), ("u", BEGIN, squash(TEXT)))
    assert found.find_earlier("u", BEGIN + 1).holds(squash(TEXT))


def test_a_screen_keeps_what_was_typed_before_its_session_and_nothing_of_others() -> None:
    lines = ["Ann Lee 10:42", TEXT, "Somebody told the board about the merger", "sounds good to me"]
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
    known = history(("u", BEGIN, squash(TEXT)), ("u", BEGIN, squash("sounds good to me")))
    shown = withhold_incoming(typed, Bystanders.WITHHOLD_INCOMING, DenyList(), KnownWindows(), history=known)
    assert [text for text in shown.sessions.table["text"].to_pylist() if text] == [
        f"{MARKER}\n{TEXT}\n{MARKER}",
        MARKER,
        MARKER,
    ]


def test_a_text_that_was_deleted_counts_when_it_was_complete() -> None:
    sent = [*TEXT, *["Backspace"] * len(TEXT), *"ok"]
    assert list_texts(typing(sent)) == list_texts(typing(TEXT))
