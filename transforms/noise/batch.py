"""Numpy columns of a batch of redacted sessions, as timing and pointer noise read them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.noise.population.quantities import KeyClass

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MODIFIERS = ("Shift", "Control", "Alt", "Meta", "AltGraph")
"""Keys whose hold shows in the ``modifiers`` of other presses."""


UNKNOWN = -1
"""Stands for a time that was not recorded."""

_LATEST_US = np.int64(2**60)


class Kind(IntEnum):
    """Event kinds with a timing of their own; others count as responses of an application."""

    OTHER = 0
    KEY = 1
    POINTER = 2
    FOCUS = 3
    TEXT_INPUT = 4


class Motion(IntEnum):
    """Pointer actions with noise of their own; others are buttons."""

    BUTTON = 0
    MOVE = 1
    SCROLL = 2


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Columns by row, and the sessions: ``begins`` and ``counts`` of their rows, ``labels`` their pseudonyms.

    ``stroke`` numbers the physical keys of each session (-1 off key rows); ``key_class`` is the ``KeyClass`` of a key,
    ``modifier`` which of ``MODIFIERS`` it is (-1: none), ``held`` which of them the row lists.
    """

    begins: Rows
    counts: Rows
    labels: tuple[bytes, ...]
    session: Rows
    kind: npt.NDArray[np.uint8]
    motion: npt.NDArray[np.uint8]
    up: Mask
    stroke: Rows
    key_class: npt.NDArray[np.uint8]
    modifier: npt.NDArray[np.int8]
    held: tuple[Mask, ...]
    table: pa.Table = field(repr=False)

    @classmethod
    def of(cls, table: pa.Table) -> "Batch":
        """Read the columns of a table of ``REDACTED_SCHEMA``; rows of a session are contiguous."""
        runs = pc.run_end_encode(table["session"].combine_chunks())
        ends = runs.run_ends.to_numpy().astype(np.int64)
        begins = np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1]])[: len(ends)]
        counts = ends - begins
        session = np.repeat(np.arange(len(ends), dtype=np.int64), counts)
        kinds = {"key": Kind.KEY, "pointer": Kind.POINTER, "focus": Kind.FOCUS, "text_input": Kind.TEXT_INPUT}
        kind = _map_words(table["kind"], lambda word: kinds.get(word, Kind.OTHER), Kind.OTHER).astype(np.uint8)
        actions = {"move": Motion.MOVE, "scroll": Motion.SCROLL}
        motion = _map_words(table["action"], lambda word: actions.get(word, Motion.BUTTON), Motion.BUTTON)
        is_key = kind == Kind.KEY
        key = table["key"]
        modifiers = {name: index for index, name in enumerate(MODIFIERS)}
        modifier = _map_words(key, lambda word: modifiers.get(word, -1), -1)
        return cls(
            begins=begins,
            counts=counts,
            labels=tuple(name.encode() for name in runs.values.to_pylist()),
            session=session,
            kind=kind,
            motion=motion.astype(np.uint8),
            up=is_key & (_map_words(table["action"], lambda word: word == "up", 0) == 1),
            stroke=np.where(is_key, _strokes(table, session), -1),
            key_class=_map_words(key, _key_class, KeyClass.NAMED).astype(np.uint8),
            modifier=np.where(is_key, modifier, -1).astype(np.int8),
            held=_held_modifiers(table["modifiers"].combine_chunks()),
            table=table,
        )

    @property
    def rows(self) -> int:
        """Return the number of rows of the batch."""
        return len(self.session)

    def per_session(self, rows: Rows) -> list[int]:
        """Count ``rows`` by session."""
        return [int(count) for count in np.bincount(self.session[rows], minlength=len(self.counts))]


def microseconds(table: pa.Table, name: str = "t_us") -> Rows:
    """Read a column of microseconds: ``UNKNOWN`` for null, clipped so that differences fit 64 bits."""
    clipped: Rows = np.clip(table[name].fill_null(UNKNOWN).to_numpy(), UNKNOWN, _LATEST_US)
    return clipped


def fill_rows(length: int, rows: Rows, values: npt.NDArray[np.integer], known: Mask | None = None) -> pa.Array:
    """Build a column of int32 that holds ``values`` at ``rows``; null elsewhere, and where one is not ``known``."""
    column, missing = np.zeros(length, dtype=np.int32), np.ones(length, dtype=np.bool_)
    column[rows], missing[rows] = values, False if known is None else ~known
    return pa.array(column, mask=missing)


def _map_words(column: pa.ChunkedArray, change: Callable[[str], int], missing: int) -> Rows:
    """Map each word by ``change`` to a number, null to ``missing``; one call per distinct word.

    Numbers, where ``editor.event_columns.map_words`` gives words. ``keystrokes.StringCodes`` encodes a column once and
    asks it several questions.
    """
    encoded = _encode(column)
    values = np.array([*(int(change(word)) for word in encoded.dictionary.to_pylist()), missing], dtype=np.int64)
    mapped: Rows = values[pc.fill_null(encoded.indices, len(values) - 1).to_numpy(zero_copy_only=False)]
    return mapped


def _key_class(key: str) -> KeyClass:
    """Classify a W3C key value.

    >>> [_key_class(key).name for key in ("a", "é", " ", "7", "Backspace", "Shift")]
    ['LETTER', 'LETTER', 'SPACE', 'SIGN', 'NAMED', 'MODIFIER']
    """
    if key in MODIFIERS:
        return KeyClass.MODIFIER
    if len(key) != 1:
        return KeyClass.NAMED
    if key == " ":
        return KeyClass.SPACE
    return KeyClass.LETTER if key.isalpha() else KeyClass.SIGN


def _encode(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Dictionary-encode a column in one chunk, with no null among the values."""
    array = column.combine_chunks()
    return array if pa.types.is_dictionary(array.type) else array.dictionary_encode()


def _strokes(table: pa.Table, session: Rows) -> Rows:
    """Encode the (session, physical key) of each row as a number; the key is its code, or its value without a code."""
    numbers: dict[str, int] = {}

    def number(word: str) -> int:
        return numbers.setdefault(word, len(numbers))

    nameless = number("")
    by_code, by_key = _map_words(table["code"], number, UNKNOWN), _map_words(table["key"], number, nameless)
    strokes: Rows = session * len(numbers) + np.where(by_code == UNKNOWN, by_key, by_code)
    return strokes


def _held_modifiers(modifiers: pa.ListArray) -> tuple[Mask, ...]:
    lengths = pc.fill_null(pc.list_value_length(modifiers), 0).to_numpy(zero_copy_only=False)
    rows = np.repeat(np.arange(len(modifiers)), lengths)
    values = modifiers.flatten()
    masks = []
    for name in MODIFIERS:
        mask = np.zeros(len(modifiers), dtype=np.bool_)
        mask[rows[pc.equal(values, name).to_numpy(zero_copy_only=False)]] = True
        masks.append(mask)
    return tuple(masks)
