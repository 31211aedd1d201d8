"""Frame of the pages that keyveil writes: one HTML file that loads nothing and runs nothing."""

from collections.abc import Iterable, Sequence
from html import escape

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_LONGEST_WORD = 24
"""Most letters of a word that is never broken."""

STACKED = """
@media (max-width: 34rem) {
.labelled thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
.labelled tbody, .labelled tr, .labelled td { display: block; }
.labelled tr { border-bottom: 1px solid var(--line); padding: .5rem 0; } .labelled td { border: 0; padding: .1rem 0; }
.labelled td::before { content: attr(data-label) ": "; font-weight: 600; } }
""".strip()
"""Style that sets the cells of labelled tables below each other on a phone; the page defines the colour ``--line``."""


def frame_page(title: str, style: str, body: str) -> str:
    """Frame ``body``, which is HTML, as a whole page; its policy lets nothing in but its own style."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(title)}</title>
<style>
{style}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def render_table(title: str, columns: Sequence[str], rows: Iterable[Iterable[str]], *, labelled: bool = False) -> str:
    """Render a table of plain cells that scrolls by keyboard where it is wider than the page.

    Each cell of a ``labelled`` table carries the name of its column, for a style that sets cells below each other.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    labels = columns if labelled else [""] * len(columns)
    kind = ' class="labelled"' if labelled else ""
    body = "".join("<tr>" + "".join(map(_render_cell, row, labels)) + "</tr>" for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title, quote=True)}"><table{kind}>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _render_cell(cell: str, label: str) -> str:
    """Render a cell; a word that is longer than any of a language, as an address, may be broken."""
    name = f' data-label="{escape(label, quote=True)}"' if label else ""
    kind = ' class="long"' if max(map(len, cell.split()), default=0) > _LONGEST_WORD else ""
    return f"<td{kind}{name}>{escape(cell)}</td>"
