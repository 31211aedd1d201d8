"""Windows of which nothing is known lose what was not typed; what is known by name is judged as before."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import UsageError
from transforms.redact.bystanders.known_windows import KnownWindows, WindowKind
from transforms.redact.bystanders.messengers import MessengerList
from transforms.redact.bystanders.own_text.own_words import OwnWords, squash
from transforms.redact.bystanders.window_labels import is_window_label
from transforms.redact.bystanders.withhold import MARKER, rewrite_session
from transforms.redact.settings import RedactSettings, UnknownWindows

Row = dict[str, Any]
NOBODY = OwnWords("")
SAID = "nobody tells the board until Monday"
LISTED = KnownWindows(MessengerList(("acme talk",)), ("acme crm|acme talk", r"(?:.+\.)?wiki\.example"))


def node(role: str, name: str | None, value: str | None = None) -> Row:
    return {"depth": 1, "role": role, "name": name, "value": value}


def rewrite(rows: list[Row], own: OwnWords = NOBODY, windows: KnownWindows = LISTED, *, drops: bool = False) -> None:
    rewrite_session(rows, own, windows, drops=drops)


def shown(*nodes: Row, app: str = "acmeapp", typed: str = "") -> list[tuple[str | None, str | None]]:
    """List the names and values of nodes of a window, after it was rewritten."""
    rows: list[Row] = [
        {"kind": "focus", "app": app, "title": None, "url": None},
        {"kind": "screen", "text": None, "nodes": list(nodes)},
    ]
    rewrite(rows, OwnWords(squash(typed)))
    return [(item["name"], item["value"]) for item in rows[1]["nodes"]]


@pytest.mark.parametrize(
    ("app", "title", "url", "kind"),
    [
        ("gedit", "Acme Talk of the town", "", WindowKind.MESSENGER),
        ("gedit", "notes", "", WindowKind.OTHER),
        ("acmeapp", "notes", "", WindowKind.UNKNOWN),
        ("", "", "", WindowKind.UNKNOWN),
        ("Acme CRM", "x", "", WindowKind.OTHER),
        ("Acme CRM 2", "x", "", WindowKind.UNKNOWN),
        ("acmeapp", "Acme CRM", "", WindowKind.UNKNOWN),
        ("Acme Talk", "x", "", WindowKind.MESSENGER),
        ("firefox", "x", "https://a.wiki.example/1", WindowKind.OTHER),
        ("firefox", "x", "https://wiki.example.org/1", WindowKind.UNKNOWN),
        ("firefox", "x", "https://docs.python.org/3/", WindowKind.OTHER),
        ("firefox", "x", "https://www.docs.python.org/3/", WindowKind.OTHER),
        ("firefox", "x", "https://python.example.org/3/", WindowKind.UNKNOWN),
        ("firefox", "x", "", WindowKind.UNKNOWN),
        ("firefox", "x", "about:newtab", WindowKind.OTHER),
        ("firefox", "x", "about:preferences#general", WindowKind.OTHER),
        ("firefox", "x", "about:blank", WindowKind.UNKNOWN),
        ("firefox", "x", "about:reader?url=https://mail.example/", WindowKind.MESSENGER),
        ("firefox", "x", "about:newtabs", WindowKind.UNKNOWN),
        ("edge", "x", "edge:https://mail.example/", WindowKind.MESSENGER),
        ("chrome", "x", "chrome://settings", WindowKind.OTHER),
        ("chrome", "x", "chrome://settingsx", WindowKind.UNKNOWN),
        ("chrome", "x", "chrome://newtab/", WindowKind.OTHER),
        ("chrome", "x", "https://about:1@desk.example/", WindowKind.UNKNOWN),
        ("gedit", "x", "https://desk.example/", WindowKind.UNKNOWN),
        ("mstsc.exe", "x", "", WindowKind.UNKNOWN),
    ],
)
def test_a_window_is_judged_by_lists_and_its_title_never_opens_it(
    app: str, title: str, url: str, kind: WindowKind
) -> None:
    assert LISTED.judge(app, title, url) is kind
    by_structure = KnownWindows(LISTED.messengers, LISTED.quiet, UnknownWindows.STRUCTURE)
    assert by_structure.judge(app, title, url) is (WindowKind.OTHER if kind is WindowKind.UNKNOWN else kind)


def test_settings_say_what_is_known() -> None:
    settings = RedactSettings(messengers=("acme talk",), quiet=("acme crm",), unknown_windows="structure")
    windows = KnownWindows.of(settings)
    assert (windows.messengers.extra, windows.quiet) == (("acme talk",), ("acme crm",))
    assert windows.unknown is UnknownWindows.STRUCTURE
    assert KnownWindows.of(RedactSettings()).unknown is UnknownWindows.WITHHOLD


def test_an_unknown_choice_is_refused() -> None:
    with pytest.raises(UsageError, match=r"redact\.unknown_windows must be one of withhold, structure"):
        RedactSettings(unknown_windows="keep")


@pytest.mark.parametrize("role", ["button", "AXButton", "push button", "label", "columnheader", "heading", "tab"])
def test_short_names_of_controls_and_labels_stay(role: str) -> None:
    assert shown(node(role, "Elm Road contracts"), node(role, "Elm Road contracts 4711")) == [
        ("Elm Road contracts", None),
        ("Elm Road contracts 4711", None),
    ]
    assert shown(node(role, "three Elm Road contracts")) == [(MARKER, None)]


@pytest.mark.parametrize("role", ["text", "paragraph", "cell", "listitem", "link", "status", "generic", ""])
def test_short_texts_elsewhere_and_all_values_go(role: str) -> None:
    assert shown(node(role, "she resigned", "he too")) == [(MARKER, MARKER)]
    assert shown(node("textbox", "Elm Road", "she resigned"), node("text", "10:42"), node("text", "Save")) == [
        ("Elm Road", MARKER),
        ("10:42", None),
        ("Save", None),
    ]


def test_of_a_known_messenger_labels_and_headings_go() -> None:
    both = (node("heading", "Elm Road"), node("button", "Elm Road"))
    assert shown(*both, app="acme talk") == [(MARKER, None), ("Elm Road", None)]
    assert shown(*both, app="gedit") == [("Elm Road", None), ("Elm Road", None)]


def test_titles_and_targets_go_too_and_the_name_of_the_application_stays() -> None:
    rows: list[Row] = [
        {"kind": "focus", "app": "Acme App", "title": "Elm Road - Acme App", "url": None},
        {"kind": "pointer", "target": node("listitem", SAID)},
        {"kind": "pointer", "target": node("button", "Elm Road")},
        {"kind": "focus", "app": "Acme App", "title": "Acme App - Elm Road", "url": None},
        {"kind": "pointer", "target": None},
        {"kind": "focus", "app": "gedit", "title": "Elm Road", "url": None},
        {"kind": "pointer", "target": node("listitem", "she resigned")},
        {"kind": "pointer", "target": node("listitem", SAID)},
    ]
    rewrite(rows)
    assert [row["title"] for row in rows if row["kind"] == "focus"] == [
        f"{MARKER} - Acme App",
        f"{MARKER} - {MARKER}",
        "Elm Road",
    ]
    targets = [row["target"] and row["target"]["name"] for row in rows if row["kind"] == "pointer"]
    assert targets == [MARKER, "Elm Road", None, "she resigned", MARKER]  # a message that was shown goes everywhere


def test_what_comes_before_the_first_focus_is_of_an_unknown_window() -> None:
    rows: list[Row] = [{"kind": "screen", "text": SAID, "nodes": None}]
    rewrite(rows)
    assert rows[0]["text"] == MARKER


def test_a_dropped_screen_is_one_of_a_known_messenger() -> None:
    for app, text in (("acme talk", MARKER), ("acmeapp", f"Save\n{MARKER}")):
        rows: list[Row] = [
            {"kind": "focus", "app": app, "title": None, "url": None},
            {"kind": "screen", "text": f"Save\n{SAID}", "nodes": None},
        ]
        rewrite(rows, drops=True)
        assert rows[1]["text"] == text


def test_the_text_of_a_screen_keeps_what_its_nodes_keep_however_it_is_written() -> None:
    rows: list[Row] = [
        {"kind": "focus", "app": "acmeapp", "title": None, "url": None},
        {
            "kind": "screen",
            "text": f"button 'Elm Road'\nElm Road\nElm Road 4 b\n{SAID}",
            "nodes": [node("button", "Elm Road"), node("text", SAID)],
        },
    ]
    rewrite(rows)
    assert rows[1]["text"] == f"button 'Elm Road'\nElm Road\n{MARKER}"


def test_of_a_text_of_several_lines_the_typed_ones_stay() -> None:
    typed = "I can draft it tonight"
    (told,) = shown(node("document", None, f"{SAID}\n{typed}\nshe resigned\n{SAID}"), typed=typed)
    assert told[1] == f"{MARKER}\n{typed}\n{MARKER}"
    whole = "Hi\nI can draft it tonight\nbye"
    assert shown(node("document", None, whole), typed=whole) == [(None, whole)]


def test_of_a_line_that_says_more_the_typed_sentence_stays() -> None:
    typed = "I can draft it tonight"
    (told,) = shown(node("listitem", f"Ravi. {typed}. Nobody tells the board. {SAID} again"), typed=typed)
    assert told[0] == f"{MARKER} {typed}. {MARKER}"
    assert shown(node("listitem", f"Ravi: {SAID}! And she?"), typed=typed) == [(MARKER, None)]


def test_of_an_entry_that_is_read_out_the_whole_text_that_was_typed_stays() -> None:
    typed = "call Anna about the keys"
    own = OwnWords(f"{squash(typed)}\n{squash(SAID)}")
    entry = f"10am to 11am, the lease of Gareth: {typed} ! Ilse, she resigned"
    rows: list[Row] = [
        {"kind": "focus", "app": "acmeapp", "title": "", "url": None},
        {"kind": "screen", "text": f"{entry}\n{typed}, Ilse and Gareth, {SAID}", "nodes": [node("link", entry)]},
    ]
    rewrite(rows, own)
    assert rows[1]["nodes"][0]["name"] == f"{MARKER} {typed} ! {MARKER}"
    assert rows[1]["text"] == f"{MARKER} {typed} ! {MARKER}\n{typed} {MARKER} {SAID}"


def test_what_is_copied_goes_and_what_is_pasted_is_of_its_field() -> None:
    actions = ("copy", "cut", "paste")
    rows: list[Row] = [
        {"kind": "focus", "app": "acme talk", "title": None, "url": None},
        *({"kind": "clipboard", "action": action, "text": SAID} for action in actions),
        {"kind": "clipboard", "action": "copy", "text": "I can draft it"},
        {"kind": "clipboard", "action": "copy", "text": None},
        {"kind": "focus", "app": "acmeapp", "title": None, "url": None},
        *({"kind": "clipboard", "action": action, "text": SAID} for action in actions),
        {"kind": "focus", "app": "gedit", "title": None, "url": None},
        {"kind": "clipboard", "action": "copy", "text": SAID},
        {"kind": "screen", "text": None, "nodes": [{**node("log", None), "depth": 0}, node("text", "she resigned")]},
        *({"kind": "clipboard", "action": action, "text": "She resigned!"} for action in actions),
    ]
    rewrite(rows, OwnWords(squash("I can draft it")))
    told = [row["text"] for row in rows if row["kind"] == "clipboard"]
    away = [MARKER, MARKER, SAID]
    assert told == [*away, "I can draft it", None, *away, SAID, MARKER, MARKER, "She resigned!"]


def test_the_last_word_of_a_broken_line_stays_in_texts_and_in_nodes() -> None:
    pieces = ("I can draft it", "now", "she")
    rows: list[Row] = [
        {"kind": "focus", "app": "acmeapp", "title": None, "url": None},
        {"kind": "screen", "text": "\n".join(pieces), "nodes": None},
        {"kind": "screen", "text": None, "nodes": [node("text", None), *(node("text", piece) for piece in pieces)]},
        {"kind": "screen", "text": None, "nodes": [node("text", "now"), node("text", "I can draft it", "she")]},
    ]
    rewrite(rows, OwnWords(squash("I can draft it now")))
    assert rows[1]["text"] == f"I can draft it\nnow\n{MARKER}"
    assert [item["name"] for item in rows[2]["nodes"]] == [None, "I can draft it", "now", MARKER]
    assert [item["name"] for item in rows[3]["nodes"]] == [MARKER, "I can draft it"]


_WORDS = st.sampled_from(
    ["Save", "Reply", "10:42", "she", "resigned", "yesterday", "Elm", "board", "4711", "\u4f50\u85e4"]
)
_LINES = st.lists(_WORDS, min_size=1, max_size=7).map(" ".join)
_ROLES = st.sampled_from("button label heading text listitem cell link log textbox group".split())


@given(st.lists(st.tuples(_ROLES, _LINES, st.none() | _LINES), max_size=8), st.lists(_LINES, max_size=8), _LINES)
def test_all_that_stays_was_typed_or_is_the_windows(
    nodes: list[tuple[str, str, str | None]], lines: list[str], typed: str
) -> None:
    own = OwnWords(squash(typed))
    rows: list[Row] = [
        {"kind": "focus", "app": "acmeapp", "title": " - ".join(lines), "url": None},
        {"kind": "screen", "text": "\n".join(lines), "nodes": [node(*parts) for parts in nodes] or None},
        {"kind": "focus", "app": "gedit", "title": " - ".join(lines), "url": None},
        {"kind": "screen", "text": "\n".join(lines), "nodes": None},
    ]
    rewrite(rows, own)
    kept = {squash(name) for role, name, _ in nodes if role in {"button", "label", "heading", "textbox"}}
    kept |= {squash(name) for role, name, _ in nodes if is_window_label(name, role)}
    told = [*(rows[0]["title"] or "").split(" - "), *rows[1]["text"].split("\n")]
    for item in rows[1]["nodes"] or ():
        if item["value"] is not None:
            told.append(item["value"])
        if squash(item["name"]) not in kept:
            told.append(item["name"])
    left = [line for line in told if squash(line) not in kept and not is_window_label(line)]
    parts = [part for line in left for part in line.split(MARKER) if own.is_incoming(part)]
    assert [part for part in parts if squash(part) not in own.typed] == []
    quiet = (rows[2]["title"], rows[3]["text"])
    assert quiet == (" - ".join(lines), "\n".join(lines)) or ("Reply" in lines and MARKER in rows[3]["text"])
