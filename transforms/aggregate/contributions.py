"""Unbounded contributions of each privacy unit, by query and cell, from redacted sessions.

A unit is a user, or a user on one UTC day: the day on which a session begins counts for all of it, so that a session is
never part of two units. By day, sessions without times or that begin outside the window of the release do not count.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.aggregates import PRIVATE
from schemas.privacy import DayWindow
from schemas.safe import SESSION_TUPLE, RedactedSessions
from transforms.aggregate.bounding import CELL, CONTRIBUTIONS, merge_contributions
from transforms.aggregate.queries import ACTIONS, SESSION_MINUTES, TYPING_SPEED, rare_query
from transforms.aggregate.row_values import apps, hosts, is_chord, shortcuts
from transforms.aggregate.settings import Space
from transforms.editor.event_columns import run_starts

_UNKNOWN = -1
_US_PER_MINUTE = 60_000_000
_US_PER_DAY = 86_400_000_000
_LONGEST_TYPING_GAP_US = 2_000_000
"""A longer pause is not typing: 2 s, customary in writing research (Wengelin 2006, Examining Pauses in Writing)."""

_FEWEST_GAPS = 20
_MOST_CELLS = 1 << 20
"""Of units and cells as they could meet; where there are more, rows are not added up before all are."""
_EPOCH = date(1970, 1, 1)

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    """``begins`` is the first row of each session, ``session`` the session of each row, ``t_us`` -1 without a time.

    ``kinds`` and ``actions`` hold, for each word of these columns, the rows that hold it.
    """

    table: pa.Table = field(repr=False)
    begins: Rows
    session: Rows
    t_us: Rows
    kinds: Mapping[str, Mask] = field(repr=False)
    actions: Mapping[str, Mask] = field(repr=False)

    @classmethod
    def of(cls, table: pa.Table) -> "_Batch":
        begins = run_starts(table["session"])
        session = np.repeat(np.arange(len(begins)), np.diff(np.append(begins, table.num_rows)))
        t_us = table["t_us"].fill_null(_UNKNOWN).to_numpy()
        return cls(table, begins, session, t_us, _masks(table["kind"]), _masks(table["action"]))

    def users(self) -> pa.Array:
        """Look up the user of each session."""
        return self.table["user"].combine_chunks().take(pa.array(self.begins))

    def are(self, kind: str) -> Mask:
        """Select the rows of ``kind``."""
        return self.kinds.get(kind, np.zeros(len(self.session), np.bool_))

    def do(self, action: str) -> Mask:
        """Select the rows with ``action``."""
        return self.actions.get(action, np.zeros(len(self.session), np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class _Named:
    """Rows that name something, focus rows among them; ``app`` is the name under which each is counted."""

    rows: Rows
    table: pa.Table = field(repr=False)
    app: pa.Array = field(repr=False)

    @classmethod
    def of(cls, batch: _Batch) -> "_Named":
        naming = [_valid(batch.table[name].combine_chunks()) for name in ("app", "url", "role")]
        rows = np.flatnonzero(np.logical_or.reduce([batch.are("focus"), *naming]))
        table = batch.table.select(["app", "url", "role", "redactions"]).take(pa.array(rows)).combine_chunks()
        return cls(rows, table, apps(table))


def _masks(column: pa.ChunkedArray) -> dict[str, Mask]:
    array = column.combine_chunks()
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    codes = encoded.indices.fill_null(_UNKNOWN).to_numpy()
    masks: dict[str, Mask] = {}
    for code, word in enumerate(encoded.dictionary.to_pylist()):
        masks[word] = masks.get(word, False) | (codes == code)
    return masks


def contributions(sessions: RedactedSessions, window: DayWindow | None, public_roles: Sequence[str]) -> pa.Table:
    """Count the ``CONTRIBUTIONS`` of a batch, by user, to the admission of values and to the tables.

    With a ``window`` the units of the tables are user-days inside it.
    """
    batch = _Batch.of(sessions.table)
    users = batch.users()
    units = users if window is None else _days(batch, users, window)
    commands = shortcuts(batch.table)
    named = _Named.of(batch)
    parts = [
        *_rare(batch, named, sessions.headers, users, public_roles),
        _part(rare_query(Space.SHORTCUT), users, batch.session, commands),
        *_count_actions(batch, named, units),
        _part("shortcuts", units, batch.session, commands),
    ]
    return merge_contributions([CONTRIBUTIONS.empty_table(), *parts])


def _days(batch: _Batch, users: pa.Array, window: DayWindow) -> pa.Array:
    """Name the user-day of each session, null where it does not count."""
    first, _ = _ends(batch)
    day = first // _US_PER_DAY
    begin, end = ((bound - _EPOCH).days for bound in (window.first, window.last))
    inside = (first != _UNKNOWN) & (day >= begin) & (day <= end)
    return pc.binary_join_element_wise(users, pa.array(day, mask=~inside).cast(pa.string()), " ")


def _ends(batch: _Batch) -> tuple[Rows, Rows]:
    """Find the first and the last recorded time of each session, -1 without times."""
    sessions = len(batch.begins)
    first, last = np.full(sessions, np.iinfo(np.int64).max), np.full(sessions, _UNKNOWN)
    known = batch.t_us != _UNKNOWN
    np.minimum.at(first, batch.session[known], batch.t_us[known])
    np.maximum.at(last, batch.session[known], batch.t_us[known])
    return np.where(last == _UNKNOWN, _UNKNOWN, first), last


def _part(query: str, units: pa.Array, sessions: Rows, *cells: pa.Array) -> pa.Table:
    """Add up rows that have a unit and a cell; ``sessions`` are the places of the rows' units in ``units``."""
    rows = np.flatnonzero(np.logical_or.reduce([_valid(cell) for cell in cells]) & _valid(units)[sessions])
    if len(rows) < len(sessions):
        sessions, cells = sessions[rows], tuple(cell.take(pa.array(rows)) for cell in cells)
    encoded = [cell.dictionary_encode() for cell in cells]
    sizes = [len(units), *(len(cell.dictionary) + 1 for cell in encoded)]
    codes = [sessions, *(cell.indices.fill_null(len(cell.dictionary)).to_numpy() for cell in encoded)]
    counts = np.ones(len(rows), np.int64)
    if math.prod(sizes) <= _MOST_CELLS:
        every = np.bincount(np.ravel_multi_index(codes, sizes), minlength=1)
        found = np.flatnonzero(every)
        codes, counts = list(np.unravel_index(found, sizes)), every[found]
    words = [units, *(pa.concat_arrays([cell.dictionary, pa.nulls(1, pa.string())]) for cell in encoded)]
    columns = {name: column.take(pa.array(at)) for name, column, at in zip(("unit", *CELL), words, codes, strict=False)}
    columns |= {"query": pa.repeat(query, len(counts)), "count": pa.array(counts)}
    nothing = pa.nulls(len(counts), pa.string())
    return pa.table([columns.get(name, nothing) for name in CONTRIBUTIONS.names], schema=CONTRIBUTIONS)


def _valid(column: pa.Array) -> Mask:
    return np.asarray(column.is_valid().to_numpy(zero_copy_only=False), np.bool_)


def _rare(
    batch: _Batch, named: _Named, headers: pa.Table | None, users: pa.Array, public_roles: Sequence[str]
) -> Iterator[pa.Table]:
    session, roles = batch.session[named.rows], named.table["role"].combine_chunks()
    public = pc.is_in(roles, value_set=pa.array(sorted(public_roles), pa.string()))
    yield _part(rare_query(Space.APP), users, session, named.app)
    yield _part(rare_query(Space.HOST), users, session, hosts(named.table))
    not_public = pc.if_else(public, pa.scalar(None, pa.string()), roles)
    yield _part(rare_query(Space.ROLE), users, session, not_public)
    if headers is not None:
        words = [headers[name].combine_chunks() for name in SESSION_TUPLE]
        owners = headers["user"].combine_chunks()
        yield _part(rare_query(Space.SESSION), owners, np.arange(len(owners)), *words)


def _count_actions(batch: _Batch, named: _Named, units: pa.Array) -> Iterator[pa.Table]:
    action = _actions(batch)
    done = np.flatnonzero(action != _UNKNOWN)
    acting = batch.session[done]
    names = pa.DictionaryArray.from_arrays(pa.array(action[done], pa.int32()), ACTIONS)
    yield _part("actions_per_app", units, acting, _app_of_row(batch, named).take(pa.array(done)), names)
    same = acting[1:] == acting[:-1]
    yield _part("action_transitions", units, acting[1:][same], *_pairs(names, same))
    every = np.arange(len(batch.begins))
    yield _part("typing_speed", units, every, _typing_speed(batch, action))
    first, last = _ends(batch)
    minutes = _bin_edges((last - first) // _US_PER_MINUTE, SESSION_MINUTES, last != _UNKNOWN)
    yield _part("session_minutes", units, every, minutes)
    fields = np.flatnonzero(batch.are("field"))
    roles = batch.table["role"].combine_chunks().take(pa.array(fields))
    yield _part("field_roles", units, batch.session[fields], roles)


def _pairs(names: pa.Array, same: Mask) -> tuple[pa.Array, pa.Array]:
    mask = pa.array(same)
    return names[:-1].filter(mask), names[1:].filter(mask)


def _actions(batch: _Batch) -> Rows:
    """Classify rows by ``ACTIONS``; -1 for other rows and for presses inserted by redaction."""
    key, pointer, clipboard = (batch.are(kind) for kind in ("key", "pointer", "clipboard"))
    synthetic = batch.table["synthetic"].combine_chunks().to_numpy(zero_copy_only=False).astype(np.bool_)
    pressed = key & batch.do("down") & ~synthetic
    command = is_chord(batch.table)
    rows = {"key": pressed & ~command, "shortcut": pressed & command, "switch": batch.are("focus")}
    rows |= {name: pointer & batch.do(name) for name in ("click", "double_click", "drag", "scroll")}
    rows |= {name: clipboard & batch.do(name) for name in ("copy", "cut", "paste")}
    action: Rows = np.select([rows[name] for name in ACTIONS], np.arange(len(ACTIONS)), _UNKNOWN)
    return action


def _app_of_row(batch: _Batch, named: _Named) -> pa.DictionaryArray:
    """Find the application with the focus at each row; ``""`` where it is unknown or may not be named."""
    focus = batch.are("focus")
    shown = pc.if_else(pc.equal(named.table["app"].combine_chunks(), PRIVATE), pa.scalar(PRIVATE), named.app)
    encoded = pc.fill_null(shown.filter(pa.array(focus[named.rows])), "").dictionary_encode()
    words = pa.concat_arrays([encoded.dictionary, pa.array([""])])
    # one more at the end: no focus yet in the session
    codes = np.append(encoded.indices.to_numpy(), len(words) - 1).astype(np.int32)
    begun = np.cumsum(focus)
    before: Rows = (begun - focus)[batch.begins][batch.session]
    place = np.where(begun > before, begun - 1, len(codes) - 1)
    return pa.DictionaryArray.from_arrays(pa.array(codes[place]), words)


def _typing_speed(batch: _Batch, action: Rows) -> pa.Array:
    """Bin the typing speed of each session: presses per minute of intervals of 2 s at most."""
    presses = np.flatnonzero((action == ACTIONS.index("key")) & (batch.t_us != _UNKNOWN))
    session, t_us = batch.session[presses], batch.t_us[presses]
    gaps = np.diff(t_us)
    typing = (session[1:] == session[:-1]) & (gaps >= 0) & (gaps <= _LONGEST_TYPING_GAP_US)
    sessions = len(batch.begins)
    counts = np.bincount(session[1:][typing], minlength=sessions)
    active_us = np.bincount(session[1:][typing], weights=gaps[typing], minlength=sessions).astype(np.int64)
    enough = (counts >= _FEWEST_GAPS) & (active_us > 0)
    return _bin_edges(counts * _US_PER_MINUTE // np.maximum(active_us, 1), TYPING_SPEED, enough)


def _bin_edges(values: Rows, edges: Sequence[str], known: Mask) -> pa.Array:
    """Find the lower edge of each value's bin, null where it is not ``known``."""
    place = np.searchsorted(np.array([int(edge) for edge in edges]), values, side="right") - 1
    return pa.array(edges).take(pa.array(np.maximum(place, 0), mask=~known))
