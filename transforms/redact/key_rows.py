"""The key rows of one typed field, by number: what each did and which stretch of rows it falls to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schemas.outcome import Outcome
from schemas.raw import TypedField
from transforms.redact.key_columns import KeyColumns
from transforms.redact.stretches import Edits, Stretches
from transforms.redact.structure import CODES, Outcomes

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class KeyRows:
    """The key rows of a field, ascending; they are numbered in this order.

    ``at`` is the key row that typed each cell of the field, -1 where no key did. ``up_of`` is the key-up of a key-down,
    -1 where it has none.
    """

    field: TypedField
    columns: KeyColumns
    rows: Rows
    at: Rows
    up_of: Sequence[int]

    @classmethod
    def of(cls, field: TypedField, columns: KeyColumns) -> "KeyRows":
        """Return the key rows of ``field``."""
        rows = field.key_rows
        up_of = columns.number[columns.up_of[rows]]
        return cls(field, columns, rows, columns.number[field.cell_rows], up_of.tolist())

    def edits(self, dirty: Sequence[npt.NDArray[np.int32]]) -> Edits:
        """Return what the key events of the field did; ``dirty`` lists the cells of each value."""
        carets = self.rows[self.columns.caret[self.rows]]
        return Edits(self.field.cell_rows, self.field.gone_rows, self.at >= 0, dirty, carets)

    def closing(self, low: int, high: int) -> list[int]:
        """Key-downs at the end of a stretch that edit nothing and tell what was done next: submit, leave, cancel."""
        down, ends, touched = self.columns.down, self.columns.ends, self.columns.touched
        closing: list[int] = []
        for key in range(int(self.rows.searchsorted(high, side="right")) - 1, -1, -1):
            row = self.rows[key]
            if row < low:
                break
            if down[row]:
                if not ends[row] or touched[row]:
                    break
                closing.append(key)
        return closing[::-1]

    def outcomes(
        self,
        stretches: Stretches,
        standing: Sequence[npt.NDArray[np.int32]],
        dirty: Sequence[npt.NDArray[np.int32]],
    ) -> Outcomes:
        """Return the outcome of every key row; ``standing`` are the cells of the entities of the final text."""
        made: Outcomes = np.full(len(self.rows) + 1, CODES[Outcome.MERGED], dtype=np.int8)  # the last is for no key
        for listed, outcome in ((dirty, Outcome.SUPPRESSED), (standing, Outcome.REPLACED)):
            if listed:
                made[self.at[np.concatenate(listed)]] = CODES[outcome]
        down = self.columns.down_of[self.rows]
        outcomes = made[self.columns.number[down]]
        # a held Shift falls to every stretch that it overlaps
        outcomes[stretch_of(down, self.columns.last[self.rows], stretches) < 0] = CODES[Outcome.KEPT]
        return outcomes


def stretch_of(first: Rows, last: Rows, stretches: Stretches) -> Rows:
    """Return the number of the first of ``stretches`` that each range of rows reaches into, -1 where there is none."""
    if not stretches:
        return np.full(len(first), -1, dtype=np.int64)
    lows, highs = np.array([*stretches, (_NEVER, _NEVER)], dtype=np.int64).T
    at = highs.searchsorted(first)
    return np.where(last >= lows[at], at, -1)


_NEVER = np.iinfo(np.int64).max
