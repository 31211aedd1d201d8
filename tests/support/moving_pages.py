"""Further pages on which a hidden name moves others: up, by what is left of a line, out of sight, or from all sides."""

from collections.abc import Callable

from tests.support.pages import WINDOW, Page, advance
from transforms.redact.screens.boxes import Box

_LINE, _GAP = 24, 8


def _count_lines(page: Page, room: float) -> int:
    return 1 + int(page.width(0) // room)


def middle(page: Page) -> None:
    """Lay out a form in the middle of its window from above: a name that wraps moves what stands above it, too."""
    lines = _count_lines(page, 120)
    top = (WINDOW.top + WINDOW.bottom - _LINE * (lines + 2)) / 2
    page.add(0, "document", "Welcome", WINDOW)
    page.add(1, "form", "", Box(700, top, 900, top + _LINE * (lines + 2)))
    page.add(2, "heading", "Sign in", Box(700, top, 780, top + 18))
    page.add_name(2, 0, Box(700, top + _LINE, 820, top + _LINE * (lines + 1)), "paragraph")
    page.add(2, "button", "Next", Box(700, top + _LINE * (lines + 1), 760, top + _LINE * (lines + 2)))


def flexible(page: Page) -> None:
    """Lay out a line whose field takes what a name and fixed buttons leave, as bars of tools do."""
    left = 220 + page.width(0) + _GAP
    page.add(0, "document", "Search", WINDOW)
    page.add(1, "group", "", Box(220, 160, 1380, 184))
    page.add_name(2, 0, Box(220, 160, left - _GAP, 184))
    page.add(2, "searchbox", "", Box(left, 160, 1300, 184))
    page.add(2, "button", "Go", Box(1308, 160, 1380, 184))


def scrolled(page: Page) -> None:
    """Lay out messages in a pane that is scrolled to its end: the first leave it, the last one stands at its edge."""
    page.add(0, "application", "Chat", WINDOW)
    page.add(1, "main", "", Box(200, 100, 1400, 900))
    heights = [_LINE * 8] * 2 + [_LINE * 2 * _count_lines(page, 60), _LINE * 8]
    top = 900.0 - sum(heights)
    for number, height in enumerate(heights):
        box = Box(220, top, 1380, top + height)
        top += height
        if number == 2:
            page.add_name(2, 0, box, "paragraph")
        elif box.bottom > 100:
            page.add(2, "paragraph", "Good morning", box._replace(top=max(box.top, 100)))
        else:
            page.add_nothing(2, "paragraph", "Good morning")


def cards(page: Page) -> None:
    """Lay out cards of equal sizes, as wide as the widest of them, as many on a line as fit."""
    page.add(0, "document", "People", WINDOW)
    wide = max(map(page.width, range(len(page.names)))) + 40
    across = max(1, int((WINDOW.width - 40) // (wide + _GAP)))
    page.add(1, "list", "", Box(220, 160, 1380, 160 + 90 * (1 + (len(page.names) - 1) // across)))
    for number in range(len(page.names)):
        left, top = 220 + (number % across) * (wide + _GAP), 160 + 90 * (number // across)
        page.add(2, "listitem", "", Box(left, top, left + wide, top + 80))
        page.add_name(3, number, Box(left + 20, top + 10, left + 20 + page.width(number), top + 28))
        page.add(3, "button", "Follow", Box(left + wide - 80, top + 50, left + wide - 20, top + 74))


def right_edge(page: Page) -> None:
    """Lay out links at the right edge, a name the last of them, as in the corner of an account."""
    page.add(0, "document", "Home", WINDOW)
    right = 1380 - page.width(0)
    page.add_name(1, 0, Box(right, 110, 1380, 128))
    for words in ("Help", "Settings"):
        page.add(1, "link", words, Box(right - _GAP - advance(words), 110, right - _GAP, 128))
        right -= _GAP + advance(words)
    page.add(1, "heading", "Weather", Box(220, 150, 310, 170))


FURTHER: tuple[Callable[[Page], None], ...] = (middle, flexible, scrolled, cards, right_edge)
"""Ways in which a hidden name moves others that are not in ``LAYOUTS``."""
