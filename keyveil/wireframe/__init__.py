"""Draw a picture of a screen from its released nodes; no pixel of a recording exists in a release.

In: nodes, a size, a seed. Out: a Pillow image. Needs ``keyveil[images]``.
Start reading in ``drawing``.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Protocol

from keyveil.records import Node
from schemas.errors import UsageError

SIDES = range(64, 8_193)
"""Widths and heights of a picture, in pixels."""

_SIZE = (1_280, 720)


class HasNodes(Protocol):
    """A screen: a ``Screen`` of a step, or the record of a screen row."""

    @property
    def nodes(self) -> Sequence[Node] | None:
        """Return the nodes in the recorder's order."""


def render(screen: HasNodes, *, size: tuple[int, int] | None = None, seed: int = 0, font: str | None = None) -> Any:
    """Draw a screen as a wireframe; return a ``PIL.Image.Image``.

    ``size`` is in pixels, by default that of the window. ``seed`` chooses one of several themes, so that a model learns
    structure and not one look. The built-in font draws English letters, others without their accents; for other
    scripts give the path of a TrueType ``font``. Raises ``UsageError`` where Pillow is not installed, the font cannot
    be read or the size is out of range.
    """
    width, height = size or getattr(screen, "size", None) or _SIZE
    if width not in SIDES or height not in SIDES:
        raise UsageError(
            f"size must be a width and a height of {SIDES.start} to {SIDES.stop - 1} pixels; pass two such numbers"
        )
    try:
        drawing = import_module("keyveil.wireframe.drawing")
    except ImportError:
        raise UsageError("pictures need Pillow: pip install 'keyveil[images]'") from None
    try:
        return drawing.draw(tuple(screen.nodes or ()), (width, height), seed, font)
    except OSError:
        raise UsageError("the font cannot be read; give the path of a TrueType or OpenType file") from None
