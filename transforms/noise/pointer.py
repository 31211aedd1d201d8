"""Pointer positions on a grid with discrete Gaussian noise; scroll directions with discrete Laplace noise.

A position is clamped to the policy's screen and becomes a cell. A segment of moves has two, its end and its start; the
released displacement is the difference of the two noised positions. A scroll is released as a direction, one notch
along its longer axis: what recorders call a scroll distance has no common unit. Other pointer events have none.

Clamping afterwards is post-processing. The draws depend on all cells and directions of the session and on what each row
is, so that a corrected value, or another reading of a row, draws independent noise.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.keys.pseudonym import frame_parts
from transforms.noise.batch import Batch, Kind, Motion, Rows, fill_rows
from transforms.noise.plan import NoisePlan, PointerNoise
from transforms.noise.sensitivity import last_cell
from transforms.privacy.mechanisms import discrete_gaussian, discrete_laplace
from transforms.privacy.uniform_words import words

NOTCH_PX = 120
"""Released scroll distance: one notch of a wheel (WHEEL_DELTA, Microsoft, WM_MOUSEWHEEL)."""

_FARTHEST_PX = 2.0**31
_MISSING = -1

Cells = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class PointerColumns:
    """Released pointer columns by row of the batch: int32, null off pointer rows; ``to_x`` and ``to_y`` of drags."""

    x: pa.Array = field(repr=False)
    y: pa.Array = field(repr=False)
    dx: pa.Array = field(repr=False)
    dy: pa.Array = field(repr=False)
    to_x: pa.Array = field(repr=False)
    to_y: pa.Array = field(repr=False)


def released_pointer(batch: Batch, plan: NoisePlan, noise: PointerNoise, key: bytes) -> PointerColumns:
    """Compute the noisy pointer columns of a batch of single events."""
    rows = np.flatnonzero(batch.kind == Kind.POINTER)
    motion = batch.motion[rows]
    x, y, dx, dy = (_pixels(batch.table[name], rows) for name in ("x", "y", "dx", "dy"))
    ends = cells(x, y, plan)
    starts = np.where((motion == Motion.MOVE)[:, None], cells(x - dx, y - dy, plan), _MISSING)
    ways = np.where((motion == Motion.SCROLL)[:, None], directions(dx, dy), 0)
    exact = np.column_stack([motion, ends, starts, ways])
    labels = _labels(batch, rows, exact)
    position = discrete_gaussian(noise.position_sigma)
    counts = batch.per_session(rows)
    shift = position.draw(words(key, [b"position" + label for label in labels], [4 * count for count in counts]))
    noised = _on_screen(np.column_stack([ends, starts]), shift.reshape(-1, 4), plan)
    turn = discrete_laplace(noise.scroll_scale)
    turned = turn.draw(words(key, [b"scroll" + label for label in labels], [2 * count for count in counts]))
    scrolled = np.clip(ways + turned.reshape(-1, 2), -1, 1) * NOTCH_PX
    moved = np.where((motion == Motion.MOVE)[:, None], noised[:, :2] - noised[:, 2:], scrolled)
    known = np.isfinite(np.column_stack([x, y, dx, dy]))
    known[:, 2:] &= (known[:, :2] & (motion == Motion.MOVE)[:, None]) | (motion == Motion.SCROLL)[:, None]
    columns = np.column_stack([noised[:, :2], moved])
    made = [fill_rows(batch.rows, rows, columns[:, i], known[:, i]) for i in range(columns.shape[1])]
    made += [pa.nulls(batch.rows, pa.int32())] * 2
    return PointerColumns(*made)


def cells(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], plan: NoisePlan) -> Cells:
    """Find the grid cell (across, down) of each position; -1 for a coordinate that is not a number."""
    settings = plan.settings
    sides = (settings.screen_width_px, settings.screen_height_px)
    pairs = zip((x, y), sides, strict=True)
    return np.column_stack([_side(values, size, settings.pointer_grid_px) for values, size in pairs])


def directions(dx: npt.NDArray[np.float64], dy: npt.NDArray[np.float64]) -> Cells:
    """Reduce each scroll to a direction (-1, 0 or 1 across and down, at most one not 0); a missing value counts as 0.

    >>> directions(np.array([0.0, -3.0, 2.0]), np.array([np.nan, 1.0, 2.0])).tolist()
    [[0, 0], [-1, 0], [0, 1]]
    """
    across, down = np.nan_to_num(dx), np.nan_to_num(dy)
    sideways = np.abs(across) > np.abs(down)
    ways = (np.where(sideways, np.sign(across), 0), np.where(sideways, 0, np.sign(down)))
    return np.column_stack(ways).astype(np.int32)


def _side(values: npt.NDArray[np.float64], size_px: int, grid_px: int) -> Cells:
    inside = np.clip(np.nan_to_num(values), 0, size_px - 1)
    return np.where(np.isfinite(values), inside // grid_px, _MISSING).astype(np.int32)


def _on_screen(exact: Cells, noise: Cells, plan: NoisePlan) -> Cells:
    settings = plan.settings
    sides = (settings.screen_width_px, settings.screen_height_px)
    last = [last_cell(size, settings.pointer_grid_px) for size in sides]
    pixels: Cells = np.clip(exact + noise, 0, np.array([*last, *last], dtype=np.int32)) * settings.pointer_grid_px
    return pixels


def _labels(batch: Batch, rows: Rows, exact: npt.NDArray[np.int32]) -> list[bytes]:
    """Label the stream of each session with its pseudonym and the exact values that its noise hides."""
    content = np.ascontiguousarray(exact, dtype="<i4")
    ends = np.cumsum(batch.per_session(rows)).tolist()
    return [
        b"".join(frame_parts(label, content[begin:end].tobytes()))
        for label, begin, end in zip(batch.labels, [0, *ends], ends, strict=False)
    ]


def _pixels(column: pa.ChunkedArray, rows: Rows) -> npt.NDArray[np.float64]:
    """Read a column at ``rows``, clipped to the largest screen; NaN for null."""
    values = column.fill_null(np.nan).to_numpy()[rows]
    return np.where(np.isfinite(values), np.clip(values, -_FARTHEST_PX, _FARTHEST_PX), np.nan)
