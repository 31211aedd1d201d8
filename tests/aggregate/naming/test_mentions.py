"""A name that a session may not hold is mentioned nowhere in it, and everyday words stay."""

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemas.aggregates import OTHER, AdmittedValues
from schemas.safe import RedactedSessions
from transforms.aggregate.naming.hide_rare import hide_rare
from transforms.aggregate.naming.mentions import mask, mentions_of

Build = Callable[..., pa.Table]
EVERYDAY = frozenset({"files", "mail", "code", "tool", "other"})
NOTHING = AdmittedValues({})


def _titled(app: str, title: str, *, named: tuple[str, ...] = ()) -> str:
    found = mentions_of([app], [], named, EVERYDAY)
    return mask(title, [], found.in_title(title), "title")[0]


def _texted(app: str, text: str, *sites: str, named: tuple[str, ...] = ()) -> str:
    found = mentions_of([app], sites, named, EVERYDAY)
    return mask(text, [], found.in_text(text), "text")[0]


@pytest.mark.parametrize(
    ("app", "title", "shown"),
    [
        ("zebra-tool", "zebra-tool - zebra-tool 3.1", "other - other 3.1"),
        ("zebra-tool", "Report | ZEBRA TOOL", "Report | other"),
        ("Zebra Tool 3.1", "Zebra Tool: report", "other: report"),
        ("zebra.exe", "Zebra's report", "other's report"),
        ("/opt/zebra/bin/Zebra.AppImage", "Zebra", "other"),
        ("org.zebra.Zeppelin", "zeppelin - list", "other - list"),
        ("Code", "main.py - Visual Studio Code", "main.py - other"),
        ("Microsoft Word", "letter.docx \u2014 Word", "letter.docx \u2014 other"),
        ("Files", "Files", "other"),
        ("Files", "Files 3.2 \u2013 all of my files", "other 3.2 \u2013 all of my files"),
        ("Mail", "you have mail - Inbox", "you have mail - Inbox"),
        ("Mail", "Mail settings", "Mail settings"),
        ("\u5fae\u4fe1", "\u6253\u5f00\u5fae\u4fe1\u5427", "\u6253\u5f00other\u5427"),
        ("X", "x marks it - X", "x marks it - other"),
        ("???", "??? - ???", "??? - ???"),
        ("zebra Studio", "about ZEBRA", "about other"),
        ("zebra-code", "zebra | start", "other | start"),
        ("Zebra Mail", "mail of zebra", "mail of other"),
        ("Lynx Mail", "lynx of lyn", "other of lyn"),
        ("Gnu Mail", "a gnu", "a gnu"),
        ("\u5fae\u4fe1 Mail", "\u6253\u5f00\u5fae\u4fe1\u5427", "\u6253\u5f00other\u5427"),
    ],
)
def test_the_application_leaves_the_title(app: str, title: str, shown: str) -> None:
    assert _titled(app, title) == shown


def test_running_text_keeps_everyday_words_and_parts_of_words() -> None:
    assert _texted("Files", "open the Files of code") == "open the Files of code"
    assert _texted("Zebra", "zebras, Zebra; ZEBRA_1 zebra-2 azebra") == "zebras, other; other_1 other-2 azebra"
    assert _texted("Zebra Tool", "zebra_tool zebratool zebra / tool zebra or tool") == "other other other other or tool"
    assert _texted("ab", "ab") == "ab", "too short to mean anything"
    assert _texted("abc", "abc") == "other"


def test_a_wide_sign_counts_for_two() -> None:
    assert _texted("\u5fae", "\u5fae") == "\u5fae"
    assert _texted("\u5faea", "\u5faea") == "other"
    assert _texted("\u5fae\u4fe1", "\u5fae\u4fe1") == "other"


def test_words_of_a_name_stand_at_most_three_signs_apart() -> None:
    assert _texted("Red Heron Tool", "red - heron - tool") == "other"
    assert _texted("Red Heron Tool", "red  - heron tool") == "red  - other tool"


def test_of_a_long_name_twelve_words_are_looked_for() -> None:
    words = [chr(ord("a") + number) for number in range(13)]
    assert _texted(" ".join(words), " ".join(words)) == "other m"
    assert _texted(" ".join(words[:12]), " ".join(words[:11])) == " ".join(words[:11])


def test_the_end_of_a_title_is_a_name_with_two_words_more_or_some_less() -> None:
    assert _titled("Heron", "x - My Heron Two") == "x - other"
    assert _titled("Code", "x - My Own Code") == "x - other"
    assert _titled("Code", "x - My Very Own Code") == "x - My Very Own Code"
    assert _titled("Some Very Own Code", "x - Code") == "x - other"
    assert _titled("Some Very Own Code", "Code - x") == "Code - x"


def test_of_names_that_begin_alike_the_longest_is_meant() -> None:
    found = mentions_of(["Heron", "Heron Tool Box"], [], [], EVERYDAY)
    assert found.in_text("a heron tool box") == [(2, 16)]
    assert found.in_text("a heron tool") == [(2, 7)]


def test_a_site_leaves_texts_by_host_domain_and_label() -> None:
    text = "see docs.zebra.test, zebra.test/x, www.zebra.test or Zebra"
    assert _texted("Files", text, "docs.zebra.test") == "see other, other/x, www.other or other"
    assert _texted("Files", "files.test and files", "files.test") == "other and files"
    assert _texted("Files", "acme-crm on case", "acme-crm://case") == "other on other"
    assert _texted("Files", "settings of chrome", "chrome://settings", "about:") == "settings of chrome"
    assert _texted("Files", "b\u00fccher.test", "xn--bcher-kva.test") == "other"


def test_words_of_what_is_named_stay() -> None:
    assert _texted("Chrome", "Google Chrome", named=("Google Chrome",)) == "Google Chrome"
    assert _texted("Zebra", "docs.zebra.test", named=("docs.zebra.test",)) == "docs.zebra.test"


def test_a_word_of_a_name_stays_where_another_name_with_it_is_admitted() -> None:
    assert _texted("Zebra Docs", "a zebra", named=("Zebra Mail",)) == "a zebra"
    assert _texted("Zebra Docs", "a zebra of docs", named=("Docs",)) == "a other of docs"


def test_redactions_stay_where_they_are_and_half_a_surrogate_is_none() -> None:
    spans = [{"column": "text", "start": 0, "end": 4, "entity": "PERSON"}]
    spans += [{"column": "text", "start": 14, "end": 18, "entity": "PERSON"}]
    spans += [{"column": "text", "start": 23, "end": 26, "entity": "PERSON"}]
    text, marks = mask("Anna in Zebra-Anna for Bob", spans, [(8, 16)], "text")
    assert text == "Anna in other for Bob"
    assert [(text[mark["start"] : mark["end"]], mark["entity"]) for mark in marks] == [
        ("Anna", "PERSON"), (OTHER, "RARE_NAME"), ("Bob", "PERSON"),
    ]  # fmt: skip


def test_a_redaction_that_only_touches_a_name_stays() -> None:
    anna, bob = ({"column": "text", "start": at, "end": at + 3, "entity": "PERSON"} for at in (0, 8))
    text, marks = mask("AnnZebraBob", [anna, bob], [(3, 8)], "text")
    assert text == "AnnotherBob"
    assert [text[mark["start"] : mark["end"]] for mark in marks] == ["Ann", OTHER, "Bob"]


def test_a_surrogate_in_the_name_of_an_application_names_nothing(build: Build) -> None:
    app = [{"column": "app", "start": 0, "end": 4, "entity": "PERSON"}]
    rows = [
        {"kind": "focus", "app": "Anna's zebra", "title": "list", "redactions": app},
        {"kind": "screen", "text": "Anna asks: where is the zebra? In Anna's zebra"},
    ]
    found = hide_rare(RedactedSessions(build(("s", "u", rows))), NOTHING, frozenset(), EVERYDAY).table
    assert found["app"].to_pylist() == ["other", None]
    assert found["text"].to_pylist()[1] == "Anna asks: where is the other? In other"


def test_all_of_a_session_but_what_was_typed_is_free_of_its_names(build: Build) -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "screen", "text": "Zebra starts"},
        {"kind": "focus", "app": "Zebra", "title": "List - Zebra", "url": "https://lion.test/zebra/7"},
        {"kind": "pointer", "action": "click", "name": "Close Zebra"},
        {"kind": "clipboard", "action": "copy", "text": "lion.test"},
        {"kind": "clipboard", "action": "paste", "text": "lion.test"},
        {"kind": "text_input", "text": "zebra at lion.test"},
        {"kind": "key", "key": "z"},
    ]
    table = build(("s", "u", rows), ("t", "u", [{"kind": "screen", "text": "Zebra of lion.test"}]))
    found = hide_rare(RedactedSessions(table), NOTHING, frozenset(), EVERYDAY).table
    shown = [{name: row[name] for name in ("app", "title", "url", "name", "text")} for row in found.to_pylist()]
    assert [tuple(value for value in row.values() if value is not None) for row in shown] == [
        ("other starts",), ("other", "List - other", "other"), ("Close other",), ("other",), ("lion.test",),
        ("zebra at lion.test",), (), ("Zebra of lion.test",),
    ]  # fmt: skip
    marks = [row["redactions"] for row in found.to_pylist()]
    assert marks[0] == [{"column": "text", "start": 0, "end": 5, "entity": "RARE_NAME", "node": None}]
    assert marks[1] == [{"column": "title", "start": 7, "end": 12, "entity": "RARE_NAME", "node": None}]
    assert marks[4:] == [None] * 4


def test_no_node_mentions_a_name_of_its_session_and_redactions_stay_with_their_nodes(build: Build) -> None:
    node = {"role": "link", "value": None, "depth": 0, "states": []} | dict.fromkeys(("left", "top", "right", "bottom"))
    mark = {"column": "nodes.name", "start": 9, "end": 12, "entity": "PERSON", "node": 1}
    told = {"column": "text", "start": 0, "end": 3, "entity": "PERSON", "node": None}
    rows = [
        {"kind": "focus", "app": "Tool", "title": "", "url": "https://lion.test/7"},
        {
            "kind": "screen",
            "text": "Bob, lion",
            "nodes": [
                node | {"name": "Tool"},
                node | {"name": "lion for Bob", "value": "https://lion.test/"},
                node | {"role": "dialog", "name": "Tool"},
                node | {"name": None},
            ],
            "redactions": [told, mark],
        },
        {"kind": "screen", "nodes": [node | {"name": "Send"}]},
    ]
    found = hide_rare(RedactedSessions(build(("s", "u", rows))), NOTHING, frozenset(), EVERYDAY).table.to_pylist()
    shown = [(item["name"], item["value"]) for item in found[1]["nodes"]]
    assert shown == [("Tool", None), ("other for Bob", "https://other/"), ("other", None), (None, None)]
    rare = {"column": "nodes.name", "start": 0, "end": 5, "entity": "RARE_NAME", "node": 1}
    assert found[1]["text"] == "Bob, other"
    assert found[1]["redactions"] == [
        told,
        rare | {"column": "text", "start": 5, "end": 10, "node": None},
        rare,
        mark | {"start": 10, "end": 13},
        rare | {"column": "nodes.value", "start": 8, "end": 13},
        rare | {"node": 2},
    ]
    assert found[2]["nodes"] == [node | {"name": "Send"}]
    assert found[2]["redactions"] is None


def test_an_admitted_application_and_site_stay_everywhere(build: Build) -> None:
    rows = [
        {"kind": "focus", "app": "Zebra", "title": "List - Zebra", "url": "https://lion.test/zebra/7"},
        {"kind": "screen", "text": "Zebra at lion.test"},
    ]
    table = build(("s", "u", rows))
    admitted = AdmittedValues({"app": frozenset({("Zebra",)}), "host": frozenset({("lion.test",)})})
    assert hide_rare(RedactedSessions(table), admitted, frozenset(), EVERYDAY).table.equals(table)
    site = AdmittedValues({"host": frozenset({("lion.test",)})})
    [first, second] = hide_rare(RedactedSessions(table), site, frozenset(), EVERYDAY).table.to_pylist()
    assert (first["title"], first["url"], second["text"]) == (
        "List - other", "https://lion.test/other", "other at lion.test",
    )  # fmt: skip


def test_a_site_that_the_redaction_removed_is_mentioned_nowhere_in_its_session(build: Build) -> None:
    rows = [
        {
            "kind": "focus",
            "app": "browser",
            "title": "page on Zebra",
            "url": "other",
            "removed_sites": ["docs.zebra.test"],
        },
        {"kind": "screen", "text": "open docs.zebra.test or lion.test"},
    ]
    table = build(("s", "u", rows), ("t", "u", [{"kind": "screen", "text": "docs.zebra.test"}]))
    named = AdmittedValues({"app": frozenset({("browser",)}), "host": frozenset({("lion.test",)})})
    found = hide_rare(RedactedSessions(table), named, frozenset(), EVERYDAY).table
    assert found["title"].to_pylist()[0] == "page on other"
    assert found["text"].to_pylist()[1:] == ["open other or lion.test", "docs.zebra.test"]
    assert found["removed_sites"].to_pylist() == [None] * 3
    admitted = AdmittedValues(
        {"app": frozenset({("browser",)}), "host": frozenset({("docs.zebra.test",), ("lion.test",)})}
    )
    found = hide_rare(RedactedSessions(table), admitted, frozenset(), EVERYDAY).table
    assert found["title"].to_pylist()[0] == "page on Zebra"


def test_no_text_and_no_number_of_names_takes_long() -> None:
    """Work is counted by CPU time: a quadratic step over these texts takes minutes."""
    names = [f"zebra{number}-tool" for number in range(5_000)]
    sites = [f"www.lion{number}.test" for number in range(5_000)]
    found = mentions_of(names, sites, [], EVERYDAY)
    begun = time.process_time()
    for text in (
        " " * 100_000,
        "_1" * 50_000 + "!",
        "www." * 25_000,
        "- " * 50_000,
        "a.b" * 30_000,
        "-" * 100_000 + "1",
    ):
        assert found.in_title(text) == []
        found.in_text(text)
    assert len(found.in_text("zebra77 tool www.lion5.test " * 4_000)) == 8_000
    assert time.process_time() - begun < 10


_NAME = st.text("bcdfgklmnprtvwz", min_size=4, max_size=9)
_AROUND = st.sampled_from(
    ["{} - {} 2.1", "x | {}", "{}", "in {}.", "({})", "see {}-1", "\u201c{}\u201d", "a/{}/b", "{}: y"]
)
_CASED = st.sampled_from(
    [str, str.upper, str.title, lambda name: name.replace("-", " "), lambda name: name.replace("-", "_")]
)


@settings(deadline=None)
@given(st.lists(_NAME, min_size=1, max_size=3), _AROUND, _CASED)
def test_a_name_is_left_in_no_case_and_no_spacing(words: list[str], around: str, cased: Callable[[str], str]) -> None:
    name = "-".join(words)
    assume(not any(word in "other see" for word in words))
    text = around.format(cased(name), cased(name))
    for shown in (_titled(name, text), _texted(name, text)):
        assert words[0] not in shown.casefold()
        assert OTHER in shown


@settings(deadline=None)
@given(
    st.text("ab Z-", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=4),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=4),
)
def test_every_redaction_marks_what_it_marked_or_the_word(
    text: str, spans: list[tuple[int, int]], ranges: list[tuple[int, int]]
) -> None:
    def apart(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        chosen: list[tuple[int, int]] = []
        for start, length in sorted(pairs):
            if start + length <= len(text) and (not chosen or chosen[-1][1] <= start):
                chosen.append((start, start + length))
        return chosen

    before = [{"column": "text", "start": start, "end": end, "entity": "PERSON"} for start, end in apart(spans)]
    shown, marks = mask(text, before, apart(ranges), "text")
    kept = [mark for mark in marks if mark["entity"] == "PERSON"]
    assert {shown[mark["start"] : mark["end"]] for mark in kept} <= {text[s["start"] : s["end"]] for s in before}
    assert all(shown[mark["start"] : mark["end"]] == OTHER for mark in marks if mark not in kept)
    assert all(one["end"] <= two["start"] for one, two in pairwise(marks))
    assert not ranges or not apart(ranges) or len(marks) > len(kept)
