"""A page for people: one HTML file of plain sections that loads nothing and runs nothing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from transforms.dataset.documents.web_page import STACKED, frame_page, render_table

_STYLE = """
:root { color-scheme: light dark; --line: #767676; --alert: #8a1c0d; --link: #0b57d0; --box: #eef3fb; }
@media (prefers-color-scheme: dark) { :root { --alert: #ffb4a6; --link: #a8c7fa; --box: #1f2a3a; } }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; }
body { overflow-wrap: anywhere; background: Canvas; color: CanvasText; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2rem; }
h3 { font-size: 1.05rem; margin: 1.2rem 0 0; } h3 + p { margin-top: .2rem; }
summary h2 { display: inline; } details { margin-top: 2rem; } a { color: var(--link); }
:focus-visible { outline: 3px solid #2f6fed; outline-offset: 2px; }
li { margin: .2rem 0; } .alert { border-left: .4rem solid var(--alert); padding-left: .8rem; }
.brief { background: var(--box); border: 2px solid var(--link); border-radius: .5rem; padding: .2rem 1rem; }
.brief h2, nav h2 { margin-top: .6rem; } .brief .alert { font-weight: 600; }
nav li { margin: 0; padding: .22rem 0; } nav ul { columns: 15rem; }
.example { background: var(--box); border-left: .4rem solid var(--line); margin: .6rem 0; padding: .2rem .8rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); }
th, td { overflow-wrap: normal; } td.long { overflow-wrap: anywhere; min-width: 9rem; }
@media print { body { max-width: none; font-size: 11pt; } nav { display: none; } h2, h3 { break-after: avoid; } }
@media print { li, .brief, .example { break-inside: avoid; } }
""".strip()
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PAGE = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[\w./~-]*)?", re.ASCII)
_TAG = re.compile("(<[^>]*>)")
_PHONE = re.compile(r"\+?[\d (/)-]{4,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a section under a heading of its own: sentences, steps in their order, an example, a list, a close."""

    title: str
    sentences: Sequence[str] = ()
    steps: Sequence[str] = ()
    example: Sequence[str] = ()
    listed: Sequence[str] = ()
    closing: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Section of a page: sentences, a list, and a table with its column names; ``alert`` sentences stand out.

    ``passages`` have a heading each. A ``folded`` section is closed until the reader opens it.
    """

    title: str
    sentences: Sequence[str] = ()
    listed: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    alert: Sequence[str] = ()
    passages: Sequence[Passage] = ()
    folded: bool = False


def render_plain_page(
    title: str,
    opening: Sequence[str],
    sections: Iterable[Section],
    *,
    brief: Section | None = None,
    addresses: Sequence[str] = (),
) -> bytes:
    """Render the page; with ``brief`` a box and a list of links to the sections come first.

    Each of the ``addresses`` is a link wherever it stands, if it is one of mail, of the web or of a telephone.
    """
    sections = tuple(sections)
    links = {escape(text): target for text in addresses if (target := _find_target(text))}
    first = [] if brief is None else [_render(brief, 'class="brief"'), _list_links(sections)]
    parts = [_render(section, f'id="part-{place}"') for place, section in enumerate(sections, 1)]
    body = "\n".join([f"<h1>{escape(title)}</h1>", _paragraphs(opening), *first, *parts])
    return frame_page(title, f"{_STYLE}\n{STACKED}", _link(body, links)).encode()


def _find_target(text: str) -> str | None:
    """Find where an address leads: ``a@b.example`` to ``mailto:a@b.example``, a room or a sentence nowhere."""
    if _MAIL.fullmatch(text):
        return f"mailto:{text}"
    if _PAGE.fullmatch(text):
        return text
    return f"tel:{re.sub(r'[^+0-9]', '', text)}" if _PHONE.fullmatch(text) else None


def _link(body: str, links: Mapping[str, str]) -> str:
    """Make links of the addresses in the text of ``body``, and of nothing inside a tag."""
    if not links:
        return body
    # the longest first, and no part of a longer one: b@c.example is not linked within a.b@c.example.org
    words = "|".join(re.escape(text) for text in sorted(links, key=len, reverse=True))
    form = re.compile(rf"(?<![\w@.+/-])(?:{words})(?![\w@/-]|\.\w)")
    parts = _TAG.split(body)
    parts[::2] = [form.sub(lambda found: f'<a href="{links[found[0]]}">{found[0]}</a>', part) for part in parts[::2]]
    return "".join(parts)


def _list_links(sections: Sequence[Section]) -> str:
    listed = "".join(
        f'<li><a href="#part-{place}">{escape(section.title)}</a></li>' for place, section in enumerate(sections, 1)
    )
    return f'<nav aria-labelledby="contents"><h2 id="contents">On this page</h2><ul>{listed}</ul></nav>'


def _render(section: Section, attribute: str) -> str:
    parts = [
        _paragraphs(section.alert, ' class="alert"'),
        _paragraphs(section.sentences),
        _list("ul", section.listed),
        *map(_render_passage, section.passages),
        render_table(section.title, section.columns, section.rows, labelled=True) if section.rows else "",
    ]
    title = f"<h2>{escape(section.title)}</h2>"
    if section.folded:
        return f"<details {attribute}><summary>{title}</summary>{''.join(parts)}</details>"
    return f"<section {attribute}>{title}{''.join(parts)}</section>"


def _render_passage(passage: Passage) -> str:
    example = _paragraphs(passage.example)
    parts = (
        _paragraphs(passage.sentences),
        _list("ol", passage.steps),
        f'<blockquote class="example">{example}</blockquote>' if example else "",
        _list("ul", passage.listed),
        _paragraphs(passage.closing),
    )
    return f"<h3>{escape(passage.title)}</h3>{''.join(parts)}"


def _list(kind: str, lines: Iterable[str]) -> str:
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<{kind}>{listed}</{kind}>" if listed else ""


def _paragraphs(sentences: Iterable[str], attributes: str = "") -> str:
    return "".join(f"<p{attributes}>{escape(sentence)}</p>" for sentence in sentences)
