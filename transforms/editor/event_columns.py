"""Columns of events that several steps derive in the same way: sessions, physical keys, modifier bits."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.editor.keymap import HELD

_NAMELESS = ("", "Unidentified")


def session_starts(table: pa.Table) -> list[int]:
    """Return the first row of every session (``session_id``, ``episode``) of a table of ``RAW_SCHEMA``.

    Rows ``s 0, s 0, s 1, t 0`` start sessions at 0, 2 and 3.
    """
    starts = np.union1d(run_starts(table["session_id"]), run_starts(table["episode"].fill_null(0)))
    return [int(start) for start in starts]


def run_starts(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Return the first row of every run of equal values; null is a value of its own.

    Rows ``s, s, t, s`` start runs at 0, 2 and 3.
    """
    codes = column.combine_chunks().dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.flatnonzero(np.diff(codes, prepend=-2))  # no code is -2: row 0 starts a run


def map_words(column: pa.Array, change: Callable[[str], str | None]) -> pa.Array:
    """Map each word of a string column by ``change``, one call per distinct word; null stays null."""
    encoded = column.dictionary_encode()
    return pa.array([change(word) for word in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def physical_keys(events: pa.Table) -> pa.DictionaryArray:
    """Name the physical key of each event: its code or, without one, its key value in lower case.

    Shift may go up before the letter: ``A`` down and ``a`` up are one key, without a code too.
    """
    code, key = (events[name].combine_chunks().fill_null("") for name in ("code", "key"))
    nameless = pc.is_in(code, value_set=pa.array(_NAMELESS))
    return pc.if_else(nameless, pc.utf8_lower(key), code).dictionary_encode()


def join_bits(lists: pa.ListArray, bit_of: Mapping[str, int]) -> npt.NDArray[np.int64]:
    """Join the bits of the words in each list of a column; other words have none, and neither has null."""
    words = lists.flatten().dictionary_encode()
    known = np.array([*(bit_of.get(word, 0) for word in words.dictionary.to_pylist()), 0], dtype=np.int64)
    joined = np.zeros(len(lists), dtype=np.int64)
    numbers = words.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
    np.bitwise_or.at(joined, pc.list_parent_indices(lists).to_numpy(zero_copy_only=False), known[numbers])
    return joined


def held_bits(modifiers: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Join the modifiers of each row to bits of ``keymap``."""
    return join_bits(modifiers.combine_chunks(), HELD)
