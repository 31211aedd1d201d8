"""Boxes that move with what is around them."""

from keyveil.records import Box
from schemas.safe import BOX_UNITS


def move_box(box: Box, outer: Box, target: Box) -> Box:
    """Put a box where it would be if ``outer`` were ``target``.

    >>> move_box(Box(100, 0, 300, 100), Box(0, 0, 1000, 100), Box(5000, 0, 10000, 50))
    Box(left=5500, top=0, right=6500, bottom=50)
    """
    left, right = _stretch((box.left, box.right), (outer.left, outer.right), (target.left, target.right))
    top, bottom = _stretch((box.top, box.bottom), (outer.top, outer.bottom), (target.top, target.bottom))
    return Box(left, top, right, bottom)


def _stretch(side: tuple[int, int], outer: tuple[int, int], target: tuple[int, int]) -> tuple[int, int]:
    length = max(outer[1] - outer[0], 1)
    begin, end = (target[0] + (edge - outer[0]) * (target[1] - target[0]) // length for edge in side)
    begin = min(max(begin, 0), BOX_UNITS - 1)
    return begin, min(max(end, begin + 1), BOX_UNITS)
