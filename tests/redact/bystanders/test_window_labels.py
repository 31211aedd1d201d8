"""Labels of windows among the words of others: a whole text that is one stays, and nothing beside it does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.bystanders.known_windows import KnownWindows
from transforms.redact.bystanders.own_text.own_words import OwnWords, squash
from transforms.redact.bystanders.window_labels import is_addressee, is_window_label, split_addressed
from transforms.redact.bystanders.withhold import MARKER, rewrite_session

# All people and messages are synthetic.
SAID = "Can you bring the keys to Elm Road today?"


def node(role: str, name: str, value: str | None = None, depth: int = 1) -> dict[str, Any]:
    return {"role": role, "name": name, "value": value, "depth": depth}


def show(*nodes: dict[str, Any], text: str = "", title: str = "", typed: str = "") -> tuple[list[str], str, str]:
    """Return the names and values, the text and the title that are left of a screen of an unknown window."""
    rows: list[dict[str, Any]] = [
        {"kind": "focus", "app": "acmetalk", "title": title, "url": None},
        {"kind": "screen", "text": text, "nodes": list(nodes) or None},
    ]
    rewrite_session(rows, OwnWords(squash(typed)), KnownWindows())
    told = [part for item in rows[1]["nodes"] or () for part in (item["name"], item["value"]) if part]
    return told, rows[1]["text"], rows[0]["title"]


def show_message(role: str, name: str, value: str | None = None) -> str:
    """Return the rest of the name of a node inside a message of a transcript."""
    log = node("log", "", depth=0)
    return show(log, node("article", SAID, depth=1), node(role, name, value, depth=2))[0][1]


@pytest.mark.parametrize(
    "role", ["button", "link", "menuitem", "checkbox", "push button", "tab", "treeitem", "AXButton"]
)
@pytest.mark.parametrize(
    "name", ["Reply", "Add reaction", "like this post", "Mark as unread", "Antworten", "3 replies"]
)
def test_a_control_inside_a_message_keeps_a_phrase_of_interfaces(role: str, name: str) -> None:
    assert show_message(role, name) == name


@pytest.mark.parametrize("role", ["button", "link", "checkbox", "menuitem"])
@pytest.mark.parametrize("name", ["Approve Anna", "Budget", "Yes", "See report", "Reply to all about Elm Road"])
def test_a_control_inside_a_message_is_none_by_its_role_alone(role: str, name: str) -> None:
    assert show_message(role, name) == MARKER


@pytest.mark.parametrize("role", ["columnheader", "term", "treeitem", "listitem", "link", "text", "group", "cell"])
def test_heads_folders_and_groups_keep_their_phrases_in_any_role(role: str) -> None:
    assert show(node(role, "Sent Items"), node(role, "Conversations"), node(role, "Posteingang (4)"))[0] == [
        "Sent Items",
        "Conversations",
        "Posteingang (4)",
    ]
    assert show(node(role, "Items for Anna Bell and her team"))[0] == [MARKER]


def test_a_value_that_is_a_phrase_stays_and_one_that_says_more_goes() -> None:
    assert show(node("cell", "Status", "In progress"))[0] == ["Status", "In progress"]
    assert show(node("cell", "Status", "In progress since Anna left"))[0] == ["Status", MARKER]


def test_lines_of_a_picture_stay_if_each_is_a_phrase_and_does_not_begin_small() -> None:
    text = f"New mail\nInbox (3)\nSent Items\n{SAID}\nattachments\n(edited)\nReply"
    assert show(text=text)[1] == f"New mail\nInbox (3)\nSent Items\n{MARKER}\n(edited)\nReply"


def test_a_message_of_several_lines_keeps_none_of_them() -> None:
    assert show(node("listitem", f"{SAID}\nContacts\nCalendar"))[0] == [MARKER]


def test_what_is_exactly_a_label_stays_whoever_wrote_it_and_answers_do_not() -> None:
    said = ["Inbox", "Attachments", "Yes", "No", "Done", "Accept", "attachments"]
    assert [show(node("paragraph", text))[0][0] for text in said] == [
        "Inbox",
        "Attachments",
        *[MARKER] * 5,
    ]


def test_a_part_of_a_title_that_is_a_phrase_stays() -> None:
    assert show(title="Sent Items - Anna Bell: the keys - Acmetalk")[2] == f"Sent Items - {MARKER} - Acmetalk"


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Write a message", "Write a message"),
        ("Message Anna Bell", "Message Anna Bell"),
        ("Reply to Zorblax", "Reply to Zorblax"),
        ("Nachricht an Zorblax Quirin", "Nachricht an Zorblax Quirin"),
        ("Reply to: the report on wages", f"Reply to: {MARKER}"),
        ("Message the board", f"Message {MARKER}"),
        ("Your mother called again today", MARKER),
    ],
)
def test_an_empty_box_keeps_what_it_is_for_and_whom_it_names(name: str, left: str) -> None:
    assert show_message("textbox", name) == left


def test_a_box_that_holds_something_is_judged_as_before_and_so_is_what_is_no_box() -> None:
    log = node("log", "", depth=0)
    assert show(log, node("textbox", "Reply to Zorblax", SAID, depth=1))[0] == [MARKER, MARKER]
    assert show_message("button", "Reply to Zorblax") == MARKER


def test_an_empty_box_whose_label_was_typed_is_the_recorders() -> None:
    name = "Reply to the report on wages"
    log = node("log", "", depth=0)
    assert show(log, node("textbox", name, depth=1), typed=name)[0] == [name]


@pytest.mark.parametrize(
    ("text", "role", "label"),
    [
        ("Today", "", True),
        ("today", "", False),
        ("today", "button", True),
        ("[edited]", "", True),
        ("edited", "", False),
        ("\u53d7\u4fe1\u30c8\u30ec\u30a4", "", True),
        ("Like", "", False),
        ("Like", "button", True),
    ],
)
def test_a_label_begins_small_only_in_a_role_for_names(text: str, role: str, *, label: bool) -> None:
    assert is_window_label(text, role) is label


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("Message Anna", ("Message", "Anna")),
        ("Send a message to Anna\u2026", ("Send a message to", "Anna")),
        ("R\u00e9pondre \u00e0 Zorblax", ("R\u00e9pondre \u00e0", "Zorblax")),
        ("Message", None),
        ("Messages Anna", None),
        ("A message to Anna", None),
    ],
)
def test_the_label_of_a_box_is_split_behind_what_it_is_for(label: str, parts: tuple[str, str] | None) -> None:
    assert split_addressed(label) == parts


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Anna", True),
        ("Anna Maria Bell", True),
        ("Anna Maria Bell Zorblax", False),  # four words
        ("anna", False),
        ("The Report", False),
        ("Anna Resigned", False),
        ("Mark", False),  # names that are ordinary words
        ("Rose Page", False),
        ("Will Zorblax", True),
        ("Anna, Bell", False),
        ("", False),
    ],
)
def test_an_addressee_is_one_to_three_names(text: str, *, named: bool) -> None:
    assert is_addressee(text) is named


_PHRASES = st.sampled_from(["Reply", "Inbox (3)", "Sent Items", "Add reaction", "Today"])
_WORDS = st.sampled_from(["Zorblax", "budget", "she", "resigned", "4711/3", "keys?"])


@given(_PHRASES, _WORDS, st.booleans(), st.sampled_from(["button", "link", "text", "treeitem"]))
def test_any_further_word_makes_a_phrase_incoming_as_before(phrase: str, word: str, first: bool, role: str) -> None:
    text = f"{word} {phrase}" if first else f"{phrase} {word}"
    assert show_message(role, phrase) == phrase
    if word != "4711/3":
        assert show_message(role, text) == MARKER
        assert show(text=text)[1] == MARKER
