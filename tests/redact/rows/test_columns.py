import numpy as np
import pyarrow as pa

from transforms.redact.rows.columns import holds, scatter


def test_a_row_holds_a_word_and_a_null_holds_none() -> None:
    table = pa.table({"kind": pa.array(["key", None, "focus", "screen"])})
    assert holds(table, "kind", "key", "focus").tolist() == [True, False, True, False]


def test_rows_have_their_values_and_others_are_null() -> None:
    rows = np.array([4, 0, 9, 2])
    assert scatter({2: "b", 0: "a", 4: "c"}, rows, pa.string()).to_pylist() == ["c", "a", None, "b"]
    assert scatter({}, rows, pa.int64()).to_pylist() == [None] * 4
    assert scatter({7: "x"}, np.zeros(0, dtype=np.int64), pa.string()).to_pylist() == []
