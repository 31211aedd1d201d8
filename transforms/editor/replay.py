"""Replay of the released rows of one field in an editor."""

from collections.abc import Iterable
from typing import NamedTuple

from transforms.editor.buffer import Buffer
from transforms.editor.commands import Command, Style, Verb, command_of
from transforms.editor.keymap import held_of

BACK = "\b"
"""Backspace as an effect of a press at the end of a text."""
LINE_END = "\r"
"""Enter in a field of one line as an effect: a line break, once typing goes on in a field that holds a text."""

_TYPING = (Verb.TYPE, Verb.NEWLINE)
_ENDING = (Verb.ENTER, Verb.RUN)
_IDLE = (Verb.NOTHING, Verb.SUBMIT)
_LAST_SIMPLE = "\u02ff"
"""Backspace may take more than the one character where that lies behind this one (``boundaries``)."""


class Step(NamedTuple):
    """Effect of one released row: the command of a key-down with the text of its key or, without a command, a paste."""

    command: Command | None
    text: str

    def __repr__(self) -> str:
        """Show the verb of the step without its text."""
        return f"Step({self.command and self.command.verb})"


def press_key(key: str, modifiers: Iterable[str], style: Style) -> Step:
    """Return the step of ``key`` under ``modifiers``."""
    return press_key_with_bits(key, held_of(modifiers), style)


def press_key_with_bits(key: str, held: int, style: Style) -> Step:
    """Return the step of ``key`` under the modifiers ``held`` (bits of ``keymap``)."""
    command = command_of(key, held, style)
    return Step(command, "\n" if command.verb is Verb.NEWLINE else key)


def effect_at_end(step: Step) -> str | None:
    """Return the effect of a press at the end of a text with nothing selected, if the caret then stays at the end.

    The effect is the text that it adds, nothing, ``BACK`` or ``LINE_END``; None for every other press.
    """
    command, text = step
    if command is None or command.verb in _IDLE:
        return None if command is None else ""
    if command.verb in _ENDING:
        return LINE_END
    if command.verb in _TYPING:
        return text
    return BACK if command == Command(Verb.ERASE, back=True) else None


def is_simple(text: str) -> bool:
    """Check whether Backspace at the end of a text removes ``text`` and nothing else."""
    return len(text) == 1 and text <= _LAST_SIMPLE


def play(steps: Iterable[Step]) -> str:
    """Apply ``steps`` to an empty field and return its text."""
    buffer = Buffer()
    run: list[str] = []
    for command, text in steps:
        if command is not None and command.verb in _TYPING:
            run.append(text)
            continue
        if run:
            buffer.type("".join(run), 0)
            run = []
        if command is None:
            buffer.paste(text, 0)
        else:
            buffer.press(command, text, 0)
    if run:
        buffer.type("".join(run), 0)
    return buffer.text()
