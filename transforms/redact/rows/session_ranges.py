"""Row ranges of the sessions of a batch, and one session as a batch of its own."""

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.raw import RawSessions, TypedField, TypedSessions
from transforms.editor.event_columns import session_starts

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class SessionRange:
    """Half-open row range of one session of the batch."""

    start: int
    end: int
    session_id: str = field(repr=False)
    user_id: str = field(repr=False)
    episode: int


def session_ranges(table: pa.Table) -> Iterator[SessionRange]:
    """Yield the sessions (``session_id``, ``episode``) of a table of ``RAW_SCHEMA`` in order."""
    starts = session_starts(table)
    ids, users, episodes = table["session_id"], table["user_id"], table["episode"]
    for start, end in itertools.pairwise([*starts, table.num_rows]):
        yield SessionRange(start, end, ids[start].as_py(), users[start].as_py(), episodes[start].as_py())


def group_by_session(
    sessions: Sequence[SessionRange], items: Iterable[_Item], rows: Sequence[int]
) -> list[list[_Item]]:
    """Group ``items`` by the session of their ``rows``."""
    ends = np.array([session.end for session in sessions], dtype=np.int64)
    groups: list[list[_Item]] = [[] for _ in sessions]
    for item, group in zip(items, np.searchsorted(ends, rows, side="right").tolist(), strict=True):
        groups[group].append(item)
    return groups


def session_ends(sessions: Sequence[SessionRange], rows: npt.NDArray[np.int64]) -> list[int]:
    """Return the end of the session of each of ``rows``."""
    ends = np.array([session.end for session in sessions])
    return ends[np.searchsorted(ends, rows, side="right")].tolist() if len(ends) else []


def slice_session(typed: TypedSessions, session: SessionRange) -> TypedSessions:
    """Slice one session of ``typed`` as a batch; rows count from its start."""
    table = typed.sessions.table.slice(session.start, session.end - session.start)
    fields = [item for item in typed.fields if session.start <= item.session_start < session.end]
    return TypedSessions(RawSessions(table), tuple(_shift_field(item, session.start) for item in fields))


def _shift_field(item: TypedField, by: int) -> TypedField:
    return dataclasses.replace(
        item,
        session_start=item.session_start - by,
        field_row=item.field_row if item.field_row < 0 else item.field_row - by,
        cell_rows=item.cell_rows - by,
        gone_rows=_shift_known(item.gone_rows, by),
        key_rows=item.key_rows - by,
        last_row=item.last_row - by,
    )


def _shift_known(rows: npt.NDArray[np.int64], by: int) -> npt.NDArray[np.int64]:
    return np.where(rows < 0, rows, rows - by)
