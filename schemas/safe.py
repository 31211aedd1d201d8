"""Types that may be stored: text redacted, times and coordinates noised or synthetic."""

from dataclasses import dataclass, field

import pyarrow as pa

SCHEMA_VERSION = 3

SENSITIVITIES = ("id", "structure", "timing", "pointer", "text")
"""Classes of columns, the most sensitive last; each is sealed under a key of its own."""

_CODE = pa.dictionary(pa.int32(), pa.string())
_FOUND = pa.struct(
    [
        ("column", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("entity", pa.string()),
        ("node", pa.int32()),
    ]
)
REDACTION = pa.struct([*_FOUND, ("rule", pa.string()), ("score", pa.string())])
"""A released redaction; ``rule`` and ``score`` follow from the entity (``redaction_reasons``)."""
BOX_EDGES = ("left", "top", "right", "bottom")
"""Parts of a box, in the order in which they are written everywhere."""

_EDGES = [(edge, pa.int32()) for edge in BOX_EDGES]
_BOX = pa.struct(_EDGES)
_NODE = pa.struct(
    [
        *((name, pa.string()) for name in ("role", "name", "value")),
        *_EDGES,
        ("depth", pa.int32()),
        ("states", pa.list_(pa.string())),
    ]
)


def _column(name: str, kind: pa.DataType, meaning: str, sensitivity: str) -> pa.Field:
    return pa.field(name, kind, metadata={"description": meaning, "sensitivity": sensitivity})


_POSITION = (
    "drawn inside box (standard deviation 0.145 of its side), in ten-thousandths of the front window; "
    "noised pixels where place is null"
)
_DISTANCE = "scrolls: notches (0, 1, 3, 10, 30), right and down positive; noised pixels where place is null"

EVENTS_SCHEMA = pa.schema(
    [
        _column("session", pa.string(), "keyed pseudonym of the session, fresh in every release", "id"),
        _column("user", pa.string(), "keyed pseudonym of the person, fresh in every release", "id"),
        _column("seq", pa.int32(), "0..n-1 within the session, renumbered after redaction", "structure"),
        _column(
            "kind",
            _CODE,
            "event kind of the raw log, or text_input (the text of a field as it stood at its end)",
            "structure",
        ),
        _column("action", _CODE, "what a key, pointer or clipboard event did", "structure"),
        _column("modifiers", pa.list_(pa.string()), "modifiers held, sorted, without the key itself", "structure"),
        _column(
            "synthetic",
            pa.bool_(),
            "true on key rows that were not recorded but made for a replacement; other rows: see redactions",
            "structure",
        ),
        _column("button", _CODE, "pointer button", "structure"),
        _column("role", pa.string(), "ARIA role of a field or of a pointer target", "structure"),
        _column("field", pa.int32(), "ordinal of the field in its session, by first appearance", "structure"),
        _column(
            "redactions",
            pa.list_(REDACTION),
            "where a text column or node holds a surrogate or placeholder: code points from start up to, not "
            "with, end; rule and score follow from the entity",
            "structure",
        ),
        _column(
            "place",
            _CODE,
            "what box is: an element, a node, a cell of 64 px; none outside the window, where it is null like x "
            "and y; null where positions have noise",
            "structure",
        ),
        _column(
            "node",
            pa.int32(),
            "index of the target in the nodes of the screen row ``screen``; with place cell, box is a cell in it",
            "structure",
        ),
        _column("screen", pa.int32(), "seq of the screen row that shows the target", "structure"),
        _column("same_as", pa.int32(), "screens: seq of an earlier screen that has the same nodes", "structure"),
        _column(
            "window",
            pa.struct([("width", pa.int32()), ("height", pa.int32())]),
            "focus, screens: size of the window in pixels, the nearest of a public list",
            "structure",
        ),
        _column(
            "t_ms", pa.int64(), "milliseconds since session start on the released clock; null without one", "timing"
        ),
        _column("x", pa.int32(), _POSITION, "pointer"),
        _column("y", pa.int32(), _POSITION, "pointer"),
        _column("dx", pa.int32(), _DISTANCE, "pointer"),
        _column("dy", pa.int32(), _DISTANCE, "pointer"),
        _column("to_x", pa.int32(), "end of a drag, in the unit of x", "pointer"),
        _column("to_y", pa.int32(), "end of a drag, in the unit of y", "pointer"),
        _column("box", _BOX, "box around the position, in ten-thousandths of the front window", "pointer"),
        _column("to_box", _BOX, "box around the end of a drag, in the same unit", "pointer"),
        _column("key", _CODE, "W3C key value", "text"),
        _column("code", _CODE, "W3C code that follows from the key value", "text"),
        _column("app", pa.string(), "application, redacted", "text"),
        _column("title", pa.string(), "window title, or a task's goal, redacted", "text"),
        _column("url", pa.string(), "address, redacted", "text"),
        _column(
            "name",
            pa.string(),
            "accessible name of a field or of a pointer target, or a task's outcome, redacted",
            "text",
        ),
        _column("text", pa.string(), "screen, clipboard or typed text, or a task's instruction, redacted", "text"),
        _column(
            "nodes",
            pa.list_(_NODE),
            "screens: nodes in the recorder's order, texts redacted, edges in ten-thousandths of the front window",
            "text",
        ),
    ]
)
"""One row a released event (contract, section 2; ADR 47).

Columns stand in the order of their sensitivity: pyarrow 25 asks for the keys of the first n columns of a file when it
reads any n of them, so what a reader may not open must come last.
"""

_REDACTIONS_2 = EVENTS_SCHEMA.field("redactions").with_type(pa.list_(_FOUND))
EVENTS_SCHEMAS = {
    2: EVENTS_SCHEMA.set(EVENTS_SCHEMA.get_field_index("redactions"), _REDACTIONS_2),
    SCHEMA_VERSION: EVENTS_SCHEMA,
}
"""Columns of events by version of the format; version 1, which has no nodes, is read and its rows are not verified."""

SESSIONS_SCHEMA = pa.schema(
    [
        _column("session", pa.string(), "keyed pseudonym of the session, fresh in every release", "id"),
        _column("user", pa.string(), "keyed pseudonym of the person, fresh in every release", "id"),
        _column("os", pa.string(), "null unless partition selection admits the whole tuple", "structure"),
        _column("keyboard_layout", pa.string(), "null unless partition selection admits the whole tuple", "structure"),
        _column("recorder", pa.string(), "null unless partition selection admits the whole tuple", "structure"),
    ]
)
"""One row a released session."""

SESSION_TUPLE = ("os", "keyboard_layout", "recorder")
"""Columns that are admitted together or not at all."""

TEXT_COLUMNS = ("app", "title", "url", "name", "text")
"""Released columns that hold free text; each is redacted and may be named in ``redactions``."""

NODE_COLUMNS = {"name": "nodes.name", "value": "nodes.value"}
"""Parts of a node that hold free text, and what ``redactions`` calls them."""

BOX_UNITS = 10_000
"""Width and height of the front window in the unit of boxes."""

_EXACT = {"t_ms": ("t_us", pa.int64()), "x": ("x", pa.float64()), "y": ("y", pa.float64())}
_EXACT["redactions"] = ("redactions", pa.list_(_FOUND))
_EXACT |= {"dx": ("dx", pa.float64()), "dy": ("dy", pa.float64())}

REDACTED_SCHEMA = pa.schema(
    [pa.field(*_EXACT[column.name]) if column.name in _EXACT else column for column in EVENTS_SCHEMA]
    + [pa.field("span_us", pa.int64()), pa.field("removed_sites", pa.list_(pa.string()))]
)
"""``EVENTS_SCHEMA`` before noise: recorded microseconds (null on synthetic rows), exact pixels, and redactions without
reasons. Never released.

``span_us`` is how long a move segment took, from its first move to its last; null on other rows and without times.
``removed_sites`` are the sites that the recorded address named and the redacted ``url`` does not, null without any; the
naming of sites drops them."""


TRACE_SOURCE = pa.schema([("session_id", pa.string()), ("source_seqs", pa.list_(pa.int64()))])
"""Source events of a released row."""

TRACE_SCHEMA = pa.schema(
    [("session_id", pa.string()), ("session", pa.string()), ("seq", pa.int32()), ("source_seqs", pa.list_(pa.int64()))]
)
"""One row a released row, for audits (contract, section 3)."""


_STRETCH = pa.struct([("begin", pa.int64()), ("end", pa.int64())])
_ELSEWHERE = pa.struct([("session_id", pa.string()), ("begin", pa.int64()), ("end", pa.int64())])

ORIGIN_SCHEMA = pa.schema(
    [
        ("session", pa.string()),
        ("session_id", pa.string()),
        ("episode", pa.int32()),
        ("user_id", pa.string()),
        ("first_us", pa.int64()),
        ("last_us", pa.int64()),
        ("last_seq", pa.int64()),
        ("pauses", pa.list_(_STRETCH)),
        ("removed", pa.list_(_STRETCH)),
        ("typed_in", pa.list_(pa.string())),
        ("typed_since_us", pa.int64()),
        ("removed_elsewhere", pa.list_(_ELSEWHERE)),
        ("tally", pa.list_(pa.struct([("name", pa.string()), ("count", pa.int64())]))),
    ]
)
"""One row a session that waits for its release: whose it is, when it was and what became of its events.

``pauses`` (microseconds) and ``removed`` (``seq``) are what its person had taken out of it when it was staged; null
until then, and where nothing is known. ``typed_in`` are the ids of earlier sessions of which the session knew what its
person had typed, ``typed_since_us`` when that begins, ``removed_elsewhere`` what had been removed of them.
"""


@dataclass(frozen=True, slots=True)
class TraceRows:
    """Pointers from released rows to source events: a table of ``TRACE_SCHEMA``, for private state only."""

    table: pa.Table = field(repr=False)


@dataclass(frozen=True, slots=True)
class RedactedSessions:
    """Whole redacted sessions, still with exact times, pixels and removed sites: a table of ``REDACTED_SCHEMA``.

    Only ``AddNoise`` takes this type, and only ``AddNoise`` makes ``SafeSessions`` from it. ``trace`` has a row for
    each row of ``table`` (``TRACE_SOURCE``) where an audit asked for it, and never leaves private state. ``headers``
    has a row of ``SESSIONS_SCHEMA`` for each session; until partition selection its words are as recorded.
    ``origins`` has a row of ``ORIGIN_SCHEMA`` for each session that is to be staged; it too stays in private state.
    """

    table: pa.Table = field(repr=False)
    trace: pa.Table | None = field(default=None, repr=False)
    headers: pa.Table | None = field(default=None, repr=False)
    origins: pa.Table | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SafeSessions:
    """Whole sessions ready to store: a table of ``EVENTS_SCHEMA``; rows of a session are contiguous.

    ``headers`` has a row of ``SESSIONS_SCHEMA`` for each session, ``None`` where nothing is known of any.
    """

    table: pa.Table = field(repr=False)
    headers: pa.Table | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """Written file of a release. ``path`` is relative to the release; ``staged`` is its location until commit."""

    path: str
    rows: int
    bytes: int
    sha256: str
    staged: str
