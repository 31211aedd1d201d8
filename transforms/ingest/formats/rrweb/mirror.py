"""The page as it stands at each moment: rrweb's first tree, and every change of it since."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from transforms.ingest.formats.rrweb.node import Node

_TEXT = 3
"""rrweb-snapshot, NodeType.Text."""

Change = dict[str, object]


@dataclass(slots=True)
class Mirror:
    """The nodes of one document by rrweb's id, with those of its frames and shadow trees.

    What stands in ``masked`` fields is never read as text.
    """

    masked: frozenset[int] = frozenset()
    nodes: dict[int, Node] = field(default_factory=dict, repr=False)
    root: int | None = None
    labels: dict[str, int] = field(default_factory=dict, repr=False)  # by the id of their field
    titles: list[int] = field(default_factory=list)
    looked: int = 0  # nodes that were looked at for names

    def children(self, place: int) -> Iterator[int]:
        """Yield the children of a node in order."""
        child = self.nodes[place].first
        while child is not None:
            yield child
            child = self.nodes[child].after

    def add(self, tree: object, parent: int | None, following: int | None = None) -> list[int]:
        """Add a serialised node and all below it; what has not their form is passed over. Return the ids."""
        added: list[int] = []
        pending: list[tuple[object, int | None, int | None]] = [(tree, parent, following)]
        while pending:
            item, above, before = pending.pop()
            if not isinstance(item, dict) or not isinstance(place := item.get("id"), int):
                continue
            self.remove(place)
            has_parent = above in self.nodes  # asked first: damaged trees name a node as its own parent
            self.nodes[place] = node = _node(item)
            if above is None:
                self.root = place
            elif has_parent:
                self._link(place, above, before)
            self._index(place, node)
            added.append(place)
            children = item.get("childNodes")
            below = children if isinstance(children, list) else []
            pending.extend((child, place, None) for child in reversed(below))
        return added

    def add_all(self, changes: Iterable[Change]) -> list[int]:
        """Add nodes that may come before the parent or sibling that they name, as rrweb writes them."""
        added: list[int] = []
        left = self._add_known(deque(changes), added, ("parentId", "nextId"))
        self._add_known(deque(left), added, ("parentId",))
        return added

    def _add_known(self, pending: deque[Change], added: list[int], needs: tuple[str, ...]) -> list[Change]:
        """Add what names only nodes that are there, now or later on; return the rest."""
        waiting: dict[int, list[Change]] = {}
        while pending:
            change = pending.popleft()
            known = {name: place for name in needs if isinstance(place := change.get(name), int)}
            missing = next((place for place in known.values() if place not in self.nodes), None)
            if missing is not None:
                waiting.setdefault(missing, []).append(change)
                continue
            for place in self.add(change.get("node"), known.get("parentId", -1), known.get("nextId")):
                added.append(place)
                pending.extendleft(reversed(waiting.pop(place, [])))
        return [change for changes in waiting.values() for change in changes]

    def remove(self, place: int) -> None:
        """Take a node out, with all below it."""
        if place not in self.nodes:
            return
        self._unlink(place)
        pending = [place]
        while pending:
            here = pending.pop()
            pending.extend(self.children(here))
            del self.nodes[here]

    def _link(self, place: int, parent: int, following: int | None) -> None:
        node, above = self.nodes[place], self.nodes[parent]
        is_sibling = following is not None and following in self.nodes and self.nodes[following].parent == parent
        node.parent = parent
        if following is not None and is_sibling:
            node.after, node.before = following, self.nodes[following].before
        else:
            node.before = above.last
        self._join(node.before, place, parent)
        self._join(place, node.after, parent)

    def _unlink(self, place: int) -> None:
        node = self.nodes[place]
        if node.parent is not None and node.parent in self.nodes:
            self._join(node.before, node.after, node.parent)

    def _join(self, left: int | None, right: int | None, parent: int) -> None:
        """Make two nodes neighbours; ``None`` is the end of the row of children."""
        if left is None:
            self.nodes[parent].first = right
        else:
            self.nodes[left].after = right
        if right is None:
            self.nodes[parent].last = left
        else:
            self.nodes[right].before = left

    def _index(self, place: int, node: Node) -> None:
        if node.tag == "label" and node.word("for"):
            self.labels[node.word("for")] = place
        above = None if node.parent is None else self.nodes.get(node.parent)
        if node.tag == "title" and (above is None or above.tag != "svg"):
            self.titles.append(place)

    def set_attributes(self, place: int, attributes: dict[str, object]) -> None:
        """Change attributes of a node."""
        if node := self.nodes.get(place):
            node.change(attributes)
            self._index(place, node) if node.tag == "label" else None

    def set_text(self, place: int, text: str) -> None:
        """Change the text of a node."""
        if node := self.nodes.get(place):
            node.text = text

    def is_below(self, place: int, ancestor: int, steps: int) -> bool:
        """Return whether a node lies in the tree of another, at most ``steps`` levels deep."""
        here: int | None = place
        for _ in range(steps):
            if here is None or here == ancestor:
                break
            here = None if (node := self.nodes.get(here)) is None else node.parent
        return here == ancestor


def _node(item: dict[str, object]) -> Node:
    attributes, text = item.get("attributes"), item.get("textContent")
    node = Node(
        tag=str(item.get("tagName") or "").lower(),
        attributes=dict(attributes) if isinstance(attributes, dict) else {},
        text=text if isinstance(text, str) and item.get("type") == _TEXT else "",
    )
    node.mark_password()
    return node
