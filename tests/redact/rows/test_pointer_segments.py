import numpy as np
import pyarrow as pa
import pytest

from schemas.raw import RAW_SCHEMA
from transforms.redact.rows.assemble import RowPlan
from transforms.redact.rows.pointer_segments import MAX_PAUSE_US, find_segments
from transforms.redact.rows.session_ranges import SessionRange
from transforms.redact.rows.structure import join_moves


@pytest.mark.parametrize(("pause_us", "runs"), [(300_000, 1), (300_001, 2)])
def test_a_rest_longer_than_three_tenths_of_a_second_ends_a_segment(pause_us: int, runs: int) -> None:
    assert MAX_PAUSE_US == 300_000
    times = np.array([0, 10, 10 + pause_us, 20 + pause_us])
    found = find_segments(np.ones(4, dtype=np.bool_), np.zeros(4, dtype=np.int64), times)
    assert (found.first.tolist(), found.last.tolist()) == (([0], [3]) if runs == 1 else ([0, 2], [1, 3]))


def test_another_row_or_another_session_ends_a_segment() -> None:
    moves = np.array([True, True, False, True, True])
    found = find_segments(moves, np.array([0, 0, 0, 0, 1]), np.full(5, -1))
    assert (found.first.tolist(), found.last.tolist()) == ([0, 3, 4], [1, 3, 4])
    none = find_segments(np.zeros(2, dtype=np.bool_), np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64))
    assert (none.first.tolist(), none.last.tolist()) == ([], [])


@pytest.mark.parametrize(
    ("times", "spans"), [([10, 30], {1: 20}), ([10, 10], {1: 0}), ([None, 5], {}), ([10, 5], {}), ([None, None], {})]
)
def test_a_segment_lasts_as_long_as_its_known_times_say(times: list[int | None], spans: dict[int, int]) -> None:
    rows = [
        {"session_id": "s", "kind": "pointer", "action": "move", "x": 1.0 + at, "y": 2.0, "t_us": time}
        for at, time in enumerate(times)
    ]
    release, outcome = RowPlan.of(2), np.zeros(2, dtype=np.int8)
    join_moves(pa.Table.from_pylist(rows, schema=RAW_SCHEMA), [SessionRange(0, 2, "s", "u", 0)], release, outcome)
    assert release.spans_us == spans
    assert release.kept.tolist() == [False, True]
    assert release.displacement[0] == {1: 1.0}
