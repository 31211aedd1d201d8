"""Key rows of one typed field, by number, with their cells, partners and outcomes."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schemas.raw import TypedField
from schemas.tally import Outcome
from transforms.redact.rows.key_columns import KeyColumns
from transforms.redact.rows.structure import CODES
from transforms.redact.typed_fields.edit_runs import Edits, RowRanges


@dataclass(frozen=True, slots=True)
class KeyRows:
    """Key rows of a field in order, which is also their number.

    Typed ``A`` (rows 5 down, 8 up) and ``b`` (6 down, 9 up), row 7 of another field: ``rows`` is [5, 6, 8, 9], ``made``
    [5, 6], ``at`` [0, 1], ``downs`` [0, 1], ``down_of`` [0, 1, 0, 1] and ``up_of`` [2, 3, -1, -1].
    """

    field: TypedField
    columns: KeyColumns
    rows: list[int]  # by key row: its row in the batch, ascending
    made: list[int]  # by cell: row that made it, ascending
    gone: list[int]  # by cell: row that removed it, -1 for those of the final text
    touched: frozenset[int]  # all rows of ``made`` and ``gone``
    at: list[int]  # by cell: key row that typed it, -1 where no key did
    downs: list[int]  # key rows that are key-downs
    down_of: list[int]  # by key row: key-down of a key-up; itself for all others
    up_of: list[int]  # by key row: key-up of a key-down, -1 for all others
    press: list[int]  # by key row: number in ``columns.presses``

    @classmethod
    def of(cls, field: TypedField, columns: KeyColumns) -> "KeyRows":
        """Collect the key rows of ``field``."""
        rows, number = field.key_rows, columns.number
        made, gone = field.cell_rows.tolist(), field.gone_rows.tolist()
        return cls(
            field,
            columns,
            rows=rows.tolist(),
            made=made,
            gone=gone,
            touched=frozenset([*made, *gone]),
            at=number[field.cell_rows].tolist(),
            downs=np.flatnonzero(columns.down[rows]).tolist(),
            down_of=number[columns.down_of[rows]].tolist(),
            up_of=number[columns.up_of[rows]].tolist(),
            press=columns.press[rows].tolist(),
        )

    def edits(self, dirty: Sequence[Sequence[int]]) -> Edits:
        """Collect the edits of the field; ``dirty`` lists the cells of each value."""
        moving, walking = self.columns.carets, self.columns.walks
        carets: list[int] = []
        if not (moving | walking).isdisjoint(self.press):
            downs = [(self.rows[key], self.press[key]) for key in self.downs]
            befores = [-1, *(press for _, press in downs)]
            carets = [
                row
                for (row, press), before in zip(downs, befores, strict=False)
                if press in moving or (press in walking and press == before)
            ]
        return Edits(self.made, self.gone, [key >= 0 for key in self.at], dirty, carets)

    def cells(self, low: int, high: int) -> range:
        """Return the cells that rows ``low`` to ``high`` made."""
        return range(bisect.bisect_left(self.made, low), bisect.bisect_right(self.made, high))

    def closing(self, low: int, high: int) -> list[int]:
        """Find the key-downs at the end of a run that edit nothing and end the entry: Enter, Tab, Escape."""
        closing: list[int] = []
        for key in reversed(self._within(low, high)):
            if self.columns.down[self.rows[key]]:
                if self.press[key] not in self.columns.ends or self.rows[key] in self.touched:
                    break
                closing.append(key)
        return closing[::-1]

    def _within(self, low: int, high: int) -> range:
        return range(bisect.bisect_left(self.rows, low), bisect.bisect_right(self.rows, high))

    def outcomes(
        self, runs: RowRanges, standing: Sequence[Sequence[int]], dirty: Sequence[Sequence[int]]
    ) -> dict[int, int]:
        """Return the outcomes of the key rows in ``runs``, as their numbers in ``CODES``.

        ``standing`` are the cells of each entity of the final text.
        """
        made = [CODES[Outcome.MERGED]] * (len(self.rows) + 1)  # the last item, -1, is for cells without a key
        for listed, code in ((dirty, CODES[Outcome.SUPPRESSED]), (standing, CODES[Outcome.REPLACED])):
            for cells in listed:
                for cell in cells:
                    made[self.at[cell]] = code
        modifiers, presses = self.columns.modifiers, enumerate(self.press)
        held = [key for key, press in presses if press in modifiers and self.up_of[key] >= 0]
        outcomes: dict[int, int] = {}
        for low, high in runs:
            within = self._within(low, high)
            downs = [key for key in within if self.down_of[key] == key]
            # a held Shift belongs to every run that it overlaps
            downs += [key for key in held if key < within.start <= self.up_of[key]]
            for key in downs:
                outcomes[key] = made[key]
                if self.up_of[key] >= 0:
                    outcomes[self.up_of[key]] = made[key]
        return outcomes
