"""What is released of a row beside its text: field ordinals, roles, pointer segments, rows that live on in others."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.outcome import Outcome
from schemas.raw import TypedField
from schemas.vocabulary import DEFAULT_ROLE, ROLES
from transforms.redact.motion import segments
from transforms.redact.ranges import SessionRange
from transforms.redact.rewrite import Release

Flags = npt.NDArray[np.bool_]
Outcomes = npt.NDArray[np.int8]
"""Outcomes by row, as their numbers in ``CODES``."""

CODES = {outcome: code for code, outcome in enumerate(Outcome)}


def number_fields(
    table: pa.Table, fields: Sequence[TypedField], sessions: Sequence[SessionRange], allowed: Flags, release: Release
) -> dict[tuple[int, str], int]:
    """Give every field of a session its ordinal, by first appearance of its id; return them by session start and id."""
    known: dict[tuple[int, str], int] = {}
    counts: Counter[int] = Counter()
    kinds = table["kind"].to_numpy(zero_copy_only=False)
    ids = table["field_id"]
    rows = np.flatnonzero(ids.is_valid().to_numpy() & allowed & np.isin(kinds, ("field", "clipboard")))
    starts = np.array([session.start for session in sessions])
    appearances: list[tuple[int, int, str, Sequence[int]]] = [
        (row, int(starts[np.searchsorted(starts, row, side="right") - 1]), name, (row,))
        for row, name in zip(rows.tolist(), ids.take(pa.array(rows)).to_pylist(), strict=True)
    ]
    for item in fields:
        first = int(item.key_rows[0]) if len(item.key_rows) else item.last_row
        appearances.append((first, item.session_start, item.field_id, item.key_rows.tolist()))
    for _, session, name, targets in sorted(appearances, key=_first):
        if (session, name) not in known:
            known[session, name] = counts[session]
            counts[session] += 1
        for row in targets:
            release.ordinals[row] = known[session, name]
    return known


def _first(item: tuple[int, int, str, Sequence[int]]) -> int:
    return item[0]


def set_roles(table: pa.Table, allowed: Flags, release: Release) -> None:
    """Give fields and pointer targets their roles; a word that is no role says nothing."""
    kinds = table["kind"].to_numpy(zero_copy_only=False)
    rows = np.flatnonzero((kinds == "field") & allowed)
    for row, role in zip(rows.tolist(), table["role"].take(pa.array(rows)).to_pylist(), strict=True):
        release.roles[row] = role if role in ROLES else DEFAULT_ROLE
    rows = np.flatnonzero((kinds == "pointer") & allowed & table["target"].is_valid().to_numpy())
    for row, target in zip(rows.tolist(), table["target"].take(pa.array(rows)).to_pylist(), strict=True):
        release.roles[row] = target["role"] if target["role"] in ROLES else "generic"


def merge_silent_rows(table: pa.Table, allowed: Flags, release: Release, outcome: Outcomes) -> None:
    """Session headers and logged values have no row of their own: they live on in what was made of them."""
    silent = np.isin(table["kind"].to_numpy(zero_copy_only=False), ("session", "input_value")) & allowed
    release.kept[silent] = False
    outcome[silent] = CODES[Outcome.MERGED]


def join_moves(table: pa.Table, sessions: Sequence[SessionRange], release: Release, outcome: Outcomes) -> None:
    """Join runs of pointer moves into segments: the last move of each stays, with the displacement of all."""
    kinds, actions = (table[name].to_numpy(zero_copy_only=False) for name in ("kind", "action"))
    moves = (kinds == "pointer") & release.kept & (actions == "move")
    session = np.zeros(table.num_rows, dtype=np.int64)
    for number, item in enumerate(sessions):
        session[item.start : item.end] = number
    clock = table["t_us"].fill_null(-1).to_numpy()
    runs = segments(moves, session, clock)
    x, y = (table[name].to_numpy(zero_copy_only=False) for name in ("x", "y"))
    merged = moves.copy()
    merged[runs.last] = False
    release.kept[merged] = False
    outcome[merged] = CODES[Outcome.MERGED]
    for first, last in zip(runs.first.tolist(), runs.last.tolist(), strict=True):
        release.displacement[last] = (x[last] - x[first], y[last] - y[first])
        if clock[first] >= 0 and clock[last] >= clock[first]:
            release.spans_us[last] = int(clock[last] - clock[first])
        if last > first:
            release.sources[last] = tuple(range(first, last + 1))
