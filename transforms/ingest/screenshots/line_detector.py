"""Boxes of the lines of text in a picture, by a network of differentiable binarisation (DB; Liao et al., AAAI 2020)."""

import itertools
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime

from transforms.ingest.screenshots.decoding import Pixels
from transforms.ingest.screenshots.model_files import DETECTOR, find_model

Floats = npt.NDArray[np.float32]

_STRIDE = 32
"""The network halves a picture five times."""

_INK, _LINE = 0.3, 0.5
"""Least score of a pixel of a line, and of a line: the means of rapidocr's settings for this network."""

_UNCLIP = 1.6
"""Share by which a found core is grown to the whole line, likewise."""

_LEAST_PX = 3
_MOST_LINES = 3_000
_LONGEST_SIDE = 2_560
"""Larger pictures are of dense displays, whose letters are large too: lines are looked for in a smaller copy."""


_BAND, _REACH = 640, 64
"""Rows that the network sees at once, and those around them: memory follows the pixels, some 200 bytes each."""


class Box(NamedTuple):
    """Edges in pixels; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    def grow(self, x: int, y: int) -> "Box":
        """Return the box with that much more on each side."""
        return Box(self.left - x, self.top - y, self.right + x, self.bottom + y)

    def meets(self, other: "Box") -> bool:
        """Tell whether both share a pixel."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def clip(self, width: int, height: int) -> "Box":
        """Return the part inside a picture."""
        return Box(max(self.left, 0), max(self.top, 0), min(self.right, width), min(self.bottom, height))

    def join(self, other: "Box") -> "Box":
        """Return the least box around both."""
        return Box(
            min(self.left, other.left), min(self.top, other.top),
            max(self.right, other.right), max(self.bottom, other.bottom),
        )  # fmt: skip

    @property
    def area(self) -> int:
        """Return the number of pixels."""
        return max(self.right - self.left, 0) * max(self.bottom - self.top, 0)


def open_session(name: str, threads: int) -> Any:
    """Load a network for ``threads`` threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(find_model(name), options, providers=["CPUExecutionProvider"])


def normalise(pixels: Pixels) -> Floats:
    """Return pixels as both networks read them: shape (3, height, width), blue first, -1 to 1."""
    scaled = pixels[:, :, ::-1].astype(np.float32) / 127.5 - 1
    return np.ascontiguousarray(scaled.transpose(2, 0, 1))


class LineDetector:
    """Finds lines; slow to load, so load it once per process."""

    def __init__(self, threads: int) -> None:
        self._session = open_session(DETECTOR, threads)

    def find(self, pixels: Pixels) -> list[Box]:
        """Find the lines of a picture or a part of one, in no order."""
        from PIL import Image  # noqa: PLC0415 - belongs to the extra ``ocr``

        height, width = pixels.shape[:2]
        shrink = max(width, height) / _LONGEST_SIDE
        if shrink > 1:
            small = Image.fromarray(pixels).resize(
                (max(round(width / shrink), 1), max(round(height / shrink), 1)), Image.Resampling.BOX
            )
            pixels = np.asarray(small)
        lines = [line for band in bands_of(pixels.shape[0]) for line in self._find_in_band(pixels, band)]
        factor = max(shrink, 1)
        return [Box(*(round(edge * factor) for edge in line)).clip(width, height) for line in lines]

    def _find_in_band(self, pixels: Pixels, band: range) -> list[Box]:
        """Find the lines whose middle is in a band of rows."""
        top = max(band.start - _REACH, 0)
        found = lines_of(self._score(pixels[top : band.stop + _REACH]))
        lines = [Box(box.left, box.top + top, box.right, box.bottom + top) for box in found]
        return [line for line in lines if (line.top + line.bottom) // 2 in band]

    def _score(self, pixels: Pixels) -> Floats:
        """Compute for each pixel how likely it is of a line's core."""
        height, width = pixels.shape[:2]
        edges = ((0, -height % _STRIDE), (0, -width % _STRIDE), (0, 0))
        padded = np.pad(pixels, edges, mode="edge")
        (scores,) = self._session.run(None, {"x": normalise(padded)[None]})
        return np.asarray(scores[0, 0, :height, :width], dtype=np.float32)


def bands_of(height: int) -> list[range]:
    """Divide rows into the fewest equal bands of at most ``_BAND``.

    >>> bands_of(1080)
    [range(0, 540), range(540, 1080)]
    """
    number = -(-height // _BAND)
    edges = [height * place // number for place in range(number + 1)]
    return [range(low, high) for low, high in itertools.pairwise(edges)]


def lines_of(scores: Floats) -> list[Box]:
    """Read the boxes of lines off a map of scores.

    Lines of a screen are level, so a box has level edges. A core of 100 by 10 is grown by
    100 * 10 * 1.6 / (2 * (100 + 10)) = 7 pixels on each side.
    """
    from scipy import ndimage  # noqa: PLC0415 - belongs to the extra ``ocr``

    height, width = scores.shape
    ink = ndimage.binary_dilation(scores > _INK, np.ones((2, 2)))
    numbered, _ = ndimage.label(ink, np.ones((3, 3)))
    found: list[Box] = []
    for rows, columns in ndimage.find_objects(numbered)[:_MOST_LINES]:
        core = Box(columns.start, rows.start, columns.stop, rows.stop)
        across, down = core.right - core.left, core.bottom - core.top
        if min(across, down) < _LEAST_PX or scores[rows, columns].mean() < _LINE:
            continue
        grow = round(core.area * _UNCLIP / (2 * (across + down)))
        found.append(core.grow(grow, grow).clip(width, height))
    return found
