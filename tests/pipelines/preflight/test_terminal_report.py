from datetime import UTC, datetime

from pipelines.preflight.terminal_report import render
from transforms.preflight.verdict import CheckOutcome, Finding, Verdict

_AT = datetime(2026, 11, 29, tzinfo=UTC)
_FIX = f"gcloud storage buckets update gs://bucket --{'x' * 90}"


def _finding(outcome: CheckOutcome, waiver: str | None = None) -> Finding:
    return Finding(
        "closed", "nobody else can look into it", outcome, "mode 0755", "mode 0700", "names show", _FIX, waiver
    )


def test_a_verdict_reads_as_plain_text_and_a_command_that_fixes_stays_on_one_line() -> None:
    findings = (
        _finding(CheckOutcome.PASSED),
        _finding(CheckOutcome.FAILED),
        _finding(CheckOutcome.WAIVED, "until the move is over"),
    )
    lines = list(render(Verdict("gs://bucket", _AT, findings)))
    assert lines == [
        "Preflight of gs://bucket",
        "  1  passed  nobody else can look into it: mode 0755",
        "  2  failed  nobody else can look into it",
        "             read      mode 0755",
        "             expected  mode 0700",
        "             why       names show",
        f"             fix       {_FIX}",
        "  3  waived  nobody else can look into it",
        "             read      mode 0755",
        "             expected  mode 0700",
        "             why       names show",
        f"             fix       {_FIX}",
        "             waived    until the move is over",
        "Refused: 1 passed, 1 waived, 1 failed.",
    ]


def test_a_verdict_that_refuses_nothing_says_so() -> None:
    assert list(render(Verdict("out", _AT, (_finding(CheckOutcome.PASSED),))))[-1] == ("Nothing refuses it: 1 passed.")
