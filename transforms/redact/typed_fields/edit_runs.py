"""Runs of a field's key events that typed or removed a value.

A cell is *made* by one row and may be *removed* by another. Dirty cells are those of a value in any view of the field.
A run is an inclusive range of rows; the runs of a result are disjoint and in order.

``hi Jo``, two Backspaces, ``Anna``, one row a press:

    row       0  1  2  3  4  5   6   7  8  9  10
    press     h  i  _  J  o  BS  BS  A  n  n  a

If ``Anna`` is a value, the run is (3, 10): the value with the typos right before it. If ``Jo`` is, the narrow runs are
(3, 4), (5, 5) and (6, 6): where it was typed, and the presses that removed nothing else. The closed run is (3, 6): a
closed run that holds the row that made a cell also holds the row that removed it, and the other way round.
"""

import bisect
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

RowRanges = tuple[tuple[int, int], ...]

_SLIP_CHARS = 12
"""A character that is removed before more than so many others were typed was a typo."""


@dataclass(frozen=True, slots=True)
class Edits:
    """Edits of a field, by cell."""

    made: Sequence[int]  # row that made each cell, ascending
    gone: Sequence[int]  # row that removed each cell, -1 for those of the final text
    by_key: Sequence[bool]  # whether a key event made each cell
    dirty: Sequence[Sequence[int]]  # cells of each value
    carets: Sequence[int]  # rows of presses that move the caret by characters or lines
    _own: Sequence[int] = field(init=False, repr=False)  # number of clean cells before each cell
    _removed: Counter[int] = field(init=False, repr=False)  # number of clean cells that each row removed
    _slips: dict[int, bool] = field(init=False, repr=False, default_factory=dict)  # cells that were asked about before

    def __post_init__(self) -> None:
        """Count the clean cells, those of no value: before each cell, and removed by each row."""
        values = frozenset(cell for value in self.dirty for cell in value)
        own = [cell not in values for cell in range(len(self.made))]
        object.__setattr__(self, "_own", [0, *accumulate(own)])
        object.__setattr__(self, "_removed", Counter(row for row, free in zip(self.gone, own, strict=True) if free))

    def find_narrow(self) -> RowRanges | None:
        """Find the runs in which values were typed, with the presses that removed only parts of values.

        None if a press outside of them moved the caret while a value was there that is now removed: the number of
        such presses may count its characters.
        """
        # Widen the runs until nothing changes: cells made in a run are lost, a row that removed only lost cells is
        # released no more, and neither are the rows that made a cell which a row of a run removed.
        ranges = self._typing_ranges(removed=False)
        columns = zip(self.made, self.gone, self.by_key, strict=True)
        cells = [_Removed(made, gone, by_key) for made, gone, by_key in columns if gone >= 0]
        if not cells:
            return ranges
        while True:
            inside = [cell.by_key and _within(cell.made, ranges) for cell in cells]
            lost = [cell for cell, flag in zip(cells, inside, strict=True) if flag]
            others = [cell for cell, flag in zip(cells, inside, strict=True) if not flag]
            alone = self._alone(lost, others)
            back = [(cell.made, cell.gone) for cell in others if cell.by_key and _within(cell.gone, ranges)]
            wider = _merge_ranges([*ranges, *zip(alone, alone, strict=True), *back])
            if wider == ranges:
                return None if self._may_count(lost, ranges) else ranges
            ranges = wider

    def _alone(self, lost: Sequence["_Removed"], others: Sequence["_Removed"]) -> list[int]:
        """Find the rows that removed only ``lost`` cells, and made none."""
        rows = {cell.gone for cell in lost}.difference(cell.gone for cell in others)
        return sorted(rows.difference(self.made)) if rows else []

    def find_closed(self) -> RowRanges:
        """Find the runs outside of which no dirty cell, and no cell made inside, is made or removed."""
        columns = zip(self.gone, self.made, self.by_key, strict=True)
        died = sorted([(gone, made) for gone, made, by_key in columns if by_key and gone >= 0])
        return _merge_ranges([self._close_range(low, high, died) for low, high in self._typing_ranges(removed=True)])

    def _may_count(self, lost: Sequence["_Removed"], ranges: RowRanges) -> bool:
        """Check whether a caret press outside of ``ranges`` came while a ``lost`` cell was in the text."""
        staying = [row for row in self.carets if not _within(row, ranges)] if lost else []
        after = ((cell, bisect.bisect_right(staying, cell.made)) for cell in lost)
        return any(at < len(staying) and staying[at] < cell.gone for cell, at in after)

    def _close_range(self, low: int, high: int, died: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """Widen a range until it is closed; ``died`` holds for each removed cell the rows that removed and made it.

        Each cell is visited once: when the range first reaches the row that made it or the row that removed it.
        """
        # Rows 4 to 6 make a cell that row 9 removes, and row 8 makes one that row 12 removes: 4-6, 4-9, 4-12.
        first = last = bisect.bisect_left(self.made, low)
        earliest = latest = bisect.bisect_left(died, (low,))
        while True:
            before, after = bisect.bisect_left(self.made, low), bisect.bisect_right(self.made, high)
            cells = (*range(before, first), *range(last, after))
            first, last = before, after
            oldest, newest = bisect.bisect_left(died, (low,)), bisect.bisect_left(died, (high + 1,))
            removed = (*died[oldest:earliest], *died[latest:newest])
            earliest, latest = oldest, newest
            if not cells and not removed:
                return low, high
            low = min([low, *(made for _, made in removed)])
            high = max([high, *(self.gone[cell] for cell in cells if self.by_key[cell])])

    def _typing_ranges(self, *, removed: bool) -> RowRanges:
        """Return the range in which each value was typed, with ``removed`` up to the row that removed it."""
        ranges = []
        for value in self.dirty:
            typed = [cell for cell in value if self.by_key[cell]]
            if typed:
                low, high = self.made[min(typed)], self.made[max(typed)]
                ends = [self.gone[cell] for cell in typed] if removed else ()
                ranges.append(self._with_slips(low, max([high, *ends])))
        return _merge_ranges(ranges)

    def _with_slips(self, low: int, high: int) -> tuple[int, int]:
        """Widen a range by the typos at its ends: characters next to the value that were soon removed."""
        first, last = bisect.bisect_left(self.made, low), bisect.bisect_left(self.made, high + 1)
        while first > 0 and self._is_slip(first - 1) and self.gone[first - 1] <= low:
            first -= 1
            low = self.made[first]
        while last < len(self.made) and self._is_slip(last):
            high = max(high, self.gone[last])
            last += 1
        return low, high

    def _is_slip(self, cell: int) -> bool:
        """Check once for each cell: every value of a field that is corrected all along asks about the same ones."""
        known = self._slips.get(cell)
        if known is None:
            known = self._slips[cell] = self._was_soon_removed(cell)
        return known

    def _was_soon_removed(self, cell: int) -> bool:
        """Check whether a typed character was soon removed, alone or with a few, and not by typing over it.

        Only clean cells count, so that the length of a value decides nothing.
        """
        row = self.gone[cell]
        if row < 0 or not self.by_key[cell]:
            return False
        since = bisect.bisect_left(self.made, row)
        typed_over = since < len(self.made) and self.made[since] == row
        later = self._own[since] - self._own[cell]
        return not typed_over and later <= _SLIP_CHARS and self._removed[row] <= _SLIP_CHARS


_NEVER = sys.maxsize
"""Row behind all others."""


class _Removed(NamedTuple):
    """Removed cell: the rows that made and removed it, and whether a key made it."""

    made: int
    gone: int
    by_key: bool


def _within(row: int, ranges: RowRanges) -> bool:
    at = bisect.bisect_right(ranges, (row, _NEVER)) - 1
    return at >= 0 and row <= ranges[at][1]


def _merge_ranges(ranges: Sequence[tuple[int, int]]) -> RowRanges:
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)
