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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.entities import EntityType, Span
from schemas.outcome import Outcome
from schemas.raw import TypedField
from transforms.editor.commands import Style
from transforms.editor.replay import Step, play, pressed
from transforms.redact.key_columns import KeyColumns
from transforms.redact.key_rows import KeyRows
from transforms.redact.squash import BREAK
from transforms.redact.stretches import Stretches
from transforms.redact.structure import CODES, Outcomes
from transforms.redact.synthesis import ERASE, SELECT_ALL, press
from transforms.redact.views import View

Place = tuple[int, int]
"""Where a released row stands: the source row at which it is inserted, and its order there."""

_LONGER = "--"
"""What is added to every replacement for the second proof."""


class Typed(NamedTuple):
    """One synthetic key press: a character (or ``Control+a``) that stands for the key events ``sources``."""

    place: Place
    character: str
    select_all: bool
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TypingPlan:
    """What becomes of a field: its redacted text, and of each of its key rows the place and the outcome.

    ``typed`` are key presses that are added. ``spelled`` is what the released key-downs type, one after the other, with
    a break where something else stands.
    """

    text: str
    redactions: tuple[tuple[int, int, EntityType], ...]
    anchor: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64]
    outcomes: Outcomes
    typed: tuple[Typed, ...]
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


class _Cut(NamedTuple):
    """Stretches of a field's rows, what survives of each, the presses that close it, and the outcome of every key row.

    Pieces are those of ``_Planner._surviving``; ``retype`` says that all is typed anew.
    """

    stretches: Stretches
    pieces: list[list[tuple[int, int]]]
    closing: list[list[int]]
    outcomes: Outcomes
    retype: bool


class _Plan(NamedTuple):
    """Place and outcome of every key row, and the presses that are added."""

    anchor: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64]
    outcomes: Outcomes
    typed: tuple[Typed, ...]


def plan_field(typed: TypedField, found: Findings, pasted: Mapping[int, str], columns: KeyColumns) -> TypingPlan:
    """Return the plan of a field; ``pasted`` is the released text of each paste row of it."""
    planner = _Planner(typed, found, pasted, columns)
    plan = _proved(planner, found.replacements)
    if plan is None:
        rows = (*typed.key_rows.tolist(), *pasted)
        whole = ((min(rows), max(rows)),) if rows else ()  # a recorder of values logs no keys
        plan = planner.plan(planner.cut(whole, retype=bool(pasted)), found.replacements)
    text, redactions = planner.final_text(found.replacements)
    return TypingPlan(text, redactions, *plan, planner.spelled(plan))


def _proved(planner: "_Planner", replacements: Sequence[str]) -> _Plan | None:
    """Return the first plan that holds for the replacements and for longer ones; None where none does."""
    if not planner.field.exact:
        return None
    longer = planner.lengthened(replacements)
    edits = planner.keys.edits(planner.dirty)
    tried: Stretches | None = None
    for find in (edits.narrow, edits.closed):
        stretches = find()
        if stretches is None or stretches == tried:
            continue
        tried = stretches
        cut = planner.cut(stretches, retype=False)
        plan = planner.plan(cut, replacements)
        if planner.holds(plan, replacements) and planner.holds(planner.plan(cut, longer), longer):
            return plan
    return None


class _Planner:
    """The working state of one field's plan."""

    def __init__(self, field: TypedField, found: Findings, pasted: Mapping[int, str], columns: KeyColumns) -> None:
        self.field, self.spans, self.dirty, self.pasted = field, found.spans, found.dirty, pasted
        self.columns, self.keys = columns, KeyRows.of(field, columns)
        self.final = field.final.tolist()
        self.at = self.keys.at[field.final]
        self.standing = [cell for span in self.spans for cell in self.final[span.start : span.end]]
        self.sources = [self._sources(span) for span in self.spans]

    def lengthened(self, replacements: Sequence[str]) -> list[str]:
        """Return longer replacements of what was typed; a paste's text is what its own row says."""
        return [
            replacement + _LONGER if sources else replacement
            for replacement, sources in zip(replacements, self.sources, strict=True)
        ]

    def final_text(self, replacements: Sequence[str]) -> tuple[str, tuple[tuple[int, int, EntityType], ...]]:
        """Return what the field holds in the end, and where the ``replacements`` stand in it."""
        cells, final, parts, redactions = self.field.cells, self.final, [], []
        at = length = 0
        for span, replacement in zip(self.spans, replacements, strict=True):
            length += span.start - at
            parts += [*(cells[cell] for cell in final[at : span.start]), replacement]
            redactions.append((length, length + len(replacement), span.entity))
            length += len(replacement)
            at = span.end
        return "".join([*parts, *(cells[cell] for cell in final[at:])]), tuple(redactions)

    def cut(self, stretches: Stretches, *, retype: bool) -> _Cut:
        """Return what the field's rows are to be cut into.

        ``retype`` replaces whatever stands in the field at the end: select all, then type the final text anew.
        """
        pieces = self._surviving(stretches, everything=retype)
        closing = [self.keys.closing(low, high) for low, high in stretches]
        outcomes = self.keys.outcomes(stretches, self.standing, self.dirty)
        return _Cut(stretches, pieces, closing, outcomes, retype)

    def plan(self, cut: _Cut, replacements: Sequence[str]) -> _Plan:
        """Return what becomes of every key row, and the presses that are added."""
        moves: list[tuple[int, int, int]] = []
        typed: list[Typed] = []
        for (low, high), pieces, closing in zip(cut.stretches, cut.pieces, cut.closing, strict=True):
            anchor, order = (high if cut.retype else low), 1
            if cut.retype:
                typed.append(Typed((anchor, order), "a", True, ()))
                typed += [] if self.final else [Typed((anchor, order + 2), ERASE, False, ())]
                order += 2
            for piece, key in pieces:
                if key >= 0:
                    order = self._move(key, (anchor, order), moves)
                    continue
                characters, sources = (
                    (self.field.cells[self.final[piece]], ())
                    if piece >= 0
                    else (replacements[~piece], self.sources[~piece])
                )
                for character in characters:
                    typed.append(Typed((anchor, order), character, False, sources))
                    order += 2
            for key in closing:
                order = self._move(key, (high, order), moves)
        anchors, orders = self.keys.rows.copy(), np.zeros(len(self.keys.rows), dtype=np.int64)
        outcomes = cut.outcomes.copy()
        if moves:
            keys, at, places = np.array(moves, dtype=np.int64).T
            anchors[keys], orders[keys], outcomes[keys] = at, places, CODES[Outcome.KEPT]
        return _Plan(anchors, orders, outcomes, tuple(typed))

    def _move(self, key: int, place: Place, moves: list[tuple[int, int, int]]) -> int:
        anchor, order = place
        for one in (key, self.keys.up_of[key]):
            if one >= 0:
                moves.append((one, anchor, order))
                order += 1
        return order

    def _surviving(self, stretches: Stretches, *, everything: bool) -> list[list[tuple[int, int]]]:
        """Return for each stretch what was typed in it and stands at the end, in the order of the final text.

        An entity is the complement of its span's number; a character is its place in the final text with the number of
        the key row that typed it, -1 where no key did.
        """
        pieces: list[list[tuple[int, int]]] = [[] for _ in stretches]
        if not stretches:
            return pieces
        within = self.keys.within(stretches)[self.at] if not everything else np.zeros(len(self.at), dtype=np.int64)
        within[self.at < 0] = 0 if everything else -1
        span_of = np.full(len(self.at), -1, dtype=np.int64)
        for number, span in enumerate(self.spans):
            span_of[span.start : span.end] = number
        chosen = np.flatnonzero(within >= 0)
        columns = (chosen, within[chosen], span_of[chosen], self.at[chosen])
        for place, stretch, span, key in zip(*(column.tolist() for column in columns), strict=True):
            if span < 0:
                pieces[stretch].append((place, key))
            elif not pieces[stretch] or pieces[stretch][-1][0] != ~span:
                pieces[stretch].append((~span, -1))
        return pieces

    def _sources(self, span: Span) -> tuple[int, ...]:
        downs = set(self.at[span.start : span.end].tolist()) - {-1}
        rows, ups = self.keys.rows, self.keys.up_of
        return tuple(sorted(int(rows[key]) for key in downs | {ups[down] for down in downs if ups[down] >= 0}))

    def spelled(self, plan: _Plan) -> View:
        """Return what the released key-downs type, and the cell of each character; -1 for breaks."""
        cell = np.full(len(self.keys.rows), -1, dtype=np.int64)
        typed = np.flatnonzero(self.keys.at >= 0)
        cell[self.keys.at[typed]] = typed
        kept = self.keys.down & (plan.outcomes == CODES[Outcome.KEPT]) & ((cell >= 0) | self.keys.ends)
        places = np.array([item.place for item in plan.typed], dtype=np.int64).reshape(-1, 2)
        cells = np.concatenate([cell[kept], np.full(len(places), -1, dtype=np.int64)])
        anchor = np.concatenate([plan.anchor[kept], places[:, 0]])
        order = np.concatenate([plan.order[kept], places[:, 1]])
        cells = cells[np.lexsort((cells, order, anchor))].astype(np.int32)
        text = "".join([self.field.cells[cell] if cell >= 0 else BREAK for cell in cells.tolist()])
        return View(text, cells)

    def holds(self, plan: _Plan, replacements: Sequence[str]) -> bool:
        """Whether an editor makes the field's final redacted text of the released keys and pastes."""
        style = Style(multiline=self.field.multiline)
        released = np.flatnonzero(self.keys.down & (plan.outcomes == CODES[Outcome.KEPT]))
        steps = self.columns.steps(self.keys.rows[released], style)
        steps += [Step(None, text) for text in self.pasted.values()]
        steps += [_step(item, multiline=self.field.multiline) for item in plan.typed]
        added = np.array([(row, 0) for row in self.pasted] + [item.place for item in plan.typed], dtype=np.int64)
        added = added.reshape(-1, 2)
        anchor = np.concatenate([plan.anchor[released], added[:, 0]])
        order = np.concatenate([plan.order[released], added[:, 1]])
        ordered = [steps[at] for at in np.lexsort((order, anchor)).tolist()]
        return play(ordered) == self.final_text(replacements)[0]


def _step(item: Typed, *, multiline: bool) -> Step:
    return _typing(None if item.select_all else item.character, multiline)


@lru_cache(maxsize=1 << 12)
def _typing(character: str | None, multiline: bool) -> Step:
    made = SELECT_ALL if character is None else press(character)
    return pressed(made.key, made.modifiers, Style(multiline=multiline))
