"""Writes the tables of docs/preflight.md anew from the checks: python docs/make_preflight.py."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from transforms.preflight.facts import PERMISSIONS
from transforms.preflight.judge_bucket import BUCKET_CHECKS
from transforms.preflight.judge_folder import FOLDER_CHECKS, REFUSING, Use
from transforms.preflight.verdict import Check

PAGE = Path(__file__).with_name("preflight.md")


def _words(template: str) -> str:
    """Return a template with its names in capitals, fit for a cell."""
    return re.sub(r"{(\w+)}", lambda name: name[1].upper(), template).replace("|", "\\|")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _row(check: Check[Any, Any]) -> tuple[str, ...]:
    words = (_words(text) for text in (check.title, check.expected, check.why))
    return (str(check.row), f"`{check.name}`", *words, f"`{_words(check.mend)}`")


def tables() -> dict[str, str]:
    """Return each generated table by its mark."""
    head = ("#", "check", "what is asked", "expected", "why", "mend it with")
    refuses = [
        (f"`{check.name}`", *("refuses" if check.name in REFUSING[use] else "warns" for use in Use))
        for check in FOLDER_CHECKS
    ]
    return {
        "bucket": _table(
            (*head, "waiver"), ((*_row(item), "yes" if item.waivable else "no") for item in BUCKET_CHECKS)
        ),
        "facts": _table(("fact", "permission that reads it"), ((f"`{k}`", v) for k, v in PERMISSIONS.items())),
        "folder": _table(head, map(_row, FOLDER_CHECKS)),
        "use": _table(("check", "`keyveil preflight`", "run, sealed", "run, clear", "private state"), refuses),
    }


def current(text: str) -> str:
    """Return the page's text with every generated table as it is now."""
    for name, table in tables().items():
        begin, end = f"<!-- generated: {name} -->\n", f"<!-- end: {name} -->"
        before, _, rest = text.partition(begin)
        text = before + begin + table + end + rest.partition(end)[2]
    return text


if __name__ == "__main__":
    PAGE.write_text(current(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
