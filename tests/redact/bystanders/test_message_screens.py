"""Messages are told by the structure of a screen; lists, forms, tables and logs stay."""

from collections.abc import Sequence
from typing import Any

import pytest

from benchmarks.message_screens.nested_layouts import FAMILY_B
from benchmarks.message_screens.plain_layouts import FAMILY_A
from benchmarks.message_screens.survival import measure
from transforms.redact.bystanders.known_windows import KnownWindows, WindowKind
from transforms.redact.bystanders.message_screens import NOTHING, find_messages
from transforms.redact.bystanders.message_texts import TextReader
from transforms.redact.bystanders.message_windows import read_windows
from transforms.redact.bystanders.message_words import (
    head_of,
    is_author,
    is_box,
    is_sentence,
    is_sure_box,
    is_talk,
    is_time,
)
from transforms.redact.bystanders.own_text.own_words import OwnWords
from transforms.redact.bystanders.withhold import MARKER, rewrite_session
from transforms.redact.settings import UnknownWindows

NOBODY = OwnWords("")
STRUCTURE = KnownWindows(unknown=UnknownWindows.STRUCTURE)
SAID = "could you bring the keys"
Row = dict[str, Any]


def tree(text: str) -> list[Row]:
    """Read nodes from lines of ``role: name``, deeper ones indented."""
    lines = [line for line in text.split("\n") if line.strip()]
    parts = [(len(line) - len(line.lstrip()), *line.strip().partition(": ")) for line in lines]
    return [{"depth": depth, "role": role, "name": name or None, "value": None} for depth, role, _, name in parts]


def marked(text: str, own: OwnWords = NOBODY) -> list[str]:
    """List the names of the nodes that hold messages."""
    nodes = tree(text)
    held = {at for start, end in find_messages(nodes, TextReader(own)).ranges for at in range(start, end)}
    return [nodes[at]["name"] for at in sorted(held) if nodes[at]["name"]]


CHAT = f"""
list
 listitem
  link: Anna Bell
  text: 10:42
  text: {SAID}
 listitem
  link: Ravi
  text: 10:43
  text: never mind
"""


@pytest.mark.parametrize(
    "beside",
    ["textbox: Write a message", "textbox: Message #team", "textbox: Message", "button: Reply", "link: Compose"],
)
def test_senders_times_and_words_beside_a_way_to_answer_are_messages(beside: str) -> None:
    assert marked(f"{CHAT}\n{beside}") == ["Anna Bell", "10:42", SAID, "Ravi", "10:43", "never mind"]


@pytest.mark.parametrize(
    "beside", ["textbox: Search messages", "button: Send feedback", "button: Share", "textbox: Notes"]
)
def test_the_same_without_a_way_to_answer_is_a_list(beside: str) -> None:
    assert find_messages(tree(f"{CHAT}\n{beside}"), TextReader(NOBODY)) == NOTHING


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([f"Anna Bell: {SAID}", "Ravi: never mind"], True),
        ([f"{SAID}, 10:42", "never mind, 10:43"], True),
        ([SAID, SAID], True),
        (["one", "two"], False),
    ],
)
def test_above_a_box_for_messages_the_nearest_list_that_says_something_is_one(items: list[str], *, found: bool) -> None:
    other = ["list: others", " listitem: could be any list of the page"]
    lines = ["list", *(f" listitem: {item}" for item in items)]
    assert (marked("\n".join([*other, *lines, "textbox: Write a message"])) == items) is found


def test_a_list_that_only_says_something_counts_right_above_the_box_alone() -> None:
    lists = "list\n listitem: one list of the page\nlist\n listitem: another list of the page"
    assert marked(f"{lists}\ntextbox: Write a message") == ["another list of the page"]


def test_a_box_for_comments_needs_senders_or_times() -> None:
    steps = f"list\n listitem: {SAID}\n listitem: stir for about ten minutes"
    assert marked(f"{steps}\ntextbox: Add a comment") == []
    assert marked(f"{CHAT}\ntextbox: Add a comment") != []


def test_own_words_among_items_and_a_control_to_send_tell_a_conversation() -> None:
    items = f"list\n listitem: {SAID}\n listitem: I have them here with me"
    own = OwnWords("ihavethemherewithme")
    assert marked(f"{items}\nbutton: Send", own) == [SAID, "I have them here with me"]
    assert marked(f"{items}\nbutton: Send") == []


def test_items_that_can_each_be_answered_are_messages() -> None:
    items = "\n".join(f"group\n link: Anna Bell\n text: {SAID}\n button: Reply" for _ in range(2))
    assert SAID in marked(f"main\n{items}")


@pytest.mark.parametrize(
    ("rows", "found"),
    [(["Unread, Ravi, the offer for the roof, 10:42"] * 2, True), (["7, the offer for the roof, 12.50"] * 2, False)],
)
def test_rows_of_a_table_are_messages_with_sender_and_time(rows: Sequence[str], *, found: bool) -> None:
    text = "\n".join(["button: Reply", "table", *(f" row: {row}" for row in rows)])
    assert (marked(text) == rows) is found


def test_an_opened_mail_is_withheld_whole() -> None:
    mail = f"button: Reply\ntext: From: Ravi\ntext: Subject: keys\nparagraph: {SAID}"
    assert find_messages(tree(mail), TextReader(NOBODY)).mostly
    assert SAID in marked(mail)
    for other in (mail.replace("button: Reply", "button: Print"), mail.replace("From", "Form")):
        assert find_messages(tree(other), TextReader(NOBODY)) == NOTHING


def test_entries_of_a_calendar_are_those_with_times() -> None:
    views = "tab: Today\ntab: Week"
    assert marked(f"{views}\ngroup\n button: Dentist, 10:00\n button: Court, 11:00") == [
        "Dentist, 10:00",
        "Court, 11:00",
    ]
    assert marked(f"{views}\ngroup\n button: Print\n button: Court, 11:00\n button: New") == []
    assert marked("tab: Today\ntab: Print\ngroup\n button: Dentist, 10:00") == []


def test_texts_in_turn_are_messages_where_most_follow_a_name_or_a_time() -> None:
    turn = f"text: Anna Bell\ntext: {SAID}\ntext: Ravi\ntext: they are in the car"
    assert len(marked(f"{turn}\ntextbox: Write a message")) == 4
    page = f"heading: Holidays\nparagraph: {SAID}\nparagraph: they are in the car"
    assert marked(f"{page}\ntextbox: Add a comment") == []


@pytest.mark.parametrize(("dots", "seen"), [(187, True), (188, False)])
def test_labels_are_read_to_a_length_that_no_label_of_a_program_has(dots: int, seen: bool) -> None:
    assert (marked(f"{CHAT}textbox: {'.' * dots}Say something") != []) is seen


def test_menus_are_never_messages() -> None:
    assert marked(CHAT.replace("list\n", "menu\n") + "textbox: Write a message") == []


@pytest.mark.parametrize(
    ("rule", "yes", "no"),
    [
        (
            is_sure_box,
            ["Nachricht schreiben", "Reply…", "Bir mesaj yaz", "メッセージを入力", "Say something"],
            ["Message", "Search"],
        ),
        (is_box, ["Message", "Your message", "Comment"], ["Body", "Messages per page and user"]),
        (is_talk, ["Reply", "Reply All", "Senden…", "回复"], ["Send feedback", "Forward", "Mute"]),
        (
            is_time,
            ["10:42", "3h", "vor 3 Std.", "Yesterday", "12.11.", "昨日"],
            ["at the 10:42 train we met", "12.50", "v2.10.3"],
        ),
        (
            is_author,
            ["Anna Bell", "You", "@anna", "佐藤 健"],
            ["Settings", "see you", "10:42", "src/main.py", "A" * 41],
        ),
        (
            is_sentence,
            ["this is one here", "三階への引っ越しについて"],
            ["three words only", "1 2 3 4", "Settings Settings Settings Settings"],
        ),
        (head_of, ["From: Anna", "Betreff: x"], ["From Anna", "Form: x"]),
    ],
)
def test_words_of_messages(rule: Any, yes: list[str], no: list[str]) -> None:
    assert [word for word in yes if not rule(word)] == []
    assert [word for word in no if rule(word)] == []


def screen(text: str | None, nodes: str) -> Row:
    return {"kind": "screen", "text": text, "nodes": tree(nodes) if nodes else None, "target": None}


def focus(app: str, title: str, url: str | None = None) -> Row:
    return {"kind": "focus", "app": app, "title": title, "url": url}


TALK = f"{CHAT}\ntextbox: Write a message"


def test_a_window_that_shows_mostly_messages_is_one_of_messages_in_all_of_its_rows() -> None:
    rows = [
        focus("acme", "The budget of Ilse"),
        screen(None, TALK),
        screen("the offer is much too low\nReply", ""),
        {"kind": "pointer", "target": {"role": "listitem", "name": "the offer is much too low"}},
        focus("gedit", "The budget of Ilse"),
        screen("my own plan for the summer", ""),
    ]
    rewrite_session(rows, NOBODY, STRUCTURE)
    assert rows[0]["title"] == MARKER
    assert (rows[2]["text"], rows[3]["target"]["name"]) == (f"{MARKER}\nReply", MARKER)
    assert (rows[4]["title"], rows[5]["text"]) == ("The budget of Ilse", "my own plan for the summer")


@pytest.mark.parametrize(("plain", "learned"), [(1, True), (2, False)])
def test_at_least_half_of_the_screens_of_a_window_must_be_messages(plain: int, *, learned: bool) -> None:
    document = "main\n paragraph: my own plan for the summer\n paragraph: it has another line of text"
    rows = [focus("acme", "x"), screen(None, TALK), *(screen(None, document) for _ in range(plain))]
    judged = list(read_windows(rows, STRUCTURE, NOBODY))
    assert [item.kind is WindowKind.MESSENGER for item in judged] == [learned] * len(rows)
    assert judged[1].messages.ranges != ()


def test_a_screen_with_more_words_of_other_kinds_loses_its_messages_alone() -> None:
    document = "\n".join(f"paragraph: the plan has a chapter {number}" for number in range(4))
    rows = [focus("acme", "Plan"), screen(f"the plan has a chapter 1\n{SAID}\nFile", f"{document}\n{TALK}")]
    rewrite_session(rows, NOBODY, STRUCTURE)
    names = [node["name"] for node in rows[1]["nodes"]]
    assert (names[:4].count(MARKER), SAID in names, rows[0]["title"]) == (0, False, "Plan")
    assert rows[1]["text"] == f"the plan has a chapter 1\n{MARKER}\nFile"


def test_a_browser_is_judged_by_its_site_or_else_by_each_window() -> None:
    page = screen("the offer is much too low", "")
    rows = [
        focus("firefox", "a", "https://talk.example/1"), screen(None, TALK),
        focus("firefox", "b", "https://shop.example/"), dict(page),
        focus("firefox", "c", "https://talk.example/2"), dict(page),
        focus("firefox", "d"), screen(None, TALK),
        focus("firefox", "e"), dict(page),
    ]  # fmt: skip
    judged = [item.kind is WindowKind.MESSENGER for item in read_windows(rows, STRUCTURE, NOBODY)]
    assert judged == [True, True, False, False, True, True, True, True, False, False]


def test_made_up_screens_keep_within_the_bars_stated() -> None:
    for family in (FAMILY_A, FAMILY_B):
        found = measure(family, 5, 1, UnknownWindows.STRUCTURE)
        assert found.share("survived", "incoming") <= 0.02
        assert found.share("own lost", "own") <= 0.05
        assert found.share("others hit", "others") <= 0.05


def test_a_deep_tree_and_long_texts_are_read_once() -> None:
    deep = [{"depth": at, "role": "generic", "name": f"this is text number {at}", "value": None} for at in range(3_000)]
    long = [{"depth": 1, "role": "listitem", "name": sign * 50_000, "value": None} for sign in ("a ", "10:42, ", ": ")]
    box = {"depth": 0, "role": "textbox", "name": "Write a message", "value": None}
    assert find_messages([*deep, *long, box], TextReader(NOBODY)).ranges == ((3_000, 3_003),)
