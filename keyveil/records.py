"""A session as a reader gets it: one Arrow table, or a typed record for each event."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from schemas.safe import BOX_EDGES


@dataclass(frozen=True, slots=True)
class Redaction:
    """Half-open range of code points of the text column ``column`` that holds a surrogate or a placeholder.

    ``node`` is the index of the node where ``column`` is ``nodes.name`` or ``nodes.value``. ``rule`` and ``score``
    follow from the entity; releases of format 2 and earlier have none.
    """

    column: str
    start: int
    end: int
    entity: str
    node: int | None = None
    rule: str | None = None
    score: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """Rectangle in ten-thousandths of the front window; its right and bottom edges are outside."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Node of a screen; ``depth`` is the number of its ancestors, which stand before it."""

    role: str
    name: str | None
    value: str | None
    box: Box | None
    depth: int
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One released event; the fields are the columns of the contract, ``None`` where null or not read.

    ``redactions`` are empty where nothing was replaced, and ``None`` where that column was not read.
    """

    session: str | None = None
    user: str | None = None
    seq: int | None = None
    kind: str | None = None
    action: str | None = None
    modifiers: tuple[str, ...] | None = None
    synthetic: bool | None = None
    button: str | None = None
    role: str | None = None
    field: int | None = None
    redactions: tuple[Redaction, ...] | None = None
    place: str | None = None
    node: int | None = None
    screen: int | None = None
    same_as: int | None = None
    window: dict[str, int] | None = None
    t_ms: int | None = None
    x: int | None = None
    y: int | None = None
    dx: int | None = None
    dy: int | None = None
    to_x: int | None = None
    to_y: int | None = None
    box: Box | None = None
    to_box: Box | None = None
    key: str | None = None
    code: str | None = None
    app: str | None = None
    title: str | None = None
    url: str | None = None
    name: str | None = None
    text: str | None = None
    nodes: tuple[Node, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Episode:
    """A whole released session; ``events`` holds the columns that were asked for, rows by ``seq``.

    ``user`` is null in the profile ``events``. ``cursor`` is the state of the iteration just behind this episode (see
    ``Episodes.load_state_dict``), empty for one that was read by its name. ``release`` is the id of the release, to
    which ``session`` and ``user`` belong.
    """

    session: str
    user: str | None
    events: pa.Table = field(repr=False)
    cursor: dict[str, int | str] = field(repr=False)
    release: str = field(repr=False)

    def records(self) -> Iterator[Event]:
        """Yield the events as typed records."""
        for row in self.events.to_pylist():
            if "redactions" in row:
                row["redactions"] = row["redactions"] or ()
            for name, convert in _CONVERTERS.items():
                if row.get(name) is not None:
                    row[name] = convert(row[name])
            yield Event(**row)


def _redactions(items: list[dict[str, Any]]) -> tuple[Redaction, ...]:
    return tuple(Redaction(**item) for item in items)


def read_box(edges: Mapping[str, Any] | None) -> Box | None:
    """Read a box, or the box of a node; null where an edge is missing."""
    found: list[Any] = [None if edges is None else edges[name] for name in BOX_EDGES]
    return None if None in found else Box(*found)


def read_nodes(items: Sequence[Mapping[str, Any]]) -> tuple[Node, ...]:
    """Read the nodes of a screen row."""
    return tuple(
        Node(
            role=item["role"],
            name=item["name"],
            value=item["value"],
            box=read_box(item),
            depth=item["depth"],
            states=tuple(item["states"] or ()),
        )
        for item in items
    )


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "modifiers": tuple,
    "redactions": _redactions,
    "box": read_box,
    "to_box": read_box,
    "nodes": read_nodes,
}
