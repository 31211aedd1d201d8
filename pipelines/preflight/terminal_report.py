"""The verdict as a table in the terminal."""

from collections.abc import Mapping

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from transforms.preflight.verdict import Finding, Outcome, Verdict

_STYLES: Mapping[Outcome, str] = {
    Outcome.PASSED: "green",
    Outcome.ADVISED: "yellow",
    Outcome.WAIVED: "yellow",
    Outcome.FAILED: "bold red",
}


def render(verdict: Verdict) -> Group:
    """Render every check, and below those that did not pass what was expected, why, and how to fix it."""
    table = Table(title=f"Preflight of {escape(verdict.subject)}", title_justify="left")
    table.add_column("#", justify="right")
    table.add_column("result")
    table.add_column("check", overflow="fold", ratio=2)
    table.add_column("read", overflow="fold", ratio=3)
    for number, finding in enumerate(verdict.findings, 1):
        style = _STYLES[finding.outcome]
        table.add_row(str(number), f"[{style}]{finding.outcome}[/]", escape(finding.title), escape(_details(finding)))
    counts = ", ".join(f"{len(verdict.of(outcome))} {outcome}" for outcome in Outcome if verdict.of(outcome))
    word = "Refused" if verdict.is_refused else "Nothing stands against writing there"
    return Group(table, Text(f"{word}: {counts}.", style="bold red" if verdict.is_refused else "bold green"))


def _details(finding: Finding) -> str:
    if finding.outcome is Outcome.PASSED:
        return finding.read
    lines = [finding.read, f"expected: {finding.expected}", f"why: {finding.why}", f"fix: {finding.remedy}"]
    return "\n".join([*lines, f"waived: {finding.waiver}"] if finding.waiver else lines)
