"""Target of a pointer action: the element that the recorder names or the smallest node, else a cell."""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.safe import BOX_UNITS
from transforms.redact.actions.window_sizes import Size
from transforms.redact.screens.boxes import Box, in_window_units

CELL_PX = 64
"""Side of the cell that stands for a target of which nothing is known or that is too large to say where."""

LARGEST_SHARE = 0.03
"""Largest share of the front window's area that a target may have before it is a cell: a button, a line, no pane."""

FEWEST_PX = 8
"""Nearest that two ends in different boxes are a drag: a hand trembles by a few pixels."""

Units = tuple[int, int, int, int]
"""Left, top, right, bottom in ten-thousandths of the front window."""

_WHOLE: Units = (0, 0, BOX_UNITS, BOX_UNITS)


class FrontWindow(NamedTuple):
    """Front window, and the size of the public list that stands for its own."""

    window: Box
    size: Size


class Target(NamedTuple):
    """Target as recorded: the word of its ``place``, its box, and the index of its node where it is one."""

    place: str
    box: Units | None
    node: int | None = None


NOWHERE = Target("none", None)


def find_target(x: float, y: float, element: Box | None, nodes: Sequence[Box | None], front: FrontWindow) -> Target:
    """Find the target of an action at (x, y) in the front window.

    ``element`` is the recorder's own box, which counts only with the point inside of it; ``nodes`` are those of the
    screen that was shown. Of both the smaller is taken: recorders name the pane around a button as often as the button.
    """
    if not front.window.contains(x, y):
        return NOWHERE
    smallest = find_smallest(x, y, nodes)
    if element is not None and element.contains(x, y):
        same = [number for number, box in enumerate(nodes) if box == element]
        if smallest is None or _area(element) <= _area(nodes[smallest]):
            return _fit(
                Target("element", in_window_units(element, front.window), same[-1] if same else None), x, y, front
            )
    if smallest is not None:
        box = nodes[smallest] or front.window
        return _fit(Target("node", in_window_units(box, front.window), smallest), x, y, front)
    return find_cell(x, y, front)


def find_smallest(x: float, y: float, nodes: Sequence[Box | None]) -> int | None:
    """Find the smallest box around a point, of equal ones the last."""
    under = [number for number, box in enumerate(nodes) if box is not None and box.contains(x, y)]
    return min(under, key=lambda number: (_area(nodes[number]), -number), default=None)


def find_cell(x: float, y: float, front: FrontWindow, node: int | None = None, around: Units = _WHOLE) -> Target:
    """Find the cell of ``around`` that holds a point of the front window; cells count from its upper left corner.

    A cell is as wide as ``CELL_PX`` of a window of the public size: its own would tell the size of the window.
    """
    left, top, right, bottom = around
    window, (width, height) = front
    sides = BOX_UNITS * CELL_PX // width, BOX_UNITS * CELL_PX // height
    across = min(int((x - window.left) * BOX_UNITS / window.width), right - 1)
    down = min(int((y - window.top) * BOX_UNITS / window.height), bottom - 1)
    begin = left + (across - left) // sides[0] * sides[0]
    above = top + (down - top) // sides[1] * sides[1]
    return Target("cell", (begin, above, min(begin + sides[0], right), min(above + sides[1], bottom)), node)


def _area(box: Box | None) -> float:
    return 0 if box is None else box.width * box.height


def _fit(target: Target, x: float, y: float, front: FrontWindow) -> Target:
    """Cut a target that is too large to a cell."""
    left, top, right, bottom = target.box or _WHOLE
    if (right - left) * (bottom - top) <= LARGEST_SHARE * BOX_UNITS**2:
        return target
    return find_cell(x, y, front, target.node, (left, top, right, bottom))


def is_drag(begin: Target, end: Target, distance_px: float) -> bool:
    """Tell whether a press in one target and a release in another are a drag; inside of one target they are a click.

    Ends in cells must be as far apart as a cell is wide: they have no edge that a hand would keep away from.
    """
    if begin.box is None or end.box is None or begin.box == end.box:
        return False
    return distance_px >= (CELL_PX if "cell" in (begin.place, end.place) else FEWEST_PX)
