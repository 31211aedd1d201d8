"""Key events of a batch as plain lists, and which key-up ends which key-down."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class KeyColumns:
    """Key columns of the batch as lists, by row."""

    action: Sequence[str | None]
    key: Sequence[str | None]
    code: Sequence[str | None]
    modifiers: Sequence[tuple[str, ...]]


def pairs(columns: KeyColumns, rows: npt.NDArray[np.int64]) -> dict[int, int]:
    """Return for each key-up row in ``rows`` the row of its key-down; ups without one are left out."""
    held: dict[str, int] = {}
    found: dict[int, int] = {}
    for row in rows.tolist():
        name = columns.code[row] or columns.key[row] or ""
        if columns.action[row] == "down":
            held.setdefault(name, row)
        elif name in held:
            found[row] = held.pop(name)
    return found
