"""Addresses on a page for people are links where they stand alone, and nothing else becomes one."""

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.operations.pages.plain_page import Passage, Section, render_plain_page


def links(text: str, *addresses: str) -> list[tuple[str, str]]:
    page = render_plain_page("title", (text,), (), addresses=addresses).decode()
    return re.findall('<a href="(.*?)">(.*?)</a>', page)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("ana.lee+1@firm.example", "mailto:ana.lee+1@firm.example"),
        ("http://firm.example:8080/people/a_b", "http://firm.example:8080/people/a_b"),
        ("+49 (30) 12-34/5", "tel:+493012345"),
        ("1234", "tel:1234"),
        ("+" + "1" * 30, "tel:+" + "1" * 30),
        ("123", None),
        ("1" * 31, None),
        ("ana@firm", None),
        ("mailto:ana@firm.example", None),
        ("javascript://firm.example/", None),
        ('https://firm.example/"onclick', None),
        ("ana@firm.example?bcc=eve@firm.example", None),
        ("ask ana@firm.example", None),
    ],
)
def test_an_address_leads_where_it_says(address: str, target: str | None) -> None:
    found = links(f"Turn to {address}.", address)
    assert found == ([] if target is None else [(target, address)])


def test_an_address_within_a_longer_one_is_no_link() -> None:
    mail, longer = "b@c.example", "a.b@c.example.org"
    assert links(f"{longer} {mail}", mail) == [(f"mailto:{mail}", mail)]
    assert links(f"{longer} {mail}.", mail, longer) == [(f"mailto:{longer}", longer), (f"mailto:{mail}", mail)]
    assert links("x1234 12345 1234-5 1234", "1234") == [("tel:1234", "1234")]
    assert links("nothing here", "1234") == []
    assert links("1234", "") == []


def test_nothing_inside_a_tag_becomes_a_link() -> None:
    columns, rows = ("12345",), (("12345",),)
    page = render_plain_page("12345", (), (Section("12345", columns=columns, rows=rows),), addresses=("12345",))
    body = page.decode().partition("<body>")[2]
    assert 'data-label="12345"' in body
    assert 'aria-label="12345"' in body
    assert body.count('<a href="tel:12345">12345</a>') == 4


def test_sections_are_listed_only_below_a_box() -> None:
    sections = (Section("First & last", passages=(Passage("Steps", ("Do.",), ("one", "two"), ("like <this>",)),)),)
    plain = render_plain_page("title", (), sections).decode()
    assert "<nav" not in plain
    boxed = render_plain_page("title", (), sections, brief=Section("In short", ("Yes.",))).decode()
    assert '<a href="#part-1">First &amp; last</a>' in boxed
    assert '<section id="part-1"><h2>First &amp; last</h2><h3>Steps</h3><p>Do.</p><ol>' in boxed
    assert '<ol><li>one</li><li>two</li></ol><blockquote class="example"><p>like &lt;this&gt;</p></blockquote>' in boxed
    assert '<section class="brief"><h2>In short</h2>' in boxed


@given(st.text(alphabet="a1@.<>&\"' -/:h", max_size=30), st.text(alphabet="a1@.<>&\"' -/:h", max_size=12))
def test_links_change_no_word_of_a_page(text: str, address: str) -> None:
    page = render_plain_page("title", (text,), (), addresses=(address,)).decode()
    without = re.sub('<a href="[^"<>]*">|</a>', "", page)
    assert without == render_plain_page("title", (text,), ()).decode()
    assert f"<p>{escape(text)}</p>" in without
