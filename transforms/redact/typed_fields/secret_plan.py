"""Plan of a field that holds a password: none of its key events is released.

Their number, the Backspaces and arrows among them and the uses of Shift would show the length and the kind of the
password. Instead the field's marker is typed and, if the last press ended the entry of a field of one line (Enter,
Tab), that press. Two passwords of any lengths give the same rows.
"""

from collections.abc import Collection, Sequence

import numpy as np

from schemas.entities import EntityType
from schemas.raw import TypedField
from schemas.tally import Outcome
from transforms.editor.us_layout import PRESS_ROWS
from transforms.redact.rows.key_columns import KeyColumns
from transforms.redact.rows.structure import CODES
from transforms.redact.typed_fields.replay_proof import TypedPresses
from transforms.redact.typed_fields.typing_plan import TypingPlan
from transforms.redact.typed_fields.views import View

_CLOSING = {"Enter": "\n", "Tab": "\t"}
"""Keys that end the entry of a field of one line, as characters to type.

Modifiers do not count: whether one is stuck depends on how many letters were typed under it, that is on the length.
"""
_NOTHING_SPELLED = View("", np.zeros(0, dtype=np.int32))


def plan_secret(field: TypedField, marker: str, pasted: Collection[int], columns: KeyColumns) -> TypingPlan:
    """Plan a secret ``field`` with the paste rows ``pasted``.

    ``marker`` is typed if the field ever held a text or the key of a character was pressed: a shortcut may be a
    character under a stuck modifier.
    """
    downs = field.key_rows[columns.down[field.key_rows]]
    pressed = [columns.presses[number] for number in columns.press[downs].tolist()]
    text = marker if field.cells or any(len(key) == 1 for key, _ in pressed) else ""
    typed: tuple[TypedPresses, ...] = ()
    if pressed:
        closing = "" if field.multiline else _CLOSING.get(pressed[-1][0], "")
        typed = _type_marker(field.key_rows.tolist(), (text, closing), pasted)
    code = CODES[Outcome.REPLACED if typed else Outcome.SUPPRESSED]
    redactions = ((0, len(text), EntityType.PASSWORD),) if text else ()
    outcomes = dict.fromkeys(range(len(field.key_rows)), code)
    return TypingPlan(text, redactions, {}, outcomes, typed, _NOTHING_SPELLED)


def _type_marker(keys: Sequence[int], texts: tuple[str, str], pasted: Collection[int]) -> tuple[TypedPresses, ...]:
    """Return the presses that replace the rows ``keys``: of the text, then of the end of the entry.

    The text is typed at the first key or, if there are pastes, over them after the last row.
    """
    (text, closing), sources = texts, tuple(keys)
    first, last = min(keys), max([*keys, *pasted])
    runs = [TypedPresses((last if pasted else first, 1 + PRESS_ROWS), text, select_all=False, sources=sources, span=0)]
    if pasted:
        runs.insert(0, TypedPresses((last, 1), "a", select_all=True, sources=()))
    runs.append(TypedPresses((last, 1 + PRESS_ROWS * (1 + len(text))), closing, select_all=False, sources=sources))
    return tuple(run for run in runs if run.characters)
