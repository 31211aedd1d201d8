"""One session of a batch as a batch of its own: rows count from its start, and what is unknown stays so."""

import numpy as np
import pyarrow as pa
import pytest

from schemas.raw import RAW_SCHEMA, RawSessions, TypedField, TypedSessions
from transforms.redact.rows.session_ranges import group_by_session, session_ends, session_ranges, slice_session


def batch(*lengths: int) -> pa.Table:
    rows = [
        {"session_id": f"s{number}", "user_id": f"u{number}", "seq": seq, "episode": 0, "kind": "screen"}
        for number, length in enumerate(lengths)
        for seq in range(length)
    ]
    return pa.Table.from_pylist(rows, schema=RAW_SCHEMA)


def typed_at(start: int, field_row: int) -> TypedField:
    return TypedField(
        session_start=start,
        field_id="f",
        field_row=field_row,
        role="textbox",
        label="",
        multiline=True,
        cells="ab",
        cell_rows=np.array([start, start + 1]),
        gone_rows=np.array([-1, start]),
        final=np.array([1], dtype=np.int32),
        drafts=(),
        key_rows=np.array([start, start + 1]),
        last_row=start + 1,
        exact=True,
    )


def test_a_session_is_its_rows_and_its_user() -> None:
    first, second = session_ranges(batch(3, 2))
    assert (first.start, first.end, first.session_id, first.user_id) == (0, 3, "s0", "u0")
    assert (second.start, second.end, second.session_id, second.user_id) == (3, 5, "s1", "u1")


@pytest.mark.parametrize(("field_row", "shifted"), [(3, 0), (4, 1), (-1, -1)])
def test_rows_of_a_slice_count_from_its_start_and_unknown_ones_stay(field_row: int, shifted: int) -> None:
    table = batch(3, 2)
    first, second = session_ranges(table)
    whole = TypedSessions(RawSessions(table), (typed_at(0, -1), typed_at(3, field_row)))
    sliced = slice_session(whole, second)
    (item,) = sliced.fields
    assert sliced.sessions.table.num_rows == 2
    assert (item.session_start, item.field_row, item.last_row) == (0, shifted, 1)
    assert (item.cell_rows.tolist(), item.gone_rows.tolist(), item.key_rows.tolist()) == ([0, 1], [-1, 0], [0, 1])
    (kept,) = slice_session(whole, first).fields
    assert (kept.session_start, kept.gone_rows.tolist()) == (0, [-1, 0])


def test_a_row_belongs_to_the_session_that_holds_it() -> None:
    sessions = list(session_ranges(batch(3, 2)))
    assert group_by_session(sessions, "abcd", [0, 2, 3, 4]) == [["a", "b"], ["c", "d"]]
    assert session_ends(sessions, np.array([0, 2, 3, 4])) == [3, 3, 5, 5]
    assert session_ends([], np.array([], dtype=np.int64)) == []
