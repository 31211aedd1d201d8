"""Whose recordings are those that name nobody."""

import csv
from pathlib import Path

from schemas.errors import UsageError


def read_subjects(path: Path) -> dict[str, str]:
    """Return user by source from a CSV with the columns ``source,user_id``; raise ``UsageError`` for another form."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(text)
            if tuple(rows.fieldnames or ()) != ("source", "user_id"):
                raise UsageError(f"--subjects {path} must have exactly the columns source,user_id")
            return {row["source"]: row["user_id"] for row in rows if row["user_id"]}
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"--subjects {path} cannot be read as UTF-8 CSV; check the path") from None
