"""Steps as flat rows, for tables and archives: texts as they are, the rest as JSON, a picture as PNG."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import pyarrow as pa

from keyveil.action_columns import ACTIONS, BOX
from keyveil.training.screen import outline
from keyveil.training.step import Step

_OF_SCREEN = ("app", "title", "url", "is_replaced", "is_placed")

ROW_SCHEMA = pa.schema(
    [
        pa.field("session", pa.string()),
        pa.field("user", pa.string()),
        pa.field("number", pa.int32(), metadata={"description": "0..n-1 within the session"}),
        *(pa.field(name, pa.string()) for name in ("task", "goal", "outcome")),
        pa.field(
            "screen",
            pa.string(),
            metadata={"description": "outline of the nodes, boxes in ten-thousandths of the window, or its text"},
        ),
        *(pa.field(name, pa.string(), metadata={"description": "of the screen"}) for name in ("app", "title", "url")),
        pa.field("fresh", pa.bool_(), metadata={"description": "false where another window came since the screen"}),
        pa.field("is_replaced", pa.bool_(), metadata={"description": "whether the screen has a replacement"}),
        pa.field(
            "is_placed", pa.bool_(), metadata={"description": "whether its boxes are estimates from other screens"}
        ),
        pa.field("image", pa.binary(), metadata={"description": "PNG where steps show pictures"}),
        pa.field("history", pa.string(), metadata={"description": "JSON list, in the format of the steps"}),
        pa.field("next_action", pa.string(), metadata={"description": "JSON, in the format of the steps"}),
        pa.field("kind", pa.string(), metadata={"description": "of the next action: " + " ".join(ACTIONS)}),
        pa.field("node", pa.int32(), metadata={"description": "its target, as index in the nodes of the screen"}),
        pa.field("box", BOX, metadata={"description": "around its place, in ten-thousandths of the window"}),
        pa.field("place", pa.string(), metadata={"description": "what that box is: element node cell"}),
        pa.field("synthetic", pa.bool_(), metadata={"description": "whether it types a replacement"}),
    ]
)


def name_step(step: Step) -> str:
    """Name a step, so that names sort as steps come."""
    return f"{step.session}-{step.number:06d}"


def as_row(step: Step) -> dict[str, Any]:
    """Write a step as a row of ``ROW_SCHEMA``; a picture within a chat becomes its name."""
    picture = step.observation if hasattr(step.observation, "save") else None
    name = f"{name_step(step)}.png"
    screen, action = step.screen, step.action
    return {
        "session": step.session,
        "user": step.user,
        "number": step.number,
        "task": step.task,
        "goal": step.goal,
        "outcome": step.outcome,
        "screen": None if screen is None else outline(screen),
        **{fact: None if screen is None else getattr(screen, fact) for fact in _OF_SCREEN},
        "fresh": step.fresh,
        "image": None if picture is None else _png(picture),
        "history": json.dumps(_plain(step.history, name), ensure_ascii=False),
        "next_action": json.dumps(_plain(step.next_action, name), ensure_ascii=False),
        "kind": action.kind,
        "node": action.node,
        "box": None if action.box is None else asdict(action.box),
        "place": action.place,
        "synthetic": action.synthetic,
    }


def _png(picture: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _plain(value: Any, picture: str) -> Any:
    """Replace what JSON cannot hold: records by their fields, a picture by its name."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return {name: _plain(item, picture) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item, picture) for item in value]
    return picture if hasattr(value, "save") else value
