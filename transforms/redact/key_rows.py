"""The key rows of one typed field, by number: what each did and which stretch of rows it falls to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schemas.outcome import Outcome
from schemas.raw import TypedField
from transforms.redact.columns import Flags
from transforms.redact.key_columns import KeyColumns
from transforms.redact.stretches import Edits, Stretches
from transforms.redact.structure import CODES, Outcomes

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class KeyRows:
    """The key rows of a field, ascending; they are numbered in this order.

    ``at`` is the key row that typed each cell of the field, -1 where no key did. ``down_of`` and ``up_of`` say which
    rows are one press: of a key-up its key-down (of any other row itself), of a key-down its key-up (-1 where it has
    none). ``down``, ``modifier``, ``caret`` and ``ends`` mark key-downs, modifiers, and keys that move the caret or end
    an entry, ``touched`` those that made or removed a cell.
    """

    field: TypedField
    rows: Rows
    at: Rows
    down_of: Rows
    up_of: Sequence[int]
    down: Flags
    modifier: Flags
    caret: Flags
    ends: Flags
    touched: Flags

    @classmethod
    def of(cls, field: TypedField, columns: KeyColumns) -> "KeyRows":
        """Return the key rows of ``field``."""
        rows = field.key_rows
        number = _Numbers(rows)
        touched = np.zeros(len(rows), dtype=np.bool_)
        at = number.of(field.cell_rows)
        for edits in (at, number.of(field.gone_rows)):
            touched[edits[edits >= 0]] = True
        down_of = number.of(columns.down_of[rows])
        up_of = np.full(len(rows), -1, dtype=np.int64)
        ups = np.flatnonzero(down_of != np.arange(len(rows)))
        up_of[down_of[ups]] = ups
        marks = (columns.down[rows], columns.modifier[rows], columns.caret[rows], columns.ends[rows])
        return cls(field, rows, at, down_of, up_of.tolist(), *marks, touched)

    def edits(self, dirty: Sequence[npt.NDArray[np.int32]]) -> Edits:
        """Return what the key events of the field did; ``dirty`` lists the cells of each value."""
        return Edits(self.field.cell_rows, self.field.gone_rows, self.at >= 0, dirty, self.rows[self.caret])

    def within(self, stretches: Stretches) -> Rows:
        """Return for each row the number of the stretch that it stands in, -1 where it stands in none."""
        return _stretch(self.rows, self.rows, stretches)

    def closing(self, low: int, high: int) -> list[int]:
        """Key-downs at the end of a stretch that edit nothing and tell what was done next: submit, leave, cancel."""
        closing: list[int] = []
        for key in range(int(np.searchsorted(self.rows, high, side="right")) - 1, -1, -1):
            if self.rows[key] < low:
                break
            if self.down[key]:
                if not self.ends[key] or self.touched[key]:
                    break
                closing.append(key)
        return closing[::-1]

    def outcomes(
        self, stretches: Stretches, standing: Sequence[int], dirty: Sequence[npt.NDArray[np.int32]]
    ) -> Outcomes:
        """Return the outcome of every key row; ``standing`` are the cells of the entities of the final text."""
        made: Outcomes = np.full(len(self.rows), CODES[Outcome.MERGED], dtype=np.int8)
        for cells in dirty:
            made[self._typed(cells)] = CODES[Outcome.SUPPRESSED]
        made[self._typed(np.array(standing, dtype=np.int64))] = CODES[Outcome.REPLACED]
        down = self.rows[self.down_of]
        up_of = np.array(self.up_of, dtype=np.int64)[self.down_of]
        # a held Shift falls to every stretch that it overlaps
        up = np.where(self.modifier[self.down_of] & (up_of >= 0), self.rows[up_of], down)
        outcomes = made[self.down_of]
        outcomes[_stretch(down, up, stretches) < 0] = CODES[Outcome.KEPT]
        return outcomes

    def _typed(self, cells: npt.NDArray[np.integer]) -> Rows:
        keys: Rows = self.at[cells]
        return keys[keys >= 0]


class _Numbers:
    """Finds the number of a row among ``rows``, which are ascending."""

    def __init__(self, rows: Rows) -> None:
        self._first = int(rows[0]) if len(rows) else 0
        self._numbers = np.full(int(rows[-1]) - self._first + 1 if len(rows) else 1, -1, dtype=np.int64)
        self._numbers[rows - self._first] = np.arange(len(rows))

    def of(self, rows: Rows) -> Rows:
        """Return the number of each of ``rows``, -1 for others."""
        places = rows - self._first
        known = (places >= 0) & (places < len(self._numbers))
        return np.where(known, self._numbers[np.where(known, places, 0)], -1)


def _stretch(first: Rows, last: Rows, stretches: Stretches) -> Rows:
    """Return the number of the first of ``stretches`` that each range of rows reaches into, -1 where there is none."""
    if not stretches:
        return np.full(len(first), -1, dtype=np.int64)
    lows, highs = np.array(stretches, dtype=np.int64).T
    at = np.searchsorted(highs, first, side="left")
    known = np.minimum(at, len(stretches) - 1)
    return np.where((at < len(stretches)) & (last >= lows[known]), known, -1)
