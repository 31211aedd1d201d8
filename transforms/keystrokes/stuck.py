"""Modifiers that a recorder believes to be held and nobody holds.

A recorder that misses one key-up (a switch of windows swallows it) reports Control, Alt or Meta with every key that
follows. Read as shortcuts, such keys type nothing, no detector sees them, and they would be released as they are.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.editor.keymap import ALT, ALTGRAPH, CONTROL, HELD, META, MODIFIER_KEYS
from transforms.keystrokes.columns import held_bits
from transforms.keystrokes.words import Words

_COMMANDING = CONTROL | ALT | META
_PRESSES, _LETTERS = 8, 5
"""So many presses of so many different letters or digits in one hold are no shortcuts but words."""


def without_stuck(table: pa.Table) -> pa.Table:
    """Return ``table`` (``RAW_SCHEMA``) without Control, Alt and Meta on the key rows of runs that spell words.

    A run goes on until a modifier goes down or up, a letter is pressed without one, or the focus goes elsewhere.
    """
    held = held_bits(table["modifiers"])
    kinds, keys = Words.of(table["kind"]), Words.of(table["key"])
    commanding = kinds.equal("key") & (held & _COMMANDING != 0) & (held & ALTGRAPH == 0)
    plain = keys.matching(_is_plain) & Words.of(table["action"]).equal("down")
    letters = np.flatnonzero(plain & commanding)
    if len(letters) < _PRESSES:
        return table
    ends = kinds.matching(_changes_focus) | keys.matching(_is_modifier) | (plain & ~commanding)
    run = np.cumsum(ends)
    runs, presses = np.unique(run[letters], return_counts=True)
    kept = np.unique(np.stack([run[letters], keys.numbers[letters]]), axis=1)[0]
    different = np.unique(kept, return_counts=True)[1]
    stuck = runs[(presses >= _PRESSES) & (different >= _LETTERS)]
    return _freed(table, np.isin(run, stuck) & commanding) if len(stuck) else table


def _freed(table: pa.Table, rows: npt.NDArray[np.bool_]) -> pa.Table:
    freed = [
        [name for name in names if not HELD.get(name, 0) & _COMMANDING] if free and names else names
        for names, free in zip(table["modifiers"].to_pylist(), rows.tolist(), strict=True)
    ]
    at = table.schema.get_field_index("modifiers")
    return table.set_column(at, table.schema.field(at), pa.array(freed, table.schema.field(at).type))


def _is_plain(key: str) -> bool:
    return len(key) == 1 and key.isascii() and key.isalnum()


def _is_modifier(key: str) -> bool:
    return key in MODIFIER_KEYS


def _changes_focus(kind: str) -> bool:
    return kind in {"focus", "field", "session"}
