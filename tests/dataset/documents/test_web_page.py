import re

import pytest

from transforms.dataset.documents.web_page import frame_page, render_table


def test_a_page_loads_nothing_whatever_stands_in_its_title() -> None:
    page = frame_page("<b>R&D", "p { margin: 0 }", "<p>body</p>")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "<title>&lt;b&gt;R&amp;D</title>" in page
    assert "<main>\n<p>body</p>\n</main>" in page


def test_a_table_escapes_cells_and_can_be_scrolled_by_keyboard() -> None:
    table = render_table('a "title"', ("<col>", "b"), [("<cell>", "&")])
    assert 'tabindex="0" role="region" aria-label="a &quot;title&quot;"' in table
    assert '<th scope="col">&lt;col&gt;</th><th scope="col">b</th>' in table
    assert "<td>&lt;cell&gt;</td><td>&amp;</td>" in table


@pytest.mark.parametrize(("word", "breaks"), [("a" * 24, False), ("a" * 25, True), ("a" * 20 + " " + "b" * 20, False)])
def test_a_word_longer_than_any_of_a_language_may_be_broken(word: str, *, breaks: bool) -> None:
    assert (f'<td class="long">{word}</td>' in render_table("t", ("c",), [(word,)])) is breaks
    labelled = render_table("t", ('a "c"',), [(word,)], labelled=True)
    assert ('class="long" ' in labelled, 'data-label="a &quot;c&quot;">' in labelled) == (breaks, True)
    assert '<table class="labelled">' in labelled
    assert "<table><thead>" in render_table("t", ("c",), [(word,)])
    assert "<td></td>" in render_table("t", ("c",), [("",)])
