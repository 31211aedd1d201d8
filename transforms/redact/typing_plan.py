"""Which key events of a field are released, and what is typed in place of those that are not.

A *stretch* is a run of key events that holds every press which made or removed a character of an entity. It becomes one
straight typing: of the entity's surrogate where the entity still stands at the end, of nothing where it was deleted.
Everything outside the stretches stays as it was.

The plan is proved by replaying it, with the replacements and with longer ones: a plan that holds for both has no key in
it that counts the characters of a value. Narrow stretches are tried first: where an entity was typed, and the presses
that removed nothing else. Then closed ones, which reach from the first press of an entity to the last and take in what
was made or removed between. Where neither gives the field's final redacted text (a caret that moved in between, a paste
that was edited), the whole field becomes one stretch.
"""

import bisect
import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from schemas.entities import EntityType, Span
from schemas.outcome import Outcome
from schemas.raw import TypedField
from transforms.editor.replay import ReplayEvent, replay
from transforms.redact.key_columns import KeyColumns, pairs
from transforms.redact.squash import BREAK
from transforms.redact.stretches import Edits
from transforms.redact.synthesis import ERASE, SELECT_ALL, press
from transforms.redact.views import View

Place = tuple[int, int]
"""Where a released row stands: the source row at which it is inserted, and its order there."""

_MODIFIER_KEYS = frozenset({"Shift", "AltGraph", "CapsLock"})
_CARET_KEYS = frozenset({"ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"})
_LONGER = "--"
"""What is added to every replacement for the second proof."""
_KEPT_AT_THE_END = frozenset({"Enter", "Tab", "Escape"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One synthetic key press: a character (or ``Control+a``) that stands for the key events ``sources``."""

    place: Place
    character: str
    select_all: bool
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TypingPlan:
    """What becomes of a field: its redacted text, rows that move, key presses that are added, outcomes by row.

    ``spelled`` is what its released key-downs type, one after the other, with a break where something else stands.
    """

    text: str
    redactions: tuple[tuple[int, int, EntityType], ...]
    moved: dict[int, Place]
    typed: tuple[Typed, ...]
    outcomes: dict[int, Outcome]
    spelled: View = field(repr=False)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a field.

    ``spans`` are the merged spans of its final text with their ``replacements``; ``dirty`` holds the cells of every
    entity found in any view.
    """

    spans: Sequence[Span]
    replacements: Sequence[str] = field(repr=False)
    dirty: Sequence[npt.NDArray[np.int32]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Part of the final text: one clean cell, or all cells of an entity with what replaces them."""

    cells: tuple[int, ...]
    replacement: str | None
    entity: EntityType | None


_Plan = tuple[dict[int, Place], tuple[Typed, ...], dict[int, Outcome]]
"""Rows that move, presses that are added, and the outcome of every key row."""


def plan_field(typed: TypedField, found: Findings, pasted: Mapping[int, str], columns: KeyColumns) -> TypingPlan:
    """Return the plan of a field; ``pasted`` is the released text of each paste row of it."""
    pieces = _pieces(typed, found.spans, found.replacements)
    text, redactions = _final_text(typed, pieces)
    planner = _Planner(typed, pieces, found.dirty, pasted, columns)
    plan = _proved(planner, planner.lengthened())
    if plan is None:
        rows = (*typed.key_rows.tolist(), *pasted)
        whole = [(min(rows), max(rows))] if rows else []  # a recorder of values logs no keys
        plan = planner.plan(whole, retype=bool(pasted))
    moved, presses, outcomes = plan
    return TypingPlan(text, redactions, moved, presses, outcomes, planner.spelled(plan))


def _proved(planner: "_Planner", check: "_Planner") -> _Plan | None:
    """Return the first plan that holds for the replacements of both planners; None where none does."""
    if not planner.field.exact:
        return None
    edits = planner.edits()
    for stretches in dict.fromkeys((edits.narrow(), edits.closed())):
        if stretches is not None and all(one.holds(one.plan(stretches, retype=False)) for one in (planner, check)):
            return planner.plan(stretches, retype=False)
    return None


def _pieces(field: TypedField, spans: Sequence[Span], replacements: Sequence[str]) -> tuple[_Piece, ...]:
    final = field.final.tolist()
    pieces: list[_Piece] = []
    at = 0
    for span, replacement in zip(spans, replacements, strict=True):
        pieces += [_Piece((cell,), None, None) for cell in final[at : span.start]]
        pieces.append(_Piece(tuple(final[span.start : span.end]), replacement, span.entity))
        at = span.end
    return (*pieces, *(_Piece((cell,), None, None) for cell in final[at:]))


def _final_text(field: TypedField, pieces: Sequence[_Piece]) -> tuple[str, tuple[tuple[int, int, EntityType], ...]]:
    parts: list[str] = []
    redactions = []
    length = 0
    for piece in pieces:
        part = field.cells[piece.cells[0]] if piece.replacement is None else piece.replacement
        if piece.entity is not None:
            redactions.append((length, length + len(part), piece.entity))
        parts.append(part)
        length += len(part)
    return "".join(parts), tuple(redactions)


class _Planner:
    """The working state of one field's plan."""

    def __init__(
        self,
        field: TypedField,
        pieces: Sequence[_Piece],
        dirty: Sequence[npt.NDArray[np.int32]],
        pasted: Mapping[int, str],
        columns: KeyColumns,
    ) -> None:
        self.field, self.pieces, self.dirty, self.pasted, self.columns = field, pieces, dirty, pasted, columns
        self.rows: list[int] = field.key_rows.tolist()
        self.births: list[int] = field.cell_rows.tolist()
        self.by_key = np.isin(field.cell_rows, field.key_rows)
        self.typed: list[bool] = self.by_key.tolist()
        self.down_of = pairs(columns, field.key_rows)
        self.up_of = {down: up for up, down in self.down_of.items()}
        self.standing = {self.births[cell] for piece in pieces if piece.entity is not None for cell in piece.cells}
        self.found = {self.births[cell] for cells in dirty for cell in cells.tolist()}

    def lengthened(self) -> "_Planner":
        """Return this planner with longer replacements of what was typed; a paste's text is what its own row says."""
        other = copy.copy(self)
        other.pieces = tuple(
            piece
            if piece.replacement is None or not any(self.typed[cell] for cell in piece.cells)
            else replace(piece, replacement=piece.replacement + _LONGER)
            for piece in self.pieces
        )
        return other

    def edits(self) -> Edits:
        """Return what the key events of the field did."""
        carets = [row for row in self.rows if self.columns.key[row] in _CARET_KEYS]
        rows = np.array(carets, dtype=np.int64)
        return Edits(self.field.cell_rows, self.field.gone_rows, self.by_key, self.dirty, rows)

    def plan(self, stretches: Sequence[tuple[int, int]], *, retype: bool) -> _Plan:
        """Return rows that move, presses that are added, and the outcome of every key row.

        ``retype`` replaces whatever stands in the field at the end: select all, then type the final text anew.
        """
        moved: dict[int, Place] = {}
        typed: list[Typed] = []
        outcomes = self._outcomes(stretches)
        for low, high in stretches:
            anchor, order = (high if retype else low), 1
            if retype:
                typed.append(Typed((anchor, order), "a", True, ()))
                typed += [] if self.pieces else [Typed((anchor, order + 2), ERASE, False, ())]
                order += 2
            for piece in self._surviving(low, high, everything=retype):
                cell = piece.cells[0]
                row = self.births[cell]
                if piece.replacement is None and self.typed[cell]:
                    order = self._move(row, (anchor, order), moved, outcomes)
                    continue
                characters = self.field.cells[cell] if piece.replacement is None else piece.replacement
                sources = self._sources(piece)
                for character in characters:
                    typed.append(Typed((anchor, order), character, False, sources))
                    order += 2
            for row in self._closing(low, high):
                order = self._move(row, (high, order), moved, outcomes)
        return moved, tuple(typed), outcomes

    def _move(self, row: int, place: Place, moved: dict[int, Place], outcomes: dict[int, Outcome]) -> int:
        anchor, order = place
        for source in (row, self.up_of.get(row)):
            if source is not None:
                moved[source] = (anchor, order)
                outcomes[source] = Outcome.KEPT
                order += 1
        return order

    def _surviving(self, low: int, high: int, *, everything: bool) -> list[_Piece]:
        births, typed = self.births, self.typed
        return [
            piece
            for piece in self.pieces
            if everything or any(low <= births[cell] <= high and typed[cell] for cell in piece.cells)
        ]

    def _sources(self, piece: _Piece) -> tuple[int, ...]:
        downs = {self.births[cell] for cell in piece.cells if self.typed[cell]}
        return tuple(sorted(downs | {self.up_of[down] for down in downs if down in self.up_of}))

    def _closing(self, low: int, high: int) -> list[int]:
        """Key-downs at the end of a stretch that edit nothing and tell what was done next: submit, leave, cancel."""
        touched = set(self.field.cell_rows.tolist()) | set(self.field.gone_rows.tolist())
        closing: list[int] = []
        for row in reversed(self.rows):
            if low <= row <= high and self.columns.action[row] == "down":
                if self.columns.key[row] not in _KEPT_AT_THE_END or row in touched:
                    break
                closing.append(row)
        return closing[::-1]

    def _outcomes(self, stretches: Sequence[tuple[int, int]]) -> dict[int, Outcome]:
        """Return the outcome of every key row; ``stretches`` are in order and apart."""
        ends = [high for _, high in stretches]
        outcomes: dict[int, Outcome] = {}
        for row in self.rows:
            down = self.down_of.get(row, row)
            # a held Shift falls to every stretch that it overlaps
            up = self.up_of.get(down, down) if self.columns.key[down] in _MODIFIER_KEYS else down
            at = bisect.bisect_left(ends, down)
            if at == len(ends) or up < stretches[at][0]:
                outcomes[row] = Outcome.KEPT
            elif down in self.standing:
                outcomes[row] = Outcome.REPLACED
            else:
                outcomes[row] = Outcome.SUPPRESSED if down in self.found else Outcome.MERGED
        return outcomes

    def spelled(self, plan: _Plan) -> View:
        """Return what the released key-downs type, and the cell of each character; -1 for breaks."""
        moved, typed, outcomes = plan
        cells = dict(zip(self.field.cell_rows.tolist(), range(len(self.field.cells)), strict=True))
        places = [(item.place, -1) for item in typed]
        for row in self.rows:
            if outcomes[row] is Outcome.KEPT and self.columns.action[row] == "down":
                cell = cells.get(row, -1)
                if cell >= 0 or self.columns.key[row] in _KEPT_AT_THE_END:
                    places.append((moved.get(row, (row, 0)), cell))
        order = [cell for _, cell in sorted(places)]
        text = "".join([self.field.cells[cell] if cell >= 0 else BREAK for cell in order])
        return View(text, np.array(order, dtype=np.int32))

    def holds(self, plan: _Plan) -> bool:
        """Whether an editor makes the field's final redacted text of the released keys and pastes."""
        return self._replayed(plan) == _final_text(self.field, self.pieces)[0]

    def _replayed(self, plan: _Plan) -> str:
        moved, typed, outcomes = plan
        columns = self.columns
        events: list[tuple[Place, ReplayEvent]] = []
        for row in self.rows:
            if outcomes[row] is Outcome.KEPT and columns.action[row] == "down":
                event = ReplayEvent("key", "down", columns.key[row] or "", columns.modifiers[row], "")
                events.append((moved.get(row, (row, 0)), event))
        events += [((row, 0), ReplayEvent("clipboard", "paste", "", (), text)) for row, text in self.pasted.items()]
        events += [(item.place, ReplayEvent("key", "down", *_released(item), "")) for item in typed]
        return replay([event for _, event in sorted(events, key=_by_place)], multiline=self.field.multiline)


def _released(item: Typed) -> tuple[str, tuple[str, ...]]:
    made = SELECT_ALL if item.select_all else press(item.character)
    return made.key, made.modifiers


def _by_place(item: tuple[Place, ReplayEvent]) -> Place:
    return item[0]
