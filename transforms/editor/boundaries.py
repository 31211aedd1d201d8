"""Boundaries of characters, words, lines and rows, to which the caret moves.

A text is ``order``, the numbers of its cells, and ``chars``, the character of every cell. Positions lie between cells,
0 to ``len(order)``.
"""

import unicodedata
from collections.abc import Callable, Sequence

from transforms.editor.commands import Command, TextUnit, Verb

Cells = Sequence[int]
Chars = Sequence[str]
Boundary = Callable[[Chars, Cells, int], int]

_ZERO_WIDTH_JOINER = "\u200d"
_LAST_SIMPLE = "\u02ff"
"""Up to here no character joins its neighbour (Unicode: combining marks start at U+0300)."""


def _is_mark(char: str) -> bool:
    return char > _LAST_SIMPLE and unicodedata.category(char) in {"Mn", "Me"}


def _joins(left: str, right: str) -> bool:
    """Check whether two characters show as one: a mark, a variation, a skin tone, a joined emoji."""
    if right <= _LAST_SIMPLE:
        return False
    emoji_tone = "\U0001f3fb" <= right <= "\U0001f3ff"
    return _ZERO_WIDTH_JOINER in (left, right) or emoji_tone or _is_mark(right)


def character_start(chars: Chars, order: Cells, at: int) -> int:
    """Return the start of the character left of ``at``."""
    at = max(at - 1, 0)
    while at and _joins(chars[order[at - 1]], chars[order[at]]):
        at -= 1
    return at


def character_end(chars: Chars, order: Cells, at: int) -> int:
    """Return the end of the character right of ``at``."""
    at = min(at + 1, len(order))
    while 0 < at < len(order) and _joins(chars[order[at - 1]], chars[order[at]]):
        at += 1
    return at


def backspace_start(chars: Chars, order: Cells, at: int) -> int:
    """Return the start of the range that Backspace at ``at`` erases: an accent alone, a joined emoji as a whole."""
    if at:
        char = chars[order[at - 1]]
        if _is_mark(char) and unicodedata.combining(char):
            return at - 1
    return character_start(chars, order, at)


def word_start(chars: Chars, order: Cells, at: int) -> int:
    """Return the start of the word left of ``at``: over spaces, then up to a space or a line break."""
    while at and chars[order[at - 1]] == " ":
        at -= 1
    while at and chars[order[at - 1]] not in " \n":
        at -= 1
    return at


def word_end(chars: Chars, order: Cells, at: int) -> int:
    """Return the end of the word right of ``at``: over spaces, then up to a space or a line break."""
    end = len(order)
    while at < end and chars[order[at]] == " ":
        at += 1
    while at < end and chars[order[at]] not in " \n":
        at += 1
    return at


def line_start(chars: Chars, order: Cells, at: int) -> int:
    """Return the start of the line that holds ``at``."""
    while at and chars[order[at - 1]] != "\n":
        at -= 1
    return at


def line_end(chars: Chars, order: Cells, at: int) -> int:
    """Return the end of the line that holds ``at``, before its line break."""
    end = len(order)
    while at < end and chars[order[at]] != "\n":
        at += 1
    return at


def text_start(_chars: Chars, _order: Cells, _at: int) -> int:
    """Return 0, the start of every text."""
    return 0


def text_end(_chars: Chars, order: Cells, _at: int) -> int:
    """Return the length of the text."""
    return len(order)


STARTS: dict[TextUnit, Boundary] = {
    TextUnit.CHARACTER: character_start,
    TextUnit.WORD: word_start,
    TextUnit.LINE: line_start,
    TextUnit.TEXT: text_start,
}
"""Functions that find the start of a unit, left of the caret."""

ENDS: dict[TextUnit, Boundary] = {
    TextUnit.CHARACTER: character_end,
    TextUnit.WORD: word_end,
    TextUnit.LINE: line_end,
    TextUnit.TEXT: text_end,
}
"""Functions that find the end of a unit, right of the caret."""


def row_above(chars: Chars, order: Cells, at: int) -> int:
    """Return the same column one line up, 0 in the first line. Lines that a window wraps are not known here."""
    start = line_start(chars, order, at)
    if not start:
        return 0
    above = line_start(chars, order, start - 1)
    return min(above + at - start, start - 1)


def row_below(chars: Chars, order: Cells, at: int) -> int:
    """Return the same column one line down, the end in the last line."""
    end = line_end(chars, order, at)
    if end == len(order):
        return end
    return min(end + 1 + at - line_start(chars, order, at), line_end(chars, order, end + 1))


def find_target(command: Command, chars: Chars, order: Cells, caret: int, anchor: int) -> int:
    """Return the target of a move of the ``caret``; ``anchor`` is the other end of the selection, or the caret."""
    if command.verb is Verb.ROW:
        return (row_above if command.back else row_below)(chars, order, caret)
    if caret != anchor and not command.extend and command.unit is TextUnit.CHARACTER:
        return min(caret, anchor) if command.back else max(caret, anchor)
    return (STARTS if command.back else ENDS)[command.unit](chars, order, caret)


def splits_word(chars: Chars, order: Cells, at: int) -> bool:
    """Check whether ``at`` lies between two characters that are not white space."""
    return 0 < at < len(order) and not (chars[order[at - 1]].isspace() or chars[order[at]].isspace())


def is_plain_word(chars: Chars, order: Cells, start: int, end: int) -> bool:
    """Check whether every editor calls ``start`` to ``end`` one word: letters and digits, then spaces."""
    word = "".join([chars[cell] for cell in order[start:end]]).strip(" ")
    return word.isalnum()


def find_deletion(command: Command, chars: Chars, order: Cells, at: int) -> tuple[int, int, bool]:
    """Return the range that a deletion at ``at`` removes, and whether all editors agree about it.

    They differ about punctuation in a word, and about a word or line that ends where the caret is.
    """
    if command.unit is TextUnit.CHARACTER:
        start, end = (backspace_start(chars, order, at), at) if command.back else (at, character_end(chars, order, at))
        return start, end, True
    if command.back:
        start, end, blocked = STARTS[command.unit](chars, order, at), at, at > 0
    else:
        start, end, blocked = at, ENDS[command.unit](chars, order, at), at < len(order)
    if start == end:
        return start, end, not blocked
    return start, end, command.unit is not TextUnit.WORD or is_plain_word(chars, order, start, end)
