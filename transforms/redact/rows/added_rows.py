"""Released rows that have no source row of their own: key presses of surrogates, and final texts of fields."""

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.safe import REDACTED_SCHEMA
from transforms.editor.us_layout import Press

_ACTIONS = ("down", "up")
_LAST = 1 << 40
"""Order of a field's final text at its last row: behind all others."""


class Redaction(NamedTuple):
    """Range of a released text that holds a replacement; ``node`` is the index of a node where it is a node's text."""

    column: str
    start: int
    end: int
    entity: str
    node: int | None = None


class TypedRun(NamedTuple):
    """Consecutive presses, each a key-down and a key-up, in the field ``ordinal``, from ``order`` at ``row`` on."""

    row: int
    order: int
    presses: Sequence[Press]
    ordinal: int
    sources: tuple[int, ...]

    def __repr__(self) -> str:
        """Show the place of the run without its keys."""
        return f"TypedRun({self.row}, {self.order}, {len(self.presses)} presses)"


class FinalText(NamedTuple):
    """Final text of the field ``ordinal``, released behind all others at ``row``."""

    row: int
    ordinal: int
    text: str
    redactions: tuple[Redaction, ...]
    sources: tuple[int, ...]

    def __repr__(self) -> str:
        """Show the row without the text."""
        return f"FinalText({self.row})"


class AddedRows(NamedTuple):
    """Added rows: the place of each (source row, order there), their columns, the source rows of each."""

    row: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64]
    columns: Mapping[str, pa.Array]
    sources: list[tuple[int, ...]]


def build_added_rows(runs: Sequence[TypedRun], finals: Sequence[FinalText]) -> AddedRows:
    """Build the rows of ``runs``, then those of ``finals``."""
    rows = np.array([len(_ACTIONS) * len(run.presses) for run in runs], dtype=np.int64)
    typed, ended = int(rows.sum()), len(finals)
    within = np.arange(typed) - np.repeat(np.cumsum(rows) - rows, rows)

    def concat_rows(of_runs: list[int], of_finals: list[int]) -> npt.NDArray[np.int64]:
        return np.concatenate([np.repeat(np.array(of_runs, np.int64), rows), np.array(of_finals, np.int64)])

    order = concat_rows([run.order for run in runs], [_LAST] * ended)
    order[:typed] += within
    return AddedRows(
        concat_rows([run.row for run in runs], [item.row for item in finals]),
        order,
        {
            "kind": _words(["key"] * typed + ["text_input"] * ended),
            "action": _words([*_ACTIONS * (typed // len(_ACTIONS)), *[None] * ended]),
            **_keys([press for run in runs for press in run.presses], ended),
            "synthetic": pa.array([True] * typed + [False] * ended, pa.bool_()),
            "field": pa.array(
                concat_rows([run.ordinal for run in runs], [item.ordinal for item in finals]), pa.int32()
            ),
            "text": _words([*[None] * typed, *(item.text for item in finals)]),
            "redactions": build_redaction_lists([*[()] * typed, *(item.redactions for item in finals)]),
        },
        [
            *itertools.chain.from_iterable(
                [run.sources] * count for run, count in zip(runs, rows.tolist(), strict=True)
            ),
            *(item.sources for item in finals),
        ],
    )


def _words(values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def _keys(presses: Sequence[Press], others: int) -> dict[str, pa.Array]:
    """Build the key columns: two rows for each press, then ``others`` null rows."""
    known = {press: number for number, press in enumerate(dict.fromkeys(presses))}
    numbers = np.repeat(np.array([known[press] for press in presses], dtype=np.int64), len(_ACTIONS))
    at = pa.array(np.concatenate([numbers, np.full(others, len(known))]))
    return {
        "key": _words([*(press.key for press in known), None]).take(at),
        "code": _words([*(press.code for press in known), None]).take(at),
        "modifiers": pa.array([*(list(press.modifiers) for press in known), None], pa.list_(pa.string())).take(at),
    }


def build_redaction_lists(spans: Sequence[Sequence[Redaction]]) -> pa.Array:
    """Build the ``redactions`` column of ``spans``, null where a row has none, with one more null at the end."""
    kind = REDACTED_SCHEMA.field("redactions").type
    lengths = np.array([len(row) for row in spans], dtype=np.int32)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    columns = list(zip(*(span for row in spans for span in row), strict=True)) or [()] * kind.value_type.num_fields
    fields = list(kind.value_type)
    values = pa.StructArray.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, fields, strict=True)], fields=fields
    )
    empty = pa.array([*(lengths == 0), False])
    return pa.ListArray.from_arrays(pa.array(offsets, mask=empty.to_numpy(zero_copy_only=False)), values, type=kind)
