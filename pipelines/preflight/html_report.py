"""The verdict as one HTML page that needs nothing else: no script, no image, no request."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from html import escape

from transforms.dataset.documents.web_page import STACKED, frame_page
from transforms.preflight.verdict import CheckOutcome, Finding, Verdict

_MARKS: Mapping[CheckOutcome, tuple[str, str]] = {
    CheckOutcome.FAILED: ("✕", "Failed"),
    CheckOutcome.ADVISED: ("!", "Advised"),
    CheckOutcome.WAIVED: ("~", "Waived"),
    CheckOutcome.PASSED: ("✓", "Passed"),
}
"""By urgency; shown by sign and word, not by colour alone."""

_STYLE = """
:root {
  color-scheme: light dark;
  --line: #8884; --failed: #b3261e; --advised: #7a5200; --waived: #7a5200; --passed: #1b6b3a;
}
@media (prefers-color-scheme: dark) {
  :root { --failed: #ff8a80; --advised: #ffcc66; --waived: #ffcc66; --passed: #7bd79b; }
}
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.verdict { font-size: 1.15rem; border-left: .4rem solid; padding: .5rem 1rem; }
.failed { color: var(--failed); } .advised { color: var(--advised); }
.waived { color: var(--waived); } .passed { color: var(--passed); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-top: 1px solid var(--line); }
th, td { overflow-wrap: anywhere; }
td { min-width: 12rem; }
th[scope=row] { font-weight: 600; min-width: 14rem; }
td.number { min-width: 0; overflow-wrap: normal; }
td.result { min-width: 0; white-space: nowrap; font-weight: 600; }
article { border-top: 1px solid var(--line); padding: .5rem 0 1rem; } article h3 { margin: .5rem 0; font-size: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
code { font: .95em/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
""".strip()

_STACKED_NAMES = """
@media (max-width: 34rem) { .labelled th[scope=row] { display: block; border: 0; padding: .1rem 0; }
.labelled td.number { display: none; } }
""".strip()
"""On a phone the title of a check is the heading of its row."""


def page(verdict: Verdict) -> str:
    """Return the page: the verdict, what to do about each check that did not pass, and the table of all checks."""
    state = CheckOutcome.FAILED if verdict.is_refused else CheckOutcome.PASSED
    words = "Refused. Nothing may be written there." if verdict.is_refused else "No check refuses it."
    counts = ", ".join(f"{len(verdict.of(item))} {name.lower()}" for item, (_, name) in _MARKS.items())
    at = verdict.at.astimezone(UTC)
    title = f"Preflight of {verdict.subject}"
    body = f"""<h1>{escape(title)}</h1>
<p class="verdict {state}"><strong>{_MARKS[state][0]} {words}</strong> {counts}.</p>
<p>Read <time datetime="{at.isoformat(timespec="seconds")}">{at:%Y-%m-%d %H:%M} UTC</time>{_generation(verdict)}.</p>
{"".join(_section(outcome, verdict.of(outcome)) for outcome in _MARKS if outcome is not CheckOutcome.PASSED)}
<h2>All checks</h2>
<div class="wide" tabindex="0" role="region" aria-label="All checks">
<table class="labelled">
<caption>What each check read and expected</caption>
<thead><tr><th scope="col">#</th><th scope="col">Check</th><th scope="col">Result</th><th scope="col">Read</th>
<th scope="col">Expected</th></tr></thead>
<tbody>
{_rows(verdict.findings)}
</tbody>
</table>
</div>"""
    return frame_page(title, f"{_STYLE}\n{STACKED}\n{_STACKED_NAMES}", body)


def _generation(verdict: Verdict) -> str:
    if verdict.seen is None:
        return ""
    generation, etag = escape(verdict.seen.metageneration), escape(verdict.seen.policy_etag)
    return f"; metageneration <code>{generation}</code>, policy etag <code>{etag}</code>"


def _section(outcome: CheckOutcome, findings: tuple[Finding, ...]) -> str:
    if not findings:
        return ""
    return f"<h2>{_MARKS[outcome][1]}</h2>\n" + "".join(_article(finding) for finding in findings)


def _article(finding: Finding) -> str:
    mark, name = _MARKS[finding.outcome]
    lines = [("Read", escape(finding.read)), ("Expected", escape(finding.expected)), ("Why", escape(finding.why))]
    lines += [("Fix", f"<code>{escape(finding.remedy)}</code>")]
    lines += [("Waiver", escape(finding.waiver))] if finding.waiver else []
    entries = "".join(f"<dt>{term}</dt><dd>{words}</dd>" for term, words in lines)
    heading = f'<span class="{finding.outcome}">{mark} {name}:</span> {escape(finding.title)}'
    return f"<article>\n<h3>{heading}</h3>\n<dl>{entries}</dl>\n</article>\n"


def _rows(findings: Iterable[Finding]) -> str:
    rows = []
    for number, finding in enumerate(findings, 1):
        mark, name = _MARKS[finding.outcome]
        rows.append(
            f'<tr><td class="number">{number}</td><th scope="row">{escape(finding.title)}</th>'
            f'<td class="result {finding.outcome}" data-label="Result">{mark} {name}</td>'
            f'<td data-label="Read">{escape(finding.read)}</td>'
            f'<td data-label="Expected">{escape(finding.expected)}</td></tr>'
        )
    return "\n".join(rows)
