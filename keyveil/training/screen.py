"""One screen of a session: its text, its nodes, and the window in front."""

from collections.abc import Callable
from dataclasses import dataclass, field

from keyveil.records import Node
from keyveil.training.action import Point, Size, to_pixels
from schemas.errors import UsageError
from schemas.safe import BOX_UNITS

DEFAULT_SIZE = (1_280, 720)
"""Size in pixels of a window of which the release tells none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A screen row; ``nodes`` are in the recorder's order, empty where the release has none.

    ``size`` is that of the front window in pixels, one of a public list. ``replaced`` are the indices of the nodes
    whose words hold a replacement; ``is_replaced`` says that a node or the text does, so that boxes may not be those of
    the recording; ``is_placed`` that they are estimates, those of a similar screen (see ``keyveil.learn_places``).
    """

    seq: int
    text: str | None = field(default=None, repr=False)
    nodes: tuple[Node, ...] = field(default=(), repr=False)
    app: str | None = None
    title: str | None = None
    url: str | None = None
    size: Size = DEFAULT_SIZE
    replaced: frozenset[int] = frozenset()
    is_replaced: bool = False
    is_placed: bool = False


def outline(screen: Screen, *, size: Size | None = None, nodes: int | None = None) -> str:
    """Write the nodes of a screen as indented lines, each with the index that actions name; else its text.

    A line reads ``[12] button "Send" disabled (8100,200)-(8400,260)``. Boxes are in ten-thousandths of the window, with
    ``size`` in pixels of a picture of that size. With ``nodes`` so many are written, then a line that counts the rest.
    """
    if nodes is not None and nodes < 0:
        raise UsageError("nodes must be 0 or more; pass the most nodes that an outline shows")
    return outline_by(screen, _write_units if size is None else lambda place: write_pixels(place, size), nodes)


def outline_by(screen: Screen, write: Callable[[Point], str], most: int | None = None) -> str:
    """Write ``outline`` with the corners of boxes as ``write`` gives them."""
    if not screen.nodes:
        return screen.text or ""
    lines = []
    for place, node in enumerate(screen.nodes[:most]):
        words = [f"[{place}]", node.role]
        words += [f'"{node.name}"'] if node.name else []
        words += [f'= "{node.value}"'] if node.value else []
        words += list(node.states)
        if (box := node.box) is not None:
            words.append(f"{write((box.left, box.top))}-{write((box.right, box.bottom))}")
        lines.append("  " * node.depth + " ".join(words))
    if rest := len(screen.nodes) - len(lines):
        lines.append(f"({rest} more)")
    return "\n".join(lines)


def write_pixels(place: Point, size: Size) -> str:
    """Write a corner in pixels of a picture of ``size``.

    >>> write_pixels((8_100, 200), (1_000, 500))
    '(810,10)'
    """
    return _write_units(to_pixels(place, size))


def write_shares(place: Point) -> str:
    """Write a corner in shares of the window.

    >>> write_shares((8_100, 200))
    '(0.81,0.02)'
    """
    return f"({place[0] / BOX_UNITS:g},{place[1] / BOX_UNITS:g})"


def _write_units(place: Point) -> str:
    return f"({place[0]},{place[1]})"
