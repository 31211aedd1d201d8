"""Key presses that type a given character, with the modifiers of the US layout."""

from functools import lru_cache
from typing import NamedTuple

from schemas.key_codes import SHIFTED, code_of

ERASE = "\b"
"""Backspace among the characters to type."""

_NAMED = {"\n": "Enter", "\t": "Tab", ERASE: "Backspace"}

PRESS_ROWS = 2
"""Key-down and key-up."""


class Press(NamedTuple):
    """Released key press."""

    key: str
    code: str | None
    modifiers: tuple[str, ...]

    def __repr__(self) -> str:
        """Show the number of modifiers without the key."""
        return f"Press({len(self.modifiers)} modifiers)"


SELECT_ALL = Press("a", "KeyA", ("Control",))


@lru_cache(maxsize=1 << 12)
def press(character: str) -> Press:
    """Return the press that types ``character``; one that the US layout lacks needs no Shift that is known."""
    key = _NAMED.get(character, character)
    return Press(key, code_of(key), ("Shift",) if character in SHIFTED else ())
