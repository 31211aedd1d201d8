"""Assembly of released rows: rows that stay, rows that move, rows that are added.

Every text column starts as null and is filled from the redaction's result alone; no free text is copied from the raw
table. Structure columns pass through closed vocabularies.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.key_codes import code_of
from schemas.safe import BOX_EDGES, REDACTED_SCHEMA, TEXT_COLUMNS, TRACE_SOURCE, RedactedSessions
from schemas.vocabulary import BUTTONS, MODIFIERS
from transforms.editor.event_columns import join_bits, map_words, run_starts
from transforms.editor.keymap import is_named_key
from transforms.redact.rows.added_rows import FinalText, Redaction, TypedRun, build_added_rows, build_redaction_lists
from transforms.redact.rows.columns import scatter

_KEPT = ("t_us", "kind", "action", "x", "y", "dx", "dy", "button")
"""Raw columns that are released; all others are released only as the redaction's result."""
_UNKNOWN_KEY = "Unidentified"
_MODIFIERS = sorted(MODIFIERS)


Edges = tuple[int, int, int, int]
"""Left, top, right, bottom in ten-thousandths of the front window."""


class ReleasedAction(NamedTuple):
    """Columns of a pointer row that is a whole action."""

    action: str
    button: str | None
    modifiers: tuple[str, ...]
    dx: int | None
    dy: int | None
    place: str
    node: int | None
    box: Edges | None
    to_box: Edges | None


@dataclass(slots=True)
class RowPlan:
    """Plan of the released rows of a batch: filled by the redaction, assembled to a table at the end."""

    kept: npt.NDArray[np.bool_]  # by row: whether it is released
    pressed: npt.NDArray[np.int64]  # by key row: the row whose key and modifiers it shows (of a key-up, its key-down)
    anchor: npt.NDArray[np.int64]  # by row: the source row at which it is released
    order: npt.NDArray[np.int64]  # by row: its order among the rows of that anchor
    texts: dict[str, dict[int, str]] = field(repr=False)  # redacted text by column and row
    removed_sites: dict[int, list[str]] = field(repr=False)  # by row of an address: sites that are no longer in it
    roles: dict[int, str]  # by row, of fields and pointer targets
    nodes: dict[int, Sequence[Mapping[str, object]]] = field(repr=False)  # redacted nodes of a screen, by row
    moved: dict[int, frozenset[int]]  # nodes of a screen whose released box is not the recorded one, by row
    redactions: dict[int, list[Redaction]]  # spans of surrogates in ``texts`` and ``nodes``, by row
    ordinals: npt.NDArray[np.int32]  # by row: number of its field in its session, -1 for none
    displacement: tuple[dict[int, float], dict[int, float]]  # x and y of a pointer segment, by its last row
    actions: dict[int, ReleasedAction]  # pointer rows that are whole actions; empty where they are single events
    windows: dict[int, tuple[int, int]]  # released size of the window, by row
    spans_us: dict[int, int]  # duration of a pointer segment, by its last row
    typed: list[TypedRun] = field(repr=False)  # added presses
    finals: list[FinalText] = field(repr=False)  # added final texts
    sources: dict[int, tuple[int, ...]]  # source rows of a released row, where they are not just the row itself

    @classmethod
    def of(cls, rows: int) -> "RowPlan":
        """Return the plan that releases every row in its place, without any text."""
        return cls(
            kept=np.ones(rows, dtype=np.bool_),
            pressed=np.arange(rows, dtype=np.int64),
            anchor=np.arange(rows, dtype=np.int64),
            order=np.zeros(rows, dtype=np.int64),
            texts={column: {} for column in TEXT_COLUMNS},
            removed_sites={},
            roles={},
            nodes={},
            moved={},
            redactions={},
            ordinals=np.full(rows, -1, dtype=np.int32),
            displacement=({}, {}),
            actions={},
            windows={},
            spans_us={},
            typed=[],
            finals=[],
            sources={},
        )

    def mark(self, row: int, marks: Sequence[Redaction]) -> None:
        """Add the redactions of a text or of the nodes of ``row``."""
        if marks:
            self.redactions.setdefault(row, []).extend(marks)


@dataclass(frozen=True, slots=True)
class RowNames:
    """Pseudonyms by row of the batch."""

    session: pa.StringArray
    user: pa.StringArray


def assemble(raw: pa.Table, release: RowPlan, names: RowNames, *, trace: bool) -> RedactedSessions:
    """Build the table of released rows in order, with times and pixels still exact."""
    rows = np.flatnonzero(release.kept)
    added = build_added_rows(release.typed, release.finals)
    anchor = np.concatenate([release.anchor[rows], added.row])
    order = np.concatenate([release.order[rows], added.order])
    placed = np.lexsort((order, anchor))
    columns = {**_kept_columns(raw, rows, release), **_text_columns(rows, release)}
    if release.actions:
        columns |= _action_columns(columns, rows, release.actions)
    at = np.concatenate([rows, added.row])
    sources = pa.array(at)
    identity = {"session": names.session.take(sources), "user": names.user.take(sources)}
    arrays = [
        identity[column.name]
        if column.name in identity
        else _concat_column(columns, added.columns, column, len(rows), len(added.row))
        for column in REDACTED_SCHEMA
        if column.name != "seq"
    ]
    table = pa.table(arrays, names=[column.name for column in REDACTED_SCHEMA if column.name != "seq"])
    table = table.take(pa.array(placed))
    table = table.add_column(REDACTED_SCHEMA.get_field_index("seq"), "seq", _number_rows(table["session"]))
    return RedactedSessions(
        table.cast(REDACTED_SCHEMA),
        _trace(raw, at, [*_kept_sources(rows, release), *added.sources], placed) if trace else None,
    )


def _concat_column(
    kept: Mapping[str, pa.Array], extra: Mapping[str, pa.Array], column: pa.Field, n_kept: int, n_added: int
) -> pa.Array:
    kind = pa.string() if pa.types.is_dictionary(column.type) else column.type
    first = kept.get(column.name)
    second = extra.get(column.name)
    first = pa.nulls(n_kept, kind) if first is None else first.cast(kind)
    second = pa.nulls(n_added, kind) if second is None else second.cast(kind)
    stacked = pa.concat_arrays([first, second])
    return stacked.dictionary_encode().cast(column.type) if pa.types.is_dictionary(column.type) else stacked


def _number_rows(session: pa.ChunkedArray) -> pa.Array:
    starts, rows = run_starts(session), len(session)
    lengths = np.diff(np.append(starts, rows))
    return pa.array((np.arange(rows) - np.repeat(starts, lengths)).astype(np.int32))


def _kept_columns(raw: pa.Table, rows: npt.NDArray[np.int64], release: RowPlan) -> dict[str, pa.Array]:
    part = raw.select(_KEPT).take(pa.array(rows))

    def column(name: str) -> pa.Array:
        return part[name].combine_chunks()

    kind = column("kind")
    pointer = pc.equal(kind, "pointer")
    moves = pc.and_(pointer, pc.equal(column("action"), "move"))
    along = {
        name: pc.if_else(moves, scatter(moved, rows, pa.float64()), column(name))
        for name, moved in zip(("dx", "dy"), release.displacement, strict=True)
    }
    ordinals = release.ordinals[rows]
    is_key = pc.equal(kind, "key")
    pressed = raw.select(["key", "modifiers"]).take(pa.array(release.pressed[rows])).combine_chunks()
    key = pc.if_else(is_key, map_words(pressed["key"].combine_chunks(), _release_key), pa.scalar(None, pa.string()))
    return {
        "t_us": column("t_us"),
        "kind": kind,
        "action": column("action"),
        "key": key,
        "code": map_words(key, code_of),
        "modifiers": _modifiers(pressed["modifiers"].combine_chunks(), key),
        "synthetic": pa.array(np.zeros(len(rows), dtype=np.bool_)),
        "x": column("x"),
        "y": column("y"),
        **along,
        "button": map_words(column("button"), _release_button),
        "span_us": scatter(release.spans_us, rows, pa.int64()),
        "role": scatter(release.roles, rows, pa.string()),
        "field": pa.array(ordinals, mask=ordinals < 0),
        "window": _windows(rows, release),
    }


def _box(edges: Edges | None) -> dict[str, int] | None:
    return None if edges is None else dict(zip(BOX_EDGES, edges, strict=True))


def _windows(rows: npt.NDArray[np.int64], release: RowPlan) -> pa.Array:
    sizes = {row: {"width": width, "height": height} for row, (width, height) in release.windows.items()}
    return scatter(sizes, rows, REDACTED_SCHEMA.field("window").type)


_ACTION_COLUMNS = ("action", "button", "modifiers", "dx", "dy")
"""Columns of other rows too; the others are null off actions."""


def _action_columns(
    columns: Mapping[str, pa.Array], rows: npt.NDArray[np.int64], actions: Mapping[int, ReleasedAction]
) -> dict[str, pa.Array]:
    """Build the columns of pointer actions; the recorded position is in none of them."""
    made: dict[str, pa.Array] = {name: pa.nulls(len(rows), pa.float64()) for name in ("x", "y")}
    found = scatter({row: row for row in actions}, rows, pa.int64()).is_valid()
    for name in ReleasedAction._fields:
        kind = REDACTED_SCHEMA.field(name).type
        kind = pa.string() if pa.types.is_dictionary(kind) else kind
        values: list[object] = [getattr(action, name) for action in actions.values()]
        if pa.types.is_struct(kind):
            values = [_box(getattr(action, name)) for action in actions.values()]
        column = scatter(dict(zip(actions, values, strict=True)), rows, kind)
        made[name] = pc.if_else(found, column, columns[name]) if name in _ACTION_COLUMNS else column
    made["button"] = map_words(made["button"], _release_button)
    return made


def _release_key(key: str) -> str:
    return key if len(key) == 1 or is_named_key(key) else _UNKNOWN_KEY


def _release_button(button: str) -> str:
    return button if button in BUTTONS else "other"


def _modifiers(array: pa.ListArray, key: pa.StringArray) -> pa.Array:
    """Return the set of known modifiers of each row, in one order and without the key itself.

    The recorded order and repetitions would identify the recorder, and more: ``[Shift, Alt, Shift]`` of an Alt press
    becomes ``[Shift]``. A key-up lists those of its key-down: which of two keys is let go first is a habit of the hand.
    """
    bit_of = {name: 1 << number for number, name in enumerate(_MODIFIERS)}
    itself = key.dictionary_encode()
    own = np.array([*(bit_of.get(name, 0) for name in itself.dictionary.to_pylist()), 0], dtype=np.int64)
    held = join_bits(array, bit_of) & ~own[itself.indices.fill_null(len(own) - 1).to_numpy(zero_copy_only=False)]
    sets, number = np.unique(held, return_inverse=True)
    listed = [[name for name in _MODIFIERS if chosen & bit_of[name]] for chosen in sets.tolist()]
    missing = array.is_null().to_numpy(zero_copy_only=False)
    return pa.array(listed, pa.list_(pa.string())).take(pa.array(number, mask=missing))


def _text_columns(rows: npt.NDArray[np.int64], release: RowPlan) -> dict[str, pa.Array]:
    columns = {name: scatter(release.texts[name], rows, pa.string()) for name in TEXT_COLUMNS}
    found = {row: spans for row, spans in release.redactions.items() if spans}
    place = {row: at for at, row in enumerate(found)}
    columns["removed_sites"] = scatter(release.removed_sites, rows, REDACTED_SCHEMA.field("removed_sites").type)
    columns["nodes"] = scatter(release.nodes, rows, REDACTED_SCHEMA.field("nodes").type)
    columns["redactions"] = build_redaction_lists(list(found.values())).take(scatter(place, rows, pa.int64()))
    return columns


def _kept_sources(rows: npt.NDArray[np.int64], release: RowPlan) -> list[tuple[int, ...]]:
    return [release.sources.get(row, (row,)) for row in rows.tolist()]


def _trace(
    raw: pa.Table, at: npt.NDArray[np.int64], sources: Sequence[Sequence[int]], placed: npt.NDArray[np.int64]
) -> pa.Table:
    """Build the trace: the session and the source events of each released row; ``at`` holds their anchor rows."""
    lengths = np.array([len(group) for group in sources], dtype=np.int64)
    seqs = raw["seq"].take(pa.array(list(itertools.chain.from_iterable(sources)), pa.int64())).combine_chunks()
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    table = pa.table(
        {
            "session_id": raw["session_id"].take(pa.array(at)).combine_chunks(),
            "source_seqs": pa.ListArray.from_arrays(offsets, seqs),
        },
        schema=TRACE_SOURCE,
    )
    return table.take(pa.array(placed))
