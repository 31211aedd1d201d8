from collections.abc import Callable
from typing import Any

import pyarrow as pa

from schemas.aggregates import AdmittedValues
from schemas.safe import REDACTED_SCHEMA, SESSIONS_SCHEMA, RedactedSessions
from transforms.aggregate.naming.hide_rare import hide_rare
from transforms.aggregate.row_values import apps, hosts, shortcuts

Build = Callable[..., pa.Table]
NOTHING = AdmittedValues({})
ROLES = frozenset({"button"})


def _span(column: str, start: int, end: int) -> dict[str, Any]:
    return {"column": column, "start": start, "end": end, "entity": "PERSON", "node": None}


def _hidden(build: Build, rows: list[dict[str, Any]], admitted: AdmittedValues) -> list[dict[str, Any]]:
    table = build(("s", "u", rows))
    found = hide_rare(RedactedSessions(table), admitted, ROLES).table
    assert found.schema.equals(REDACTED_SCHEMA)
    untouched = [name for name in table.column_names if name not in ("app", "url", "role", "redactions")]
    assert found.select(untouched).equals(table.select(untouched))
    return [{name: row[name] for name in ("app", "url", "role", "redactions")} for row in found.to_pylist()]


def test_without_admission_every_value_is_other(build: Build) -> None:
    rows = [
        {"kind": "focus", "app": "Patient CRM", "title": "A title", "url": "https://crm.example/p/7?q=1"},
        {"kind": "focus", "app": "private"},
        {"kind": "field", "role": "treegrid"},
        {"kind": "pointer", "role": "button"},
        {"kind": "key"},
    ]
    nothing = {"app": None, "url": None, "role": None, "redactions": None}
    assert _hidden(build, rows, NOTHING) == [
        {**nothing, "app": "other", "url": "https://other/p/7?q=1"},
        {**nothing, "app": "private"},
        {**nothing, "role": "other"},
        {**nothing, "role": "button"},
        nothing,
    ]


def test_admitted_values_stay(build: Build) -> None:
    admitted = AdmittedValues(
        {"app": frozenset({("Mail",)}), "host": frozenset({("mail.example",)}), "role": frozenset({("treegrid",)})}
    )
    rows = [
        {"kind": "focus", "app": "Mail", "url": "https://me@MAIL.example:443/x", "redactions": [_span("url", 28, 29)]},
        {"kind": "field", "role": "treegrid"},
    ]
    assert _hidden(build, rows, admitted) == [
        {"app": "Mail", "url": rows[0]["url"], "role": None, "redactions": rows[0]["redactions"]},
        {"app": None, "url": None, "role": "treegrid", "redactions": None},
    ]


def test_redactions_move_with_the_text_behind_a_hidden_site(build: Build) -> None:
    url = "https://rare.example/~Anna/notes"
    rows = [
        {
            "kind": "focus",
            "app": "Anna's tool",
            "title": "Anna",
            "url": url,
            "redactions": [_span("app", 0, 4), _span("title", 0, 4), _span("url", 22, 26)],
        }
    ]
    [found] = _hidden(build, rows, NOTHING)
    assert found["url"] == "https://other/~Anna/notes"
    assert found["redactions"] == [_span("title", 0, 4), _span("url", 15, 19)]
    assert found["url"][15:19] == "Anna"


def test_a_value_that_holds_a_surrogate_is_never_admitted(build: Build) -> None:
    rows = [
        {"kind": "focus", "app": "Chat Anna", "redactions": [_span("app", 5, 9)]},
        {"kind": "focus", "url": "https://anna.example/", "redactions": [_span("url", 8, 12)]},
    ]
    table = build(("s", "u", rows))
    assert apps(table).to_pylist() == [None, None]
    assert hosts(table).to_pylist() == [None, None]
    admitted = AdmittedValues({"app": frozenset({("Chat Anna",)}), "host": frozenset({("anna.example",)})})
    assert [(row["app"], row["url"], row["redactions"]) for row in _hidden(build, rows, admitted)] == [
        ("other", None, None),
        (None, "https://other/", None),
    ]


def test_a_rare_site_behind_a_common_one_is_hidden_with_all_that_stands_there(build: Build) -> None:
    url = "https://common.example/u/Anna?to=https%3A%2F%2Frare.example%2FBob"
    admitted = AdmittedValues({"host": frozenset({("common.example",)})})
    spans = [_span("url", 25, 29), _span("url", 61, 64)]
    [found] = _hidden(build, [{"kind": "focus", "url": url, "redactions": spans}], admitted)
    assert (found["url"], found["redactions"]) == ("https://common.example/other", None)
    [found] = _hidden(build, [{"kind": "focus", "url": url[:29], "redactions": spans[:1]}], admitted)
    assert (found["url"], found["redactions"]) == (url[:29], spans[:1])


def test_the_session_tuple_is_admitted_as_a_whole() -> None:
    rows = [
        {"session": "a", "user": "u", "os": "Linux", "keyboard_layout": "de", "recorder": "r"},
        {"session": "b", "user": "u", "os": "Linux", "keyboard_layout": "fr", "recorder": "r"},
    ]
    headers = pa.Table.from_pylist(rows, schema=SESSIONS_SCHEMA)
    admitted = AdmittedValues({"session": frozenset({("Linux", "de", "r")})})
    found = hide_rare(RedactedSessions(REDACTED_SCHEMA.empty_table(), None, headers), admitted, ROLES)
    assert found.headers.to_pylist() == [
        rows[0],
        {"session": "b", "user": "u", "os": None, "keyboard_layout": None, "recorder": None},
    ]


def test_shortcuts_are_commands_and_not_typing(build: Build) -> None:
    def press(key: str, held: list[str], **more: Any) -> dict[str, Any]:
        return {"kind": "key", "action": "down", "key": key, "modifiers": held, **more}

    rows = [
        press("c", ["Control"]),
        press("T", ["Shift", "Control"]),
        press("A", ["Shift"]),
        press("Control", ["Control"]),
        press("a", ["Control"], synthetic=True),
        {**press("c", ["Control"]), "action": "up"},
        press("F4", ["Alt"]),
        {"kind": "focus"},
    ]
    expected = ["Control+c", "Control+Shift+t", None, None, None, None, "Alt+F4", None]
    assert shortcuts(build(("s", "u", rows))).to_pylist() == expected
