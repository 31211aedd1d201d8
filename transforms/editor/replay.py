"""What an editor makes of the released rows of one field."""

from collections.abc import Iterable
from typing import NamedTuple

from transforms.editor.buffer import Buffer
from transforms.editor.commands import Command, Style, Verb, command_of
from transforms.editor.keymap import held_of

_TYPING = (Verb.TYPE, Verb.NEWLINE)


class ReplayEvent(NamedTuple):
    """One released row; ``key`` and ``modifiers`` are empty on paste rows, ``text`` on key rows."""

    kind: str
    action: str
    key: str
    modifiers: tuple[str, ...]
    text: str


class Step(NamedTuple):
    """What one released row does: the command of a key-down and the text of the key or, without a command, a paste."""

    command: Command | None
    text: str


def pressed(key: str, modifiers: Iterable[str], style: Style) -> Step:
    """Return what pressing ``key`` does while ``modifiers`` are held."""
    return pressed_with(key, held_of(modifiers), style)


def pressed_with(key: str, held: int, style: Style) -> Step:
    """Return what pressing ``key`` does while the modifiers ``held`` (bits of ``keymap``) are down."""
    command = command_of(key, held, style)
    return Step(command, "\n" if command.verb is Verb.NEWLINE else key)


def replay(events: Iterable[ReplayEvent], *, multiline: bool) -> str:
    """Return the text that ``events`` leave in an empty field.

    Key-downs and pastes act, all other rows do nothing. The platform counts as unknown, as it is to a reader.
    """
    style = Style(multiline=multiline)
    steps = []
    for kind, action, key, modifiers, text in events:
        if kind == "key" and action == "down":
            steps.append(pressed(key, modifiers, style))
        elif kind == "clipboard" and action == "paste":
            steps.append(Step(None, text))
    return play(steps)


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
