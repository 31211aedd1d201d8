"""Sizes of windows that are released: a public list, because a window's own size shows which display it was on."""

import math

Size = tuple[int, int]

WINDOW_SIZES: tuple[Size, ...] = (
    (2560, 1440), (1920, 1080), (1280, 720), (1280, 960), (800, 600), (640, 360), (360, 640), (720, 1280),
)  # fmt: skip
"""Width and height in pixels: 16:9 in four sizes, 4:3 in two, and upright in two. Chosen without looking at data."""


def public_size(width: float, height: float) -> Size:
    """Return the size of the public list that is nearest by the ratios of both sides.

    >>> public_size(1366, 728), public_size(390, 844)
    ((1280, 720), (360, 640))
    """

    def distance(size: Size) -> float:
        return math.hypot(math.log(size[0] / width), math.log(size[1] / height))

    return min(WINDOW_SIZES, key=distance)
