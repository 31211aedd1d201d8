"""Remarks and mails in windows that are known for something else: they go, and the rest of the window stays."""

from typing import Any

import pytest

from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.message_words import is_remarks
from transforms.redact.bystanders.own_text.own_words import OwnWords, squash
from transforms.redact.bystanders.remarks import find_remarks, shows_mail, shows_talk
from transforms.redact.bystanders.withhold import MARKER, rewrite_session

SAID, TYPED = "nobody tells the board until Monday", "I wrote this chapter on Friday"
MAIL = f"From: Ravi\nTo: Ilse\nSubject: the board\n\n{SAID}"
Row = dict[str, Any]


def node(depth: int | None, role: str, name: str | None = None, value: str | None = None) -> Row:
    return {"depth": depth, "role": role, "name": name, "value": value}


def rewrite(nodes: list[Row] | None, text: str = "", app: str = "gedit") -> Row:
    """Rewrite a screen of an application that is known to show no messages, and return it."""
    rows = [
        {"kind": "focus", "app": app, "title": "Plan", "url": None},
        {"kind": "screen", "text": text, "nodes": nodes},
    ]
    rewrite_session(rows, OwnWords(squash(TYPED)), KnownWindows())
    assert rows[0]["title"] == "Plan"
    return rows[1]


PANE = [
    node(0, "window", "Plan"),
    node(1, "document", "Page 1", "the plan has a chapter of mine"),
    node(1, "pane", "Comments"),
    node(2, "group", f"Ravi: {SAID}"),
    node(3, "text", None, TYPED),
    node(3, "button", "Reply to all"),
    node(3, "textbox", "Your answer here", "he says no"),
    node(1, "text", "the plan goes on behind it"),
]


def test_below_a_part_named_after_remarks_all_goes_but_own_words_and_controls() -> None:
    screen = rewrite(PANE, f"the plan goes on behind it\n{SAID}\n{TYPED}")
    assert [(item["name"], item["value"]) for item in screen["nodes"]] == [
        ("Plan", None),
        ("Page 1", "the plan has a chapter of mine"),
        ("Comments", None),
        (MARKER, None),
        (None, TYPED),
        ("Reply to all", None),
        ("Your answer here", MARKER),
        ("the plan goes on behind it", None),
    ]
    assert screen["text"] == f"the plan goes on behind it\n{MARKER}\n{TYPED}"


def test_a_click_on_a_remark_does_not_repeat_it() -> None:
    rows: list[Row] = [
        {"kind": "focus", "app": "gedit", "title": "Plan", "url": None},
        {"kind": "screen", "text": "", "nodes": PANE},
        {"kind": "pointer", "target": {"role": "group", "name": f"Ravi: {SAID}"}},
        {"kind": "pointer", "target": {"role": "text", "name": "the plan goes on behind it"}},
    ]
    rewrite_session(rows, OwnWords(""), KnownWindows())
    assert [row["target"]["name"] for row in rows[2:]] == [MARKER, "the plan goes on behind it"]


@pytest.mark.parametrize("role", ["AXGroup", "List", "tree", "section", "scroll pane", "Pane"])
def test_parts_of_a_window_hold_remarks(role: str) -> None:
    assert find_remarks([node(0, role, "Comments"), node(1, "text", SAID)]) == {1}


@pytest.mark.parametrize(
    "place",
    [
        node(0, "document", "Comments"),
        node(0, "window", "Comments.xlsx"),
        node(0, "table", "Comments"),
        node(0, "pane", None),
        node(0, "pane", "Outline"),
        node(0, "pane", "The plan and what comments of Ilse say"),
    ],
)
def test_documents_tables_and_other_parts_hold_none(place: Row) -> None:
    assert find_remarks([place, node(1, "text", SAID)]) == frozenset()


def test_what_stands_beside_such_a_part_is_none_of_it() -> None:
    nodes = [node(1, "pane", "Chat"), node(2, "text"), node(3, "text"), node(1, "text"), node(2, "text")]
    assert find_remarks(nodes) == {1, 2}
    assert find_remarks([*nodes[:3], *nodes[:2]]) == {1, 2, 4}
    assert find_remarks([node(None, "pane", "Chat"), node(None, "text")]) == frozenset()


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Comment thread on line 41", True),
        ("one two three four five comments", True),
        ("one two three four five six comments", False),
        ("Kommentare (3)", True),
        ("\u6279\u6ce8", True),
        ("Uncommented", False),
        ("Notes", False),
    ],
)
def test_names_of_remarks(name: str, *, is_one: bool) -> None:
    assert is_remarks(name) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (MAIL, True),
        (f"q:Exit r:Reply\n{MAIL}", True),
        (MAIL.replace("From", "Von").replace("Subject", "Betreff"), True),
        (MAIL.replace("Subject", "Project"), False),
        (MAIL.replace("From", "Form"), False),
        (MAIL.replace("\n", " "), False),
    ],
)
def test_a_mail_is_told_by_its_sender_and_its_subject(text: str, *, is_one: bool) -> None:
    assert shows_mail(text) is is_one


def test_a_mail_that_a_terminal_shows_is_withheld_with_and_without_nodes() -> None:
    told = f"{MAIL}\n> {TYPED}"
    for nodes in (None, [node(0, "terminal", "Terminal", told), node(0, "text", "ls the folder of the plan")]):
        screen = rewrite(nodes, told, "gnome-terminal-server")
        assert SAID not in screen["text"]
        assert TYPED in screen["text"]
    assert [item["name"] for item in screen["nodes"]] == ["Terminal", "ls the folder of the plan"]
    assert (SAID in screen["nodes"][0]["value"], TYPED in screen["nodes"][0]["value"]) == (False, True)
    plain = told.replace("Subject", "Project")
    assert rewrite([node(0, "terminal", "Terminal", plain)], plain)["text"] == plain


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (MAIL, True),
        (f"{SAID}\nReply", True),
        (f"{SAID}\n Antworten... \n4711", True),
        (f"{SAID}\nSend", False),
        (f"{SAID}\nReply to Ravi", False),
        (f"{SAID} Reply", False),
    ],
)
def test_a_text_is_talk_if_it_is_a_mail_or_has_a_label_for_an_answer(text: str, *, is_one: bool) -> None:
    assert shows_talk(text) is is_one
    screen = rewrite(None, f"{text}\n{TYPED}")
    assert (SAID in screen["text"], TYPED in screen["text"]) == (not is_one, True)


def test_what_the_nodes_of_a_known_window_keep_stays_in_its_text_beside_an_answer() -> None:
    nodes = [node(0, "document", None, "the plan has a chapter of mine"), node(0, "button", "Reply")]
    text = "the plan has a chapter of mine\nReply"
    assert rewrite(nodes, text)["text"] == text
