"""A small layout engine: pages on which a hidden name moves what stands around it, as real ones do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from transforms.redact.screens.boxes import Box
from transforms.redact.screens.trees import Node

WINDOW = Box(200, 100, 1400, 900)

_ROW, _GAP = 24, 8


@dataclass
class Page:
    """A page under construction; ``names`` are the hidden names, ``shown`` what is released in their places."""

    names: Sequence[str]
    shown: Sequence[str]
    nodes: list[Node] = field(default_factory=list)

    def add(self, depth: int, role: str, words: str, box: Box) -> None:
        self.nodes.append(Node(role, words, box, depth))

    def add_nothing(self, depth: int, role: str, words: str) -> None:
        """Add a node that is out of sight."""
        self.nodes.append(Node(role, words, None, depth))

    def add_name(self, depth: int, number: int, box: Box, role: str = "link") -> None:
        self.nodes.append(Node(role, self.shown[number], box, depth, redacted=True))

    def width(self, number: int) -> float:
        return advance(self.names[number])


def advance(words: str) -> float:
    """Return the width of ``words`` in the page's own font, whose letters are of many widths."""
    return float(sum(4 + ord(letter) % 9 for letter in words))


def _row(left: float, top: float, width: float) -> Box:
    return Box(left, top, left + width, top + 18)


def _open(page: Page) -> None:
    page.add(0, "document", "Contacts", WINDOW)
    page.add(1, "toolbar", "", Box(200, 100, 1400, 140))
    page.add(2, "button", "Back", _row(210, 110, 40))


def flow(page: Page) -> None:
    """Lay out a line from the left: To: NAME Reply More."""
    _open(page)
    page.add(1, "group", "", Box(220, 160, 1380, 178))
    left = 220.0
    for words in ("To:", None, "Reply", "More"):
        width = page.width(0) if words is None else advance(words)
        page.add_name(2, 0, _row(left, 160, width)) if words is None else page.add(
            2, "button", words, _row(left, 160, width)
        )
        left += width + _GAP


def centred(page: Page) -> None:
    """Lay out a heading in the middle, with a button behind it."""
    _open(page)
    half = page.width(0) / 2
    page.add(1, "heading", "", Box(800 - half, 160, 800 + half + 60, 178))
    page.add_name(2, 0, Box(800 - half, 160, 800 + half, 178))
    page.add(2, "button", "Edit", _row(800 + half + _GAP, 160, 40))


def right_to_left(page: Page) -> None:
    """Lay out a line from the right."""
    _open(page)
    right = 1380.0
    for words in ("אל", None, "ענה"):
        width = page.width(0) if words is None else advance(words) / 100
        box = Box(right - width, 160, right, 178)
        page.add_name(1, 0, box) if words is None else page.add(1, "button", words, box)
        right -= width + _GAP


def _table(page: Page, columns: Sequence[float]) -> None:
    _open(page)
    page.add(1, "table", "", Box(220, 160, 220 + sum(columns), 160 + _ROW * len(page.names)))
    for number in range(len(page.names)):
        top = 160 + _ROW * number
        page.add(2, "row", "", Box(220, top, 220 + sum(columns), top + 18))
        page.add_name(3, number, _row(220, top, min(page.width(number), columns[0])), "cell")
        page.add(3, "cell", "Open", _row(220 + columns[0], top, columns[1]))
        page.add(3, "cell", "Order 7", _row(220 + columns[0] + columns[1], top, columns[2]))
    page.add(1, "button", "Next page", _row(220 + sum(columns) / 2, 160 + _ROW * len(page.names), 80))


def fixed_table(page: Page) -> None:
    """Lay out a table whose columns have fixed widths."""
    _table(page, (160, 80, 80))


def content_table(page: Page) -> None:
    """Lay out a table whose columns are as wide as their longest texts."""
    _table(page, (max(map(page.width, range(len(page.names)))) + 12, 60, 80))


def wrapped(page: Page) -> None:
    """Lay out a narrow paragraph, which moves what follows down by as many lines as it has."""
    _open(page)
    lines = 1 + int(page.width(0) // 90)
    page.add(1, "list", "", Box(220, 160, 330, 160 + _ROW * lines))
    page.add(2, "listitem", "", Box(220, 160, 330, 160 + _ROW * lines))
    page.add_name(3, 0, Box(220, 160, 330, 160 + _ROW * lines), "paragraph")
    for number, words in enumerate(("Later", "Never")):
        page.add(1, "button", words, _row(220, 170 + _ROW * (lines + number), 60))
    if 160 + _ROW * lines * 8 > WINDOW.bottom:
        page.add_nothing(1, "link", "Imprint")
    else:
        page.add(1, "link", "Imprint", _row(220, 160 + _ROW * lines * 8, 60))


def tabs(page: Page) -> None:
    """Lay out a strip of tabs that shrink with their number and grow with their titles."""
    page.add(0, "application", "Browser", WINDOW)
    page.add(1, "tablist", "", Box(200, 100, 1400, 130))
    left = 200.0
    for number in range(len(page.names)):
        width = min(page.width(number) + 30, 1100 / len(page.names))
        page.add_name(2, number, Box(left, 100, left + width, 130), "tab")
        left += width
    page.add(2, "button", "New tab", Box(left, 100, left + 30, 130))
    page.add(1, "document", "", Box(200, 130, 1400, 900))
    page.add(2, "heading", "Weather", _row(220, 150, 90))


def dialog(page: Page) -> None:
    """Lay out a dialog that hugs its text in the middle of the window, over an untouched page."""
    _open(page)
    page.add(1, "heading", "Weather", _row(220, 150, 90))
    half = max(page.width(0), 80) / 2 + 20
    page.add(1, "dialog", "Delete", Box(800 - half, 400, 800 + half, 500))
    page.add_name(2, 0, Box(800 - half + 20, 420, 800 + half - 20, 438), "paragraph")
    page.add(2, "button", "Delete", Box(800 + half - 80, 460, 800 + half - 20, 480))


def tooltip(page: Page) -> None:
    """Lay out a pane at the side whose line a name pushes, and a tooltip that hangs on the end of that line."""
    page.add(0, "application", "Mail", WINDOW)
    page.add(1, "navigation", "", Box(200, 100, 450, 900))
    page.add_name(2, 0, _row(210, 120, page.width(0)))
    page.add(2, "button", "Mute", _row(218 + page.width(0), 120, 40))
    page.add(1, "main", "", Box(450, 100, 1400, 900))
    page.add(2, "heading", "Inbox", _row(470, 120, 70))
    page.add(0, "tooltip", "Mutes", _row(218 + page.width(0), 140, 40))


LAYOUTS: tuple[Callable[[Page], None], ...] = (
    flow,
    centred,
    right_to_left,
    fixed_table,
    content_table,
    wrapped,
    tabs,
    dialog,
    tooltip,
)
"""Every way in which a hidden name moves others here."""


def draw(layout: Callable[[Page], None], names: Sequence[str], shown: Sequence[str]) -> list[Node]:
    """Draw a page that holds ``names``, of which ``shown`` is released."""
    page = Page(names, shown)
    layout(page)
    return page.nodes
