"""Lines of a field of one line, which Enter submits.

A line break enters the text when typing goes on, so that an Enter at the end leaves none: ``ls``, Enter, ``pwd``, Enter
is ``ls`` and ``pwd``. A line that is emptied again takes the break before it along, until something is typed.
"""


class SubmittedLines:
    """Start of the current line, and the line breaks that wait for its first character."""

    __slots__ = ("ended", "firm", "floor", "parted")

    def __init__(self) -> None:
        self.floor = 0  # position in the text at which the current line starts; what stands before it stays
        self.ended: list[int] = []  # rows of the Enters since the last character, whose breaks are no cells yet
        self.parted: list[int] = []  # cells of breaks that left the text together with the line behind them
        self.firm = False  # the field kept nothing of the lines before, as in a terminal

    @property
    def waits(self) -> int:
        """Return the number of line breaks that wait for the next character."""
        return len(self.parted) + len(self.ended)

    def end(self, row: int, *, firm: bool) -> None:
        """Submit the current line by the Enter ``row``."""
        self.ended.append(row)
        self.firm = firm

    def start(self, floor: int) -> None:
        """Start a line at ``floor``, behind the line breaks."""
        self.floor, self.ended, self.parted = floor, [], []

    def part(self, breaks: list[int], floor: int) -> None:
        """Let the cells ``breaks`` before an emptied line wait again; the line before them starts at ``floor``."""
        self.parted, self.floor = breaks, floor

    def take_back(self) -> None:
        """Forget the Enters that wait: the field kept its text."""
        self.ended, self.parted = [], []
