"""Planner of typed fields: which key rows are released, and the presses that replace the others.

A worked example: ``hi Anna!`` and Enter, with ``m`` typed by mistake and erased. Row 0 is the ``field`` event; each
press has two rows, down and up, so that the keys are rows 1 to 22.

    1. keys      h  i  _  A  m   BS  n   n   a   !   Enter     rows of the key-downs:
                 1  3  5  7  9   11  13  15  17  19  21
    2. views     final text ``hi Anna!``, as typed ``hi Amnna!``; the final text is cells 0 1 2 3 5 6 7 8 (``m`` is 4)
    3. findings  ``Anna`` at 3 to 7, a person, replaced by ``Quoreth``; its dirty cells are 3 5 6 7
    4. run       rows 7 to 17 (``edit_runs``): the value, with the typo inside it
    5. plan      A n n a are REPLACED, m BS are MERGED, and ``Quoreth`` is typed at row 7, from rows 7 8 13 to 18
    6. proof     h i _ Quoreth ! types ``hi Quoreth!``, and no press counts letters (``replay_proof``)
    7. released  h i _ (recorded), Q u o r e t h (synthetic, times drawn later), ! Enter (recorded), and the final text
                 ``hi Quoreth!`` with the redaction 3 to 10, PERSON

A run holds every press that made or removed a character of an entity. It is replaced by the entity's surrogate if the
entity is in the final text, by nothing if it was deleted; the rows outside of all runs stay. Narrow runs are tried
first, then closed ones (``edit_runs``). If neither gives a proved plan (the caret moved between, a paste was edited),
the whole field is one run: all its presses go, and its final text is typed at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.entities import EntityType, Span
from schemas.raw import TypedField
from schemas.tally import Outcome
from transforms.editor.us_layout import ERASE, PRESS_ROWS
from transforms.redact.rows.key_columns import KeyColumns
from transforms.redact.rows.structure import CODES
from transforms.redact.typed_fields.edit_runs import RowRanges
from transforms.redact.typed_fields.key_rows import KeyRows
from transforms.redact.typed_fields.replay_proof import Plan, Proof, RowPlace, TypedPresses
from transforms.redact.typed_fields.views import View, final_places


@dataclass(frozen=True, slots=True)
class TypingPlan:
    """Plan of a typed field: its redacted text, and its key rows that move, are not released or are added."""

    text: str = field(repr=False)  # redacted final text
    redactions: tuple[tuple[int, int, EntityType], ...]  # spans of the replacements in ``text``
    moved: Mapping[int, RowPlace]  # new place of key rows that move, by number
    outcomes: Mapping[int, int]  # number in ``structure.CODES`` of key rows that are not released, by number
    typed: tuple[TypedPresses, ...]  # presses that are added
    spelled: View = field(repr=False)  # characters of the released key-downs in order, with breaks for added presses


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings in a field."""

    text: str = field(repr=False)  # final text
    spans: Sequence[Span]  # merged spans of ``text``
    replacements: Sequence[str] = field(repr=False)  # one for each span
    dirty: Sequence[Sequence[int]] = field(repr=False)  # cells of every entity in any view


class _Piece(NamedTuple):
    """Piece of the final text: one character, or the value of an entity; what does not apply is -1."""

    place: int = -1  # of the character in the final text
    key: int = -1  # key row that typed the character
    span: int = -1  # number of the entity's span


class _Cut(NamedTuple):
    """Runs of a field's rows that are replaced."""

    runs: RowRanges
    pieces: list[list[_Piece]]  # for each run, those of the final text that were typed in it
    closing: list[list[int]]  # for each run, the key-downs that end the entry
    outcomes: Mapping[int, int]  # of the key rows in the runs
    retype: bool  # select all and type the whole final text


def plan_field(typed: TypedField, found: Findings, pasted: Mapping[int, str], columns: KeyColumns) -> TypingPlan:
    """Plan a field; ``pasted`` is the released text of each of its paste rows."""
    planner = _Planner(typed, found, pasted, columns)
    plan = _find_proved_plan(planner, found.replacements)
    if plan is None:
        rows = (*typed.key_rows.tolist(), *pasted)
        whole = ((min(rows), max(rows)),) if rows else ()  # no rows: the recorder logged values, not keys
        plan = planner.plan(planner.cut(whole, retype=bool(pasted)), found.replacements)
    text, redactions = planner.final_text(found.replacements)
    spelled = planner.proof.spell(plan)
    return TypingPlan(text, redactions, plan.moved, plan.outcomes, plan.typed, spelled)


def _find_proved_plan(planner: "_Planner", replacements: Sequence[str]) -> Plan | None:
    """Find the first plan that is proved for values of every length, None if there is none."""
    if not planner.field.exact:
        return None
    edits = planner.keys.edits(planner.dirty)
    tried: RowRanges | None = None
    for find in (edits.find_narrow, edits.find_closed):
        runs = find()
        if runs is None or runs == tried:
            continue
        tried = runs
        plan = planner.plan(planner.cut(runs, retype=False), replacements)
        proved = planner.prove(plan, replacements)
        if proved is not None:
            return proved
    return None


class _Planner:
    """Working state of one field's plan."""

    def __init__(self, field: TypedField, found: Findings, pasted: Mapping[int, str], columns: KeyColumns) -> None:
        self.field, self.text, self.spans, self.dirty = field, found.text, found.spans, found.dirty
        self.keys, self.final = KeyRows.of(field, columns), field.final.tolist()
        self.proof = Proof(self.keys, self.text, self.spans, pasted)
        self.sources = [self._sources(span) for span in self.spans]
        spans = enumerate(self.spans)
        self.span_of = {place: number for number, span in spans for place in range(span.start, span.end)}

    def prove(self, plan: Plan, replacements: Sequence[str]) -> Plan | None:
        """Prove that ``plan`` gives the final text with ``replacements``, and return it without its idle presses.

        None if it does not, or if one of its presses may count the characters of a value.
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
        """Return the final text with its ``replacements``, and their spans in it."""
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

    def cut(self, runs: RowRanges, *, retype: bool) -> _Cut:
        """Cut the field's rows into the runs ``runs`` and the rest.

        ``retype`` replaces the whole text at the end: select all, then type the final text.
        """
        pieces = self._find_pieces(runs, everything=retype)
        closing = [self.keys.closing(low, high) for low, high in runs]
        standing = [self.final[span.start : span.end] for span in self.spans]
        outcomes = self.keys.outcomes(runs, standing, self.dirty)
        return _Cut(runs, pieces, closing, outcomes, retype)

    def plan(self, cut: _Cut, replacements: Sequence[str]) -> Plan:
        """Plan the moves, outcomes and added presses of ``cut``."""
        moved: dict[int, RowPlace] = {}
        typed: list[TypedPresses] = []
        for (low, high), pieces, closing in zip(cut.runs, cut.pieces, cut.closing, strict=True):
            anchor, order = (high if cut.retype else low), 1
            if cut.retype:
                typed.append(TypedPresses((anchor, order), "a", True, ()))
                typed += [] if self.text else [TypedPresses((anchor, order + PRESS_ROWS), ERASE, False, ())]
                order += PRESS_ROWS
            for place, key, span in pieces:
                if key >= 0:
                    order = self._move(key, (anchor, order), moved)
                    continue
                presses = (
                    TypedPresses((anchor, order), replacements[span], False, self.sources[span], span)
                    if span >= 0
                    else TypedPresses((anchor, order), self.text[place], False, ())
                )
                typed += [presses] if presses.characters or presses.span >= 0 else []
                order += PRESS_ROWS * len(presses.characters)
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

    def _find_pieces(self, runs: RowRanges, *, everything: bool) -> list[list[_Piece]]:
        """Find for each run its pieces: characters typed in it that are in the final text, in the order of that text.

        ``hi Anna!`` typed in one run gives the places 0, 1 and 2 with the key rows 0, 2 and 4, the span 0, and the
        place 7 with the key row 14.
        """
        if everything:
            return [self._group(range(len(self.final))) for _ in runs]
        at, place_of = self.keys.at, final_places(self.field)
        made = [[cell for cell in self.keys.cells(low, high) if at[cell] >= 0] for low, high in runs]
        return [self._group(sorted([place_of[cell] for cell in cells if place_of[cell] >= 0])) for cells in made]

    def _group(self, places: Sequence[int]) -> list[_Piece]:
        """Group ``places`` of the final text into pieces: those of one entity are one."""
        pieces: list[_Piece] = []
        for place in places:
            span = self.span_of.get(place)
            if span is None:
                pieces.append(_Piece(place, self.keys.at[self.final[place]]))
            elif not pieces or pieces[-1].span != span:
                pieces.append(_Piece(span=span))
        return pieces

    def _sources(self, span: Span) -> tuple[int, ...]:
        downs = {self.keys.at[cell] for cell in self.final[span.start : span.end]} - {-1}
        keys = downs.union([self.keys.up_of[key] for key in downs]) - {-1}
        return tuple(sorted([self.keys.rows[key] for key in keys]))
