"""Key presses of one field as the text that they leave: the inverse of typing it."""

from dataclasses import dataclass, field

_LEFT, _RIGHT, _BACKSPACE, _DELETE = "ArrowLeft", "ArrowRight", "Backspace", "Delete"
EDITING = frozenset({_LEFT, _RIGHT, _BACKSPACE, _DELETE})
"""Keys that may correct what the same run typed."""

NAMES = {
    "ArrowLeft": "left",
    "ArrowRight": "right",
    "ArrowUp": "up",
    "ArrowDown": "down",
    "Escape": "esc",
    "PrintScreen": "printscreen",
    "ContextMenu": "apps",
    " ": "space",
}
"""PyAutoGUI's names of keys that it does not call as the standard does, in lower case."""


@dataclass(frozen=True, slots=True)
class Press:
    """One key press: the character it types, or else the name of an editing key."""

    seq: int
    t_ms: int | None
    text: str
    key: str
    synthetic: bool


@dataclass(slots=True)
class Run:
    """Presses that together insert one text, with the caret behind it.

    ``settled`` presses have that effect; ``open_presses`` came since and left the caret inside the text, so that they
    only count once the caret is back at its end. ``selecting`` is the Control+A of a release that types the whole text
    of a field again, in which pasted text may stand.
    """

    selecting: list[Press] = field(default_factory=list)
    settled: list[Press] = field(default_factory=list)
    text: str = ""
    open_presses: list[Press] = field(default_factory=list)
    _cells: list[str] = field(default_factory=list)
    _caret: int = 0

    def take(self, press: Press) -> bool:
        """Add a press and return true; return false where it would reach beyond what this run typed."""
        if press.text:
            self._cells.insert(self._caret, press.text)
            self._caret += 1
        elif press.key == _BACKSPACE and press.synthetic and self.selecting:
            return True  # removes what was selected; nothing is typed in its place
        elif press.key == _BACKSPACE and self._caret:
            self._caret -= 1
            del self._cells[self._caret]
        elif press.key == _DELETE and self._caret < len(self._cells):
            del self._cells[self._caret]
        elif press.key == _LEFT and self._caret:
            self._caret -= 1
        elif press.key == _RIGHT and self._caret < len(self._cells):
            self._caret += 1
        else:
            return False
        self.open_presses.append(press)
        if self._caret == len(self._cells):
            self.settled += self.open_presses
            self.text, self.open_presses = "".join(self._cells), []
        return True
