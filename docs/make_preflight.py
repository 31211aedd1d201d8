"""Tables of docs/preflight.md, generated from the checks: ``python docs/make_preflight.py``."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from transforms.preflight.facts import PERMISSIONS
from transforms.preflight.judge_bucket import BUCKET_CHECKS
from transforms.preflight.judge_folder import FOLDER_CHECKS, REFUSING, Use
from transforms.preflight.s3.checks import S3_CHECKS
from transforms.preflight.s3.facts import PERMISSIONS as S3_PERMISSIONS
from transforms.preflight.verdict import Check

PAGE = Path(__file__).with_name("preflight.md")


def _words(template: str) -> str:
    """Convert a template to a cell, with its names in capitals."""
    words = re.sub(r"{{|}}|{(\w+)}", lambda found: found[1].upper() if found[1] else found[0][0], template)
    return words.replace("|", "\\|")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _row(number: int, check: Check[Any, Any]) -> tuple[str, ...]:
    words = (_words(text) for text in (check.title, check.expected, check.why))
    return (str(number), f"`{check.name}`", *words, f"`{_words(check.remedy)}`")


def _rows(checks: Sequence[Check[Any, Any]]) -> Iterable[tuple[str, ...]]:
    """Generate the rows of checks that say whether they may be waived."""
    return ((*_row(number, item), "yes" if item.waivable else "no") for number, item in enumerate(checks, 1))


def tables() -> dict[str, str]:
    """Generate each table, by its mark."""
    head = ("#", "check", "what is asked", "expected", "why", "fix it with")
    refuses = [
        (f"`{check.name}`", *("refuses" if check.name in REFUSING[use] else "warns" for use in Use))
        for check in FOLDER_CHECKS
    ]
    folders = (_row(number, item) for number, item in enumerate(FOLDER_CHECKS, 1))
    return {
        "bucket": _table((*head, "waiver"), _rows(BUCKET_CHECKS)),
        "facts": _table(("fact", "permission that reads it"), ((f"`{k}`", v) for k, v in PERMISSIONS.items())),
        "s3": _table((*head, "waiver"), _rows(S3_CHECKS)),
        "s3-facts": _table(("fact", "permission that reads it"), ((f"`{k}`", v) for k, v in S3_PERMISSIONS.items())),
        "folder": _table(head, folders),
        "use": _table(("check", "`keyveil preflight`", "run, sealed", "run, clear", "private state"), refuses),
    }


def current(text: str) -> str:
    """Replace every generated table in the page's text."""
    for name, table in tables().items():
        begin, end = f"<!-- generated: {name} -->\n", f"<!-- end: {name} -->"
        before, _, rest = text.partition(begin)
        text = before + begin + table + end + rest.partition(end)[2]
    return text


if __name__ == "__main__":
    PAGE.write_text(current(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
