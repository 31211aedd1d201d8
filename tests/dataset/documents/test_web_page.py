import re

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
    table = render_table('a "title"', ("<col>",), [("<cell>", "&")])
    assert 'tabindex="0" role="region" aria-label="a &quot;title&quot;"' in table
    assert '<th scope="col">&lt;col&gt;</th>' in table
    assert "<td>&lt;cell&gt;</td><td>&amp;</td>" in table
