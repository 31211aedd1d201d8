"""What the plan of a typed field does to the release."""

from collections.abc import Sequence

import numpy as np

from schemas.entities import EntityType
from schemas.raw import TypedField
from transforms.editor.us_layout import SELECT_ALL, press
from transforms.redact.rows.added_rows import FinalText, TypedRun
from transforms.redact.rows.assemble import Release
from transforms.redact.rows.columns import Flags
from transforms.redact.rows.structure import Outcomes
from transforms.redact.typed_fields.typing_plan import TypingPlan


def apply_plan(release: Release, outcome: Outcomes, item: TypedField, plan: TypingPlan, number: int) -> None:
    """Release the rows of ``item`` as planned; ``number`` is the field's ordinal."""
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
    release: Release, item: TypedField, text: str, redactions: Sequence[tuple[int, int, EntityType]], number: int
) -> None:
    """Add the row that says what ``item`` holds when it is left."""
    listed = tuple(("text", start, end, entity.value) for start, end, entity in redactions)
    sources = tuple(item.key_rows.tolist())
    release.finals.append(FinalText(item.last_row, number, text, listed, sources))


def filled_by(fields: Sequence[TypedField], rows: Flags) -> frozenset[TypedField]:
    """Return the ``fields`` of which one of ``rows`` made a cell."""
    if not fields or not rows.any():
        return frozenset()
    owner = np.repeat(np.arange(len(fields)), [len(item.cell_rows) for item in fields])
    found = owner[rows[np.concatenate([item.cell_rows for item in fields])]]
    return frozenset(fields[number] for number in set(found.tolist()))
