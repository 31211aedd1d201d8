"""Events of a batch that change a text field, read from Arrow once."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.editor.event_columns import held_bits, physical_keys
from transforms.editor.keymap import CONTROL, META, SHIFT, TEXT_FREE_ROLES, is_printable
from transforms.keystrokes.string_codes import StringCodes

Rows = npt.NDArray[np.int64]
Window = tuple[str | None, str | None, str | None]
"""app, title, url"""


class Act(IntEnum):
    """Kind of an event. ``TYPE`` is the down of a key that types a character, ``PRESS`` any other down."""

    TYPE = 0
    RELEASE = 1
    PRESS = 2
    PASTE = 3
    COPY = 4
    CUT = 5
    VALUE = 6
    POINT = 7
    FIELD = 8
    FOCUS = 9
    SESSION = 10


_ACTS = (
    ("key", "down", Act.PRESS),
    ("key", "up", Act.RELEASE),
    ("clipboard", "paste", Act.PASTE),
    ("clipboard", "copy", Act.COPY),
    ("clipboard", "cut", Act.CUT),
    ("input_value", None, Act.VALUE),
    ("pointer", "down", Act.POINT),
    ("pointer", "click", Act.POINT),
    ("pointer", "double_click", Act.POINT),
    ("pointer", "triple_click", Act.POINT),
    ("pointer", "drag", Act.POINT),
    ("field", None, Act.FIELD),
    ("focus", None, Act.FOCUS),
    ("session", None, Act.SESSION),
)


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """Columns of a ``field`` row."""

    role: str | None = field(repr=False)
    label: str | None = field(repr=False)
    multiline: bool | None
    resumed: bool | None


@dataclass(frozen=True, slots=True)
class Events:
    """Key and other events of a batch in order, as parallel lists.

    Characters typed one after the other, with the same ``field_id``, are one event of several rows. A key-up is listed
    only where its key-down is unknown.
    """

    rows: list[list[int]]  # row numbers of the batch's table
    act: list[int]  # an ``Act``
    field_id: list[str | None] = field(repr=False)  # null where the log names no field
    key: list[str] = field(repr=False)  # of key events; several characters where an event has several rows
    held: list[int]  # of key events: modifiers, as bits of ``keymap``

    def part(self, start: int, end: int) -> "Events":
        """Return the events at positions ``start`` to ``end``."""
        return Events(
            self.rows[start:end],
            self.act[start:end],
            self.field_id[start:end],
            self.key[start:end],
            self.held[start:end],
        )


class Releases(NamedTuple):
    """Rows of key-ups, and the rows of their key-downs."""

    up: Rows
    down: Rows


@dataclass(frozen=True, slots=True)
class Details:
    """Columns that only a few kinds of rows have, by row."""

    texts: dict[int, str] = field(repr=False)  # of clipboard and ``input_value`` rows
    masked: frozenset[int]  # ``input_value`` rows that the recorder masked
    fields: dict[int, FieldInfo] = field(repr=False)  # of ``field`` rows
    windows: dict[int, Window] = field(repr=False)  # of ``focus`` rows
    headers: dict[int, tuple[str | None, str | None]] = field(repr=False)  # of ``session`` rows: os, keyboard layout


def read_events(table: pa.Table, starts: Sequence[int]) -> tuple[Events, Releases, Details]:
    """Read the events of ``table`` (``RAW_SCHEMA``), whose sessions begin at ``starts``."""
    every = _acts(table)
    rows = np.flatnonzero(every >= 0)
    chosen = table.select(["field_id", "key", "code", "modifiers"]).take(pa.array(rows))
    keys, codes, held = StringCodes.of(chosen["key"]), StringCodes.of(chosen["code"]), held_bits(chosen["modifiers"])
    acts = every[rows]
    acts[(acts == Act.PRESS) & keys.matching(_is_character) & (held & ~SHIFT == 0)] = Act.TYPE
    session = np.searchsorted(np.array(starts, dtype=np.int64), rows, side="right")
    ups, downs = _pair_key_ups(physical_keys(chosen).indices.to_numpy().astype(np.int64), acts, session)
    listed = np.ones(len(rows), dtype=np.bool_)
    listed[ups] = False
    at = np.flatnonzero(listed)
    names = StringCodes.of(chosen["field_id"])
    typed, owner = acts[at] == Act.TYPE, session[at] * (len(names.words) + 1) + names.numbers[at]
    begins = np.ones(len(at), dtype=np.bool_)
    begins[1:] = ~(typed[1:] & typed[:-1] & (owner[1:] == owner[:-1]))
    first = np.flatnonzero(begins)
    bounds = [*first.tolist(), len(at)]
    shown = _latin_shortcuts(keys, codes, (acts == Act.PRESS) & (held & (CONTROL | META) != 0), at)
    counted = rows[at].tolist()
    events = Events(
        rows=[counted[start:end] for start, end in itertools.pairwise(bounds)],
        act=acts[at[first]].tolist(),
        field_id=StringCodes(names.words, names.numbers[at[first]]).names(),
        key=["".join(shown[start:end]) for start, end in itertools.pairwise(bounds)],
        held=held[at[first]].tolist(),
    )
    return events, Releases(rows[ups], rows[downs]), _details(table, rows, acts)


def _pair_key_ups(physical: Rows, acts: npt.NDArray[np.int8], session: Rows) -> tuple[Rows, Rows]:
    """Return the positions of key-ups right after a key-down of their key in the session, and of these key-downs.

    The pairs say to which field a key-up belongs. Of ``a`` down, down, up, up only the first up is paired; the second
    stays an event and goes by its ``field_id`` or the focus. The release pairs both (``redact.rows.key_columns``).
    """
    at = np.flatnonzero((acts == Act.TYPE) | (acts == Act.PRESS) | (acts == Act.RELEASE))
    group = session[at] * (int(physical.max(initial=0)) + 1) + physical[at]
    order = at[group.argsort(kind="stable")]
    group.sort()
    up = acts[order] == Act.RELEASE
    known = np.flatnonzero(up[1:] & ~up[:-1] & (group[1:] == group[:-1]))
    return order[known + 1], order[known]


def _acts(table: pa.Table) -> npt.NDArray[np.int8]:
    """Return the ``Act`` of every row of the table, -1 for rows that change no field."""
    acts = np.full(table.num_rows, -1, dtype=np.int8)
    kinds, actions = StringCodes.of(table["kind"]), StringCodes.of(table["action"])
    for kind, action, act in _ACTS:
        chosen = kinds.equal(kind)
        acts[chosen if action is None else chosen & actions.equal(action)] = act
    pointed = np.flatnonzero(acts == Act.POINT)
    roles = StringCodes.of(pc.struct_field(table["target"].take(pa.array(pointed)), "role"))
    acts[pointed[roles.matching(_moves_no_caret)]] = -1
    return acts


def _latin_shortcuts(keys: StringCodes, codes: StringCodes, shortcuts: npt.NDArray[np.bool_], at: Rows) -> list[str]:
    """Return the key values ``at`` some rows; a shortcut on a non-Latin layout gets the Latin letter of its key."""
    listed = StringCodes(keys.words, keys.numbers[at]).texts()
    foreign = (shortcuts & keys.matching(_is_foreign) & codes.matching(_is_letter_key))[at]
    for place in np.flatnonzero(foreign).tolist():
        listed[place] = codes.words[codes.numbers[at[place]]][-1].lower()
    return listed


def _details(table: pa.Table, rows: Rows, acts: npt.NDArray[np.int8]) -> Details:
    copied = _records(table, rows[(acts >= Act.PASTE) & (acts <= Act.CUT)], ["text"])
    logged = list(_records(table, rows[acts == Act.VALUE], ["value", "source_masked"]))
    fields = _records(table, rows[acts == Act.FIELD], ["role", "label", "multiline", "resumed"])
    windows = _records(table, rows[acts == Act.FOCUS], ["app", "title", "url"])
    headers = _records(table, rows[acts == Act.SESSION], ["os", "keyboard_layout"])
    return Details(
        texts={row: text or "" for row, (text,) in copied} | {row: text or "" for row, (text, _) in logged},
        masked=frozenset(row for row, (_, masked) in logged if masked),
        fields={row: FieldInfo(*values) for row, values in fields},
        windows={row: (app, title, url) for row, (app, title, url) in windows},
        headers={row: (os, layout) for row, (os, layout) in headers},
    )


def _records(table: pa.Table, rows: Rows, names: list[str]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    columns = [table[name].take(pa.array(rows)).to_pylist() for name in names]
    return zip(rows.tolist(), zip(*columns, strict=True), strict=True)


def _is_character(key: str) -> bool:
    return len(key) == 1 and is_printable(key)


def _is_foreign(key: str) -> bool:
    return len(key) == 1 and not key.isascii()


def _is_letter_key(code: str) -> bool:
    return len(code) == len("KeyA") and code.startswith("Key")


def _moves_no_caret(role: str) -> bool:
    return role.casefold() in TEXT_FREE_ROLES
