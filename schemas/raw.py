"""Types that may hold what a person typed or saw. Nothing after ``RedactSessions`` may import this module."""

import json
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_NAMED_RECT = pa.struct([(name, pa.float64()) for name in ("x", "y", "width", "height")])
_NODE = pa.struct(
    [
        ("role", pa.string()),
        ("name", pa.string()),
        ("value", pa.string()),
        ("bounds", _NAMED_RECT),
        ("protected", pa.bool_()),
        ("depth", pa.int64()),
        ("states", pa.list_(pa.string())),
    ]
)
_TARGET = pa.struct(
    [("role", pa.string()), ("name", pa.string()), ("bounds", _NAMED_RECT), ("states", pa.list_(pa.string()))]
)
_SCREEN = pa.struct([*((field.name, field.type) for field in _NAMED_RECT), ("scale", pa.float64())])

KINDS = ("session", "focus", "task", "field", "key", "pointer", "screen", "clipboard", "input_value")

LOG_SCHEMA = pa.schema(
    [
        ("session_id", pa.string()),
        ("user_id", pa.string()),
        ("device_id", pa.string()),
        ("seq", pa.int64()),
        ("t_us", pa.int64()),
        ("kind", pa.string()),
        ("os", pa.string()),
        ("screens", pa.list_(_SCREEN)),
        ("keyboard_layout", pa.string()),
        ("recorder", pa.string()),
        ("recorder_version", pa.string()),
        ("timezone", pa.string()),
        ("purpose", pa.string()),
        ("consent_version", pa.string()),
        ("app", pa.string()),
        ("title", pa.string()),
        ("url", pa.string()),
        ("private", pa.bool_()),
        ("window", _SCREEN),
        ("instruction", pa.string()),
        ("outcome", pa.string()),
        ("goal", pa.string()),
        ("field_id", pa.string()),
        ("role", pa.string()),
        ("label", pa.string()),
        ("multiline", pa.bool_()),
        ("resumed", pa.bool_()),
        ("action", pa.string()),
        ("key", pa.string()),
        ("code", pa.string()),
        ("modifiers", pa.list_(pa.string())),
        ("repeat", pa.bool_()),
        ("x", pa.float64()),
        ("y", pa.float64()),
        ("dx", pa.float64()),
        ("dy", pa.float64()),
        ("button", pa.string()),
        ("target", _TARGET),
        ("source", pa.string()),
        ("text", pa.string()),
        ("nodes", pa.list_(_NODE)),
        ("value", pa.string()),
        ("source_masked", pa.bool_()),
    ]
)
"""One row an event of the canonical raw log; columns of other kinds are null.

Positions, bounds, windows and screens of a recording are in one space of pixels; ``scale`` is for information.
Of a task the instruction is released as ``text``, the goal as ``title`` and the outcome as ``name``.
"""

RAW_SCHEMA = pa.schema(
    [
        *LOG_SCHEMA,
        ("episode", pa.int32()),
        ("declared_purposes", pa.list_(pa.string())),
        ("declared_versions", pa.list_(pa.string())),
        ("source_file", pa.int32()),
        ("source_line", pa.int64()),
    ]
)
"""``LOG_SCHEMA`` with provenance: part of a session that was cut at an idle gap, input file, 1-based line or record.

The first row of each part holds what the headers of the whole session declare of purpose and consent, canonical.
"""


def log_lines(table: pa.Table) -> bytes:
    """Serialise rows with the columns of ``LOG_SCHEMA`` as lines of the canonical log."""
    events = table.select(LOG_SCHEMA.names).to_pylist()
    lines = ({name: value for name, value in event.items() if value is not None} for event in events)
    return b"\n".join([json.dumps(line, ensure_ascii=False).encode() for line in lines])


@dataclass(frozen=True, slots=True)
class RawSessions:
    """Whole sessions as one Arrow table of ``RAW_SCHEMA``.

    Rows of a session (``session_id``, ``episode``) are contiguous and in order; sessions come in a total order that
    depends on the input alone. Times may be null for a whole session, never for a part of one.
    """

    table: pa.Table = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class TypedField:
    """Editing history of one field of one session.

    A *cell* is one character that ever stood in the field; cells are numbered in the order in which they were
    inserted. ``cells`` is their text, ``cell_rows`` the row of the batch whose event inserted each (a key-down, a
    paste or an ``input_value``), ``gone_rows`` the row whose event removed each (-1 where it still stands). ``final``
    and every draft list cell numbers in text order; a draft is what stood around a change (all of a short text) just
    before a run of deletions, an overwrite, an insertion into a word, or an edit at an unknown place. ``key_rows``
    are all key-down and key-up rows of the field in order. ``field_row`` is -1 where no ``field`` row names the
    field: its id is then that of its rows or, where they name none, one made up for the stretch of typing between two
    changes of focus (``focus@`` and its first row), its role ``textbox`` and ``multiline`` true. A field id that
    comes again without ``resumed`` is another field. ``exact`` is false where the recording does not determine the
    text (an unknown caret, an undo of something unseen): such a text is a guess and is treated with suspicion.
    ``secret`` is true where any field of this id in the session is a password or had a value that the recorder masked.
    """

    session_start: int
    field_id: str = field(repr=False)
    field_row: int
    role: str = field(repr=False)
    label: str = field(repr=False)
    multiline: bool
    cells: str = field(repr=False)
    cell_rows: npt.NDArray[np.int64] = field(repr=False)
    gone_rows: npt.NDArray[np.int64] = field(repr=False)
    final: npt.NDArray[np.int32] = field(repr=False)
    drafts: tuple[npt.NDArray[np.int32], ...] = field(repr=False)
    key_rows: npt.NDArray[np.int64] = field(repr=False)
    last_row: int
    exact: bool
    secret: bool = False


@dataclass(frozen=True, slots=True)
class TypedSessions:
    """Raw sessions with the text of every field that was typed into, in order of first appearance."""

    sessions: RawSessions
    fields: tuple[TypedField, ...] = field(repr=False)
