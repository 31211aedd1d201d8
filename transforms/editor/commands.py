"""Editing commands of key presses, by platform and kind of field."""

from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from transforms.editor.keymap import ALT, ALTGRAPH, CONTROL, META, SHIFT, Platform, is_printable


class Verb(Enum):
    """Action of an editor on a key press."""

    TYPE = auto()
    NEWLINE = auto()
    ERASE = auto()
    MOVE = auto()
    ROW = auto()
    SELECT_ALL = auto()
    COPY = auto()
    CUT = auto()
    PASTE = auto()
    UNDO = auto()
    REDO = auto()
    SUBMIT = auto()
    ENTER = auto()  # submits a field of one line, which may keep its text or be empty now
    RUN = auto()  # submits the line of a terminal, which starts another
    DEAD = auto()
    WANDER = auto()
    GUESS = auto()
    NOTHING = auto()


class TextUnit(Enum):
    """Unit of text by which a command moves or erases."""

    CHARACTER = auto()
    WORD = auto()
    LINE = auto()
    TEXT = auto()


class Command(NamedTuple):
    """Editing command; ``back`` is towards the start, ``sure`` is false where editors disagree about it."""

    verb: Verb
    unit: TextUnit = TextUnit.CHARACTER
    back: bool = False
    extend: bool = False
    sure: bool = True


class Style(NamedTuple):
    """Kind of editor of a field. ``altgr``: Control+Alt with a key that is no letter types it."""

    multiline: bool = False
    terminal: bool = False
    platform: Platform = Platform.UNKNOWN
    altgr: bool = True


_TYPE = Command(Verb.TYPE)
_NOTHING = Command(Verb.NOTHING)
_GUESS = Command(Verb.GUESS)
_SUBMIT = Command(Verb.SUBMIT)
_ENTER, _RUN = Command(Verb.ENTER), Command(Verb.RUN)

_EDITING = {
    "a": Command(Verb.SELECT_ALL),
    "c": Command(Verb.COPY),
    "v": Command(Verb.PASTE),
    "x": Command(Verb.CUT),
    "y": Command(Verb.REDO),
    "z": Command(Verb.UNDO),
}
_EDITING_SHIFTED = {"v": Command(Verb.PASTE), "z": Command(Verb.REDO)}

_EMACS = {
    "a": Command(Verb.MOVE, TextUnit.LINE, back=True),
    "b": Command(Verb.MOVE, back=True),
    "d": Command(Verb.ERASE),
    "e": Command(Verb.MOVE, TextUnit.LINE),
    "f": Command(Verb.MOVE),
    "h": Command(Verb.ERASE, back=True),
    "k": Command(Verb.ERASE, TextUnit.LINE),
    "n": Command(Verb.ROW),
    "o": _GUESS,
    "p": Command(Verb.ROW, back=True),
    "t": _GUESS,
    "y": _GUESS,
}
"""Control on macOS: the Cocoa text system's key bindings."""

_READLINE = _EMACS | {
    "a": Command(Verb.SELECT_ALL, sure=False),
    "c": _SUBMIT,
    "n": _GUESS,
    "p": _GUESS,
    "r": _GUESS,
    "u": Command(Verb.ERASE, TextUnit.LINE, back=True),
    "v": Command(Verb.PASTE),
    "w": Command(Verb.ERASE, TextUnit.WORD, back=True),
}
"""Control in a terminal: GNU Readline's emacs mode; Control+A selects all in some consoles and goes home in others."""

_READLINE_ALT = {
    "b": Command(Verb.MOVE, TextUnit.WORD, back=True),
    "d": Command(Verb.ERASE, TextUnit.WORD),
    "f": Command(Verb.MOVE, TextUnit.WORD),
}

_BY_NAME = {
    "Clear": _GUESS,
    "Copy": Command(Verb.COPY),
    "Cut": Command(Verb.CUT),
    "Dead": Command(Verb.DEAD),
    "EraseEof": _GUESS,
    "PageDown": Command(Verb.WANDER),
    "PageUp": Command(Verb.WANDER),
    "Paste": Command(Verb.PASTE),
    "Redo": Command(Verb.REDO),
    "Undo": Command(Verb.UNDO),
    **dict.fromkeys(("Compose", "Convert", "Process", "Unidentified"), _GUESS),
}
_TERMINAL = {"Tab": _GUESS}
_INSERT = {SHIFT: {"Insert": Command(Verb.PASTE)}, CONTROL: {"Insert": Command(Verb.COPY)}}
"""The older clipboard keys of a PC."""


def command_of(key: str, held: int, style: Style) -> Command:
    """Return the command of ``key`` under the modifiers ``held`` (bits of ``keymap``)."""
    if is_printable(key):
        if not held & ~SHIFT or held & ALTGRAPH or _composes(key, held, style):
            return _TYPE
        return _shortcut(key.lower(), held, style) if len(key) == 1 else _NOTHING
    return _named_key_command(key, held, style)


def _composes(key: str, held: int, style: Style) -> bool:
    """Check whether the modifiers type another character: Option on macOS, Control+Alt as AltGr elsewhere."""
    if held & META:
        return False
    if held & CONTROL:
        plain = key.isascii() and key.isalnum()
        return bool(held & ALT) and style.altgr and style.platform is not Platform.APPLE and not plain
    return style.platform is Platform.APPLE or (style.platform is Platform.UNKNOWN and not key.isascii())


@lru_cache(maxsize=2048)
def _shortcut(letter: str, held: int, style: Style) -> Command:
    commands: dict[str, Command] = {}
    if held & META:
        if style.platform is not Platform.PC:
            commands = _EDITING_SHIFTED if held & SHIFT else _EDITING
    elif held & ALT:
        if style.terminal and not held & CONTROL:
            commands = _READLINE_ALT
    elif held & SHIFT:
        commands = _EDITING_SHIFTED if style.platform is not Platform.APPLE else {}
    elif style.terminal:
        commands = _READLINE
    else:
        commands = _EMACS if style.platform is Platform.APPLE else _EDITING
    return commands.get(letter, _NOTHING)


@lru_cache(maxsize=2048)
def _named_key_command(key: str, held: int, style: Style) -> Command:
    back = key in {"Backspace", "ArrowLeft", "ArrowUp", "Home"}
    match key:
        case "Backspace" | "Delete":
            return _erase(held, style, back=back)
        case "ArrowLeft" | "ArrowRight":
            return _sideways(held, style, back=back)
        case "ArrowUp" | "ArrowDown":
            return _vertical(held, style, back=back)
        case "Home" | "End":
            return _edge(held, style, back=back)
        case "Enter":
            return _enter(held, style)
        case _:
            by_name = _TERMINAL if style.terminal else _INSERT.get(held, _BY_NAME)
            return by_name.get(key, _BY_NAME.get(key, _NOTHING))


def _enter(held: int, style: Style) -> Command:
    if style.multiline:
        return _SUBMIT if held & (CONTROL | META) else Command(Verb.NEWLINE)
    return _RUN if style.terminal else _ENTER


def _edge(held: int, style: Style, *, back: bool) -> Command:
    """Return the command of Home and End; macOS scrolls in some editors and moves the caret in others."""
    if style.platform is Platform.APPLE:
        return Command(Verb.WANDER)
    return Command(Verb.MOVE, TextUnit.TEXT if held & CONTROL else TextUnit.LINE, back, bool(held & SHIFT))


def _erase(held: int, style: Style, *, back: bool) -> Command:
    if held & META and style.platform is not Platform.PC:
        return Command(Verb.ERASE, TextUnit.LINE, back)
    if held == SHIFT and not back:
        return Command(Verb.CUT)
    return Command(Verb.ERASE, TextUnit.WORD if held & (CONTROL | ALT) else TextUnit.CHARACTER, back)


def _sideways(held: int, style: Style, *, back: bool) -> Command:
    extend = bool(held & SHIFT)
    if held & META:
        return _NOTHING if style.platform is Platform.PC else Command(Verb.MOVE, TextUnit.LINE, back, extend)
    if held & ALT:
        return _NOTHING if style.platform is Platform.PC else Command(Verb.MOVE, TextUnit.WORD, back, extend)
    if held & CONTROL:
        return _NOTHING if style.platform is Platform.APPLE else Command(Verb.MOVE, TextUnit.WORD, back, extend)
    return Command(Verb.MOVE, TextUnit.CHARACTER, back, extend)


def _vertical(held: int, style: Style, *, back: bool) -> Command:
    """Return the command of the vertical keys; in a one-line field they pick a suggestion or an older line."""
    extend = bool(held & SHIFT)
    if held & META:
        return _NOTHING if style.platform is Platform.PC else Command(Verb.MOVE, TextUnit.TEXT, back, extend)
    if style.terminal or not style.multiline:
        return _GUESS
    return Command(Verb.WANDER) if held & (CONTROL | ALT) else Command(Verb.ROW, TextUnit.LINE, back, extend)
