"""What the released key rows of a field type, and whether that is the field's redacted text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from schemas.entities import Span
from transforms.editor.commands import Style
from transforms.editor.replay import BACK, Step, is_simple, play, press_key
from transforms.editor.us_layout import SELECT_ALL, press
from transforms.redact.text.folding import BREAK
from transforms.redact.typed_fields.key_rows import KeyRows
from transforms.redact.typed_fields.length_proof import idle_presses
from transforms.redact.typed_fields.views import View

RowPlace = tuple[int, int]
"""Where a released row stands: the source row at which it is inserted, and its order there."""


class TypedPresses(NamedTuple):
    """Synthetic presses one after the other, of ``characters`` (or ``Control+a``); they stand for rows ``sources``.

    Each takes two places, from ``place`` on: for key-down and key-up. ``span`` is the number of the entity that they
    replace, -1 where they replace none.
    """

    place: RowPlace
    characters: str
    select_all: bool
    sources: tuple[int, ...]
    span: int = -1

    def __repr__(self) -> str:
        """Say where the presses stand and nothing of what they type."""
        return f"Typed({self.place}, {len(self.characters)} presses)"


class Plan(NamedTuple):
    """What becomes of key rows, and the presses that are added.

    ``moved`` are the places of those that are released elsewhere than they stood, ``outcomes`` the outcomes (numbers of
    ``structure.CODES``) of those that are not released. ``released`` lists in order what acts: numbers of key-downs,
    the complements of numbers of ``typed`` and, behind all of these, of pastes.
    """

    moved: Mapping[int, RowPlace]
    outcomes: Mapping[int, int]
    typed: tuple[TypedPresses, ...]
    released: list[int]


@dataclass(frozen=True, slots=True)
class Proof:
    """A field to prove plans of: its key rows, its final text with the entities in it, the texts of its paste rows."""

    keys: KeyRows
    text: str = field(repr=False)
    spans: Sequence[Span]
    pasted: Mapping[int, str] = field(repr=False)

    def plan(self, moved: Mapping[int, RowPlace], outcomes: Mapping[int, int], typed: tuple[TypedPresses, ...]) -> Plan:
        """Return the plan that puts key rows where they are ``moved`` to, and releases none that has an outcome."""
        rows = self.keys.rows
        kept = [key for key in self.keys.downs if key not in outcomes]
        places = [moved[key] if key in moved else (rows[key], 0) for key in kept]
        places += [*(run.place for run in typed), *((row, 0) for row in self.pasted)]
        acting = [*kept, *(~number for number in range(len(places) - len(kept)))]
        by_place = sorted(range(len(acting)), key=places.__getitem__)
        return Plan(moved, outcomes, typed, [acting[at] for at in by_place])

    def is_straight(self, plan: Plan) -> bool:
        """Whether ``plan`` surely holds, whatever replaces the entities.

        It does where all presses type at the end of the text or take back single characters of the person's own, and
        what is left is the final text with each entity's replacement in its place.
        """
        if self.pasted:
            return False
        doings, presses = self.keys.columns.effects_at_end(self._style), self.keys.press
        left: list[str | TypedPresses] = []
        for at, item in enumerate(plan.released):
            doing = doings[presses[item]] if item >= 0 else plan.typed[~item]
            if doing == BACK:
                if not left or not (isinstance(gone := left.pop(), str) and is_simple(gone)):
                    return False
            elif isinstance(doing, TypedPresses):
                if doing.select_all:
                    return False
                left.append(doing if doing.span >= 0 else doing.characters)
            elif doing is None:
                return False
            elif doing:
                left.append(doing)
            elif self._walks_on(plan, at):
                return False
        return self._is_final(left)

    def _is_final(self, left: Sequence[str | TypedPresses]) -> bool:
        at = number = 0
        run: list[str] = []
        for item in left:
            if isinstance(item, str):
                run.append(item)
                continue
            if item.span != number or "".join(run) != self.text[at : self.spans[number].start]:
                return False
            at, run = self.spans[number].end, []
            number += 1
        return number == len(self.spans) and "".join(run) == self.text[at:]

    def holds(self, plan: Plan, text: str) -> bool:
        """Whether an editor makes ``text`` of what ``plan`` releases."""
        steps, presses, added = self.keys.columns.steps(self._style), self.keys.press, self._added_steps(plan)
        listed: list[Step] = []
        for item in plan.released:
            if item >= 0:
                listed.append(steps[presses[item]])
            else:
                listed += added[~item]
        return play(listed) == text

    def idle_keys(self, plan: Plan) -> list[int] | None:
        """Find the key-downs that ``plan`` releases though they find nothing to pass or to remove.

        None where one of those that it releases may count the characters of a value.
        """
        steps, presses, added = self.keys.columns.steps(self._style), self.keys.press, self._added_steps(plan)
        typed, pastes = len(plan.typed), list(self.pasted)
        listed: list[Step | None] = []
        key_at: dict[int, int] = {}
        valued = False
        for at, item in enumerate(plan.released):
            if item >= 0:
                if valued and self._walks_on(plan, at):
                    return None
                key_at[len(listed)] = item
                listed.append(steps[presses[item]])
            elif plan.typed[~item].span >= 0 if ~item < typed else self._was_redacted(pastes[~item - typed]):
                listed.append(None)
                valued = True
            else:
                listed += added[~item]
        idle = idle_presses(listed)
        return None if idle is None else [key_at[at] for at in idle if at in key_at]

    def _walks_on(self, plan: Plan, at: int) -> bool:
        """Whether a press that walks by characters in some editors comes twice in a row."""
        item, before = plan.released[at], plan.released[at - 1] if at else -1
        presses = self.keys.press
        return (
            item >= 0 and before >= 0 and presses[item] in self.keys.columns.walks and presses[item] == presses[before]
        )

    def _was_redacted(self, row: int) -> bool:
        """Whether the released text of a paste is another than what it put into the field."""
        field = self.keys.field
        inserted = np.flatnonzero(field.cell_rows == row).tolist()
        return self.pasted[row] != "".join([field.cells[cell] for cell in inserted])

    @property
    def _style(self) -> Style:
        return Style(multiline=self.keys.field.multiline)

    def _added_steps(self, plan: Plan) -> list[list[Step]]:
        multiline = self.keys.field.multiline
        typed = [
            [_typing(None if run.select_all else character, multiline) for character in run.characters]
            for run in plan.typed
        ]
        return typed + [[Step(None, text)] for text in self.pasted.values()]

    def spell(self, plan: Plan) -> View:
        """Return what the released key-downs type, and the cell of each character; -1 for breaks."""
        listed = [-1] * (len(self.keys.rows) + 1)  # the last is for no key
        for cell, key in enumerate(self.keys.at):
            listed[key] = cell
        presses, ends = self.keys.press, self.keys.columns.ends
        cells: list[int] = []
        for item in plan.released:
            if item < 0:
                cells += [-1] * len(plan.typed[~item].characters) if ~item < len(plan.typed) else ()
            elif listed[item] >= 0 or presses[item] in ends:
                cells.append(listed[item])
        text = self.keys.field.cells
        return View("".join([text[cell] if cell >= 0 else BREAK for cell in cells]), np.array(cells, dtype=np.int32))


@lru_cache(maxsize=1 << 12)
def _typing(character: str | None, multiline: bool) -> Step:
    made = SELECT_ALL if character is None else press(character)
    return press_key(made.key, made.modifiers, Style(multiline=multiline))
