"""Which runs of a field's key events made or removed a value.

Cells are *made* by one row and may be *removed* by another. Dirty cells are those of a value in any view of the field.
A stretch is an inclusive range of rows; those of a result are disjoint and in order.
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
"""What is removed before more than so many others were typed was a slip."""


@dataclass(frozen=True, slots=True)
class Edits:
    """What the key events of a field did.

    ``made`` (ascending) and ``gone`` (-1 where it stands) hold a row for each cell, ``by_key`` says which cells a key
    event made, ``dirty`` lists the cells of each value. ``carets`` are the rows of presses that move the caret by
    characters or lines.
    """

    made: Sequence[int]
    gone: Sequence[int]
    by_key: Sequence[bool]
    dirty: Sequence[Sequence[int]]
    carets: Sequence[int]
    _own: Sequence[int] = field(init=False, repr=False)
    _removed: Counter[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Count the cells that belong to no value: those before each cell, and those that each row removed."""
        values = frozenset(cell for value in self.dirty for cell in value)
        own = [cell not in values for cell in range(len(self.made))]
        object.__setattr__(self, "_own", [0, *accumulate(own)])
        object.__setattr__(self, "_removed", Counter(row for row, free in zip(self.gone, own, strict=True) if free))

    def find_narrow(self) -> RowRanges | None:
        """Return ranges that hold where values were typed and the presses that removed nothing but parts of them.

        None where a press would stay that moved the caret while a value stood that is gone: it may count characters.
        """
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
        """Return the rows that removed nothing but ``lost`` cells, and made none."""
        rows = {cell.gone for cell in lost}.difference(cell.gone for cell in others)
        return sorted(rows.difference(self.made)) if rows else []

    def find_closed(self) -> RowRanges:
        """Return ranges outside of which no dirty cell is made or removed, nor any other that is made inside."""
        columns = zip(self.gone, self.made, self.by_key, strict=True)
        died = sorted([(gone, made) for gone, made, by_key in columns if by_key and gone >= 0])
        return _merge_ranges([self._close_range(low, high, died) for low, high in self._typing_ranges(removed=True)])

    def _may_count(self, lost: Sequence["_Removed"], ranges: RowRanges) -> bool:
        staying = [row for row in self.carets if not _within(row, ranges)] if lost else []
        after = ((cell, bisect.bisect_right(staying, cell.made)) for cell in lost)
        return any(at < len(staying) and staying[at] < cell.gone for cell, at in after)

    def _close_range(self, low: int, high: int, died: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """Return a range with what is made or removed in it; ``died`` are the rows that removed and made cells.

        Each cell is looked at once, when the range first reaches the row that made it or the one that removed it.
        """
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
        """Return where each value was typed, up to where it was ``removed`` if that is asked for."""
        ranges = []
        for value in self.dirty:
            typed = [cell for cell in value if self.by_key[cell]]
            if typed:
                low, high = self.made[min(typed)], self.made[max(typed)]
                ends = [self.gone[cell] for cell in typed] if removed else ()
                ranges.append(self._with_slips(low, max([high, *ends])))
        return _merge_ranges(ranges)

    def _with_slips(self, low: int, high: int) -> tuple[int, int]:
        """Return a range with what was typed and soon removed right before or behind it: slips on a value's edge."""
        first, last = bisect.bisect_left(self.made, low), bisect.bisect_left(self.made, high + 1)
        while first > 0 and self._is_slip(first - 1) and self.gone[first - 1] <= low:
            first -= 1
            low = self.made[first]
        while last < len(self.made) and self._is_slip(last):
            high = max(high, self.gone[last])
            last += 1
        return low, high

    def _is_slip(self, cell: int) -> bool:
        """Whether a typed character was removed soon, alone or with a few, and not by typing over it.

        The characters of values do not count, as their number must decide nothing.
        """
        row = self.gone[cell]
        if row < 0 or not self.by_key[cell]:
            return False
        since = bisect.bisect_left(self.made, row)
        typed_over = since < len(self.made) and self.made[since] == row
        later = self._own[since] - self._own[cell]
        return not typed_over and later <= _SLIP_CHARS and self._removed[row] <= _SLIP_CHARS


_NEVER = sys.maxsize
"""A row behind all others."""


class _Removed(NamedTuple):
    """A cell that does not stand any more: the rows that made and removed it, and whether a key made it."""

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
