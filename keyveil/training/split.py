"""Division of people into training, validation and test: nobody is in two of them."""

import hmac
from typing import Literal, get_args

from schemas.errors import UsageError

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)

_UPPER = {"train": 0.8, "validation": 0.9, "test": 1.0}
"""Upper end of each split's part of the unit interval: four fifths, a tenth, a tenth."""


def split_of(user: str | None, seed: int = 0) -> Split:
    """Assign a person, by their pseudonym, to a split; the same ``seed`` always assigns the same.

    A person's place in the unit interval is a keyed hash of the pseudonym, so it depends neither on who else is in the
    release nor on its order. Raises ``UsageError`` where a session names no user (profile ``events``): one person's
    sessions would come into two splits.
    """
    if user is None:
        raise UsageError(
            "this release names no users (privacy profile events); it cannot be split by user; "
            "leave split out, or divide the sessions yourself"
        )
    digest = hmac.digest(f"keyveil split {seed}".encode(), user.encode(), "sha256")
    place = int.from_bytes(digest[:8], "big") / 2**64
    return next(split for split in SPLITS if place < _UPPER[split] or split == SPLITS[-1])
