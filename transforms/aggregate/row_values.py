"""Value named by each row of a redacted batch: counted for admission, and hidden unless admitted."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.aggregates import PRIVATE
from transforms.editor.event_columns import map_words
from transforms.sites.addresses import site

_CHORD = ("Control", "Alt", "Meta")
"""Modifiers that make a key press a command rather than a character."""

_SHOWN = ("Control", "Alt", "Shift", "Meta")


def apps(table: pa.Table) -> pa.Array:
    """Read the application that each row names; null off focus rows and if it contains a surrogate."""
    named = pc.if_else(_is_redacted(table, "app"), pa.scalar(None, pa.string()), table["app"].combine_chunks())
    return pc.if_else(pc.equal(named, PRIVATE), pa.scalar(None, pa.string()), named)


def hosts(table: pa.Table) -> pa.Array:
    """Read the site of the address in each row; null without one or if it contains a surrogate."""
    addresses = table["url"].combine_chunks()
    names = map_words(addresses, _site_name)
    touched = np.zeros(table.num_rows, dtype=np.bool_)
    rows, starts = _spans(table, "url")
    for row, start in zip(rows.tolist(), starts.tolist(), strict=True):
        touched[row] |= start < site(addresses[row].as_py()).end
    return pc.if_else(pa.array(touched), pa.scalar(None, pa.string()), names)


def shortcuts(table: pa.Table) -> pa.Array:
    """Read the command that each key press gives, such as ``Control+Shift+t``; null on other rows.

    Presses that the redaction made are left out, as is typing: a press with no modifier but Shift.
    """
    held = table["modifiers"].combine_chunks()
    pressed = pc.and_(pc.equal(table["kind"], "key"), pc.equal(table["action"], "down")).combine_chunks()
    pressed = pc.and_(pressed, pc.invert(table["synthetic"].combine_chunks()))
    pressed = pc.and_(pressed, _lists_any(held, _CHORD))
    rows = np.flatnonzero(pc.fill_null(pressed, fill_value=False).to_numpy(zero_copy_only=False))
    part = table.select(["key", "modifiers"]).take(pa.array(rows))
    names = [
        "+".join([*(name for name in _SHOWN if name in modifiers), key.lower() if len(key) == 1 else key])
        if key and key not in _SHOWN
        else None
        for key, modifiers in zip(part["key"].to_pylist(), part["modifiers"].to_pylist(), strict=True)
    ]
    place, nothing = np.zeros(table.num_rows, np.int64), np.ones(table.num_rows, np.bool_)
    place[rows], nothing[rows] = np.arange(len(rows)), False
    return pa.array(names, pa.string()).take(pa.array(place, mask=nothing))


def is_chord(table: pa.Table) -> npt.NDArray[np.bool_]:
    """Return by row whether a modifier is down that makes a command of a key."""
    return np.asarray(_lists_any(table["modifiers"].combine_chunks(), _CHORD).to_numpy(zero_copy_only=False), np.bool_)


def _site_name(address: str) -> str | None:
    return site(address).name or None


def _lists_any(lists: pa.ListArray, words: Sequence[str]) -> pa.Array:
    """Return by list whether one of ``words`` is in it."""
    found = np.zeros(len(lists), dtype=np.bool_)
    parents = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)
    hit = pc.is_in(pc.list_flatten(lists), value_set=pa.array(words)).to_numpy(zero_copy_only=False)
    found[parents[hit]] = True
    return pa.array(found)


def _is_redacted(table: pa.Table, column: str) -> pa.Array:
    rows, _ = _spans(table, column)
    found = np.zeros(table.num_rows, dtype=np.bool_)
    found[rows] = True
    return pa.array(found)


def _spans(table: pa.Table, column: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """List row and start of each redaction of ``column``."""
    redactions = table["redactions"].combine_chunks()
    spans = pc.list_flatten(redactions)
    ours = pc.equal(spans.field("column"), column).to_numpy(zero_copy_only=False)
    parents = pc.list_parent_indices(redactions).to_numpy(zero_copy_only=False)
    return np.asarray(parents[ours], np.int64), spans.field("start").to_numpy(zero_copy_only=False)[ours]
