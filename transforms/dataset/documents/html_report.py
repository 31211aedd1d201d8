"""HTML report of a release: one file that loads nothing."""

from collections.abc import Iterable
from html import escape

from schemas.tally import TallyGroup
from transforms.dataset.documents import wording as claims
from transforms.dataset.documents.web_page import STACKED, frame_page, render_table
from transforms.dataset.manifest import Manifest, NoiseStatement

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882 }
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.7rem; line-height: 1.2; margin-bottom: .3rem } h2 { font-size: 1.15rem; margin-top: 2.2rem }
table { border-collapse: collapse; width: 100%; font-size: .92rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line) }
td.n { text-align: right; font-variant-numeric: tabular-nums }
code { font-size: .9em; overflow-wrap: anywhere }
.facts { display: flex; flex-wrap: wrap; gap: .8rem; padding: 0; list-style: none }
.facts li { background: var(--soft); border-radius: .5rem; padding: .6rem 1rem }
.facts b { display: block; font-size: 1.3rem } .scroll { overflow-x: auto }
"""


def render_report(manifest: Manifest) -> str:
    """Render the report."""
    sessions, events, files = claims.size(manifest)
    facts = [("files", files)]
    if not claims.is_tables_alone(manifest):
        facts = [("sessions", sessions), ("events", events), *facts]
    cells = "".join(f"<li><b>{number:,}</b>{name}</li>" for name, number in facts)
    made = escape(manifest.keyveil_version + claims.window(manifest))
    body = [
        f"<h1>{escape(claims.TITLE)}: {escape(manifest.dataset)}</h1>",
        f"<p>Release <code>{escape(manifest.release_id)}</code>, keyveil {made}</p>",
        f'<ul class="facts">{cells}</ul>',
        _section("Uses", f"<p>{escape(claims.PURPOSE)}</p><p>Prohibited:</p>" + _list(claims.PROHIBITED)),
        _section("Licence", f"<p>{escape(claims.LICENCE)}</p>"),
        _section("Consent", f"<p>{escape(claims.consent(manifest))}</p>"),
        _section("Lawful basis", _list(claims.basis(manifest))),
        _section("What was removed", _list(claims.REMOVED)),
        *(_tallies(manifest, title, prefix) for title, prefix in _TALLIES),
        _section("Guarantees", _noise(manifest) + _list(claims.left_out(manifest))),
        _section("Counts", f"<p>{escape(claims.exactness(manifest))}</p>"),
        _section("Coverage", f"<p>{escape(claims.coverage(manifest))}</p>" + _coverage(manifest)),
        _section("Known gaps", _list(claims.GAPS)),
        _section("A value that looks real", f"<p>{escape(claims.real_value(manifest))}</p>"),
        _section("Storage", f"<p>{escape(claims.storage(manifest))}</p>"),
        "" if claims.is_tables_alone(manifest) else _events(),
        _section("Erasure", f"<p>{escape(claims.ERASE)}</p><p>{escape(claims.erasures(manifest))}</p>"),
    ]
    return frame_page(f"{manifest.dataset}: release report", f"{_STYLE}\n{STACKED}", "\n".join(body))


_TALLIES = (
    ("What became of the source events", TallyGroup.OUTCOME.prefix),
    ("Entities redacted", TallyGroup.ENTITY.prefix),
    ("Events left out, by reason", TallyGroup.SUPPRESSED.prefix),
)


def _section(title: str, content: str) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n{content}\n</section>"


def _list(sentences: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"


def _tallies(manifest: Manifest, title: str, prefix: str) -> str:
    found = claims.counts(manifest, prefix)
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td class="n">{n:,}</td></tr>' for name, n in found)
    since = claims.erased_since(manifest)
    dated = f"<p>{escape(since)}</p>" if since else ""
    return _section(title, f"{dated}<table><tbody>{rows}</tbody></table>") if found else ""


def _coverage(manifest: Manifest) -> str:
    found = claims.shares(manifest)
    return render_table("Coverage", ("rows", "share"), found) if found else ""


def _events() -> str:
    return _section(
        "Columns of the events",
        render_table("Columns of the events", ("column", "type", "meaning"), claims.columns(), labelled=True),
    )


def _noise(manifest: Manifest) -> str:
    names = ("columns", "mechanism", "unit", "epsilon", "delta", "not covered")
    return render_table("Guarantees", names, map(_guarantee, manifest.noise), labelled=True)


def _guarantee(item: NoiseStatement) -> tuple[str, ...]:
    spent = (f"{item.epsilon:g}", f"{item.delta or 0:g}") if item.epsilon else ("nothing", "nothing")
    return ", ".join(item.columns), item.mechanism, item.unit, *spent, " ".join(item.not_covered)
