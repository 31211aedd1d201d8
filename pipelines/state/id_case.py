"""Rule for comparing user ids in one private state, with or without case; the same for all its commands.

The first run records it, and another rule is refused later: one person would be two, each with a budget, a
pseudonym and a tombstone of their own.
"""

import json

from pipelines.state.private_state import PrivateState
from schemas.errors import FailedError, RefusedError

_FILE = "spelling.json"
_FOLDS = "fold_user_case"


def folds_case(private: PrivateState) -> bool:
    """Read whether ids that differ in case alone are one person in private state.

    They are unless a run said no. Raises ``FailedError`` where the record of it is damaged.
    """
    seen = private.store.get(_FILE)
    if seen is None:
        return True
    try:
        return bool(json.loads(seen.content)[_FOLDS])
    except (ValueError, KeyError, TypeError):
        raise FailedError(f"{private.address(_FILE)} is damaged; restore private state") from None


def record_case_rule(private: PrivateState, *, fold_case: bool) -> None:
    """Record the rule for comparing ids; raise ``RefusedError`` if earlier runs used another."""
    private.store.put_if_absent(_FILE, json.dumps({_FOLDS: fold_case}).encode())
    before = folds_case(private)
    if before != fold_case:
        raise RefusedError(
            f"earlier runs of this private state had ingest.fold_user_case={str(before).lower()}; keep it, or name "
            "another key set and --state"
        )
