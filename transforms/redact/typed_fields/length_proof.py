"""Proof that released key presses do not show the length of a value.

The replacement of a value is longer or shorter than the value. A press that goes by characters, words or rows over a
value may have been repeated once for each of its letters: eleven ArrowLeft lead to the start of an eleven-letter
password, and of its marker of eight characters too, and would show the eleven. So a value is one cell that no such
press may pass or remove, which proves the plan for values of every length. Presses that go to the end of a line or of
the text, or remove a selection, show no length and are allowed.
"""

from collections.abc import Sequence

from transforms.editor.boundaries import line_end, line_start
from transforms.editor.buffer import Buffer
from transforms.editor.commands import Command, TextUnit, Verb
from transforms.editor.replay import Step

_VALUE = "x"
"""Text of any value: a letter, so that it joins the words around it."""
_BY_LENGTH = (TextUnit.CHARACTER, TextUnit.WORD)


def idle_presses(steps: Sequence[Step | None]) -> list[int] | None:
    """Find the presses of ``steps`` (None types a value) that go by length and have no effect.

    Their number may count a value before them: eleven ArrowRight behind the last letter. The result is None if a press
    passes or removes a value, or undoes or redoes one.
    """
    buffer, values, idle = Buffer(), set[int](), []
    for at, step in enumerate(steps):
        if step is None:
            buffer.type(_VALUE, 0)
            values.add(len(buffer.chars) - 1)  # line breaks that waited come before it
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


def _place(buffer: Buffer) -> tuple[int, int, int, int]:
    return buffer.caret, buffer.anchor, len(buffer.order), buffer.lines.waits


def _goes_by_length(buffer: Buffer, command: Command) -> bool:
    """Check whether the effect of ``command`` now depends on the lengths of texts."""
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
    """Check whether ``command``, applied at the caret ``before``, passed or removed one of the values ``standing``."""
    if not standing.isdisjoint(buffer.gone):
        return True
    low, high = min(before, buffer.caret), max(before, buffer.caret)
    if command.verb is Verb.ROW:  # how far it goes in a line depends on all that stands in both lines
        low, high = line_start(buffer.chars, buffer.order, low), line_end(buffer.chars, buffer.order, high)
    return not standing.isdisjoint(buffer.order[low:high])
