"""Application of a field's plan to the rows of the release."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from schemas.entities import EntityType
from schemas.raw import TypedField
from transforms.editor.us_layout import SELECT_ALL, press
from transforms.redact.rows.added_rows import FinalText, Redaction, TypedRun
from transforms.redact.rows.assemble import RowPlan
from transforms.redact.rows.columns import Flags
from transforms.redact.rows.structure import Outcomes
from transforms.redact.typed_fields.typing_plan import TypingPlan


def apply_plan(release: RowPlan, outcome: Outcomes, item: TypedField, plan: TypingPlan, number: int) -> None:
    """Apply ``plan`` to the rows of ``item``; ``number`` is the field's ordinal."""
    changed = item.key_rows[list(plan.outcomes)]
    outcome[changed] = list(plan.outcomes.values())
    release.kept[changed] = False
    moved = item.key_rows[list(plan.moved)]
    for row, (anchor, order) in zip(moved.tolist(), plan.moved.values(), strict=True):
        release.anchor[row], release.order[row] = anchor, order
    for typed in plan.typed:
        presses = [SELECT_ALL] if typed.select_all else [press(character) for character in typed.characters]
        release.typed.append(TypedRun(*typed.place, tuple(presses), number, typed.sources))
    add_final_text(release, item, plan.text, plan.redactions, number)


def add_final_text(
    release: RowPlan, item: TypedField, text: str, redactions: Sequence[tuple[int, int, EntityType]], number: int
) -> None:
    """Add the row of the final text of ``item``."""
    listed = tuple(Redaction("text", start, end, entity.value) for start, end, entity in redactions)
    sources = tuple(item.key_rows.tolist())
    release.finals.append(FinalText(item.last_row, number, text, listed, sources))


def find_filled_fields(fields: Sequence[TypedField], rows: Flags) -> frozenset[TypedField]:
    """Find the ``fields`` into which one of ``rows`` inserted text."""
    if not fields or not rows.any():
        return frozenset()
    owner = np.repeat(np.arange(len(fields)), [len(item.cell_rows) for item in fields])
    found = owner[rows[np.concatenate([item.cell_rows for item in fields])]]
    return frozenset(fields[number] for number in set(found.tolist()))


def secret_clips(
    table: pa.Table, fields: Sequence[TypedField], clipboard: Flags, session_starts: Sequence[int]
) -> frozenset[int]:
    """Return the clipboard rows whose text is, in whole or in part, the value of a secret field.

    A pasted ``abc`` is too short for the search to find it, a pasted ``welcome`` too common, and ``zebra`` before a
    typed ``42`` too little of the value: the row says by itself where it went.
    """
    secret = [item for item in fields if item.secret]
    if not secret or not clipboard.any():
        return frozenset()
    filled = {row for item in secret for row in item.cell_rows[clipboard[item.cell_rows]].tolist()}
    named = {(item.session_start, item.field_id) for item in secret}
    rows = np.flatnonzero(clipboard)
    starts = np.asarray(session_starts)[np.searchsorted(session_starts, rows, side="right") - 1].tolist()
    ids = table["field_id"].take(pa.array(rows)).to_pylist()
    return frozenset(
        filled | {row for row, start, name in zip(rows.tolist(), starts, ids, strict=True) if (start, name) in named}
    )
