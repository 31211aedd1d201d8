"""A page for people: one HTML file of plain sections that loads nothing and runs nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from transforms.dataset.documents.web_page import STACKED, frame_page, render_table

_STYLE = """
:root { color-scheme: light dark; --line: #767676; --alert: #8a1c0d; }
@media (prefers-color-scheme: dark) { :root { --alert: #ffb4a6; } }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; }
body { overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2rem; }
h3 { font-size: 1.05rem; margin: 1.2rem 0 0; } h3 + p { margin-top: .2rem; }
summary h2 { display: inline; } details { margin-top: 2rem; }
:focus-visible { outline: 3px solid #2f6fed; outline-offset: 2px; }
li { margin: .2rem 0; } .alert { border-left: .4rem solid var(--alert); padding-left: .8rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); }
th, td { overflow-wrap: normal; } td.long { overflow-wrap: anywhere; min-width: 9rem; }
@media print { body { max-width: none; font-size: 11pt; } }
""".strip()


@dataclass(frozen=True, slots=True)
class Section:
    """Section of a page: sentences, a list, and a table with its column names; ``alert`` sentences stand out.

    ``named`` are texts under a heading each. A ``folded`` section is closed until the reader opens it.
    """

    title: str
    sentences: Sequence[str] = ()
    listed: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    alert: Sequence[str] = ()
    named: Sequence[tuple[str, str]] = ()
    folded: bool = False


def render_plain_page(title: str, opening: Sequence[str], sections: Iterable[Section]) -> bytes:
    """Render the page."""
    body = "\n".join([f"<h1>{escape(title)}</h1>", _paragraphs(opening), *map(_render, sections)])
    return frame_page(title, f"{_STYLE}\n{STACKED}", body).encode()


def _render(section: Section) -> str:
    listed = "".join(f"<li>{escape(line)}</li>" for line in section.listed)
    parts = [
        _paragraphs(section.alert, ' class="alert"'),
        _paragraphs(section.sentences),
        f"<ul>{listed}</ul>" if listed else "",
        *(f"<h3>{escape(name)}</h3><p>{escape(text)}</p>" for name, text in section.named),
        render_table(section.title, section.columns, section.rows, labelled=True) if section.rows else "",
    ]
    title = f"<h2>{escape(section.title)}</h2>"
    if section.folded:
        return f"<details><summary>{title}</summary>{''.join(parts)}</details>"
    return f"<section>{title}{''.join(parts)}</section>"


def _paragraphs(sentences: Iterable[str], attributes: str = "") -> str:
    return "".join(f"<p{attributes}>{escape(sentence)}</p>" for sentence in sentences)
