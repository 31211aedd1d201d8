"""Whose recordings are those that name nobody."""

import csv
import io

from schemas.errors import FailedError, UsageError
from transforms.objects.places import content_of


def read_subjects(path: str) -> dict[str, str]:
    """Return user by source from a CSV with the columns ``source,user_id``; raise ``UsageError`` for another form."""
    try:
        text = content_of(path).decode("utf-8-sig")
    except (OSError, FailedError, UnicodeDecodeError):
        raise UsageError(f"--subjects {path} cannot be read as UTF-8 CSV; check the path") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(rows.fieldnames or ()) != ("source", "user_id"):
        raise UsageError(f"--subjects {path} must have exactly the columns source,user_id")
    return {row["source"]: row["user_id"] for row in rows if row["user_id"]}
