"""One action of a session, typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keyveil.records import Box, read_box
from schemas.safe import BOX_UNITS

POINTED = frozenset({"click", "double_click", "triple_click", "drag", "scroll"})
"""Kinds of actions that happen at a place."""

_PLACES = frozenset({"element", "node", "cell"})

Point = tuple[int, int]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action; ``at`` and ``to`` are places in ten-thousandths of the front window.

    ``kind`` is ``type``, ``click``, ``double_click``, ``triple_click``, ``drag``, ``scroll``, ``hotkey`` or ``wait``.
    A ``type`` has ``text``. A ``hotkey`` has ``keys`` by the names of PyAutoGUI, held ones first, pressed ``presses``
    times. Of the others, which point, ``at`` was drawn at random inside ``box`` and is null where the release knows no
    place or holds a noised one; ``place`` says what the box is (``element``, ``node``, ``cell``; ``none``: outside the
    window); ``node`` is the index of the target in the nodes of the screen row ``screen``; ``button`` and ``modifiers``
    are those held. A ``drag`` ends at ``to`` in ``to_box``; ``notches`` of a ``scroll`` count to the right and down.
    ``seconds`` is that of a ``wait``, which steps never have. ``role`` and ``name`` are those of the target, or of the
    field that is typed into; ``synthetic`` says that a replacement is typed. ``first_seq`` and ``last_seq`` are the
    event rows behind the action.
    """

    kind: str
    text: str | None = None
    keys: tuple[str, ...] = ()
    presses: int = 1
    at: Point | None = None
    box: Box | None = None
    to: Point | None = None
    to_box: Box | None = None
    place: str | None = None
    node: int | None = None
    screen: int | None = None
    notches: tuple[int, int] = (0, 0)
    button: str = "left"
    modifiers: tuple[str, ...] = ()
    role: str | None = None
    name: str | None = None
    seconds: float | None = None
    first_seq: int = 0
    last_seq: int = 0
    synthetic: bool = False


def read_action(row: Mapping[str, Any]) -> Action:
    """Read a row of ``list_actions``."""
    placed = row.get("place") in _PLACES
    return Action(
        kind=row["action"],
        text=row.get("text"),
        keys=tuple(row.get("keys") or ()),
        presses=row.get("presses") or 1,
        at=_place(row["x"], row["y"]) if placed else None,
        box=read_box(row["box"]) if placed else None,
        to=_place(row["to_x"], row["to_y"]) if placed else None,
        to_box=read_box(row["to_box"]) if placed else None,
        place=row.get("place"),
        node=row.get("node"),
        screen=row.get("screen"),
        notches=(row.get("dx") or 0, row.get("dy") or 0),
        button=row.get("button") or "left",
        modifiers=tuple(row.get("modifiers") or ()),
        role=row.get("role"),
        name=row.get("name"),
        seconds=row.get("seconds"),
        first_seq=row["first_seq"],
        last_seq=row["last_seq"],
        synthetic=bool(row.get("synthetic")),
    )


def to_pixels(place: Point, size: Size) -> Point:
    """Convert a place to the pixel of a picture of ``size``.

    >>> to_pixels((5_000, 9_999), (1_280, 720))
    (640, 719)
    """
    return place[0] * size[0] // BOX_UNITS, place[1] * size[1] // BOX_UNITS


def _place(x: int | None, y: int | None) -> Point | None:
    return None if x is None or y is None else (x, y)
