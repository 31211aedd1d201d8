"""Rows that are dropped because of what has the focus or of what a screen shows."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from schemas.raw import RAW_SCHEMA
from transforms.redact.denied_windows import find_denied_windows
from transforms.redact.deny_list import DenyList
from transforms.redact.results import RedactionResult
from transforms.redact.rows.session_ranges import session_ranges

Row = dict[str, Any]
Run = Callable[..., RedactionResult]
KEY: Row = {"kind": "key", "action": "down", "key": "a"}
MAIL: Row = {"kind": "focus", "app": "mail", "title": "Inbox"}
BANK: Row = {"kind": "focus", "app": "browser", "title": "Online Banking - Browser"}


def node(role: str | None, name: str | None) -> Row:
    return {"role": role, "name": name}


def screen(*nodes: Row) -> Row:
    return {"kind": "screen", "nodes": list(nodes)}


def denied(*rows: Row) -> list[tuple[int, int]]:
    filled = [{"session_id": "s", "user_id": "u", "episode": 0} | row for row in rows]
    table = pa.Table.from_pylist(filled, schema=RAW_SCHEMA)
    return find_denied_windows(table, list(session_ranges(table)), DenyList(("payroll",)))


PAGE = screen(node("window", "Browser"), node("button", "Back"), node("document", "Online Banking"))


def test_a_denied_focus_lasts_until_the_next_one() -> None:
    assert denied(KEY, BANK, KEY, MAIL, KEY) == [(1, 3)]
    assert denied(MAIL, KEY, BANK, KEY) == [(2, 4)]
    assert denied(MAIL, KEY) == denied(KEY) == []


@pytest.mark.parametrize("role", ["window", "dialog", "alertdialog", "document", "application", "RootWebArea"])
def test_a_window_page_or_dialog_on_a_screen_is_named_like_a_title(role: str) -> None:
    assert denied(MAIL, KEY, screen(node("window", "x"), node(role, "Payroll of May")), KEY) == [(2, 4)]


@pytest.mark.parametrize("role", ["heading", "link", "button", "statictext", None])
def test_other_nodes_name_no_window_unless_they_are_the_root(role: str | None) -> None:
    assert denied(MAIL, screen(node("window", "x"), node(role, "Payroll of May")), KEY) == []
    assert denied(MAIL, screen(node(role, "Payroll of May"), node("window", "x")), KEY) == [(1, 3)]


def test_a_screen_in_a_denied_window_is_denied_whatever_it_shows() -> None:
    assert denied(BANK, KEY, screen(node("window", "Inbox")), KEY, MAIL) == [(0, 4)]
    assert denied(BANK | {"title": "x", "private": True}, screen(node("window", "y")), KEY) == [(0, 3)]


def test_a_denied_screen_lasts_until_the_next_screen_or_focus_that_is_not() -> None:
    assert denied(MAIL, PAGE, KEY, screen(node("document", "News")), KEY, PAGE, KEY, MAIL) == [(1, 3), (5, 7)]


def test_a_screen_without_nodes_or_names_ends_nothing() -> None:
    assert denied(MAIL, PAGE, KEY, {"kind": "screen", "text": "x"}, screen(), screen(node("window", None)), KEY) == [
        (1, 7)
    ]


def test_the_name_of_a_page_counts_only_where_no_address_says_what_it_is() -> None:
    wiki = {"kind": "focus", "app": "browser", "title": "x", "url": "https://en.wikipedia.org/wiki/Online_banking"}
    assert denied(wiki, PAGE, KEY) == []
    assert denied(wiki, screen(node("document", "payroll")), KEY) == [(1, 3)]


def test_no_focus_reaches_into_the_next_session() -> None:
    other = {"session_id": "t"}
    assert denied(BANK, KEY, PAGE | other, KEY | other, screen(node("window", "x")) | other) == [(0, 2), (2, 4)]
    assert denied(BANK, KEY, screen(node("window", "x")) | other, KEY | other) == [(0, 2)]


def test_of_a_denied_screen_nothing_is_released_and_of_a_denied_focus_that_it_was_private(redact: Run) -> None:
    seen = {"kind": "screen", "source": "ocr", "text": "balance"}
    released = redact([MAIL, seen, PAGE, seen, seen, MAIL, seen, BANK, seen], {}).sessions.table
    assert released["kind"].to_pylist() == ["focus", "screen", "focus", "screen", "focus"]
    assert released["app"].to_pylist() == ["mail", None, "mail", None, "private"]
    assert "Online Banking" not in str(released.to_pylist())
