"""Order in which nodes are painted, and which of them show their words. Pure: nothing is drawn here."""

from collections.abc import Iterator, Sequence

from keyveil.records import Node

_SILENT = frozenset({"generic", "group", "list", "none", "presentation", "toolbar", "scrollbar", "separator"})
"""Roles whose name says what a container is for; a screen does not show it."""


def paint_order(nodes: Sequence[Node]) -> Iterator[int]:
    """Yield the indices of ``nodes``, what is painted over last: parents first, siblings from the last to the first.

    Recorders list the window in front before those behind it. ``nodes`` are in tree order, each behind its parent.

        depths 0 1 1 0  ->  3 0 2 1
    """
    pending = [range(len(nodes))]
    while pending:
        part = pending.pop()
        if not part:
            continue
        top = min(nodes[place].depth for place in part)
        roots = [place for place in part if nodes[place].depth == top]
        if roots[0] != part.start:
            # a subtree whose parent is missing: its nodes are roots of their own
            roots.insert(0, part.start)
        if len(roots) == 1:
            yield roots[0]
            pending.append(range(roots[0] + 1, part.stop))
            continue
        ends = [*roots[1:], part.stop]
        # the stack gives back the last first
        pending += [range(start, end) for start, end in zip(roots, ends, strict=True)]


def shown_names(nodes: Sequence[Node]) -> list[bool]:
    """Tell of each node whether its name is drawn: not where a descendant has one, which would write it twice."""
    shown = [bool(node.name and len(node.name) > 1) and node.role not in _SILENT for node in nodes]
    ancestors: list[int] = []
    for place, node in enumerate(nodes):
        while ancestors and nodes[ancestors[-1]].depth >= node.depth:
            ancestors.pop()
        if node.name and len(node.name) > 1:
            for ancestor in ancestors:
                shown[ancestor] = False
        ancestors.append(place)
    return shown
