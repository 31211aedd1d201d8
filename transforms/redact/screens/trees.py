"""Trees of nodes in the order of their beginnings, with the depth of each."""

from collections.abc import Sequence
from typing import NamedTuple

from transforms.redact.screens.boxes import Box

WINDOW = -1
"""Number of the front window itself, the parent of all roots."""


class Node(NamedTuple):
    """Node of a screen: its released words, and its recorded box, None where it has none.

    ``redacted`` says that something of its recorded text is not in ``words``.
    """

    role: str
    words: str
    box: Box | None
    depth: int
    redacted: bool = False

    def __repr__(self) -> str:
        """Show the role alone."""
        return f"Node({self.role})"


class Tree(NamedTuple):
    """Parent of each node, and the number of its ancestors."""

    parents: list[int]
    depths: list[int]


def build_tree(depths: Sequence[int]) -> Tree:
    """Find the parent of each node: the last one before it of a smaller depth, ``WINDOW`` where there is none.

    >>> build_tree([0, 3, 3, 1])
    Tree(parents=[-1, 0, 0, 0], depths=[0, 1, 1, 1])
    """
    parents: list[int] = []
    ancestors: list[int] = []
    levels: list[int] = []
    for number, depth in enumerate(depths):
        while ancestors and depths[ancestors[-1]] >= depth:
            ancestors.pop()
        parents.append(ancestors[-1] if ancestors else WINDOW)
        levels.append(len(ancestors))
        ancestors.append(number)
    return Tree(parents, levels)
