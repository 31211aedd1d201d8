"""Pointer motion as segments: noise on every sample of a resting pointer would average out."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

MAX_PAUSE_US = 300_000
"""Longest pause within a segment."""


class Segments(NamedTuple):
    """Runs of pointer moves, from row ``first`` to row ``last`` of a batch, both included."""

    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]


def find_segments(
    moves: npt.NDArray[np.bool_], session: npt.NDArray[np.int64], t_us: npt.NDArray[np.int64]
) -> Segments:
    """Find the runs of neighbouring moves of one session without a pause; ``t_us`` is -1 where it is unknown."""
    rows = np.flatnonzero(moves)
    if not len(rows):
        return Segments(rows, rows)
    follows = np.diff(rows) == 1
    follows &= session[rows[1:]] == session[rows[:-1]]
    follows &= t_us[rows[1:]] - t_us[rows[:-1]] <= MAX_PAUSE_US
    begins = np.flatnonzero(np.concatenate([[True], ~follows]))
    ends = np.concatenate([begins[1:] - 1, [len(rows) - 1]])
    return Segments(rows[begins], rows[ends])
