"""Layout of the contents of one frame from roles, order, depth and released words alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.redact.screens.boxes import Box
from transforms.redact.screens.contents import Contents
from transforms.redact.screens.sizes import GAP_PX, LINE_PX, PITCH_PX


def flow(contents: Contents, width: float) -> dict[int, Box]:
    """Lay out the nodes without children on lines ``width`` wide, the first at (0, 0).

    Neighbours on a line follow each other, a block begins and ends a line, cells begin at their columns:

        row > cell "Ada", cell "Open"           Ada          Open
        row > cell "Maximilian", cell "Closed"  Maximilian   Closed
        listitem > "Ada", button "Reply"        Ada  Reply
    """
    lines = _Lines(contents)
    lines.place_all(contents.roots, Box(0, 0, width, 0))
    return lines.boxes


@dataclass(frozen=True, slots=True)
class _Lines:
    """Boxes drawn so far."""

    contents: Contents = field(repr=False)
    boxes: dict[int, Box] = field(default_factory=dict, repr=False)

    def place_all(self, numbers: Sequence[int], room: Box) -> float:
        """Place nodes on lines from the top of ``room`` on, whose bottom means nothing; return where the last ends."""
        x, y, bottom = room.left, room.top, room.top
        for number in numbers:
            wide = self.contents.widths[number]
            if number not in self.contents.inline:
                bottom = y = self.place(number, room._replace(top=bottom))
                x = room.left
                continue
            if x > room.left and x + wide > room.right:
                x, y = room.left, bottom
            ends = min(x + wide, room.right)
            bottom = max(bottom, self.place(number, Box(x, y, ends, y)))
            x = ends + GAP_PX
        return bottom

    def place(self, number: int, room: Box) -> float:
        """Place one node and all in it; return where the next line begins."""
        inside = self.contents.children.get(number)
        if inside is None:
            right = min(room.left + self.contents.widths[number], room.right)
            self.boxes[number] = Box(room.left, room.top, right, room.top + LINE_PX)
            return room.top + PITCH_PX
        columns = self.contents.columns.get(number)
        return self.place_all(inside, room) if columns is None else self._place_cells(inside, columns, room)

    def _place_cells(self, cells: Sequence[int], columns: Sequence[float], room: Box) -> float:
        """Place the cells of a row at its columns, which shrink together where they are too wide."""
        shrink = min(1, room.width / sum(columns))
        left, bottoms = room.left, list[float]()
        for cell, column in zip(cells, columns, strict=False):
            bottoms.append(self.place(cell, Box(left, room.top, left + (column - GAP_PX) * shrink, room.top)))
            left += column * shrink
        return max(bottoms)
