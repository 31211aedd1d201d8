"""Replay of the released rows of one field by a reader who has nothing but them."""

from collections.abc import Iterable
from typing import NamedTuple

from transforms.editor.commands import Style
from transforms.editor.replay import Step, play, press_key


class ReplayEvent(NamedTuple):
    """One released row; ``key`` and ``modifiers`` are empty on paste rows, ``text`` on key rows."""

    kind: str
    action: str
    key: str
    modifiers: tuple[str, ...]
    text: str


def replay(events: Iterable[ReplayEvent], *, multiline: bool, terminal: bool = False) -> str:
    """Return the text that ``events`` leave in an empty field.

    Key-downs and pastes act, all other rows do nothing. The platform counts as unknown, as it is to a reader.
    """
    style = Style(multiline=multiline, terminal=terminal)
    steps = []
    for kind, action, key, modifiers, text in events:
        if kind == "key" and action == "down":
            steps.append(press_key(key, modifiers, style))
        elif kind == "clipboard" and action == "paste":
            steps.append(Step(None, text))
    return play(steps)
