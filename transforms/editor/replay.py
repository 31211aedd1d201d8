"""What an editor makes of the released rows of one field."""

from collections.abc import Iterable
from typing import NamedTuple

from transforms.editor.buffer import Buffer
from transforms.editor.commands import Command, Style, Verb, command_of
from transforms.editor.keymap import held_of

BACK = "\b"
"""Stands for Backspace among what is typed straight."""

_TYPING = (Verb.TYPE, Verb.NEWLINE)
_IDLE = (Verb.NOTHING, Verb.SUBMIT)
_LAST_SIMPLE = "\u02ff"
"""Backspace may take more than the one character where that lies behind this one (``boundaries``)."""


class Step(NamedTuple):
    """What one released row does: the command of a key-down and the text of the key or, without a command, a paste."""

    command: Command | None
    text: str

    def __repr__(self) -> str:
        """Say what kind of step it is and nothing of its text."""
        return f"Step({self.command and self.command.verb})"


def press_key(key: str, modifiers: Iterable[str], style: Style) -> Step:
    """Return what pressing ``key`` does while ``modifiers`` are held."""
    return press_key_with_bits(key, held_of(modifiers), style)


def press_key_with_bits(key: str, held: int, style: Style) -> Step:
    """Return what pressing ``key`` does while the modifiers ``held`` (bits of ``keymap``) are down."""
    command = command_of(key, held, style)
    return Step(command, "\n" if command.verb is Verb.NEWLINE else key)


def effect_at_end(step: Step) -> str | None:
    """Return what a press does while the caret is at the end of the text and nothing is selected, and stays there.

    The text that it adds, nothing or ``BACK``; None for all else.
    """
    command, text = step
    if command is None or command.verb in _IDLE:
        return None if command is None else ""
    if command.verb in _TYPING:
        return text
    return BACK if command == Command(Verb.ERASE, back=True) else None


def is_simple(text: str) -> bool:
    """Whether Backspace at the end of a text removes ``text`` and nothing else."""
    return len(text) == 1 and text <= _LAST_SIMPLE


def play(steps: Iterable[Step]) -> str:
    """Return the text that ``steps`` leave in an empty field."""
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
