"""Columns of the table of actions, and columns of the events that actions are made of."""

import pyarrow as pa

from schemas.safe import BOX_EDGES

ACTIONS = ("type", "click", "double_click", "triple_click", "drag", "scroll", "hotkey", "wait")

_UNIT = "ten-thousandths of the front window where place is set, else pixels, noised"
BOX = pa.struct([(edge, pa.int32()) for edge in BOX_EDGES])

ACTIONS_SCHEMA = pa.schema(
    [
        pa.field("session", pa.string()),
        pa.field("user", pa.string()),
        pa.field("step", pa.int32(), metadata={"description": "0..n-1 within the session"}),
        pa.field("first_seq", pa.int32(), metadata={"description": "first event row behind the action"}),
        pa.field("last_seq", pa.int32(), metadata={"description": "last event row behind the action"}),
        pa.field("t_ms", pa.int64(), metadata={"description": "released clock at the first row"}),
        pa.field("action", pa.dictionary(pa.int32(), pa.string()), metadata={"description": " ".join(ACTIONS)}),
        pa.field("text", pa.string(), metadata={"description": "of type: what was inserted"}),
        pa.field(
            "keys", pa.list_(pa.string()), metadata={"description": "of hotkey: PyAutoGUI names, held keys first"}
        ),
        pa.field("presses", pa.int32(), metadata={"description": "of hotkey: how often in a row"}),
        pa.field("place", pa.string(), metadata={"description": "what x and y were drawn in: element node cell none"}),
        pa.field("x", pa.int32(), metadata={"description": _UNIT}),
        pa.field("y", pa.int32(), metadata={"description": _UNIT}),
        pa.field("box", BOX, metadata={"description": "box that holds x and y"}),
        pa.field("to_x", pa.int32(), metadata={"description": f"of drag: {_UNIT}"}),
        pa.field("to_y", pa.int32(), metadata={"description": f"of drag: {_UNIT}"}),
        pa.field("to_box", BOX, metadata={"description": "of drag: box that holds to_x and to_y"}),
        pa.field("node", pa.int32(), metadata={"description": "index of the target in the nodes of the screen"}),
        pa.field("screen", pa.int32(), metadata={"description": "seq of the screen that shows the target"}),
        pa.field(
            "dx", pa.int32(), metadata={"description": "of scroll: notches, right is positive; else noised pixels"}
        ),
        pa.field(
            "dy", pa.int32(), metadata={"description": "of scroll: notches, down is positive; else noised pixels"}
        ),
        pa.field("modifiers", pa.list_(pa.string()), metadata={"description": "keys held during a pointer action"}),
        pa.field("button", pa.string()),
        pa.field("seconds", pa.float64(), metadata={"description": "of wait, by the released clock"}),
        pa.field("role", pa.string(), metadata={"description": "ARIA role of the target, or of the field typed into"}),
        pa.field("name", pa.string(), metadata={"description": "its accessible name, redacted"}),
        pa.field("app", pa.string(), metadata={"description": "application in front, redacted"}),
        pa.field("title", pa.string(), metadata={"description": "window title in front, redacted"}),
        pa.field("url", pa.string(), metadata={"description": "address in front, redacted"}),
        pa.field("synthetic", pa.bool_(), metadata={"description": "whether keys behind it were made"}),
    ]
)
"""One row an action; columns of other actions are null."""

PLACED = ("place", "x", "y", "box", "to_x", "to_y", "to_box", "node", "screen")
COLUMNS = (
    """session user seq t_ms kind action key modifiers synthetic dx dy button app title url role name field
    text redactions""".split()
    + list(PLACED)
)
"""Columns of the events that actions are made of."""
