import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.arrow import divide, in_order

TABLE = pa.table(
    {
        "number": pa.array(range(1_000), pa.int64()),
        "word": pa.array([f"w{row % 7}" if row % 3 else None for row in range(1_000)]).dictionary_encode(),
        "list": pa.array([[str(row)] * (row % 4) if row % 5 else None for row in range(1_000)]),
    }
)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 100)), max_size=12))
def test_rows_are_those_that_are_named(runs: list[tuple[int, int]]) -> None:
    order = np.array([row for first, length in runs for row in range(first, first + length)], np.int64)
    assert in_order(TABLE, order).to_pylist() == TABLE.take(pa.array(order)).to_pylist()


@pytest.mark.parametrize(
    "order", [range(999, -1, -1), [*range(500, 1_000), *range(500)], []], ids=["back", "two", "no"]
)
def test_they_stand_in_one_chunk(order: list[int]) -> None:
    chunked = pa.concat_tables([TABLE.slice(0, 300), TABLE.slice(300)])
    made = in_order(chunked, np.array(order, np.int64))
    assert made["number"].to_pylist() == list(order)
    assert all(column.num_chunks <= 1 for column in made.columns)


@given(st.lists(st.integers(0, 5), max_size=40))
def test_rows_are_divided_by_code_and_keep_their_order(codes: list[int]) -> None:
    table = TABLE.slice(0, len(codes))
    parts = divide(table, np.array(codes, np.int64))
    assert [code for code, _ in parts] == sorted(set(codes))
    for code, rows in parts:
        assert rows.to_pylist() == [row for row, own in zip(table.to_pylist(), codes, strict=True) if own == code]
