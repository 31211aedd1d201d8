"""Which key events of a field are released, and what is typed in place of those that are not.

A *stretch* is a run of key events that holds every press which made or removed a character of an entity. It becomes one
straight typing: of the entity's surrogate where the entity still stands at the end, of nothing where it was deleted.
Everything outside the stretches stays as it was.

The plan is proved by replaying it: it gives the final text, and no key in it counts the characters of a value
(``lengths``). Narrow stretches are tried first: where an entity was typed, and the presses
that removed nothing else. Then closed ones, which reach from the first press of an entity to the last and take in what
was made or removed between. Where neither gives the field's final redacted text (a caret that moved in between, a paste
that was edited), the whole field becomes one stretch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.entities import EntityType, Span
from schemas.outcome import Outcome
from schemas.raw import TypedField
from transforms.editor.us_layout import ERASE, PRESS_ROWS
from transforms.redact.rows.key_columns import KeyColumns
from transforms.redact.rows.structure import CODES
from transforms.redact.typed_fields.edit_runs import RowRanges
from transforms.redact.typed_fields.key_rows import KeyRows
from transforms.redact.typed_fields.replay_proof import Plan, Proof, RowPlace, TypedPresses
from transforms.redact.typed_fields.views import View, final_places


@dataclass(frozen=True, slots=True)
class TypingPlan:
    """What becomes of a field: its redacted text, and by number the key rows that move and those that are not released.

    ``moved`` holds places, ``outcomes`` numbers of ``structure.CODES``. ``typed`` are key presses that are added.
    ``spelled`` is what the released key-downs type, one after the other, with a break where something else stands.
    """

    text: str = field(repr=False)
    redactions: tuple[tuple[int, int, EntityType], ...]
    moved: Mapping[int, RowPlace]
    outcomes: Mapping[int, int]
    typed: tuple[TypedPresses, ...]
    spelled: View = field(repr=False)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a field.

    ``spans`` are the merged spans of its final ``text`` with their ``replacements``; ``dirty`` holds the cells of every
    entity found in any view.
    """

    text: str = field(repr=False)
    spans: Sequence[Span]
    replacements: Sequence[str] = field(repr=False)
    dirty: Sequence[Sequence[int]] = field(repr=False)


class _Cut(NamedTuple):
    """Stretches of a field's rows, what survives of each, the presses that close it, and the outcomes of its key rows.

    Pieces are those of ``_Planner._surviving``; ``retype`` says that all is typed anew.
    """

    stretches: RowRanges
    pieces: list[list[tuple[int, int]]]
    closing: list[list[int]]
    outcomes: Mapping[int, int]
    retype: bool


def plan_field(typed: TypedField, found: Findings, pasted: Mapping[int, str], columns: KeyColumns) -> TypingPlan:
    """Return the plan of a field; ``pasted`` is the released text of each paste row of it."""
    planner = _Planner(typed, found, pasted, columns)
    plan = _find_proved_plan(planner, found.replacements)
    if plan is None:
        rows = (*typed.key_rows.tolist(), *pasted)
        whole = ((min(rows), max(rows)),) if rows else ()  # a recorder of values logs no keys
        plan = planner.plan(planner.cut(whole, retype=bool(pasted)), found.replacements)
    text, redactions = planner.final_text(found.replacements)
    spelled = planner.proof.spell(plan)
    return TypingPlan(text, redactions, plan.moved, plan.outcomes, plan.typed, spelled)


def _find_proved_plan(planner: "_Planner", replacements: Sequence[str]) -> Plan | None:
    """Return the first plan that holds for values of every length; None where none does."""
    if not planner.field.exact:
        return None
    edits = planner.keys.edits(planner.dirty)
    tried: RowRanges | None = None
    for find in (edits.find_narrow, edits.find_closed):
        stretches = find()
        if stretches is None or stretches == tried:
            continue
        tried = stretches
        plan = planner.plan(planner.cut(stretches, retype=False), replacements)
        proved = planner.prove(plan, replacements)
        if proved is not None:
            return proved
    return None


class _Planner:
    """The working state of one field's plan."""

    def __init__(self, field: TypedField, found: Findings, pasted: Mapping[int, str], columns: KeyColumns) -> None:
        self.field, self.text, self.spans, self.dirty = field, found.text, found.spans, found.dirty
        self.keys, self.final = KeyRows.of(field, columns), field.final.tolist()
        self.proof = Proof(self.keys, self.text, self.spans, pasted)
        self.sources = [self._sources(span) for span in self.spans]
        spans = enumerate(self.spans)
        self.span_of = {place: number for number, span in spans for place in range(span.start, span.end)}

    def prove(self, plan: Plan, replacements: Sequence[str]) -> Plan | None:
        """Return ``plan`` without its idle presses where it gives the final text with ``replacements`` in it.

        None where it does not, or where a press of it counts the characters of a value.
        """
        if self.proof.is_straight(plan):
            return plan
        idle = self.proof.idle_keys(plan)
        if idle is None or not self.proof.holds(plan, self.final_text(replacements)[0]):
            return None
        ups = [self.keys.up_of[key] for key in idle]
        gone = dict.fromkeys([key for key in (*idle, *ups) if key >= 0], CODES[Outcome.MERGED])
        moved = {key: place for key, place in plan.moved.items() if key not in gone}
        return self.proof.plan(moved, {**plan.outcomes, **gone}, plan.typed) if gone else plan

    def final_text(self, replacements: Sequence[str]) -> tuple[str, tuple[tuple[int, int, EntityType], ...]]:
        """Return what the field holds in the end, and where the ``replacements`` stand in it."""
        parts: list[str] = []
        redactions = []
        at = length = 0
        for span, replacement in zip(self.spans, replacements, strict=True):
            length += span.start - at
            parts += [self.text[at : span.start], replacement]
            redactions.append((length, length + len(replacement), span.entity))
            length += len(replacement)
            at = span.end
        return "".join([*parts, self.text[at:]]), tuple(redactions)

    def cut(self, stretches: RowRanges, *, retype: bool) -> _Cut:
        """Return what the field's rows are to be cut into.

        ``retype`` replaces whatever stands in the field at the end: select all, then type the final text anew.
        """
        pieces = self._surviving(stretches, everything=retype)
        closing = [self.keys.closing(low, high) for low, high in stretches]
        standing = [self.final[span.start : span.end] for span in self.spans]
        outcomes = self.keys.outcomes(stretches, standing, self.dirty)
        return _Cut(stretches, pieces, closing, outcomes, retype)

    def plan(self, cut: _Cut, replacements: Sequence[str]) -> Plan:
        """Return what becomes of key rows, and the presses that are added."""
        moved: dict[int, RowPlace] = {}
        typed: list[TypedPresses] = []
        for (low, high), pieces, closing in zip(cut.stretches, cut.pieces, cut.closing, strict=True):
            anchor, order = (high if cut.retype else low), 1
            if cut.retype:
                typed.append(TypedPresses((anchor, order), "a", True, ()))
                typed += [] if self.text else [TypedPresses((anchor, order + PRESS_ROWS), ERASE, False, ())]
                order += PRESS_ROWS
            for piece, key in pieces:
                if key >= 0:
                    order = self._move(key, (anchor, order), moved)
                    continue
                run = (
                    TypedPresses((anchor, order), self.text[piece], False, ())
                    if piece >= 0
                    else TypedPresses((anchor, order), replacements[~piece], False, self.sources[~piece], ~piece)
                )
                typed += [run] if run.characters or run.span >= 0 else []
                order += PRESS_ROWS * len(run.characters)
            for key in closing:
                order = self._move(key, (high, order), moved)
        outcomes = dict(cut.outcomes)
        for key in moved:
            outcomes.pop(key, None)
        return self.proof.plan(moved, outcomes, tuple(typed))

    def _move(self, key: int, place: RowPlace, moved: dict[int, RowPlace]) -> int:
        anchor, order = place
        for one in (key, self.keys.up_of[key]):
            if one >= 0:
                moved[one] = anchor, order
                order += 1
        return order

    def _surviving(self, stretches: RowRanges, *, everything: bool) -> list[list[tuple[int, int]]]:
        """Return for each stretch what was typed in it and stands at the end, in the order of the final text.

        An entity is the complement of its span's number; a character is its place in the final text with the number of
        the key row that typed it, -1 where no key did.
        """
        if everything:
            return [self._pieces(range(len(self.final))) for _ in stretches]
        at, place_of = self.keys.at, final_places(self.field)
        made = [[cell for cell in self.keys.cells(low, high) if at[cell] >= 0] for low, high in stretches]
        return [self._pieces(sorted([place_of[cell] for cell in cells if place_of[cell] >= 0])) for cells in made]

    def _pieces(self, standing: Sequence[int]) -> list[tuple[int, int]]:
        pieces: list[tuple[int, int]] = []
        for place in standing:
            span = self.span_of.get(place)
            if span is None:
                pieces.append((place, self.keys.at[self.final[place]]))
            elif not pieces or pieces[-1][0] != ~span:
                pieces.append((~span, -1))
        return pieces

    def _sources(self, span: Span) -> tuple[int, ...]:
        downs = {self.keys.at[cell] for cell in self.final[span.start : span.end]} - {-1}
        keys = downs.union([self.keys.up_of[key] for key in downs]) - {-1}
        return tuple(sorted([self.keys.rows[key] for key in keys]))
