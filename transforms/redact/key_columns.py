"""Key events of a batch as plain lists, and which key-up ends which key-down."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class KeyColumns:
    """Key columns of the batch as lists, by row."""

    action: Sequence[str | None]
    key: Sequence[str | None]
    code: Sequence[str | None]
    modifiers: Sequence[tuple[str, ...]]

    @classmethod
    def of(cls, table: pa.Table) -> "KeyColumns":
        """Return the key columns of a table of ``RAW_SCHEMA``."""
        return cls(
            action=table["action"].to_pylist(),
            key=table["key"].to_pylist(),
            code=table["code"].to_pylist(),
            modifiers=[tuple(held) if held else () for held in table["modifiers"].to_pylist()],
        )


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
