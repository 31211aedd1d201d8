"""Key events of a batch as columns by row, with the key-down of every key-up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.raw import TypedField
from transforms.editor.commands import Style
from transforms.editor.event_columns import held_bits, physical_keys
from transforms.editor.keymap import ALT, CONTROL
from transforms.editor.replay import Step, effect_at_end, press_key_with_bits
from transforms.redact.rows.columns import Flags, holds

Rows = npt.NDArray[np.int64]

_MODIFIER_KEYS = frozenset({"Shift", "AltGraph", "CapsLock"})
_CARET_KEYS = frozenset({"ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"})
_ENDING_KEYS = frozenset({"Enter", "Tab", "Escape"})
_WALKING_KEYS = frozenset("bfnpBFNP")
"""With Control or Alt they move the caret on macOS and in terminals, and are other shortcuts elsewhere."""
_STEERING = CONTROL | ALT
_HELD_BITS = 5


@dataclass(frozen=True, slots=True)
class KeyColumns:
    """Key columns of a batch, by row.

    Distinct presses (key, modifiers held) are numbered. ``number`` and ``up_of`` have one more item at their end, -1,
    so that row -1 (no row) maps to -1.
    """

    down: Flags  # key-downs
    number: Rows  # number of a row among the key rows of its field, -1 for other rows
    down_of: Rows  # row of a key-up's key-down; the row itself for all other rows
    up_of: Rows  # row of a key-down's key-up, -1 for all other rows
    press: Rows  # number of the row's press
    presses: Sequence[tuple[str, int]] = field(repr=False)  # presses by number: key, bits of ``keymap``
    modifiers: frozenset[int]  # presses of modifiers
    carets: frozenset[int]  # presses of arrow keys
    walks: frozenset[int]  # presses that move the caret in some editors: Control+b, Alt+f
    ends: frozenset[int]  # presses that end an entry: Enter, Tab, Escape
    _steps: dict[Style, list[Step]] = field(default_factory=dict, repr=False)
    _straight: dict[Style, list[str | None]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, table: pa.Table, fields: Sequence[TypedField], starts: Sequence[int]) -> "KeyColumns":
        """Build the key columns of a table of ``RAW_SCHEMA`` whose sessions begin at ``starts``.

        A key-up is paired within its field or, outside of ``fields``, within its session.
        """
        keys = table["key"].combine_chunks().fill_null("").dictionary_encode()
        words, key = keys.dictionary.to_pylist(), keys.indices.to_numpy().astype(np.int64)
        down = holds(table, "action", "down")
        kind_of_press = (key << _HELD_BITS) | held_bits(table["modifiers"])
        distinct = np.flatnonzero(np.bincount(kind_of_press))
        press = np.zeros(len(words) << _HELD_BITS, dtype=np.int64)
        press[distinct] = np.arange(len(distinct))
        press = press[kind_of_press]
        presses = [(words[one >> _HELD_BITS], one & ((1 << _HELD_BITS) - 1)) for one in distinct.tolist()]

        key_rows = np.flatnonzero(holds(table, "kind", "key"))
        down_of = _find_key_downs(table, key_rows, _owners(table, fields, starts), down)
        ups = np.flatnonzero(down_of != np.arange(len(down_of)))
        up_of = np.full(table.num_rows + 1, -1, dtype=np.int64)
        up_of[down_of[ups]] = ups
        number = _number_key_rows(fields, table.num_rows)
        modifiers, carets, ends = (_among(presses, names) for names in (_MODIFIER_KEYS, _CARET_KEYS, _ENDING_KEYS))
        walks = frozenset(at for at, (key, held) in enumerate(presses) if key in _WALKING_KEYS and held & _STEERING)
        return cls(down, number, down_of, up_of, press, presses, modifiers, carets, walks, ends)

    def steps(self, style: Style) -> list[Step]:
        """Return the step of each of ``presses`` in an editor of ``style``."""
        if style not in self._steps:
            self._steps[style] = [press_key_with_bits(key, held, style) for key, held in self.presses]
        return self._steps[style]

    def effects_at_end(self, style: Style) -> list[str | None]:
        """Return ``replay.effect_at_end`` of each of ``presses``."""
        if style not in self._straight:
            self._straight[style] = [effect_at_end(step) for step in self.steps(style)]
        return self._straight[style]


def _owners(table: pa.Table, fields: Sequence[TypedField], starts: Sequence[int]) -> Rows:
    """Assign each row the number of its field or, behind the numbers of all fields, of its session."""
    owner = np.searchsorted(np.array(starts, dtype=np.int64), np.arange(table.num_rows), side="right") + len(fields)
    for number, item in enumerate(fields):
        owner[item.key_rows] = number
    return owner


def _number_key_rows(fields: Sequence[TypedField], rows: int) -> Rows:
    """Assign each key row its number within its field; -1 for other rows and at the end."""
    number = np.full(rows + 1, -1, dtype=np.int64)
    for item in fields:
        number[item.key_rows] = np.arange(len(item.key_rows))
    return number


def _among(presses: Sequence[tuple[str, int]], names: Collection[str]) -> frozenset[int]:
    return frozenset(number for number, (key, _) in enumerate(presses) if key in names)


def _find_key_downs(table: pa.Table, keys: Rows, owner: Rows, down: Flags) -> Rows:
    """Find the key-down of each key-up, of the same key and ``owner``; all other rows get themselves.

    A held key repeats its key-down and has one key-up, which ends the first. Every released key-up needs a key-down of
    its own here, so that pairs are one to one; the replay of ``keystrokes`` and the times of ``noise`` need less.
    """
    found = np.arange(table.num_rows, dtype=np.int64)
    named = physical_keys(table.select(["code", "key"]).take(pa.array(keys)))
    name, owner = named.indices.to_numpy(), owner[keys]
    # The rows of one key and owner are cut into groups of downs, then ups; the n-th up of a group ends its n-th down:
    # ``down 3, down 5, up 6, up 8, up 9, down 11, up 12`` gives 6 -> 3, 8 -> 5, 12 -> 11, and 9 ends none (9 -> 9).
    # ``begins`` marks the first row of each group (3, 11), ``turns`` its first up (6, 12).
    order = _by_number(name, len(named.dictionary))
    order = order[_by_number(owner[order], int(owner.max(initial=0)) + 1)]
    group = (owner * len(named.dictionary) + name)[order]
    rows = keys[order]
    up = ~down[rows]
    at = np.arange(len(rows))
    begins = np.ones(len(rows), dtype=np.bool_)
    begins[1:] = (group[1:] != group[:-1]) | (up[:-1] & ~up[1:])
    turns = up & begins
    turns[1:] |= up[1:] & ~up[:-1]
    first, turn = (np.maximum.accumulate(np.where(marks, at, 0)) for marks in (begins, turns))
    partner = first + at - turn
    ups = np.flatnonzero(up & (partner < turn))
    found[rows[ups]] = rows[partner[ups]]
    return found


def _by_number(numbers: npt.NDArray[np.integer], most: int) -> Rows:
    """Sort ``numbers``, all below ``most``, and return their stable order; linear time if ``most`` fits 16 bits."""
    few = most <= np.iinfo(np.int16).max
    return (numbers.astype(np.int16) if few else numbers).argsort(kind="stable")
