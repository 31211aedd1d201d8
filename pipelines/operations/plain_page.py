"""A page for people: one HTML file of plain sections that loads nothing and runs nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from transforms.dataset.documents.web_page import frame_page, render_table

_STYLE = """
:root { color-scheme: light dark; --line: #767676; --alert: #8a1c0d; }
@media (prefers-color-scheme: dark) { :root { --alert: #ffb4a6; } }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; }
body { overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2rem; }
li { margin: .2rem 0; } .alert { border-left: .4rem solid var(--alert); padding-left: .8rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); }
@media print { body { max-width: none; font-size: 11pt; } }
""".strip()


@dataclass(frozen=True, slots=True)
class Section:
    """Section of a page: sentences, a list, and a table with its column names; ``alert`` sentences stand out."""

    title: str
    sentences: Sequence[str] = ()
    listed: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    alert: Sequence[str] = ()


def render_plain_page(title: str, opening: Sequence[str], sections: Iterable[Section]) -> bytes:
    """Render the page."""
    body = "\n".join([f"<h1>{escape(title)}</h1>", _paragraphs(opening), *map(_render, sections)])
    return frame_page(title, _STYLE, body).encode()


def _render(section: Section) -> str:
    listed = "".join(f"<li>{escape(line)}</li>" for line in section.listed)
    parts = [
        f"<h2>{escape(section.title)}</h2>",
        _paragraphs(section.alert, ' class="alert"'),
        _paragraphs(section.sentences),
        f"<ul>{listed}</ul>" if listed else "",
        render_table(section.title, section.columns, section.rows) if section.rows else "",
    ]
    return f"<section>{''.join(parts)}</section>"


def _paragraphs(sentences: Iterable[str], attributes: str = "") -> str:
    return "".join(f"<p{attributes}>{escape(sentence)}</p>" for sentence in sentences)
