import numpy as np
import pytest

from transforms.redact.rows.pointer_segments import MAX_PAUSE_US, find_segments


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
