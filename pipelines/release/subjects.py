"""People that the operator names: one by an id, or one for each source by a table."""

import csv
import io

from schemas.errors import FailedError, UsageError
from schemas.ids import canonical_id
from transforms.object_store.addresses import content_of


def read_subjects(path: str, *, fold_case: bool) -> dict[str, str]:
    """Read user (canonical id) by source from a CSV with the columns ``source,user_id``.

    Raises ``UsageError`` for another form, an id that cannot be used, and a source that stands twice for two users.
    """
    try:
        text = content_of(path).decode("utf-8-sig")
    except (OSError, FailedError, UnicodeDecodeError):
        raise UsageError(f"--subjects {path} cannot be read as UTF-8 CSV; check the path") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(rows.fieldnames or ()) != ("source", "user_id"):
        raise UsageError(f"--subjects {path} must have exactly the columns source,user_id")
    users: dict[str, str] = {}
    for row in rows:
        where = f"--subjects {path}, line {rows.line_num}"
        if None in row or row["user_id"] is None:
            raise UsageError(f"{where}: a field is missing or too many; correct the line")
        if not row["user_id"].strip():
            continue
        user = normalise_user_id(row["user_id"], where, fold_case=fold_case)
        if users.setdefault(row["source"], user) != user:
            raise UsageError(f"{where}: the source is another user's on a line before; name one user a source")
    return users


def normalise_user_id(user_id: str, where: str, *, fold_case: bool) -> str:
    """Normalise a user id given by the operator; raise ``UsageError`` if it is empty or has control characters."""
    try:
        return canonical_id(user_id, fold_case=fold_case)
    except ValueError:
        raise UsageError(f"{where}: the id is empty or holds a control or invisible character") from None
