"""Contents of a frame or float: its nodes, how wide each would like to be, and the columns of its tables."""

from collections.abc import Sequence
from typing import NamedTuple

from transforms.redact.screens.sizes import GAP_PX, INLINE, LINES, PADDING_PX, measure
from transforms.redact.screens.trees import Node, Tree

_TABLES = frozenset({"grid", "table", "treegrid"})


class Contents(NamedTuple):
    """Nodes of one frame or float, by number; ``columns`` holds the widths of the columns of each row of a table."""

    roots: list[int]
    children: dict[int, list[int]]
    inline: frozenset[int]
    widths: dict[int, float]
    columns: dict[int, list[float]]


def collect_contents(nodes: Sequence[Node], tree: Tree, owned: Sequence[int]) -> Contents:
    """Collect the nodes ``owned``, which are in order."""
    members, roots = frozenset(owned), list[int]()
    children: dict[int, list[int]] = {}
    for number in owned:
        parent = tree.parents[number]
        (children.setdefault(parent, []) if parent in members else roots).append(number)
    inline = _find_inline(nodes, tree, owned, children)
    widths = _measure_all(nodes, owned, children, inline)
    return Contents(roots, children, inline, widths, _measure_columns(nodes, tree, owned, children, widths))


def _find_inline(
    nodes: Sequence[Node], tree: Tree, owned: Sequence[int], children: dict[int, list[int]]
) -> frozenset[int]:
    inline: set[int] = set()
    for number in owned:
        parent = tree.parents[number]
        in_line = parent >= 0 and nodes[parent].role in LINES and number not in children
        if parent in inline or nodes[number].role in INLINE or in_line:
            inline.add(number)
    return frozenset(inline)


def _measure_all(
    nodes: Sequence[Node], owned: Sequence[int], children: dict[int, list[int]], inline: frozenset[int]
) -> dict[int, float]:
    """Measure each node as one line, or as its widest block."""
    widths: dict[int, float] = {}
    for number in reversed(owned):
        inside = children.get(number, [])
        parts = [widths[child] for child in inside]
        if not inside:
            widths[number] = measure(nodes[number].role, nodes[number].words)
        elif inline.issuperset(inside):
            widths[number] = sum(parts) + GAP_PX * (len(parts) - 1)
        else:
            widths[number] = max(parts)
    return widths


def _measure_columns(
    nodes: Sequence[Node],
    tree: Tree,
    owned: Sequence[int],
    children: dict[int, list[int]],
    widths: dict[int, float],
) -> dict[int, list[float]]:
    """Measure the columns of the tables: each is as wide as its widest cell and some room; cell k is in column k."""
    table_of: dict[int, int] = {}
    columns: dict[int, list[float]] = {}
    of_row: dict[int, list[float]] = {}
    for number in owned:
        if nodes[number].role in _TABLES:
            table_of[number] = number
        elif (table := table_of.get(tree.parents[number])) is not None:
            table_of[number] = table
            if nodes[number].role == "row" and number in children:
                of_row[number] = found = columns.setdefault(table, [])
                cells = [widths[child] + PADDING_PX for child in children[number]]
                found[:] = (
                    [max(pair) for pair in zip(found, cells, strict=False)] + found[len(cells) :] + cells[len(found) :]
                )
    return of_row
