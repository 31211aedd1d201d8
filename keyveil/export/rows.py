"""Steps as flat rows, for tables and archives: texts as they are, the rest as JSON, a picture as PNG."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import pyarrow as pa

from keyveil.training.screen import outline
from keyveil.training.step import Step

ROW_SCHEMA = pa.schema(
    [
        pa.field("session", pa.string()),
        pa.field("user", pa.string()),
        pa.field("number", pa.int32(), metadata={"description": "0..n-1 within the session"}),
        *(pa.field(name, pa.string()) for name in ("task", "goal", "outcome")),
        pa.field("screen", pa.string(), metadata={"description": "outline of the nodes, or the text of the screen"}),
        pa.field("image", pa.binary(), metadata={"description": "PNG where steps show pictures"}),
        pa.field("history", pa.string(), metadata={"description": "JSON list, in the format of the steps"}),
        pa.field("next_action", pa.string(), metadata={"description": "JSON, in the format of the steps"}),
    ]
)


def name_step(step: Step) -> str:
    """Name a step, so that names sort as steps come."""
    return f"{step.session}-{step.number:06d}"


def as_row(step: Step) -> dict[str, Any]:
    """Write a step as a row of ``ROW_SCHEMA``; a picture within a chat becomes its name."""
    picture = step.observation if hasattr(step.observation, "save") else None
    name = f"{name_step(step)}.png"
    return {
        "session": step.session,
        "user": step.user,
        "number": step.number,
        "task": step.task,
        "goal": step.goal,
        "outcome": step.outcome,
        "screen": None if step.screen is None else outline(step.screen),
        "image": None if picture is None else _png(picture),
        "history": json.dumps(_plain(step.history, name), ensure_ascii=False),
        "next_action": json.dumps(_plain(step.next_action, name), ensure_ascii=False),
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
