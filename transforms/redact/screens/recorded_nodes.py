"""Nodes of a recorded screen, and the places where the spans of their names are found."""

import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from schemas.entities import Span, Text, TextKind
from schemas.vocabulary import PASSWORD, ROLES, STATES, role_of
from transforms.redact.screens.boxes import Box
from transforms.redact.screens.windows import read_box

_QUOTED = re.compile(r"\S+ '(.*)'")
"""Line of a tree as text: a role and a name."""


class RecordedNode(NamedTuple):
    """Node as recorded; ``secret`` says that its value is withheld."""

    role: str
    name: str
    value: str
    box: Box | None
    depth: int
    states: tuple[str, ...]
    secret: bool

    def __repr__(self) -> str:
        """Show the role alone."""
        return f"RecordedNode({self.role})"


class NameRange(NamedTuple):
    """Range of a text that is a name."""

    text: Text
    start: int
    end: int

    def cut(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """Return the parts of the ``spans`` of the text that are in this range, by their place in it."""
        return tuple(
            Span(max(start, self.start) - self.start, min(end, self.end) - self.start, entity, score)
            for start, end, entity, score in spans
            if start < self.end and end > self.start
        )


class NodeTexts(NamedTuple):
    """Ranges of the names of a screen, by node, and the values, each a text of its own.

    ``joined`` is the text of the screen, ``rest`` holds the names that do not stand in it.
    """

    names: dict[int, NameRange]
    values: dict[int, Text]
    joined: Text
    rest: Text | None

    def __repr__(self) -> str:
        """Show the numbers of texts alone."""
        return f"NodeTexts({len(self.names)} names, {len(self.values)} values)"


def is_all_listed(nodes: Sequence[RecordedNode], texts: NodeTexts, spans: Sequence[Span]) -> bool:
    """Check whether each of the ``spans`` of the text of a screen is in a node.

    Many recorders list the controls alone: ``To: Ada [Reply]`` has a button, and nothing says where the name stands
    that pushes it.
    """
    if not spans:
        return True
    places = [place for place in texts.names.values() if place.text == texts.joined]
    listed = "\n".join(part for node in nodes for part in (node.name, node.value))
    return all(
        any(span.start < place.end and place.start < span.end for place in places)
        or _holds_whole(listed, texts.joined.content[span.start : span.end])
        for span in spans
    )


def _holds_whole(text: str, value: str) -> bool:
    """Return whether ``text`` holds ``value`` as whole words: ``Edit`` does not hold ``Ed``."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


def read_nodes(listed: Sequence[Mapping[str, Any]]) -> tuple[RecordedNode, ...]:
    """Read the nodes of a row of the raw log."""
    return tuple(_read_node(node) for node in listed)


def _read_node(node: Mapping[str, Any]) -> RecordedNode:
    role = node["role"] or ""
    is_password = role_of(role) == PASSWORD
    return RecordedNode(
        PASSWORD if is_password else role if role in ROLES else "generic",
        node["name"] or "",
        node["value"] or "",
        read_box(node["bounds"]),
        node["depth"] or 0,
        tuple(sorted(STATES.intersection(node["states"] or ()))),
        is_password or bool(node["protected"]),
    )


def find_texts(nodes: Sequence[RecordedNode], joined: str, *, ocr: bool = False) -> NodeTexts:
    """Find each name in ``joined``, the text of the screen: as a line of its own or in quotes behind a role.

    What a line above it or beside it says of a name, the spans of that text say too. Names that do not stand in it are
    one more text, a line each: they are context for one another. A value is judged by the name of its node.
    """
    known = _lines(joined)
    names: dict[int, NameRange] = {}
    text, others = Text(joined, TextKind.SCREEN, ocr=ocr), list[int]()
    for number, node in enumerate(nodes):
        found = known.get(node.name)
        if not node.name.strip():
            continue
        if found:
            start = found[0] if len(found) == 1 else found.popleft()
            names[number] = NameRange(text, start, start + len(node.name))
        else:
            others.append(number)
    rest = Text("\n".join([nodes[number].name for number in others]), TextKind.SCREEN, ocr=ocr)
    at = 0
    for number in others:
        names[number] = NameRange(rest, at, at + len(nodes[number].name))
        at += len(nodes[number].name) + 1
    values = {
        number: Text(node.value, TextKind.TYPED, node.name)
        for number, node in enumerate(nodes)
        if node.value.strip() and not node.secret
    }
    return NodeTexts(names, values, text, rest if others else None)


def _lines(joined: str) -> Mapping[str, deque[int]]:
    """Find where each name of ``joined`` begins, in order."""
    found: defaultdict[str, deque[int]] = defaultdict(deque)
    at = 0
    for line in joined.split("\n"):
        quoted = _QUOTED.fullmatch(line)
        plain = line.strip()
        found[plain].append(at + line.find(plain))
        if quoted:
            found[quoted[1]].append(at + quoted.start(1))
        at += len(line) + 1
    return found
