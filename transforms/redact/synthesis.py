"""Key values and codes that type a given character on the US layout."""

from typing import NamedTuple

_PLAIN = "`1234567890-=[]\\;',./ \n\t"
_SHIFTED = '~!@#$%^&*()_+{}|:"<>?'
_CODES = """Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal BracketLeft
BracketRight Backslash Semicolon Quote Comma Period Slash Space Enter Tab""".split()

_NAMED = {"\n": "Enter", "\t": "Tab"}

ERASE = "\b"
"""Stands for Backspace among the characters to type."""


class Press(NamedTuple):
    """One key press as released."""

    key: str
    code: str | None
    modifiers: tuple[str, ...]

    def __repr__(self) -> str:
        """Say how many modifiers are held and not which key it is."""
        return f"Press({len(self.modifiers)} modifiers)"


def _layout() -> dict[str, Press]:
    layout = {ERASE: Press("Backspace", "Backspace", ())}
    layout |= {c: Press(_NAMED.get(c, c), code, ()) for c, code in zip(_PLAIN, _CODES, strict=True)}
    layout |= {c: Press(c, code, ("Shift",)) for c, code in zip(_SHIFTED, _CODES, strict=False)}
    for letter in "abcdefghijklmnopqrstuvwxyz":
        layout[letter] = Press(letter, f"Key{letter.upper()}", ())
        layout[letter.upper()] = Press(letter.upper(), f"Key{letter.upper()}", ("Shift",))
    return layout


_LAYOUT = _layout()
SELECT_ALL = Press("a", "KeyA", ("Control",))


def press(character: str) -> Press:
    """Return the press that types ``character``; one that the US layout lacks has no code."""
    return _LAYOUT.get(character) or Press(character, None, ())
