"""References between released rows: a screen to an earlier one that is equal, a target to the screen that shows it.

Both name a row by its ``seq``, so they are made once the rows of a release are fixed.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.safe import EVENTS_SCHEMA
from transforms.editor.event_columns import run_starts
from transforms.noise.batch import Rows, fill_rows


def link_screens(table: pa.Table) -> pa.Table:
    """Put ``same_as`` in place of nodes that repeat those of an earlier screen, and ``screen`` beside ``node``.

    A ``node`` whose screen is not in the session, because it lies in an earlier chunk, becomes null.
    """
    nodes = table["nodes"].combine_chunks()
    shown = np.flatnonzero(nodes.is_valid().to_numpy(zero_copy_only=False))
    targets = np.flatnonzero(table["node"].is_valid().to_numpy())
    if not len(shown) and not len(targets):
        return table
    firsts = run_starts(table["session"])
    starts = np.repeat(firsts, np.diff(firsts, append=len(table)))
    seq = table["seq"].to_numpy()
    same = _find_repeats(table, nodes, shown, starts)
    columns = {}
    if same:
        repeats = np.array(list(same), np.int64)
        columns["same_as"] = fill_rows(len(table), repeats, seq[list(same.values())])
        kept = np.ones(len(table), np.bool_)
        kept[repeats] = False
        columns["nodes"] = pc.if_else(pa.array(kept), nodes, pa.scalar(None, nodes.type))
        columns["redactions"] = _drop_marks(table["redactions"].combine_chunks(), repeats)
    before = np.searchsorted(shown, targets) - 1
    known = (before >= 0) & (shown[before] >= starts[targets]) if len(shown) else np.zeros(len(targets), np.bool_)
    rows = targets[known]
    columns["screen"] = fill_rows(len(table), rows, seq[shown[before[known]]])
    columns["node"] = fill_rows(len(table), rows, table["node"].take(pa.array(rows)).to_numpy())
    return pa.table([columns.get(name, table[name]) for name in EVENTS_SCHEMA.names], schema=EVENTS_SCHEMA)


def _find_repeats(table: pa.Table, nodes: pa.ListArray, shown: Rows, starts: Rows) -> dict[int, int]:
    """Find the rows whose nodes and redactions are those of an earlier row of their session, and that row."""
    codes = _codes(pc.list_flatten(nodes))
    counts = pc.list_value_length(nodes).take(pa.array(shown)).to_numpy()
    ends = np.cumsum(counts)
    marks = table["redactions"].take(pa.array(shown)).to_pylist()
    first: dict[tuple[int, bytes, str], int] = {}
    same: dict[int, int] = {}
    for row, begin, end, marked in zip(shown.tolist(), ends - counts, ends, marks, strict=True):
        own = [tuple(mark.values()) for mark in marked or () if mark["node"] is not None]
        earlier = first.setdefault((int(starts[row]), codes[begin:end].tobytes(), repr(own)), row)
        if earlier != row:
            same[row] = earlier
    return same


def _codes(nodes: pa.StructArray) -> npt.NDArray[np.int64]:
    """Give equal nodes equal rows of numbers: one for each part."""
    parts = [pc.struct_field(nodes, index) for index in range(nodes.type.num_fields)]
    return np.stack([_number(part) for part in parts], axis=1)


def _number(part: pa.Array) -> Rows:
    if pa.types.is_list(part.type):
        part = pc.binary_join(part, " ")
    if pa.types.is_string(part.type):
        part = part.dictionary_encode().indices
    numbers: Rows = pc.fill_null(part.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return numbers


def _drop_marks(redactions: pa.ListArray, rows: Rows) -> pa.Array:
    """Drop the redactions of nodes at ``rows``, where there are none any more."""
    listed = redactions.take(pa.array(rows)).to_pylist()
    fewer = [[mark for mark in marks or () if mark["node"] is None] or None for marks in listed]
    order = np.arange(len(redactions))
    order[rows] = len(redactions) + np.arange(len(rows))
    return pa.concat_arrays([redactions, pa.array(fewer, redactions.type)]).take(pa.array(order))
