"""The verdict as text: a line a check, and more where one did not pass."""

from collections.abc import Iterator

from pipelines.observe.text_table import label
from transforms.preflight.verdict import CheckOutcome, Finding, Verdict

_INDENT = 13
_DETAIL = _INDENT + 10


def render(verdict: Verdict, heading: str = "Preflight of") -> Iterator[str]:
    """Yield every check, and below those that did not pass what was expected, why, and how to fix it.

    The command that fixes it stands on one line, however long, so that it can be copied.
    """
    yield f"{heading} {verdict.subject}"
    for number, finding in enumerate(verdict.findings, 1):
        passed = finding.outcome is CheckOutcome.PASSED
        text = f"{finding.title}: {finding.read}" if passed else finding.title
        yield from label(f"{number:3}  {finding.outcome}", text, indent=_INDENT)
        if not passed:
            yield from _render_details(finding)
    counts = ", ".join(f"{len(verdict.of(outcome))} {outcome}" for outcome in CheckOutcome if verdict.of(outcome))
    yield f"{'Refused' if verdict.is_refused else 'Nothing refuses it'}: {counts}."


def _render_details(finding: Finding) -> Iterator[str]:
    for name, text in (("read", finding.read), ("expected", finding.expected), ("why", finding.why)):
        yield from label(f"{'':{_INDENT}}{name}", text, indent=_DETAIL)
    yield f"{'':{_INDENT}}{'fix':{_DETAIL - _INDENT}}{finding.remedy}"
    if finding.waiver:
        yield from label(f"{'':{_INDENT}}waived", finding.waiver, indent=_DETAIL)
