"""Events as tensors: the vocabulary, and batches of sessions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from keyveil.records import Episode
from schemas.vocabulary import BUTTONS, CODES, MODIFIERS, ROLES

PADDING, NULL, OTHER, _FIRST = 0, 1, 2, 3

VOCABULARY: dict[str, tuple[str, ...]] = {
    "kind": ("focus", "field", "key", "pointer", "screen", "clipboard", "input_value", "text_input"),
    "action": ("down", "up", "move", "click", "double_click", "drag", "scroll", "copy", "cut", "paste"),
    "code": tuple(sorted(set(CODES.values()))),
    "button": tuple(sorted(BUTTONS)),
    "role": tuple(sorted(ROLES)),
}
"""Column to its words. The id of a word is 3 and its place; 0 is padding, 1 a null, 2 any other word."""

MODIFIER_BITS = {name: 1 << place for place, name in enumerate(sorted(MODIFIERS))}
"""Value of each modifier in ``Batch.modifiers``."""

NUMBERS = ("t_ms", "x", "y", "dx", "dy")
"""Columns of ``Batch.numbers``, in order: milliseconds and pixels as released."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Sessions of one step, padded at the end to the longest.

    ``kind``, ``action``, ``code``, ``button``, ``role``: int64 [sessions, events], ids of ``VOCABULARY``.
    ``modifiers``: int64, sums of ``MODIFIER_BITS``. ``synthetic``: bool. ``field``: int64, -1 where null or padding.
    ``numbers``: float32 [sessions, events, 5], 0 where null; ``known``: bool of the same shape. ``mask``: bool, true on
    events. A column that was not read is null throughout. ``text`` holds the ``text`` column by session
    and event.
    """

    sessions: tuple[str, ...]
    users: tuple[str | None, ...]
    kind: Tensor
    action: Tensor
    code: Tensor
    button: Tensor
    role: Tensor
    modifiers: Tensor
    synthetic: Tensor
    field: Tensor
    numbers: Tensor
    known: Tensor
    mask: Tensor
    text: tuple[tuple[str | None, ...], ...]
    cursors: tuple[dict[str, int | str], ...]

    def to(self, device: torch.device | str) -> "Batch":
        """Return the batch with its tensors on ``device``."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return Batch(**{name: v.to(device) if isinstance(v, Tensor) else v for name, v in values.items()})


def collate(episodes: Sequence[Episode]) -> Batch:
    """Return whole sessions as one ``Batch``; for ``DataLoader(collate_fn=collate)``."""
    tables = [episode.events for episode in episodes]

    def padded(convert: Callable[[pa.Table], Tensor], fill: float = PADDING) -> Tensor:
        return pad_sequence([convert(table) for table in tables], batch_first=True, padding_value=fill)

    def ids(name: str) -> Tensor:
        return padded(lambda table: word_ids(_column(table, name, pa.string()), VOCABULARY[name]))

    numbers = padded(lambda table: torch.stack([_numbers(table, name, 0, pa.float32()) for name in NUMBERS], dim=1))
    return Batch(
        sessions=tuple(episode.session for episode in episodes),
        users=tuple(episode.user for episode in episodes),
        kind=ids("kind"),
        action=ids("action"),
        code=ids("code"),
        button=ids("button"),
        role=ids("role"),
        modifiers=padded(_modifiers),
        synthetic=padded(lambda table: _numbers(table, "synthetic", 0, pa.int8())).bool(),
        field=padded(lambda table: _numbers(table, "field", -1, pa.int64()), -1),
        numbers=numbers,
        known=padded(lambda table: torch.stack([_find_codes(table, name) for name in NUMBERS], dim=1)).bool(),
        mask=padded(lambda table: torch.ones(table.num_rows, dtype=torch.int8)).bool(),
        text=tuple(tuple(_column(table, "text", pa.string()).to_pylist()) for table in tables),
        cursors=tuple(episode.cursor for episode in episodes),
    )


def word_ids(column: pa.Array, words: Sequence[str]) -> Tensor:
    """Return the id of each word of ``column``: 3 and its place in ``words``, ``NULL`` or ``OTHER``."""
    places = pc.index_in(column, pa.array(words, pa.string()))
    known = pc.add(pc.fill_null(places, OTHER - _FIRST), _FIRST)
    return _tensor(pc.if_else(pc.is_valid(column), known, NULL).cast(pa.int64()))


def _column(table: pa.Table, name: str, kind: pa.DataType) -> pa.Array:
    if name not in table.schema.names:
        return pa.nulls(table.num_rows, kind)
    found = table[name].cast(kind).combine_chunks()
    return pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found


def _numbers(table: pa.Table, name: str, fill: int, kind: pa.DataType) -> Tensor:
    return _tensor(pc.fill_null(_column(table, name, kind), pa.scalar(fill).cast(kind)))


def _find_codes(table: pa.Table, name: str) -> Tensor:
    return _tensor(pc.is_valid(_column(table, name, pa.int64())).cast(pa.int8()))


def _modifiers(table: pa.Table) -> Tensor:
    column = _column(table, "modifiers", pa.list_(pa.string()))
    names = tuple(MODIFIER_BITS)
    places = pc.index_in(pc.list_flatten(column), pa.array(names, pa.string()))
    known = pc.is_valid(places)
    bits = torch.tensor(tuple(MODIFIER_BITS.values()))[_tensor(places.filter(known).cast(pa.int64()))]
    rows = _tensor(pc.list_parent_indices(column).filter(known).cast(pa.int64()))
    return torch.zeros(table.num_rows, dtype=torch.int64).index_put_((rows,), bits, accumulate=True)


_TYPES: dict[Any, torch.dtype] = {pa.int64(): torch.int64, pa.float32(): torch.float32, pa.int8(): torch.int8}


def _tensor(values: pa.Array) -> Tensor:
    """Return a copy of the values of an array without nulls; needs no NumPy."""
    kind = _TYPES[values.type]
    if not len(values):
        return torch.zeros(0, dtype=kind)
    content = bytearray(values.buffers()[1])
    return torch.frombuffer(content, dtype=kind, count=len(values), offset=values.offset * kind.itemsize)
