"""Stuck modifiers: a recorder reports them as held though nobody holds them.

A recorder that misses one key-up (a switch of windows swallows it) reports Control, Alt or Meta with every key that
follows. Read as shortcuts, such keys type nothing, no detector sees them, and they would be released as they are.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.editor.event_columns import held_bits
from transforms.editor.keymap import ALT, ALTGRAPH, CONTROL, HELD, META
from transforms.keystrokes.string_codes import StringCodes

_COMMANDING = (CONTROL, ALT, META, CONTROL | ALT | META)
"""Each modifier by itself, then all together."""
_PRESSES, _LETTERS = 8, 5
"""A run with so many presses, of so many different letters or digits, is words and not shortcuts."""

Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.int64]


def remove_stuck_modifiers(table: pa.Table) -> pa.Table:
    """Remove Control, Alt and Meta from the key rows of runs that spell words, in ``table`` (``RAW_SCHEMA``).

    A run of a modifier is the keys of one field until that modifier goes down or up, a letter is pressed without it, or
    the focus changes. Other modifiers do not end it: typing ``Anna`` under a stuck Control presses Shift.
    Letters that list a modifier after its own key-up are one run however often it is pressed between them:
    ``Control down, Control up, a [Control], n [Control], Control down, Control up, n [Control], ...``.
    """
    keys = _Keys.of(table)
    recorded = held = held_bits(table["modifiers"])
    for modifiers in _COMMANDING:
        held = np.where(keys.spell(held, modifiers), held & ~modifiers, held)
    return _remove_modifiers(table, recorded & ~held) if (recorded != held).any() else table


@dataclass(frozen=True, slots=True)
class _Keys:
    """Columns of a table that delimit runs."""

    names: StringCodes  # key values
    fields: StringCodes  # field ids
    letters: Flags  # key-downs of letters and digits
    ups: Flags  # key-ups
    elsewhere: Flags  # focus changes

    @classmethod
    def of(cls, table: pa.Table) -> "_Keys":
        kinds, names = StringCodes.of(table["kind"]), StringCodes.of(table["key"])
        actions, keys = StringCodes.of(table["action"]), kinds.equal("key")
        letters = names.matching(_is_letter) & keys & actions.equal("down")
        ups = keys & actions.equal("up")
        return cls(names, StringCodes.of(table["field_id"]), letters, ups, kinds.matching(_changes_focus))

    def spell(self, held: Bits, modifiers: int) -> Flags:
        """Find the rows of runs that spell words while any of ``modifiers`` is ``held`` (both bits of ``keymap``)."""
        under = (held & modifiers != 0) & (held & ALTGRAPH == 0)
        letters = np.flatnonzero(self.letters & under)
        if len(letters) < _PRESSES:
            return np.zeros(len(under), dtype=np.bool_)
        itself = self.names.map_words(_bit) & modifiers != 0
        ends = self.elsewhere | (self.letters & (held & modifiers == 0))
        let_go = self.ups[_latest(itself | self.elsewhere)]
        stretch = np.where(let_go, -1 - np.cumsum(ends), np.cumsum(ends | itself))
        run = stretch * (len(self.fields.words) + 1) + self.fields.numbers
        runs, presses = np.unique(run[letters], return_counts=True)
        kept = np.unique(np.stack([run[letters], self.names.numbers[letters]]), axis=1)[0]
        different = np.unique(kept, return_counts=True)[1]
        found: Flags = np.isin(run, runs[(presses >= _PRESSES) & (different >= _LETTERS)]) & under
        return found


def _latest(rows: Flags) -> npt.NDArray[np.int64]:
    """Return for each row the last flagged row up to it, or row 0.

    >>> _latest(np.array([False, True, False, False, True])).tolist()
    [0, 1, 1, 1, 4]
    """
    return np.maximum.accumulate(np.where(rows, np.arange(len(rows)), 0))


def _remove_modifiers(table: pa.Table, stuck: Bits) -> pa.Table:
    """Remove from each row of ``table`` its modifiers in ``stuck`` (bits of ``keymap``)."""
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
