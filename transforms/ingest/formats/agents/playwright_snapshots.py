"""Pages in traces of Playwright: trees whose unchanged parts refer to the pages before them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from transforms.ingest.formats.rrweb.masks import is_masked
from transforms.ingest.formats.rrweb.mirror import Mirror
from transforms.ingest.formats.rrweb.node import Node
from transforms.ingest.formats.rrweb.page_text import title_of
from transforms.ingest.formats.rrweb.screens import Allowance

_MOST_NODES = 20_000
"""Nodes of a page: a few references that name each other in turn would make any number of them."""

_EXPANDED = 5
"""Price of a node that is put together from references, in nodes that are read."""

_VALUE = "__playwright_value_"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its reader sees it."""

    title: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(slots=True)
class Snapshots:
    """Snapshots of frames so far, each as its nodes in the order in which references count them: children first.

    ``[[2, 7]]`` is the eighth node of the snapshot of this frame before the last one. ``passwords`` are the values of
    password fields, which Playwright writes in clear.
    """

    allowance: Allowance
    passwords: dict[str, None] = field(default_factory=dict, repr=False)
    _nodes: dict[str, list[list[object]]] = field(default_factory=dict, repr=False)
    _left: int = 0

    def read(self, frame: str, html: object) -> Page | None:
        """Take up a snapshot and return its page, ``None`` where it is too large or not paid for."""
        seen = self._nodes.setdefault(frame, [])
        seen.append(_in_order(html))
        self.passwords |= dict.fromkeys(_find_passwords(seen[-1]))
        if self.allowance.is_spent:
            return None
        self._left = _MOST_NODES
        tree = self._expand(html, seen, len(seen) - 1, 0)
        self.allowance.spend(_EXPANDED * (_MOST_NODES - self._left))
        page = Mirror()
        page.add(tree, None)
        text = self.allowance.read(page) if self._left > 0 else None
        return None if text is None else Page(title_of(page), text)

    def _expand(self, node: object, seen: list[list[object]], at: int, depth: int) -> dict[str, object] | None:
        """Return a node, in the form of rrweb's, with all that it refers to; ``None`` where it is none."""
        self._left -= 1
        place = _MOST_NODES - self._left
        if self._left <= 0 or depth > _DEEPEST:
            return None
        if isinstance(node, str):
            return {"type": 3, "id": place, "textContent": node}
        if not isinstance(node, list) or not node:
            return None
        if isinstance(node[0], list):
            return self._follow(node[0], seen, at, depth)
        attributes = dict(node[1]) if len(node) > 1 and isinstance(node[1], dict) else {}
        if _VALUE in attributes:
            attributes["value"] = attributes[_VALUE]
        children = [self._expand(child, seen, at, depth + 1) for child in node[2:]]
        return {"type": 2, "id": place, "tagName": node[0], "attributes": attributes, "childNodes": children}

    def _follow(
        self, reference: list[object], seen: list[list[object]], at: int, depth: int
    ) -> dict[str, object] | None:
        ago, index = (*reference, None, None)[:2]
        if not isinstance(ago, int) or not isinstance(index, int) or not 0 < ago <= at or index < 0:
            return None
        nodes = seen[at - ago]
        return self._expand(nodes[index], seen, at - ago, depth + 1) if index < len(nodes) else None


_DEEPEST = 300
"""Levels of a page, references among them."""


def _find_passwords(nodes: list[object]) -> Iterator[str]:
    """Yield the clear values of password fields."""
    for element in nodes:
        if (
            not isinstance(element, list)
            or len(element) < len(("tag", "attributes"))
            or not isinstance(element[1], dict)
        ):
            continue
        node = Node(str(element[0]).lower(), element[1])
        node.mark_password()
        for value in (element[1].get(_VALUE), element[1].get("value")) if node.password else ():
            if isinstance(value, str) and value and not is_masked(value):
                yield value


def _in_order(html: object) -> list[object]:
    """List the texts and elements of a snapshot, children before their parent; a reference is none of them."""
    found: list[object] = []
    pending: list[tuple[object, bool]] = [(html, False)]
    while pending and len(found) <= _MOST_NODES:
        node, done = pending.pop()
        if isinstance(node, str) or done:
            found.append(node)
        elif isinstance(node, list) and node and isinstance(node[0], str):
            pending.append((node, True))
            pending.extend((child, False) for child in reversed(node[2:]))
    return found
