"""Cells of a text, and its lines where it is a field of one line."""

from transforms.editor.boundaries import line_start
from transforms.editor.submitted_lines import SubmittedLines


class Cells:
    """Characters of a text with the events that made and removed them, caret and selection.

    Cells are numbers into ``chars``; the text is ``order``, a list of cells. Rows are the numbers of the events.
    """

    __slots__ = ("anchor", "caret", "chars", "gone", "lines", "order", "rows")

    def __init__(self) -> None:
        self.chars: list[str] = []  # the character of each cell
        self.rows: list[int] = []  # the row that inserted each cell
        self.gone: dict[int, int] = {}  # the row that removed a cell, for cells that are not in the text now
        self.order: list[int] = []  # the cells of the text
        self.caret = self.anchor = 0  # positions in ``order``; equal where nothing is selected
        self.lines = SubmittedLines()

    def standing(self) -> str:
        """Return the text."""
        return "".join([self.chars[cell] for cell in self.order])

    def selection(self) -> tuple[int, int]:
        """Return the start and end of the selection."""
        return (self.anchor, self.caret) if self.anchor < self.caret else (self.caret, self.anchor)

    def put(self, text: str, rows: list[int]) -> None:
        """Insert ``text`` at the caret; ``rows`` made its characters."""
        at, first, typed = self.caret, len(self.chars), len(text)
        self.order[at:at] = range(first, first + typed)
        self.chars += text
        self.rows += rows
        self.caret = self.anchor = at + typed

    def delete(self, start: int, end: int, row: int) -> None:
        """Remove a range; the caret goes there."""
        for cell in self.order[start:end]:
            self.gone[cell] = row
        del self.order[start:end]
        self.caret = self.anchor = start

    def end_line(self, row: int, *, firm: bool) -> None:
        """Submit the line by the Enter ``row``; an empty text has none."""
        self.caret = self.anchor = len(self.order)
        if self.order:
            self.lines.end(row, firm=firm)

    def start_line(self) -> None:
        """Insert the line breaks that wait at the end of the text."""
        ended, parted = self.lines.ended, self.lines.parted
        for cell in parted:
            del self.gone[cell]
        self.order += parted
        self.caret = len(self.order)
        self.put("\n" * len(ended), ended)
        self.lines.start(self.caret)

    def part_line(self, row: int) -> None:
        """Take the line breaks before an empty line out of the text until typing goes on."""
        start = end = self.lines.floor
        while start and self.chars[self.order[start - 1]] == "\n":
            start -= 1
        breaks = self.order[start:end]
        self.delete(start, end, row)
        self.lines.part(breaks, line_start(self.chars, self.order, start))
