"""Constant sizes of what is laid out again, in pixels: they follow from released words and roles alone."""

from unicodedata import east_asian_width

LINE_PX, PITCH_PX, GAP_PX, PADDING_PX = 18, 24, 8, 12
"""Height of a line, distance of two lines, gap between neighbours, and room around the content of a cell or float."""

_CHARACTER_PX = 7
"""Average advance of a 13 px interface font; a full-width character has twice that."""
_LEAST_PX = 24
"""Least width of a node, such as an icon."""
_FIELD_PX = 160

_FIELDS = frozenset({"combobox", "password", "searchbox", "slider", "spinbutton", "textbox"})

INLINE = _FIELDS | frozenset(
    """button checkbox img link math menuitem menuitemcheckbox menuitemradio meter option progressbar radio switch tab
    term timer""".split()
)
"""Roles that stand beside each other on a line; others begin and end one, as in the default style of a page."""

LINES = frozenset("banner cell gridcell listitem menubar row status tablist toolbar treeitem".split())
"""Roles that mostly are one line: their children without children stand beside each other, whatever their roles."""


def measure(role: str, words: str) -> int:
    """Measure the width of a node without children.

    >>> measure("link", "Open"), measure("link", "開く"), measure("img", ""), measure("textbox", "")
    (28, 28, 24, 160)
    """
    wide = 0 if words.isascii() else sum(east_asian_width(letter) in "WF" for letter in words)
    return max(_CHARACTER_PX * (len(words) + wide), _FIELD_PX if role in _FIELDS else _LEAST_PX)
