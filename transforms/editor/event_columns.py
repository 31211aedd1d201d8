"""Columns of raw events that several steps derive in the same way: sessions, physical keys, modifier bits."""

from collections.abc import Mapping

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
    if not table.num_rows:
        return []
    ids = table["session_id"].combine_chunks().dictionary_encode()
    codes = ids.indices.fill_null(len(ids.dictionary)).to_numpy(zero_copy_only=False)
    episodes = table["episode"].fill_null(0).to_numpy()
    changes = (codes[1:] != codes[:-1]) | (episodes[1:] != episodes[:-1])
    return [0, *(np.flatnonzero(changes) + 1).tolist()]


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
