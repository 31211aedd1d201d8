"""Whether released key presses tell how long a value is.

What replaces a value is longer or shorter than it was. A press that goes by characters, words or rows and meets a value
may have been repeated as often as the value had letters: eleven times ArrowLeft lead to the start of an eleven-letter
password and to that of its marker of eight characters too, and would give the eleven away. So nothing is tried with
values of some lengths: a value is one cell that no such press may touch, which holds for values of every length.
Presses that go to the end of a line or of the text, or take a selection, say nothing and may pass.
"""

from collections.abc import Sequence

from transforms.editor.boundaries import line_end, line_start
from transforms.editor.buffer import Buffer
from transforms.editor.commands import Command, TextUnit, Verb
from transforms.editor.replay import Step

_VALUE = "x"
"""Stands for any value: a letter, so that it joins the words around it."""
_BY_LENGTH = (TextUnit.CHARACTER, TextUnit.WORD)


def idle_presses(steps: Sequence[Step | None]) -> list[int] | None:
    """Find the presses of ``steps``, in which None is the typing of a value, that go by length and find nothing.

    Their number may count a value that stands before them, or stood: eleven times ArrowRight behind the last letter.
    None where a press passes or removes a value, or takes back or repeats one.
    """
    buffer, values, idle = Buffer(), set[int](), []
    for at, step in enumerate(steps):
        if step is None:
            values.add(len(buffer.chars))
            buffer.type(_VALUE, 0)
        elif step.command is None:
            buffer.paste(step.text, 0)
        elif not _goes_by_length(buffer, step.command):
            buffer.press(step.command, step.text, 0)
        else:
            before, standing = _place(buffer), values - buffer.gone.keys()
            buffer.press(step.command, step.text, 0)
            if _meets(buffer, step.command, before[0], standing):
                return None
            if _place(buffer) == before:
                idle.append(at)
    return idle


def _place(buffer: Buffer) -> tuple[int, int, int]:
    return buffer.caret, buffer.anchor, len(buffer.order)


def _goes_by_length(buffer: Buffer, command: Command) -> bool:
    """Whether what ``command`` does now depends on how long texts are."""
    selected = buffer.anchor != buffer.caret
    match command.verb:
        case Verb.MOVE:
            return command.unit in _BY_LENGTH and not (
                selected and command.unit is TextUnit.CHARACTER and not command.extend
            )
        case Verb.ERASE:
            return command.unit in _BY_LENGTH and not selected
        case _:
            return command.verb in (Verb.ROW, Verb.UNDO, Verb.REDO)


def _meets(buffer: Buffer, command: Command, before: int, standing: set[int]) -> bool:
    """Whether ``command``, obeyed with the caret at ``before``, passed or removed one of the values ``standing``."""
    if not standing.isdisjoint(buffer.gone):
        return True
    low, high = min(before, buffer.caret), max(before, buffer.caret)
    if command.verb is Verb.ROW:  # how far it goes in a line depends on all that stands in both lines
        low, high = line_start(buffer.chars, buffer.order, low), line_end(buffer.chars, buffer.order, high)
    return not standing.isdisjoint(buffer.order[low:high])
