"""What an editor makes of the released rows of one field."""

from collections.abc import Iterable
from typing import NamedTuple

from transforms.editor.buffer import Buffer
from transforms.editor.commands import Style, command_of
from transforms.editor.keymap import held_of


class ReplayEvent(NamedTuple):
    """One released row; ``key`` and ``modifiers`` are empty on paste rows, ``text`` on key rows."""

    kind: str
    action: str
    key: str
    modifiers: tuple[str, ...]
    text: str


def replay(events: Iterable[ReplayEvent], *, multiline: bool) -> str:
    """Return the text that ``events`` leave in an empty field.

    Key-downs and pastes act, all other rows do nothing. The platform counts as unknown, as it is to a reader.
    """
    buffer, style = Buffer(), Style(multiline=multiline)
    for kind, action, key, modifiers, text in events:
        if kind == "key" and action == "down":
            buffer.press(command_of(key, held_of(modifiers), style), key, 0)
        elif kind == "clipboard" and action == "paste":
            buffer.paste(text, 0)
    return buffer.text()
