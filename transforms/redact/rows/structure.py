"""Structure of released rows: field ordinals, roles, key-ups, pointer segments, merged rows."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.raw import TypedField
from schemas.tally import Outcome
from schemas.vocabulary import ROLES, role_of
from transforms.redact.rows.assemble import RowPlan
from transforms.redact.rows.columns import Flags, holds
from transforms.redact.rows.key_columns import KeyColumns
from transforms.redact.rows.pointer_segments import find_segments
from transforms.redact.rows.session_ranges import SessionRange

Rows = npt.NDArray[np.int64]
Outcomes = npt.NDArray[np.int8]
"""Outcomes by row, as their numbers in ``CODES``."""

CODES = {outcome: code for code, outcome in enumerate(Outcome)}


def number_fields(
    table: pa.Table, fields: Sequence[TypedField], sessions: Sequence[SessionRange], allowed: Flags, release: RowPlan
) -> dict[tuple[int, str], int]:
    """Assign the fields of each session their ordinals, by first appearance; return them by session start and id."""
    known: dict[tuple[int, str], int] = {}
    counts: Counter[int] = Counter()
    ids = table["field_id"]
    rows = np.flatnonzero(ids.is_valid().to_numpy() & allowed & holds(table, "kind", "field", "clipboard"))
    starts = np.array([session.start for session in sessions])
    owners = starts[np.searchsorted(starts, rows, side="right") - 1].tolist() if len(rows) else []
    appearances: list[tuple[int, int, str, Rows]] = [
        (int(row[0]), owner, name, row)
        for row, owner, name in zip(rows.reshape(-1, 1), owners, ids.take(pa.array(rows)).to_pylist(), strict=True)
    ]
    for item in fields:
        first = int(item.key_rows[0]) if len(item.key_rows) else item.last_row
        appearances.append((first, item.session_start, item.field_id, item.key_rows))
    for _, session, name, targets in sorted(appearances, key=_first):
        if (session, name) not in known:
            known[session, name] = counts[session]
            counts[session] += 1
        release.ordinals[targets] = known[session, name]
    return known


def _first(item: tuple[int, int, str, Rows]) -> int:
    return item[0]


def find_targets(table: pa.Table, allowed: Flags) -> dict[int, int]:
    """Find the ``allowed`` pointer rows with a target, each released at its own row."""
    rows = np.flatnonzero(holds(table, "kind", "pointer") & allowed & table["target"].is_valid().to_numpy())
    return {row: row for row in rows.tolist()}


def set_roles(table: pa.Table, allowed: Flags, named: Mapping[int, int], release: RowPlan) -> None:
    """Set the roles of fields and pointer targets; a word that is no known role becomes ``generic``.

    ``named`` maps each row with a target to the row at which the target is released.
    """
    rows = np.flatnonzero(holds(table, "kind", "field") & allowed)
    for row, role in zip(rows.tolist(), table["role"].take(pa.array(rows)).to_pylist(), strict=True):
        release.roles[row] = role_of(role)
    roles = pc.struct_field(table["target"].take(pa.array(list(named), pa.int64())), "role").to_pylist()
    for row, role in zip(named.values(), roles, strict=True):
        release.roles[row] = role if role in ROLES else "generic"


def pair_ups(table: pa.Table, columns: KeyColumns, release: RowPlan, outcome: Outcomes) -> None:
    """Give every key-up the key of its key-down; drop it if its key-down is missing or not released.

    Key-ups without key-downs could spell a text of their own.
    """
    ups = np.flatnonzero(holds(table, "kind", "key") & ~columns.down)
    downs = columns.down_of[ups]
    release.pressed[ups] = downs
    lost = ups[release.kept[ups] & ((downs == ups) | ~release.kept[downs])]
    release.kept[lost] = False
    outcome[lost] = CODES[Outcome.SUPPRESSED]


def merge_silent_rows(table: pa.Table, allowed: Flags, release: RowPlan, outcome: Outcomes) -> None:
    """Drop the rows of session headers and logged values: they are released as headers and final texts."""
    silent = holds(table, "kind", "session", "input_value") & allowed
    release.kept[silent] = False
    outcome[silent] = CODES[Outcome.MERGED]


def join_moves(table: pa.Table, sessions: Sequence[SessionRange], release: RowPlan, outcome: Outcomes) -> None:
    """Join runs of pointer moves into segments: the last row of each stays, with the displacement of the run."""
    moves = holds(table, "kind", "pointer") & release.kept & holds(table, "action", "move")
    session = np.zeros(table.num_rows, dtype=np.int64)
    for number, item in enumerate(sessions):
        session[item.start : item.end] = number
    clock = table["t_us"].fill_null(-1).to_numpy()
    runs = find_segments(moves, session, clock)
    merged = moves.copy()
    merged[runs.last] = False
    release.kept[merged] = False
    outcome[merged] = CODES[Outcome.MERGED]
    first, last = runs
    for along, axis in zip(release.displacement, ("x", "y"), strict=True):
        place = table[axis].fill_null(np.nan).to_numpy()
        along.update(zip(last.tolist(), (place[last] - place[first]).tolist(), strict=True))
    timed = (clock[first] >= 0) & (clock[last] >= clock[first])
    release.spans_us.update(zip(last[timed].tolist(), (clock[last] - clock[first])[timed].tolist(), strict=True))
    longer = last > first
    joined = zip(first[longer].tolist(), last[longer].tolist(), strict=True)
    release.sources.update({end: tuple(range(start, end + 1)) for start, end in joined})
