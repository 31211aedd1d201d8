"""Order in which nodes are painted, and which of them show their words. Pure: nothing is drawn here."""

from collections.abc import Iterator, Sequence

from keyveil.records import Box, Node

_FIELDS = frozenset({"textbox", "searchbox"})
_SILENT = frozenset({"generic", "group", "list", "none", "presentation", "toolbar", "scrollbar", "separator"})
"""Roles whose name says what a container is for; a screen does not show it."""


_OVERLAYS = frozenset({"dialog", "alertdialog", "menu", "tooltip", "listbox"})
"""Roles of nodes that lie over the content beside them."""

_ENTRIES = frozenset({"listitem", "option"})
"""Roles of the lines of an open list."""


def paint_order(nodes: Sequence[Node]) -> list[int]:
    """List the indices of ``nodes`` in the order of painting: each after its parent, those that cover others last.

    Recorders list the window in front before those behind it. In a window overlays follow all else, and small
    nodes follow large ones, so that no control is hidden by a larger one of its layer. ``nodes`` are in tree order.

        two windows, the first with a dialog before its button  ->  second window, first window, button, dialog
    """
    layers, reach = list_layers(nodes), _measure_reach(nodes)
    window, windows = 0, []
    for place, node in enumerate(nodes):
        if place and node.depth <= nodes[window].depth:
            window = place
        windows.append(window)
    return sorted(range(len(nodes)), key=lambda place: (-windows[place], layers[place], -reach[place], place))


def list_layers(nodes: Sequence[Node]) -> list[int]:
    """List for each node how many overlays it is in: dialogs, menus, and lines of a list that leave their field.

    A combobox of 30 pixels with a line below it: the field is in layer 0, the line in layer 1.
    """
    layers: list[int] = []
    opened = opened_lines(nodes)
    for place, above in enumerate(_ancestors(nodes)):
        layer = layers[above[-1]] if above else 0
        layers.append(layer + (opened[place] or nodes[place].role in _OVERLAYS))
    return layers


def opened_lines(nodes: Sequence[Node]) -> list[bool]:
    """List for each node whether it is a line of an open list, above or below the field that it belongs to."""
    opened = []
    for node, above in zip(nodes, _ancestors(nodes), strict=True):
        field = next((nodes[place] for place in reversed(above) if nodes[place].role == "combobox"), None)
        opened.append(node.role in _ENTRIES and field is not None and not _has_middle(field.box, node.box))
    return opened


def _measure_reach(nodes: Sequence[Node]) -> list[int]:
    """Measure the largest box of each node and of those below it, so that a parent never measures less."""
    reach = [0 if (box := node.box) is None else (box.right - box.left) * (box.bottom - box.top) for node in nodes]
    parents = [above[-1] if above else None for above in _ancestors(nodes)]
    for place in reversed(range(len(nodes))):
        if (parent := parents[place]) is not None:
            reach[parent] = max(reach[parent], reach[place])
    return reach


def _ancestors(nodes: Sequence[Node]) -> Iterator[tuple[int, ...]]:
    """Yield the ancestors of each node, the nearest last."""
    above: tuple[int, ...] = ()
    for place, node in enumerate(nodes):
        while above and nodes[above[-1]].depth >= node.depth:
            above = above[:-1]
        yield above
        above = (*above, place)


def _has_middle(outer: Box | None, inner: Box | None) -> bool:
    if inner is None or outer is None:
        return True
    return outer.top <= (inner.top + inner.bottom) // 2 < outer.bottom


def shown_names(nodes: Sequence[Node]) -> list[bool]:
    """List for each node whether its name is drawn: not where a descendant or a text in a field says it."""
    shown = [bool(node.name and len(node.name) > 1) and node.role not in _SILENT for node in nodes]
    for node, above in zip(nodes, _ancestors(nodes), strict=True):
        if node.name and len(node.name) > 1:
            for ancestor in above:
                shown[ancestor] = False
    texts = [node.box for node, seen in zip(nodes, shown, strict=True) if seen and node.role == "paragraph"]
    for place, node in enumerate(nodes):
        if node.role in _FIELDS and any(_holds(node.box, text) for text in texts):
            shown[place] = False
    return shown


def _holds(outer: Box | None, inner: Box | None) -> bool:
    if inner is None or outer is None:
        return False
    across = outer.left <= inner.left and inner.right <= outer.right
    return across and outer.top <= inner.top and inner.bottom <= outer.bottom
