"""Modifiers that a recorder believes to be held and nobody holds.

A recorder that misses one key-up (a switch of windows swallows it) reports Control, Alt or Meta with every key that
follows. Read as shortcuts, such keys type nothing, no detector sees them, and they would be released as they are.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.editor.keymap import ALT, ALTGRAPH, CONTROL, HELD, META
from transforms.keystrokes.editor_events import held_bits
from transforms.keystrokes.string_codes import Words

_COMMANDING = (CONTROL, ALT, META, CONTROL | ALT | META)
"""Each by itself, then one after the other."""
_PRESSES, _LETTERS = 8, 5
"""So many presses of so many different letters or digits in one hold are no shortcuts but words."""

Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.int64]


def without_stuck(table: pa.Table) -> pa.Table:
    """Return ``table`` (``RAW_SCHEMA``) without Control, Alt and Meta on the key rows of runs that spell words.

    A run of a modifier is what one field takes until that modifier goes down or up, a letter is pressed without it, or
    the focus goes elsewhere. Others do not end it: whoever types ``Anna`` under a Control that hangs presses Shift.
    """
    keys = _Keys.of(table)
    recorded = held = held_bits(table["modifiers"])
    for modifiers in _COMMANDING:
        held = np.where(keys.spell(held, modifiers), held & ~modifiers, held)
    return _freed(table, recorded & ~held) if (recorded != held).any() else table


@dataclass(frozen=True, slots=True)
class _Keys:
    """The rows of a table as runs need them. ``letters`` are downs of letters and digits, ``elsewhere`` new focuses."""

    names: Words
    fields: Words
    letters: Flags
    elsewhere: Flags

    @classmethod
    def of(cls, table: pa.Table) -> "_Keys":
        kinds, names = Words.of(table["kind"]), Words.of(table["key"])
        pressed = kinds.equal("key") & Words.of(table["action"]).equal("down")
        letters = names.matching(_is_letter) & pressed
        return cls(names, Words.of(table["field_id"]), letters, kinds.matching(_changes_focus))

    def spell(self, held: Bits, modifiers: int) -> Flags:
        """Find the rows of runs that spell words while any of ``modifiers`` is ``held`` (both bits of ``keymap``)."""
        under = (held & modifiers != 0) & (held & ALTGRAPH == 0)
        letters = np.flatnonzero(self.letters & under)
        if len(letters) < _PRESSES:
            return np.zeros(len(under), dtype=np.bool_)
        itself = self.names.mapped(_bit) & modifiers != 0
        ends = self.elsewhere | itself | (self.letters & (held & modifiers == 0))
        run = np.cumsum(ends) * (len(self.fields.words) + 1) + self.fields.numbers
        runs, presses = np.unique(run[letters], return_counts=True)
        kept = np.unique(np.stack([run[letters], self.names.numbers[letters]]), axis=1)[0]
        different = np.unique(kept, return_counts=True)[1]
        found: Flags = np.isin(run, runs[(presses >= _PRESSES) & (different >= _LETTERS)]) & under
        return found


def _freed(table: pa.Table, stuck: Bits) -> pa.Table:
    """Return ``table`` without the modifiers of each row that are ``stuck``."""
    freed = [
        [name for name in names if not HELD.get(name, 0) & free] if free and names else names
        for names, free in zip(table["modifiers"].to_pylist(), stuck.tolist(), strict=True)
    ]
    at = table.schema.get_field_index("modifiers")
    return table.set_column(at, table.schema.field(at), pa.array(freed, table.schema.field(at).type))


def _is_letter(key: str) -> bool:
    return len(key) == 1 and key.isalnum()


def _bit(key: str) -> int:
    return HELD.get(key, 0)


def _changes_focus(kind: str) -> bool:
    return kind in {"focus", "field", "session"}
