"""Key events of a batch as columns by row, and which key-up ends which key-down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.raw import TypedField
from transforms.editor.commands import Style
from transforms.editor.keymap import ALT, CONTROL, HELD
from transforms.editor.replay import Step, effect_at_end, press_key_with_bits
from transforms.redact.rows.columns import Flags, holds, join_bits

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

    ``down`` marks key-downs. ``number`` counts the key rows of each field. ``down_of`` is the row of a key-up's
    key-down; of rows without one, and of all others, it is the row itself. ``up_of`` is the row of a key-down's key-up.
    ``press`` numbers the different keys with the modifiers held, which ``presses`` lists; ``modifiers``, ``carets``,
    ``walks`` and ``ends`` are the numbers of modifiers and of keys that move the caret, move it in some editors, or end
    an entry.

    Rows without a ``number`` or an ``up_of`` have -1; so has row -1 itself, which stands at the end of both.
    """

    down: Flags
    number: Rows
    down_of: Rows
    up_of: Rows
    press: Rows
    presses: Sequence[tuple[str, int]] = field(repr=False)
    modifiers: frozenset[int]
    carets: frozenset[int]
    walks: frozenset[int]
    ends: frozenset[int]
    _steps: dict[Style, list[Step]] = field(default_factory=dict, repr=False)
    _straight: dict[Style, list[str | None]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, table: pa.Table, fields: Sequence[TypedField], starts: Sequence[int]) -> "KeyColumns":
        """Return the key columns of a table of ``RAW_SCHEMA`` whose sessions begin at ``starts``.

        Rows of ``fields`` are paired within their field, all others within their session.
        """
        keys = table["key"].combine_chunks().fill_null("").dictionary_encode()
        words, key = keys.dictionary.to_pylist(), keys.indices.to_numpy().astype(np.int64)
        down = holds(table, "action", "down")
        kind_of_press = (key << _HELD_BITS) | join_bits(table["modifiers"].combine_chunks(), HELD)
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
        """Return what each of ``presses`` does in an editor of ``style``."""
        if style not in self._steps:
            self._steps[style] = [press_key_with_bits(key, held, style) for key, held in self.presses]
        return self._steps[style]

    def effects_at_end(self, style: Style) -> list[str | None]:
        """Return what each of ``presses`` does at the end of a text, as ``replay.effects_at_end`` says it."""
        if style not in self._straight:
            self._straight[style] = [effect_at_end(step) for step in self.steps(style)]
        return self._straight[style]


def _owners(table: pa.Table, fields: Sequence[TypedField], starts: Sequence[int]) -> Rows:
    """Return the number of each row's field or, behind those of all fields, of its session."""
    owner = np.searchsorted(np.array(starts, dtype=np.int64), np.arange(table.num_rows), side="right") + len(fields)
    for number, item in enumerate(fields):
        owner[item.key_rows] = number
    return owner


def _number_key_rows(fields: Sequence[TypedField], rows: int) -> Rows:
    """Return the number of each row among the key rows of its field."""
    number = np.full(rows + 1, -1, dtype=np.int64)
    for item in fields:
        number[item.key_rows] = np.arange(len(item.key_rows))
    return number


def _among(presses: Sequence[tuple[str, int]], names: Collection[str]) -> frozenset[int]:
    return frozenset(number for number, (key, _) in enumerate(presses) if key in names)


def _find_key_downs(table: pa.Table, keys: Rows, owner: Rows, down: Flags) -> Rows:
    """Return for each row the row of its key-down: of its key, by its ``owner``, since the key went up last.

    A key is known by its code or, where the log has none, by its value in either case: Shift may go up before a letter.
    ``a`` down, down, up, up, up: the first two key-ups belong to the two key-downs, the third to none, that is to
    itself. What is held down repeats key-downs, and has one key-up, which belongs to the first.
    """
    found = np.arange(table.num_rows, dtype=np.int64)
    code, key = (table[name].take(pa.array(keys)).combine_chunks().fill_null("") for name in ("code", "key"))
    nameless = pc.is_in(code, value_set=pa.array(["", "Unidentified"]))
    named = pc.if_else(nameless, pc.utf8_lower(key), code).dictionary_encode()
    name, owner = named.indices.to_numpy(), owner[keys]
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
    """Return the stable order of ``numbers``, which are below ``most``; of small ones it is found in linear time."""
    few = most <= np.iinfo(np.int16).max
    return (numbers.astype(np.int16) if few else numbers).argsort(kind="stable")
