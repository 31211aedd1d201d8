"""Parts of a picture in which it differs from the picture before it."""

from collections.abc import Iterable

import numpy as np

from transforms.ingest.screenshots.decoding import Pixels
from transforms.ingest.screenshots.line_detector import Box

TILE = 32
"""Side of the squares that are compared, in pixels."""

_WHOLE = 0.6
"""Share of a picture from which on all of it is read again: parts with their margins would cost more."""

_PARTS = 64


def changed_parts(before: Pixels | None, now: Pixels, lines: Iterable[Box]) -> list[Box]:
    """Return the parts of ``now`` that must be read again; none meets another, nor cuts one of the ``lines`` of before.

    A line reaches half as far again as it is high to both sides: a word that is typed behind it belongs to it.
    """
    height, width = now.shape[:2]
    whole = [Box(0, 0, width, height)]
    if before is None or before.shape != now.shape:
        return whole
    parts = _changed_tiles(before, now)
    if len(parts) > _PARTS:
        return whole
    parts = join_meeting([*parts], [(line, line.grow(3 * (line.bottom - line.top) // 2, 2)) for line in lines])
    return whole if sum(part.area for part in parts) > _WHOLE * width * height else parts


def _changed_tiles(before: Pixels, now: Pixels) -> list[Box]:
    """Return boxes around tiles that differ; tiles that touch, or have one other between them, are in one box."""
    from scipy import ndimage  # noqa: PLC0415 - belongs to the extra ``ocr``

    height, width = now.shape[:2]
    differs = (before != now).any(axis=2)
    padded = np.pad(differs, ((0, -height % TILE), (0, -width % TILE)))
    tiles = np.logical_or.reduce(
        padded.reshape(padded.shape[0] // TILE, TILE, padded.shape[1] // TILE, TILE), axis=(1, 3)
    )
    numbered, _ = ndimage.label(ndimage.binary_dilation(tiles), np.ones((3, 3)))
    found = []
    for place, (rows, columns) in enumerate(ndimage.find_objects(numbered), start=1):
        inside = np.argwhere(tiles[rows, columns] & (numbered[rows, columns] == place))
        (top, left), (bottom, right) = inside.min(axis=0), inside.max(axis=0) + 1
        box = Box(columns.start + left, rows.start + top, columns.start + right, rows.start + bottom)
        found.append(Box(*(int(edge) * TILE for edge in box)).clip(width, height))
    return found


def join_meeting(parts: list[Box], reaches: list[tuple[Box, Box]]) -> list[Box]:
    """Join parts with the lines whose reach they meet, and with each other, until none meets another.

    >>> join_meeting([Box(0, 0, 9, 9), Box(20, 0, 29, 9)], [(Box(8, 0, 21, 9), Box(5, 0, 24, 9))])
    [Box(left=0, top=0, right=29, bottom=9)]
    """
    done: list[Box] = []
    while parts:
        part = parts.pop()
        grown = part
        for line, reach in reaches:
            grown = grown.join(line) if grown.meets(reach) else grown
        for other in [other for other in (*done, *parts) if grown.meets(other)]:
            grown = grown.join(other)
            (done if other in done else parts).remove(other)
        if grown == part:
            done.append(part)
        else:
            parts.append(grown)
    return sorted(done)
