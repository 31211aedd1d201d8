"""One screen of a session: its text, its nodes, and the window in front."""

from dataclasses import dataclass, field

from keyveil.records import Node
from keyveil.training.action import Size

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


def outline(screen: Screen) -> str:
    """Write the nodes of a screen as indented lines, each with the index that actions name; else its text.

    A line reads ``[12] button "Send" disabled (8100,200)-(8400,260)``.
    """
    if not screen.nodes:
        return screen.text or ""
    lines = []
    for place, node in enumerate(screen.nodes):
        words = [f"[{place}]", node.role]
        words += [f'"{node.name}"'] if node.name else []
        words += [f'= "{node.value}"'] if node.value else []
        words += list(node.states)
        if node.box is not None:
            words.append(f"({node.box.left},{node.box.top})-({node.box.right},{node.box.bottom})")
        lines.append("  " * node.depth + " ".join(words))
    return "\n".join(lines)
