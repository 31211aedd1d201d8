"""Rectangles on a screen, in pixels of the recording, and their released unit."""

from math import ceil, floor
from typing import NamedTuple

from schemas.safe import BOX_UNITS

GRID_PX = 16
"""Edges of a frame that holds a redaction lie on this grid; edges less than this apart count as the same edge."""


class Box(NamedTuple):
    """Rectangle; its right and bottom edges are outside."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return the width, not above zero where the box is empty."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return the height, not above zero where the box is empty."""
        return self.bottom - self.top

    def is_empty(self) -> bool:
        """Check whether the box covers nothing."""
        return self.width <= 0 or self.height <= 0

    def contains(self, x: float, y: float) -> bool:
        """Check whether a point lies in the box."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def intersect(self, other: "Box") -> "Box":
        """Return the common part of two boxes; it may be empty."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def unite(self, other: "Box") -> "Box":
        """Return the smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def scale(self, window: "Box", page: "Box") -> "Box":
        """Put the box where it would be if ``window`` were ``page``.

        >>> Box(150, 100, 250, 140).scale(Box(100, 100, 300, 300), Box(0, 0, 400, 100))
        Box(left=100.0, top=0.0, right=300.0, bottom=20.0)
        """
        across, down = page.width / window.width, page.height / window.height
        return Box(
            page.left + (self.left - window.left) * across,
            page.top + (self.top - window.top) * down,
            page.left + (self.right - window.left) * across,
            page.top + (self.bottom - window.top) * down,
        )


def is_near(one: float, other: float) -> bool:
    """Check whether two edges are closer than one step of the grid."""
    return abs(one - other) < GRID_PX


def snap(box: Box, outer: Box, origin: Box) -> Box:
    """Put edges of ``box`` on those of ``outer`` where they are near or beyond, else outward on the grid."""
    left, top, right, bottom = box
    return Box(
        outer.left if left < outer.left + GRID_PX else _down(left, origin.left),
        outer.top if top < outer.top + GRID_PX else _down(top, origin.top),
        outer.right if right > outer.right - GRID_PX else -_down(-right, -origin.left),
        outer.bottom if bottom > outer.bottom - GRID_PX else -_down(-bottom, -origin.top),
    ).intersect(outer)


def _down(edge: float, origin: float) -> float:
    return origin + floor((edge - origin) / GRID_PX) * GRID_PX


def without(box: Box, taken: Box) -> Box:
    """Return the largest part of ``box`` above, below, left or right of ``taken``; all of it where nothing is left.

    A page of 1000 x 600 without a banner of 1000 x 80 at its top is the 1000 x 520 below.
    """
    if box.intersect(taken).is_empty():
        return box
    parts = (
        box._replace(top=taken.bottom),
        box._replace(left=taken.right),
        box._replace(right=taken.left),
        box._replace(bottom=taken.top),
    )
    largest = max(parts, key=lambda part: max(part.width, 0) * max(part.height, 0))
    return box if largest.is_empty() else largest


def in_window_units(box: Box, window: Box) -> tuple[int, int, int, int] | None:
    """Express ``box`` in ten-thousandths of ``window``, edges outward; None if it lies outside.

    >>> in_window_units(Box(150, 100, 250, 140), Box(100, 100, 300, 300))
    (2500, 0, 7500, 2000)
    """
    inside = box.intersect(window)
    if inside.is_empty():
        return None
    left, right = (edge * BOX_UNITS / window.width for edge in (inside.left - window.left, inside.right - window.left))
    top, bottom = (edge * BOX_UNITS / window.height for edge in (inside.top - window.top, inside.bottom - window.top))
    # a product is rounded: 52.680076680761424 * 10_000 / 52.680076680761424 is more than 10_000
    last = BOX_UNITS - 1
    return min(floor(left), last), min(floor(top), last), min(ceil(right), BOX_UNITS), min(ceil(bottom), BOX_UNITS)
