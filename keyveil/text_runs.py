"""Texts of fields: what key presses leave, which is the inverse of typing, and what a recorder tells without keys."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from transforms.editor.keymap import is_printable

_LEFT, _RIGHT, _BACKSPACE, _DELETE = "ArrowLeft", "ArrowRight", "Backspace", "Delete"
EDITING = frozenset({_LEFT, _RIGHT, _BACKSPACE, _DELETE})
"""Keys that may correct what the same run typed."""

_SUPER = frozenset({"Meta", "Super"})
_COMMANDS = frozenset({"Control", "Alt", "Meta", "Super"})

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


class Value(NamedTuple):
    """Text of a field whose keys were not released; ``seq`` is its ``text_input`` row."""

    field: int
    text: str
    seq: int
    synthetic: bool


def find_commands(held: Collection[str]) -> frozenset[str]:
    """Find the held keys that make a press a command; with AltGraph, Control and Alt only reach a character."""
    return _SUPER.intersection(held) if "AltGraph" in held else _COMMANDS.intersection(held)


def find_values(rows: Sequence[Mapping[str, Any]]) -> dict[int, Value]:
    """Find the texts of a session's fields that no released key types and no paste gives, by ``seq`` of where to type.

    That is the ``text_input`` row, or the first key of the last stay in the field: a recorder that tells values has
    Enter, Tab and the like as keys, and these come behind the text.

        field 0, key Enter, text_input "lamp"  ->  type "lamp" at the key Enter, which stays a key
    """
    found: dict[int, Value] = {}
    pressed: set[int] = set()
    typed: set[int] = set()
    pasted: dict[int, str] = {}
    stays: dict[int, list[int]] = {}
    for row in rows:
        kind, number, text = row.get("kind"), row.get("field"), row.get("text") or ""
        if number is None:
            continue
        if kind == "field":
            stays[number] = []
        elif kind == "clipboard" and row.get("action") == "paste":
            pasted[number] = pasted.get(number, "") + text
        elif kind == "key" and row.get("action") == "down":
            pressed.add(number)
            if is_printable(row.get("key") or "") and not find_commands(row.get("modifiers") or ()):
                typed.add(number)
            stays.setdefault(number, []).append(row["seq"])
        elif kind == "text_input" and number not in typed:
            if number in pasted and (number in pressed or text == pasted[number]):
                continue
            keys = stays.get(number)
            text = text.rstrip("\n") if keys else text
            if text:
                at = keys[0] if keys else row["seq"]
                found[at] = Value(number, text, row["seq"], bool(row.get("redactions")))
    return found
