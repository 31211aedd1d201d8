"""Cells of tables among the lines of a picture: who clicks behind a short name in a list means that name.

A recorder that sees elements tells the box of a cell; a picture shows what is printed in it. Where a column of lines
has another one beside it, a line reaches from its own edge to that of the next column, however long its text is.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transforms.ingest.screenshots.line_detector import Box

_FEWEST_ROWS = 3
"""Rows in which two lines must stand so beside each other: two such rows are chance."""

_ALIGNED = 0.3
"""Largest difference of edges of one column, as a share of a line's height: the network cuts lines by a few pixels."""

_NARROW = 5
"""Most heights that a line is wide in a column whose lines only end below each other: the widest of them ends the cells
beside it, which must tell nothing of a name."""

Edges = npt.NDArray[np.int64]
_LEFT, _TOP, _RIGHT, _BOTTOM = range(4)


def widen_to_cells(lines: Sequence[Box]) -> list[Box]:
    """Return the boxes of lines, each of a column that has another beside it as wide as its cell.

    Lines of three rows or more are two columns if those on the left begin below each other, and those beside them
    begin or, as hours do, end below each other: ``Ada`` and ``Bo`` reach as far as ``Maximilian`` may.

    >>> names = [Box(0, 0, 20, 9), Box(0, 20, 60, 29), Box(0, 40, 9, 49)]
    >>> hours = [Box(70, 0, 99, 9), Box(80, 20, 99, 29), Box(80, 40, 99, 49)]
    >>> [cell.right for cell in widen_to_cells(names + hours)]
    [66, 66, 66, 99, 99, 99]
    """
    boxes = np.array(lines, dtype=np.int64).reshape(-1, len(Box._fields))
    pairs = [(place, beside) for place in range(len(lines)) if (beside := _find_beside(boxes, place)) is not None]
    cells = list(lines)
    if len(pairs) < _FEWEST_ROWS:
        return cells
    first, second = (boxes[list(places)] for places in zip(*pairs, strict=True))
    is_narrow = second[:, _RIGHT] - second[:, _LEFT] <= _NARROW * (second[:, _BOTTOM] - second[:, _TOP])
    for number, (place, _) in enumerate(pairs):
        near = _ALIGNED * (first[number, _BOTTOM] - first[number, _TOP])
        below = abs(first[:, _LEFT] - first[number, _LEFT]) <= near
        for edge in (_LEFT, _RIGHT):
            rows = below & (abs(second[:, edge] - second[number, edge]) <= near) & (is_narrow | (edge == _LEFT))
            if rows.sum() >= _FEWEST_ROWS:
                cells[place] = _reach(cells[place], int(second[rows, _LEFT].min()))
                break
    return cells


def _reach(line: Box, beside: int) -> Box:
    """Widen a line to half its height before what stands beside it: that much belongs to the next cell."""
    return line._replace(right=max(line.right, beside - (line.bottom - line.top) // 2))


def _find_beside(boxes: Edges, place: int) -> int | None:
    """Find the next line to the right in the row of a line: half of the lower one's height is beside the other's.

    Boxes of close columns overlap by some pixels, so the next line begins behind the middle of this one.
    """
    left, top, right, bottom = boxes[place]
    heights = np.minimum(boxes[:, _BOTTOM] - boxes[:, _TOP], bottom - top)
    shared = np.minimum(boxes[:, _BOTTOM], bottom) - np.maximum(boxes[:, _TOP], top)
    beside = np.flatnonzero((2 * shared >= heights) & (2 * boxes[:, _LEFT] >= left + right))
    return int(beside[boxes[beside, _LEFT].argmin()]) if beside.size else None
