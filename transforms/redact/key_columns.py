"""Key events of a batch as columns by row, and which key-up ends which key-down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.raw import TypedField
from transforms.editor.commands import Style
from transforms.editor.keymap import HELD
from transforms.editor.replay import Step, pressed_with
from transforms.redact.columns import Flags, holds

Rows = npt.NDArray[np.int64]

_MODIFIER_KEYS = frozenset({"Shift", "AltGraph", "CapsLock"})
_CARET_KEYS = frozenset({"ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"})
_ENDING_KEYS = frozenset({"Enter", "Tab", "Escape"})
_HELD_BITS = 5


@dataclass(frozen=True, slots=True)
class KeyColumns:
    """Key columns of a batch, by row.

    ``down``, ``modifier``, ``caret`` and ``ends`` mark key-downs, modifiers, and keys that move the caret or end an
    entry. ``down_of`` is the row of a key-up's key-down; of rows without one, and of all others, it is the row itself.
    ``press`` numbers the different keys with the modifiers held, which ``presses`` lists.
    """

    down: Flags
    modifier: Flags
    caret: Flags
    ends: Flags
    down_of: Rows
    press: Rows
    presses: Sequence[tuple[str, int]] = field(repr=False)
    _steps: dict[Style, list[Step]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, table: pa.Table, fields: Sequence[TypedField]) -> "KeyColumns":
        """Return the key columns of a table of ``RAW_SCHEMA``; rows of ``fields`` are paired within their field."""
        keys = table["key"].combine_chunks().fill_null("").dictionary_encode()
        words, key = keys.dictionary.to_pylist(), keys.indices.to_numpy().astype(np.int64)
        down = holds(table, "action", "down")
        distinct, press = np.unique(
            (key << _HELD_BITS) | _held(table["modifiers"].combine_chunks()), return_inverse=True
        )
        presses = [(words[one >> _HELD_BITS], one & ((1 << _HELD_BITS) - 1)) for one in distinct.tolist()]

        modifier, caret, ends = (_among(words, names)[key] for names in (_MODIFIER_KEYS, _CARET_KEYS, _ENDING_KEYS))
        return cls(down, modifier, caret, ends, _paired(table, fields, down), press, presses)

    def steps(self, rows: Rows, style: Style) -> list[Step]:
        """Return what each of the key-downs ``rows`` does in an editor of ``style``."""
        if style not in self._steps:
            self._steps[style] = [pressed_with(key, held, style) for key, held in self.presses]
        known = self._steps[style]
        return [known[press] for press in self.press[rows].tolist()]


def _among(words: Sequence[str], names: Collection[str]) -> Flags:
    return np.array([word in names for word in words], dtype=np.bool_)


def _held(modifiers: pa.ListArray) -> Rows:
    """Return the bits of ``keymap`` of each row's modifiers."""
    names = pc.list_flatten(modifiers).dictionary_encode()
    bits = np.array([*(HELD.get(name, 0) for name in names.dictionary.to_pylist()), 0], dtype=np.int64)
    held = np.zeros(len(modifiers), dtype=np.int64)
    numbers = names.indices.fill_null(len(bits) - 1).to_numpy(zero_copy_only=False)
    np.bitwise_or.at(held, pc.list_parent_indices(modifiers).to_numpy(zero_copy_only=False), bits[numbers])
    return held


def _paired(table: pa.Table, fields: Sequence[TypedField], down: Flags) -> Rows:
    """Return for each row the row of its key-down: the first of its key, in its field, since the key went up last."""
    found = np.arange(table.num_rows, dtype=np.int64)
    if not fields:
        return found
    code, key = (table[name].combine_chunks().fill_null("") for name in ("code", "key"))
    named = pc.if_else(pc.equal(code, ""), key, code).dictionary_encode()
    rows = np.concatenate([item.key_rows for item in fields])
    owner = np.repeat(np.arange(len(fields)), [len(item.key_rows) for item in fields])
    group = owner * len(named.dictionary) + named.indices.to_numpy()[rows]
    order = np.argsort(group, kind="stable")
    rows, group, up = rows[order], group[order], ~down[rows[order]]
    begins = np.ones(len(rows), dtype=np.bool_)
    begins[1:] = (group[1:] != group[:-1]) | up[:-1]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))
    ups = np.flatnonzero(up)
    found[rows[ups]] = rows[first[ups]]
    return found
