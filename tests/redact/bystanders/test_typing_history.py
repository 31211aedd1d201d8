"""A typing history counts for its person alone, and in sessions that begin later."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from schemas.safe import ORIGIN_SCHEMA, REDACTED_SCHEMA, RedactedSessions
from transforms.keystrokes.reconstruct import reconstruct
from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.own_text.typing_history import (
    TYPED_TEXTS,
    TypingHistory,
    list_typed_texts,
    note_sources,
)
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


def show_node(*names: str, value: str | None = None) -> dict[str, Any]:
    nodes = [{"role": "text", "name": name, "value": value, "depth": 0} for name in names]
    return {"kind": "screen", "source": "a11y", "nodes": nodes}


def point_at(name: str) -> dict[str, Any]:
    target = {"role": "listitem", "name": name, "bounds": None, "states": None}
    return {"kind": "pointer", "action": "click", "x": 1.0, "y": 1.0, "target": target}


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


def list_words(*events: dict[str, Any]) -> list[str]:
    return [row["text"] for row in list_texts(record(*events))]


def test_a_text_is_listed_with_its_person_and_when_it_was_complete() -> None:
    first, last = BEGIN + 2_000_000, BEGIN + (1 + len(TEXT)) * 1_000_000
    told = {"user_id": "u", "session_id": "s", "begin_us": first, "t_us": last, "text": TEXT}
    assert list_texts(typing(TEXT)) == [told]
    assert list_texts(typing(f"{TEXT.capitalize()}!")) == [told | {"t_us": last + 1_000_000}]


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
        record(FOCUS, show_node("", value=TEXT), FIELD, *press(TEXT)),
        record(FOCUS, show_node("so", TEXT[:23], TEXT[23:]), FIELD, *press(TEXT)),
        record(FOCUS, point_at(TEXT), FIELD, *press(TEXT)),
        record(FOCUS, show(f"{TEXT[:30]}\n{TEXT[30:]}"), FIELD, *press(TEXT)),
        record(FOCUS, show(f"{TEXT[:40]}\u2026"), FIELD, *press(TEXT)),
        record(FOCUS, show(f"no\n{TEXT}"), FIELD, *press(f"ok {TEXT} then")),
        record(FOCUS, show(TEXT), FIELD, *press(TEXT), show(TEXT)),
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
        "a value before",
        "two nodes before",
        "clicked before",
        "over two lines before",
        "cut before",
        "with words around it",
        "before and after",
    ],
)  # fmt: skip
def test_what_may_be_anybodys_or_a_secret_is_not_listed(table: pa.Table) -> None:
    assert list_texts(table) == []


def test_what_a_screen_shows_when_it_is_typed_does_not_count_against_it() -> None:
    table = record(FOCUS, FIELD, *press(TEXT[:9]), show(TEXT), *press(TEXT[9:]), show(TEXT))
    assert [row["text"] for row in list_texts(table)] == [TEXT]


def test_a_short_line_that_a_screen_shows_does_not_count_against_a_text_with_it_in_it() -> None:
    assert list_words(FOCUS, show("the lower drawer"), FIELD, *press(TEXT)) == [TEXT]


def test_each_person_of_a_batch_has_their_own_texts_and_screens() -> None:
    other = "nobody pays for the second drawer of it"
    theirs = record(FOCUS, show(TEXT), FIELD, *press(other))
    for name, value in (("session_id", "t"), ("user_id", "v")):
        at = theirs.schema.get_field_index(name)
        theirs = theirs.set_column(at, theirs.schema.field(at), pa.array([value] * theirs.num_rows))
    mine = record(FOCUS, show(other), FIELD, *press(TEXT), show(TEXT))
    listed = list_texts(pa.concat_tables([mine, theirs]))
    assert [(row["user_id"], row["session_id"], row["text"]) for row in listed] == [("u", "s", TEXT), ("v", "t", other)]


def test_both_sides_of_what_was_put_in_are_texts() -> None:
    pasted = {"kind": "clipboard", "action": "paste", "text": "nobody tells the board of it", "field_id": "f"}
    table = record(FOCUS, FIELD, *press(f"{TEXT} "), pasted, *press(" and we pay on the last day"))
    assert [row["text"] for row in list_texts(table)] == [TEXT, "and we pay on the last day"]


def test_texts_of_windows_that_the_settings_deny_are_not_listed() -> None:
    assert list_texts(typing(TEXT), DenyList(("slack",))) == []
    assert list_texts(typing(TEXT), DenyList(("teams",)))


def history(*rows: tuple[str, int, str]) -> TypingHistory:
    names = ("user_id", "t_us", "text")
    tables = [
        pa.Table.from_pylist(
            [dict(zip(names, row, strict=True)) | {"session_id": "s", "begin_us": row[1] - 5}], TYPED_TEXTS
        )
        for row in rows
    ]
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
    assert [len(list_texts(typing(TEXT, t_us=EPOCH - 2_000_000 - late))) for late in (0, 1)] == [1, 0]


def test_the_latest_twenty_thousand_texts_of_a_person_are_known() -> None:
    texts = [f"{TEXT} number {number} of them" for number in range(20_001)]
    found = TypingHistory.of(
        [
            pa.Table.from_pylist(
                [{"user_id": "u", "t_us": at, "text": text} for at, text in enumerate(texts)], TYPED_TEXTS
            )
        ]
    ).find_earlier("u", BEGIN)
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


def test_a_session_notes_of_which_earlier_ones_it_knew_what_was_typed() -> None:
    rows = [("u", "b", 3, 9), ("u", "a", 5, 20), ("u", "c", 1, 30), ("v", "d", 0, 1)]
    names = ("user_id", "session_id", "begin_us", "t_us")
    told = [dict(zip(names, row, strict=True)) | {"text": TEXT} for row in rows]
    known = TypingHistory.of([pa.Table.from_pylist(told, TYPED_TEXTS)])
    origins = pa.Table.from_pylist([{"user_id": "u", "first_us": at} for at in (30, 9, None)], ORIGIN_SCHEMA)
    noted = note_sources(RedactedSessions(REDACTED_SCHEMA.empty_table(), origins=origins), known).origins
    assert noted is not None
    assert noted["typed_in"].to_pylist() == [["a", "b"], [], []]
    assert noted["typed_since_us"].to_pylist() == [3, None, None]


def test_no_name_is_learned_from_what_was_typed_in_an_earlier_session() -> None:
    def message(*texts: str) -> list[dict[str, Any]]:
        return [{"role": "listitem", "name": None, "value": None, "depth": 1}] + [
            {"role": "text", "name": text, "value": None, "depth": 2} for text in texts
        ]

    nodes = [{"role": "list", "name": "Messages", "value": None, "depth": 0}, *message("Ann Lee", "10:42", TEXT)]
    nodes += message("Ann Lee", "10:43", "somebody told the board about the merger of it")
    nodes += message("Bo Ek", "10:44", "nobody pays for the second drawer of it")
    nodes += [{"role": "textbox", "name": "Message Ann", "value": None, "depth": 0}]
    told = {"session_id": "a", "user_id": "u", "episode": 0, "t_us": BEGIN + 1}
    rows = [{**told, "seq": 0, **FOCUS}, {**told, "seq": 1, "kind": "screen", "source": "a11y", "nodes": nodes}]
    typed = TypedSessions(RawSessions(pa.Table.from_pylist(rows, schema=RAW_SCHEMA)), ())
    known = history(("u", BEGIN, TEXT))
    shown = withhold_incoming(typed, Bystanders.WITHHOLD_INCOMING, DenyList(), KnownWindows(), history=known)
    left = [node["name"] for node in shown.sessions.table["nodes"].to_pylist()[1]]
    assert TEXT in left
    assert not [name for name in left if name and ("merger" in name or "second" in name)]
