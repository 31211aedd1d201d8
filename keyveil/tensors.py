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
from schemas.errors import UsageError
from schemas.vocabulary import BUTTONS, CODES, MODIFIERS, ROLES

PADDING, NULL, OTHER, _FIRST = 0, 1, 2, 3

VOCABULARY: dict[str, tuple[str, ...]] = {
    "kind": ("focus", "field", "key", "pointer", "screen", "clipboard", "input_value", "text_input", "task"),
    "action": ("down", "up", "move", "click", "double_click", "drag", "scroll", "copy", "cut", "paste", "triple_click"),
    "code": tuple(sorted(set(CODES.values()))),
    "button": tuple(sorted(BUTTONS)),
    "role": tuple(sorted(ROLES)),
    "place": ("element", "node", "cell", "none"),
}
"""Column to its words. The id of a word is 3 and its place; 0 is padding, 1 a null, 2 any other word."""

MODIFIER_BITS = {name: 1 << place for place, name in enumerate(sorted(MODIFIERS))}
"""Value of each modifier in ``Batch.modifiers``."""

NUMBERS = ("t_ms", "x", "y", "dx", "dy", "to_x", "to_y")
"""Columns of ``Batch.numbers``, in order: milliseconds; places in ten-thousandths of the window, or noised pixels."""

TEXTS = ("app", "title", "url", "name", "text")
"""Columns of ``Batch.texts``."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Sessions of one step, or windows of them, padded at the end to the longest.

    ``kind``, ``action``, ``code``, ``button``, ``role``, ``place``: int64 [windows, events], ids of ``VOCABULARY``.
    ``modifiers``: int64, sums of ``MODIFIER_BITS``. ``synthetic``: bool. ``field``: int64, -1 where null or padding.
    ``numbers``: float32 [windows, events, 7], 0 where null; ``known``: bool of the same shape. ``mask``: bool, true on
    events. A column that was not read is null throughout. ``texts`` holds the words of each column of ``TEXTS`` by
    window and event, ``text`` is that column's. ``starts`` is the number of the first event of each window in its
    session. ``cursors`` has one of each session.
    """

    sessions: tuple[str, ...]
    users: tuple[str | None, ...]
    kind: Tensor
    action: Tensor
    code: Tensor
    button: Tensor
    role: Tensor
    place: Tensor
    modifiers: Tensor
    synthetic: Tensor
    field: Tensor
    numbers: Tensor
    known: Tensor
    mask: Tensor
    texts: dict[str, tuple[tuple[str | None, ...], ...]]
    starts: tuple[int, ...]
    cursors: tuple[dict[str, int | str], ...]

    @property
    def text(self) -> tuple[tuple[str | None, ...], ...]:
        """Return the ``text`` column by window and event."""
        return self.texts["text"]

    def to(self, device: torch.device | str) -> "Batch":
        """Return the batch with its tensors on ``device``."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return Batch(**{name: v.to(device) if isinstance(v, Tensor) else v for name, v in values.items()})


def collate(episodes: Sequence[Episode], max_events: int | None = None) -> Batch:
    """Return whole sessions as one ``Batch``; for ``DataLoader(collate_fn=collate)``.

    With ``max_events``, for ``partial(collate, max_events=512)``, a longer session comes as several windows one after
    another, so that one session of hours does not set the width of the batch; no event is left out. Raises
    ``UsageError`` where it is less than 1.
    """
    if max_events is not None and max_events < 1:
        raise UsageError("max_events must be 1 or more; pass None for whole sessions")
    windows = [(episode, start) for episode in episodes for start in _starts(episode, max_events)]
    tables = [episode.events.slice(start, max_events) for episode, start in windows]

    def pad(convert: Callable[[pa.Table], Tensor], fill: float = PADDING) -> Tensor:
        return pad_sequence([convert(table) for table in tables], batch_first=True, padding_value=fill)

    def ids(name: str) -> Tensor:
        return pad(lambda table: word_ids(_column(table, name, pa.string()), VOCABULARY[name]))

    numbers = pad(lambda table: torch.stack([_numbers(table, name, 0, pa.float32()) for name in NUMBERS], dim=1))
    return Batch(
        sessions=tuple(episode.session for episode, _ in windows),
        users=tuple(episode.user for episode, _ in windows),
        kind=ids("kind"),
        action=ids("action"),
        code=ids("code"),
        button=ids("button"),
        role=ids("role"),
        place=ids("place"),
        modifiers=pad(_modifiers),
        synthetic=pad(lambda table: _numbers(table, "synthetic", 0, pa.int8())).bool(),
        field=pad(lambda table: _numbers(table, "field", -1, pa.int64()), -1),
        numbers=numbers,
        known=pad(lambda table: torch.stack([_find_codes(table, name) for name in NUMBERS], dim=1)).bool(),
        mask=pad(lambda table: torch.ones(table.num_rows, dtype=torch.int8)).bool(),
        texts={name: tuple(tuple(_column(table, name, pa.string()).to_pylist()) for table in tables) for name in TEXTS},
        starts=tuple(start for _, start in windows),
        cursors=tuple(episode.cursor for episode in episodes),
    )


def _starts(episode: Episode, max_events: int | None) -> range:
    """Return the first event of each window of a session; an empty session is one window."""
    rows = max(1, episode.events.num_rows)
    return range(0, rows, max_events or rows)


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
