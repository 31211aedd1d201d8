"""Positions of pointer actions: drawn inside the released box of the target, from released rows alone.

A hand aims at the middle of a target and ends somewhere inside of it (Fitts 1954). Here it ends at the mean of four
uniform bytes of the way across, and of the way down: in the middle on average, 0.145 of the side off (standard
deviation), inside always. Where the target is a node, the first of a few draws that no smaller node lies over is taken.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import FailedError
from schemas.privacy import Pointer
from schemas.safe import BOX_EDGES
from transforms.keys.pseudonym import frame_parts
from transforms.noise.batch import Batch, Rows, fill_rows
from transforms.noise.pointer import PointerColumns
from transforms.privacy.uniform_words import WORD_BYTES, words

TRIES = 8
"""Draws for one position."""

_BYTES = WORD_BYTES // 2
_STEPS = 255 * _BYTES + 1
_STAGED = "rows were redacted for another noise.pointer; leave it as it was when they were staged, or stage them again"

Points = npt.NDArray[np.int64]


def check_form(batch: Batch, pointer: Pointer) -> None:
    """Raise ``FailedError`` where pointer rows were redacted for another form than ``pointer``."""
    placed = batch.table["place"].is_valid()
    pointers = pc.equal(batch.table["kind"].cast(pa.string()), "pointer")
    other = pc.and_(pointers, pc.invert(placed)) if pointer == Pointer.TARGETS else placed
    if pc.any(other).as_py():
        raise FailedError(_STAGED)


def draw_places(batch: Batch, key: bytes) -> PointerColumns:
    """Draw the positions of a batch of actions: in ``box``, and in ``to_box`` for the ends of drags."""
    place = batch.table["place"].combine_chunks()
    rows = np.flatnonzero(place.is_valid().to_numpy(zero_copy_only=False))
    begins, ends = (_edges(batch.table[name], rows) for name in ("box", "to_box"))
    counts = batch.per_session(rows)
    labels = _labels(batch, counts, np.concatenate([begins, ends], axis=1))
    drawn = words(key, labels, [2 * TRIES * count for count in counts]).high.reshape(-1, 2, TRIES)
    points = _inside(begins, drawn[:, 0])
    chosen = _find_uncovered(batch, rows, points)
    to_points = _inside(ends, drawn[:, 1])[:, 0]
    at = points[np.arange(len(rows)), chosen]
    known, ended = begins[:, 0] >= 0, ends[:, 0] >= 0
    columns = [fill_rows(batch.rows, rows, values, known) for values in at.T]
    columns += [fill_rows(batch.rows, rows, values, ended) for values in to_points.T]
    scrolled = [batch.table[name].cast(pa.int32()).combine_chunks() for name in ("dx", "dy")]
    return PointerColumns(*columns[:2], *scrolled, *columns[2:])


def _edges(column: pa.ChunkedArray, rows: Rows) -> Points:
    """Read boxes as left, top, right, bottom; -1 where there is none."""
    boxes = column.take(pa.array(rows)).combine_chunks()
    names = [part.name for part in column.type]
    edges = [pc.fill_null(pc.struct_field(boxes, name), -1).to_numpy(zero_copy_only=False) for name in names]
    return np.stack(edges, axis=1).astype(np.int64)


def _labels(batch: Batch, counts: list[int], boxes: Points) -> list[bytes]:
    """Label the stream of each session with its pseudonym and its released boxes."""
    content = np.ascontiguousarray(boxes, dtype="<i4")
    ends = np.cumsum(counts).tolist()
    return [
        b"".join(frame_parts(b"place", label, content[begin:end].tobytes()))
        for label, begin, end in zip(batch.labels, [0, *ends], ends, strict=False)
    ]


def _inside(boxes: Points, drawn: npt.NDArray[np.uint64]) -> Points:
    """Put each word of each row (rows x tries) into the row's box: rows x tries x 2."""
    parts = np.ascontiguousarray(drawn, dtype="<u8").view(np.uint8).reshape(*drawn.shape, 2, _BYTES)
    sums = parts.astype(np.int64).sum(axis=3)
    near, far = boxes[:, None, :2], boxes[:, None, 2:]
    points: Points = near + (far - near) * sums // _STEPS
    return points


def _find_uncovered(batch: Batch, rows: Rows, points: Points) -> Rows:
    """Choose for each row the first of its points at which its node is the smallest one, else the first point."""
    chosen = np.zeros(len(rows), dtype=np.int64)
    nodes = batch.table["nodes"].combine_chunks()
    shown = np.flatnonzero(nodes.is_valid().to_numpy(zero_copy_only=False))
    node = batch.table["node"].fill_null(-1).to_numpy()[rows]
    before = np.searchsorted(shown, rows) - 1
    if not len(shown):
        return chosen
    linked = (node >= 0) & (before >= 0) & (batch.session[shown[before]] == batch.session[rows])
    flat = pc.list_flatten(nodes)
    edges = [pc.fill_null(pc.struct_field(flat, name), -1).to_numpy(zero_copy_only=False) for name in BOX_EDGES]
    boxes = np.stack(edges, axis=1).astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(pc.fill_null(pc.list_value_length(nodes), 0).to_numpy())])
    for at in np.flatnonzero(linked).tolist():
        screen = shown[before[at]]
        smallest = find_smallest(boxes[offsets[screen] : offsets[screen + 1]], points[at])
        chosen[at] = int(np.argmax(smallest == node[at]))
    return chosen


def find_smallest(boxes: Points, points: Points) -> Rows:
    """Find for each point the smallest box around it, the last of equal ones; -1 where there is none."""
    if not len(boxes):
        return np.full(len(points), -1, dtype=np.int64)
    left, top, right, bottom = boxes.T
    across, down = points[:, :1], points[:, 1:]
    inside = (left <= across) & (across < right) & (top <= down) & (down < bottom)
    area = (right - left) * (bottom - top)
    order = np.argsort(area[::-1], kind="stable")
    ordered = inside[:, ::-1][:, order]
    found: Rows = np.where(ordered.any(axis=1), len(boxes) - 1 - order[ordered.argmax(axis=1)], -1)
    return found
