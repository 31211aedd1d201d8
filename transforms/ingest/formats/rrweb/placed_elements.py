"""Nodes of a screen: the elements of a page whose boxes the page recorded."""

from dataclasses import dataclass, field

from transforms.ingest.formats.record_values import number
from transforms.ingest.formats.rrweb.mirror import Mirror
from transforms.ingest.formats.rrweb.node import Node
from transforms.ingest.formats.rrweb.page_text import name_of, text_of
from transforms.ingest.formats.rrweb.screens import Allowance

Box = dict[str, float]

_SIDES = ("x", "y", "width", "height")
_HIGHEST = 300
"""Most levels above an element that count for its depth."""

_WAY_UP = 30
"""Cost of counting them, in nodes that are read."""


def read_box(payload: object) -> tuple[int, Box]:
    """Return id and box of an element from a record with their names; raise ``TypeError`` where one is missing."""
    if not isinstance(payload, dict):
        raise TypeError("payload")
    return int(number(payload, "id")), {side: number(payload, side) for side in _SIDES}


def read_boxes(payload: object) -> dict[int, Box]:
    """Return the boxes of a list of ``[id, x, y, width, height]`` by id; raise ``TypeError`` where it is none."""
    rows = payload.get("boxes") if isinstance(payload, dict) else None
    if not isinstance(rows, list):
        raise TypeError("boxes")
    whole = (dict(zip(("id", *_SIDES), row, strict=False)) for row in rows if isinstance(row, list))
    return dict(map(read_box, whole))


@dataclass(slots=True)
class PlacedElements:
    """Elements of a page that have a box, in the order in which the page recorded them."""

    boxes: dict[int, Box] = field(default_factory=dict, repr=False)

    def list_nodes(self, page: Mirror, allowance: Allowance) -> list[dict[str, object]]:
        """List the elements that are still there and shown; none once the allowance is spent."""
        nodes: list[dict[str, object]] = []
        for place, box in self.boxes.items():
            node = page.nodes.get(place)
            if allowance.is_spent:
                return []
            if node is not None and node.is_shown:
                nodes.append(self._describe(page, place, node) | {"bounds": box})
                allowance.spend(page.looked + _WAY_UP)
                page.looked = 0
        return nodes

    def _describe(self, page: Mirror, place: int, node: Node) -> dict[str, object]:
        """Return role, name, value and depth; what stands in a field for a password or a masked one is not read."""
        secret = node.password or place in page.masked
        told: dict[str, object] = {"role": node.role, "name": name_of(page, place), "depth": self._depth(page, place)}
        if secret:
            return told | {"role": "textbox", "protected": True}
        if node.takes_text:
            return told | {"value": node.word("value") or (text_of(page, place) if node.is_editor else "")}
        return told

    def _depth(self, page: Mirror, place: int) -> int:
        depth, above = 0, page.nodes[place].parent
        for _ in range(_HIGHEST):
            if above is None or above not in page.nodes:
                break
            depth += above in self.boxes
            above = page.nodes[above].parent
        return depth
