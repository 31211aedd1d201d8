"""Made-up sessions that hold everything a step can tell of."""

from typing import Any

import pyarrow as pa

from schemas.safe import EVENTS_SCHEMA

PLAIN = pa.schema([f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in EVENTS_SCHEMA])


def box(left: int, top: int, right: int, bottom: int) -> dict[str, int]:
    return {"left": left, "top": top, "right": right, "bottom": bottom}


def node(role: str, name: str | None, edges: tuple[int, int, int, int], depth: int = 1, **more: Any) -> dict[str, Any]:
    return {"role": role, "name": name, "value": None, **box(*edges), "depth": depth, "states": []} | more


MAIL = [
    node("dialog", "New message", (0, 0, 10_000, 10_000), 0),
    node("textbox", "To", (200, 500, 9_000, 1_000), value="Plevosti Quillonsedge"),
    node("checkbox", "Urgent", (200, 1_200, 1_500, 1_500), states=["checked"]),
    node("button", "Send", (8_000, 9_000, 9_500, 9_700), states=["focused"]),
]
"""Nodes of a mail client."""

_PLACED = {"kind": "pointer", "place": "node", "x": 8_500, "y": 9_200, "box": box(8_000, 9_000, 9_500, 9_700)}
CLICK = _PLACED | {"action": "click", "button": "left", "role": "button", "name": "Send", "node": 3, "screen": 2}


def placed(action: str, **more: Any) -> dict[str, Any]:
    return CLICK | {"action": action} | more


def mail_rows() -> list[dict[str, Any]]:
    """Write a mail: task, window, screen, typing, a scroll, a drag, a noised click, a click."""
    drag = {"to_x": 300, "to_y": 1_300, "to_box": box(200, 1_200, 1_500, 1_500)}
    return [
        {"kind": "task", "text": "Tell Plevosti Quillonsedge that the room has changed", "title": "It is sent"},
        {"kind": "focus", "app": "mail", "title": "New message", "window": {"width": 1_600, "height": 900}},
        {"kind": "screen", "text": "To Urgent Send", "nodes": MAIL},
        {"kind": "field", "field": 0, "role": "textbox", "name": "To"},
        *({"kind": "key", "action": "down", "key": key, "field": 0, "modifiers": []} for key in "Hi!"),
        placed("scroll", dx=0, dy=3, node=None, screen=None),
        {"kind": "screen", "same_as": 2},
        placed("drag", screen=8, **drag),
        placed("click", place=None, x=55, y=66, box=None, node=None, screen=None),
        placed("click", place="none", x=None, y=None, box=None, node=None, screen=None),
        {"kind": "key", "action": "down", "key": "s", "modifiers": ["Control"]},
        placed("click", modifiers=["Shift"]),
    ]


def as_session(rows: list[dict[str, Any]], name: str, user: str | None) -> pa.Table:
    """Number rows as those of a released session."""
    common = {"session": name, "user": user, "synthetic": False}
    numbered = [common | {"seq": seq, "t_ms": seq * 5_000} | row for seq, row in enumerate(rows)]
    return pa.Table.from_pylist(numbered, PLAIN).cast(EVENTS_SCHEMA)


def mail_session(name: str, user: str, events: int, seed: int) -> pa.Table:  # noqa: ARG001 - a maker of sessions
    """Make the session whatever is asked for; the number of its rows is fixed."""
    return as_session(mail_rows(), name, user)


LAID_OUT_AGAIN = [
    node("dialog", "New message", (0, 0, 10_000, 10_000), 0),
    node("textbox", "To", (0, 0, 1_000, 300), value="Ada"),
    node("checkbox", "Urgent", (0, 400, 500, 700), states=["checked"]),
    node("button", "Send", (0, 800, 600, 1_100), states=["focused"]),
]
"""Nodes of the mail client of which a value was replaced."""


def replaced_session(name: str, user: str, events: int, seed: int) -> pa.Table:
    """Make a session as recorded where ``seed`` is even, else one in which a value is replaced, with two clicks."""
    mark = {"column": "nodes.value", "start": 0, "end": 3, "entity": "PERSON", "node": 1}
    shown = {"kind": "screen", "text": "To Urgent Send", "nodes": LAID_OUT_AGAIN, "redactions": [mark]}
    click = placed("click", x=300, y=900, box=box(0, 800, 600, 1_100), screen=1)
    rows = [mail_rows()[1], shown, {"kind": "screen", "same_as": 1}, click, click | {"screen": 2}]
    return as_session(rows, name, user) if seed % 2 else mail_session(name, user, events, seed)
